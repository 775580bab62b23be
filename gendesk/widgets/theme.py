"""Light and dark: one set of colour names, turned into Qt's palette and one small style sheet.

Widgets that paint themselves ask `current_colors()` when they paint, and update on a palette change.
Labels, frames and buttons get their look from the property `role`: a QLabel may be "title", "muted" or "error",
a QFrame "card", a QPushButton "primary" (see resources/style.qss).
"""

from dataclasses import asdict, dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gendesk.paths import resource

Scheme = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Colors:
    """The colours of one scheme, all as "#RRGGBB".

    `surface` lies behind lists, text fields and charts, `raised` is the face of buttons; `picture_ground` is a neutral
    grey behind pictures. `curves` holds 8 colours that stay apart for colour-blind eyes, `categories` 10 for classes.
    """

    window: str
    surface: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    accent_text: str
    grid: str
    good: str
    warning: str
    bad: str
    picture_ground: str
    curves: tuple[str, ...]
    categories: tuple[str, ...]


# Curves and categories start from Okabe and Ito's hues; lightness and hue were then moved until every pair differs by
# at least 14 in CIE Lab under simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009). In the dark,
# surfaces are lighter than the window, because Fusion draws the edges of fields darker than it.
LIGHT = Colors(
    window="#F2F4F6",
    surface="#FFFFFF",
    raised="#F9FAFB",
    text="#1A1F25",
    muted="#57606B",
    border="#CBD1D8",
    accent="#0F69B4",
    accent_text="#FFFFFF",
    grid="#E5E8EC",
    good="#1B7A45",
    warning="#8F5A00",
    bad="#B3261E",
    picture_ground="#DCDCDC",
    curves=("#0062BE", "#BA4700", "#008861", "#B43F9A", "#C48700", "#409BDC", "#5D278B", "#595B67"),
    categories=(
        *("#175CCA", "#FF6A09", "#2F9845", "#CF2828", "#8F53AD"),
        *("#85564A", "#E961B2", "#6B7280", "#84AF27", "#17B1CE"),
    ),
)

DARK = Colors(
    window="#1B1D21",
    surface="#272B30",
    raised="#2F343A",
    text="#E7E9EC",
    muted="#A0A8B2",
    border="#474D56",
    accent="#5AAFE8",
    accent_text="#08131C",
    grid="#353A41",
    good="#5CC98A",
    warning="#E8B04B",
    bad="#FF8A80",
    picture_ground="#3A3A3A",
    curves=("#4D92D8", "#FF7636", "#1DC297", "#E48CC3", "#F7BD2E", "#93D5FF", "#9D7AFF", "#CDD3CE"),
    categories=(
        *("#4083BD", "#F59238", "#56BC67", "#FF6D54", "#B892F3"),
        *("#B3877C", "#F193C8", "#BAC9B4", "#E2DF3F", "#40DDF1"),
    ),
)

_CHANGES_OF_LOOK = (
    QEvent.Type.PaletteChange,
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.FontChange,
    QEvent.Type.StyleChange,
)


def current_colors() -> Colors:
    """Return the colours last applied, else those of the application's colour scheme."""
    # The palette itself remembers which: it changes before widgets hear of it, and Qt sets it from the scheme at start.
    dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if dark else LIGHT


def changes_look(event: QEvent) -> bool:
    """Return whether an event tells a widget that colours or fonts are others, so that what it has drawn is stale.

    With a style sheet, Qt tells some widgets of a new palette only by a change of style.
    """
    return event.type() in _CHANGES_OF_LOOK


def apply_theme(app: QApplication, scheme: Scheme = "system") -> None:
    """Give the application its style, palette and style sheet; with "system" it follows the desktop from now on."""
    follower = app.findChild(_Follower) or _Follower(app)
    follower.choose(scheme)


