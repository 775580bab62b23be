"""Icons of our own, drawn from resources/icons in the colours of the theme.

The files use `currentColor`; the engine puts in the palette's colour whenever Qt asks for a picture, so icons that are
already in buttons and menus follow a change of theme. No icon font package: importing one alone would cost a fifth of a
second of the start of the window.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from gendesk.paths import resource


def icon(name: str) -> QIcon:
    """Return the icon resources/icons/NAME.svg, sharp at every size; raises KeyError for an unknown name."""
    _source(name)
    return QIcon(_SvgIconEngine(name))


@cache
def _source(name: str) -> str:
    """Return the SVG text of an icon; raises KeyError for an unknown name."""
    path = resource("icons", f"{name}.svg")
    if not path.is_file():
        raise KeyError(f"There is no icon named {name!r}.")
    return path.read_text(encoding="utf-8")


def _color(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    if mode == QIcon.Mode.Selected:
        return palette.color(QPalette.ColorRole.HighlightedText)
    return palette.color(QPalette.ColorRole.Accent if state == QIcon.State.On else QPalette.ColorRole.ButtonText)


class _SvgIconEngine(QIconEngine):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _SvgIconEngine(self._name)

    def key(self) -> str:
        return "gendesk-svg"

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture of `size` physical pixels."""
        return self._rendered(size, mode, state)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        picture = self._rendered(rect.size() * ratio, mode, state)
        painter.drawPixmap(rect, picture)

    def _rendered(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        color = _color(mode, state).name()
        key = f"gendesk:{self._name}:{color}:{size.width()}x{size.height()}"
        picture = QPixmap()
        if not QPixmapCache.find(key, picture):
            picture = _drawn(_source(self._name).replace("currentColor", color), size)
            QPixmapCache.insert(key, picture)
        return picture


def _drawn(svg: str, size: QSize) -> QPixmap:
    picture = QPixmap(size)
    picture.fill(Qt.GlobalColor.transparent)
    side = min(size.width(), size.height())
    painter = QPainter(picture)
    square = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, square)
    painter.end()
    return picture
