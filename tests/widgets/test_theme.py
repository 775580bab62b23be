"""The theme: contrast people can read, a live change of scheme, and icons that follow it."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QToolButton

from gendesk.paths import resource
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import DARK, LIGHT, Colors, apply_theme, current_colors, style_sheet

ICONS = sorted(path.stem for path in resource("icons").glob("*.svg"))


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "light")


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2.1, from 1 to 21."""

    def luminance(color: str) -> float:
        channels = QColor(color).getRgbF()[:3]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
def test_text_is_readable_on_every_ground(colors: Colors, ground: str) -> None:
    behind = getattr(colors, ground)
    assert contrast(colors.text, behind) >= 7
    for name in ("muted", "good", "warning", "bad", "accent"):
        assert contrast(getattr(colors, name), behind) >= 4.5, name


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_on_charts_stand_out(colors: Colors) -> None:
    assert contrast(colors.accent_text, colors.accent) >= 4.5
    assert min(contrast(curve, colors.surface) for curve in colors.curves) >= 3
    assert min(contrast(category, colors.surface) for category in colors.categories) >= 2.5
    assert (len(set(colors.curves)), len(set(colors.categories))) == (8, 10)


def test_the_style_sheet_has_no_name_left() -> None:
    assert "$" not in re.sub(r"/\*.*?\*/", "", style_sheet(LIGHT), flags=re.DOTALL)


def test_applying_changes_palette_and_colors(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    assert current_colors() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled != qapp.palette().color(QPalette.ColorRole.Text)
    apply_theme(qapp, "light")
    assert current_colors() is LIGHT


def test_check_boxes_leave_nothing_of_the_dark_behind(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    apply_theme(qapp, "light")
    assert QCheckBox().palette().color(QPalette.ColorRole.Base) == QColor(LIGHT.surface)


def test_only_the_system_scheme_follows_the_desktop(qapp: QApplication) -> None:
    desktop_changed = qapp.styleHints().colorSchemeChanged
    apply_theme(qapp, "system")
    desktop_changed.emit(Qt.ColorScheme.Dark)
    assert current_colors() is DARK
    desktop_changed.emit(Qt.ColorScheme.Light)
    assert current_colors() is LIGHT
    apply_theme(qapp, "light")
    desktop_changed.emit(Qt.ColorScheme.Dark)
    assert current_colors() is LIGHT


def test_applying_twice_changes_nothing(qapp: QApplication, qtbot) -> None:
    apply_theme(qapp, "dark")
    with qtbot.assertNotEmitted(qapp.paletteChanged):
        apply_theme(qapp, "dark")


def inked(name: str, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> str:
    """Return the colour of the most opaque pixel of an icon."""
    image = icon(name).pixmap(QSize(48, 48), mode, state).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda pixel: pixel.alpha()).name().upper()


@pytest.mark.parametrize("name", ICONS)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_every_icon_is_drawn_sharp_and_inside_its_square(qapp: QApplication, name: str, ratio: float) -> None:
    image = icon(name).pixmap(QSize(24, 24), ratio).toImage()
    assert image.width() == image.height() == round(24 * ratio)
    drawn = sum(
        image.pixelColor(x, y).alpha() > 128 for x in range(1, image.width() - 1) for y in range(1, image.height() - 1)
    )
    assert drawn >= 24
    edge = [image.pixelColor(0, y).alpha() for y in range(image.height())]
    assert max(edge) < 128


def test_icons_take_the_colors_of_the_theme(qapp: QApplication) -> None:
    for scheme, colors in (("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, scheme)
        assert inked("stop") == colors.text
        assert inked("stop", state=QIcon.State.On) == colors.accent
        assert inked("stop", QIcon.Mode.Selected) == colors.accent_text
        assert inked("stop", QIcon.Mode.Disabled) not in (colors.text, colors.window)


def test_an_icon_in_a_button_follows_the_theme(qapp: QApplication, qtbot) -> None:
    apply_theme(qapp, "light")
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(icon("stop"))
    button.resize(40, 40)

    def middle() -> str:
        return button.grab().toImage().pixelColor(20, 20).name().upper()

    assert middle() == LIGHT.text
    apply_theme(qapp, "dark")
    assert middle() == DARK.text


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(KeyError, match="unicorn"):
        icon("unicorn")