class _Follower(QObject):
    """Remembers the chosen scheme and repaints the application when the desktop changes its own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = "system"
        self._applied: Colors | None = None
        app.setStyle("Fusion")
        # Without it a widget inherits neither palette nor font from its parent once the application has a style sheet.
        app.setAttribute(Qt.ApplicationAttribute.AA_UseStyleSheetPropagationInWidgetStyles)
        app.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    def choose(self, scheme: Scheme) -> None:
        self._scheme = scheme
        hints = self._app.styleHints()
        if hasattr(hints, "setColorScheme"):  # since Qt 6.8: title bars and native dialogs follow too
            qt_scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
            hints.setColorScheme(qt_scheme.get(scheme, Qt.ColorScheme.Unknown))
        dark = scheme == "dark" or (scheme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
        self._apply(DARK if dark else LIGHT)

    def _desktop_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._scheme == "system":
            self._apply(DARK if scheme == Qt.ColorScheme.Dark else LIGHT)

    def _apply(self, colors: Colors) -> None:
        # A style sheet polishes every widget anew, which a large window feels: only when something changes.
        if colors == self._applied and self._app.palette() == palette(colors):
            return
        self._applied = colors
        self._app.setPalette(palette(colors))
        for name, special in _class_palettes(colors).items():
            self._app.setPalette(special, name)  # type: ignore[arg-type]  # the binding takes str, its stub says bytes
        self._app.setStyleSheet(style_sheet(colors))


def style_sheet(colors: Colors) -> str:
    """Return resources/style.qss with its names replaced by colours."""
    names = {name: value for name, value in asdict(colors).items() if isinstance(value, str)}
    return Template(resource("style.qss").read_text(encoding="utf-8")).substitute(names)


def palette(colors: Colors) -> QPalette:
    """Return the palette of a scheme, with its disabled group."""
    role = QPalette.ColorRole
    result = QPalette()
    dark = QColor(colors.window).lightness() < 128
    shades = {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.surface,
        role.AlternateBase: _mixed(colors.surface, colors.window, 0.6),
        role.Text: colors.text,
        role.PlaceholderText: colors.muted,
        role.Button: colors.raised,
        role.ButtonText: colors.text,
        role.BrightText: colors.bad,
        role.ToolTipBase: colors.raised,
        role.ToolTipText: colors.text,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.accent_text,
        role.Accent: colors.accent,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
        # Fusion draws grooves, edges and shadows with these.
        role.Light: _mixed(colors.raised, "#FFFFFF", 0.06 if dark else 0.9),
        role.Midlight: _mixed(colors.raised, colors.border, 0.3),
        role.Mid: colors.border,
        role.Dark: _mixed(colors.border, colors.text, 0.2),
        role.Shadow: _mixed(colors.window, "#000000", 0.5),
    }
    for which, color in shades.items():
        result.setColor(which, QColor(color))
    faint = QColor(_mixed(colors.muted, colors.window, 0.35))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, which, faint)
    for which in (role.Base, role.Button):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.window))
    for which in (role.Highlight, role.Accent):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.border))
    return result


def _class_palettes(colors: Colors) -> dict[str, QPalette]:
    """Return the palettes of the widget classes that differ from the application's."""
    # Menus draw the icon of the current item in the colour of text, so text has to be readable on their highlight.
    menu = palette(colors)
    menu.setColor(QPalette.ColorRole.Highlight, QColor(_mixed(colors.surface, colors.accent, 0.22)))
    menu.setColor(QPalette.ColorRole.HighlightedText, QColor(colors.text))
    palettes = {"QMenu": menu, "QMenuBar": menu}
    if colors is DARK:
        # Fusion's dark edge does not show a small box on a dark window: its ground has to.
        box = palette(colors)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
            share = 0.4 if group == QPalette.ColorGroup.Disabled else 0.8
            box.setColor(group, QPalette.ColorRole.Base, QColor(_mixed(colors.surface, colors.border, share)))
        palettes |= {"QCheckBox": box, "QRadioButton": box}
    return palettes


def _mixed(first: str, second: str, share: float) -> str:
    """Blend two colours; `share` in [0, 1] is the part of the second."""
    one, two = QColor(first), QColor(second)
    channels = zip((one.red(), one.green(), one.blue()), (two.red(), two.green(), two.blue()), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in channels)
