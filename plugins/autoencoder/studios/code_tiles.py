"""A code of maps, or of very many numbers, as coloured cells: a tile for each map."""

from dataclasses import dataclass
from math import ceil, floor, prod

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from gendesk.widgets.network.colors import signed_colors
from gendesk.widgets.theme import current_colors

from .code_view import CodeView

_GAP = 4  # logical pixels between maps
_CELL, _SMALL_CELL, _LARGEST_CELL = 14, 8, 32
_MANY = 256
_TRAVEL = 60  # logical pixels of a drag from zero to the reach


@dataclass(frozen=True)
class _Lattice:
    """Tiles in `columns`; a cell is `cell` logical pixels wide and high, tiles lie `across` and `down` apart."""

    columns: int
    cell: float
    across: float
    down: float
    left: float


class CodeTiles(CodeView):
    """Warm cells are positive, cold ones negative; the maps of the hourglass are small squares of cells."""

    code_shape: tuple[int, int, int] = (0, 1, 1)

    def set_shape(self, code_shape: tuple[int, int, int]) -> None:
        """Take (channels, height, width) of the code."""
        self.code_shape = code_shape
        self.update()

    @property
    def _gap(self) -> int:
        return _GAP if self.code_shape[1] * self.code_shape[2] > 1 else 1

    def _lattice(self) -> _Lattice:
        channels, height, width = self.code_shape
        best: tuple[float, int] = (0.0, 1)
        for columns in range(1, channels + 1):
            rows = ceil(channels / columns)
            wide = (self.width() + self._gap) / columns - self._gap
            high = (self.height() + self._gap) / rows - self._gap
            best = max(best, (min(wide / width, high / height), columns))
        cell = max(1.0, min(_LARGEST_CELL, best[0]))
        columns = ceil(channels / ceil(channels / best[1]))  # as few as the same number of rows needs
        across, down = cell * width + self._gap, cell * height + self._gap
        return _Lattice(columns, cell, across, down, max(0.0, (self.width() + self._gap - columns * across) / 2))

    def needed_height(self) -> int:
        channels, height, width = self.code_shape
        cell = _CELL if prod(self.code_shape) <= _MANY else _SMALL_CELL
        columns = max(1, (self.width() + self._gap) // (cell * width + self._gap))
        return ceil(channels / columns) * (cell * height + self._gap)

    def cell_rect(self, index: int) -> QRectF:
        return self._cell_rect(index, self._lattice())

    def _cell_rect(self, index: int, lattice: _Lattice) -> QRectF:
        _, height, width = self.code_shape
        channel, inside = divmod(index, height * width)
        left = lattice.left + channel % lattice.columns * lattice.across + inside % width * lattice.cell
        top = channel // lattice.columns * lattice.down + inside // width * lattice.cell
        return QRectF(left, top, lattice.cell, lattice.cell)

    def index_at(self, place: QPointF) -> int:
        if not len(self.values):
            return -1
        lattice, (channels, height, width) = self._lattice(), self.code_shape
        tile_column, tile_row = floor((place.x() - lattice.left) / lattice.across), floor(place.y() / lattice.down)
        column = floor((place.x() - lattice.left - tile_column * lattice.across) / lattice.cell)
        row = floor((place.y() - tile_row * lattice.down) / lattice.cell)
        channel = tile_row * lattice.columns + tile_column
        within = 0 <= tile_column < lattice.columns and 0 <= channel < channels and row < height and column < width
        return (channel * height + row) * width + column if within else -1

    def per_pixel(self) -> float:
        return self.reach / _TRAVEL

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors, lattice = QPainter(self), current_colors(), self._lattice()
        shades = signed_colors(self.values, self.reach).tolist()
        for index, (red, green, blue) in enumerate(shades):
            painter.fillRect(self._cell_rect(index, lattice).adjusted(0, 0, -0.5, -0.5), QColor(red, green, blue))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in sorted(self.edited):
            self._frame(painter, lattice, index, colors.text)
        if 0 <= self.unit < len(self.values):
            self._frame(painter, lattice, self.unit, colors.accent)
        painter.end()

    def _frame(self, painter: QPainter, lattice: _Lattice, index: int, color: str) -> None:
        painter.setPen(QPen(QColor(color), 1.5, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(self._cell_rect(index, lattice).adjusted(0.5, 0.5, -1, -1))
