"""Where the parts of a latent pad lie: the large picture beside a wide plane, or below a tall one."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from gendesk.widgets.latent.class_legend import ClassLegend
from gendesk.widgets.latent.walk_plane import WalkPlane
from gendesk.widgets.pictures.view import PictureView

_SPACING = 8
_WIDE = 400  # from here on there is room for a large picture beside the plane; all lengths are logical pixels
_LEAST_SIDE = 160  # of the picture beside the plane
_LEAST_PICTURE = 64  # height of the picture below the plane
_ANY_SIZE = (1 << 24) - 1  # Qt's greatest length
_Cells = tuple[int, int, int, int]  # row, column, number of rows, number of columns


class PadLayout(QGridLayout):
    """Two bars with the plane, the large picture and the legend between them; `arrange` at every change of the size."""

    def __init__(self, parent: QWidget, plane: WalkPlane, preview: PictureView, legend: ClassLegend) -> None:
        super().__init__(parent)
        self._plane, self._preview, self._legend = plane, preview, legend
        self._bars: list[QLayout] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(_SPACING)
        self.setRowStretch(1, 1000)  # the plane comes first; the picture below it takes what is left
        self.setRowStretch(3, 1)

    def add_bars(self, top: QLayout, bottom: QLayout) -> None:
        """Put a bar above everything and one below."""
        self._bars = [top, bottom]
        self.addLayout(top, 0, 0, 1, 2)
        self.addLayout(bottom, 4, 0, 1, 2)

    def is_wide(self, size: QSize) -> bool:
        """Tell whether the picture lies beside the plane."""
        return size.width() >= _WIDE and size.width() > size.height()

    def arrange(self, size: QSize) -> None:
        """Choose the layout in which the picture gets largest; a small square has no room for it."""
        width, height = size.width(), size.height()
        room = height - sum(bar.sizeHint().height() + _SPACING for bar in self._bars)
        square = self._plane.square_height(width)
        below, half = room - square - _SPACING, (width - _SPACING) // 2
        stacked = below - self._legend_height(width) - _SPACING
        column = 0
        if self.is_wide(size):
            column = max(_LEAST_SIDE, min(room, width - self._plane.square_width(room) - _SPACING))
            self._place(plane=(1, 0, 2, 1), preview=(1, 1, 1, 1), legend=(2, 1, 1, 1), column=column)
        elif max(stacked, _LEAST_PICTURE) <= min(below, half) and 0 < self._legend_height(half) <= below:
            column = max(half, width - below - _SPACING)
            self._place(plane=(1, 0, 1, 2), preview=(3, 0, 1, 1), legend=(3, 1, 1, 1), column=column, square=square)
        elif stacked >= _LEAST_PICTURE:
            self._place(plane=(1, 0, 1, 2), preview=(3, 0, 1, 2), legend=(2, 0, 1, 2), square=square)
        else:
            self._place(plane=(1, 0, 1, 2), preview=None, legend=(2, 0, 1, 2))
        # Shares of the width and not minima, which would keep the pad from getting narrower again.
        self.setColumnStretch(0, max(1, width - column - _SPACING))
        self.setColumnStretch(1, column)

    def _legend_height(self, width: int) -> int:
        return 0 if self._legend.isHidden() else self._legend.heightForWidth(width)

    def _place(
        self, *, plane: _Cells, preview: _Cells | None, legend: _Cells, column: int = 0, square: int = _ANY_SIZE
    ) -> None:
        """Put the parts into cells; `column` is the width of the second column, `square` the height of the plane."""
        for part, cells in ((self._plane, plane), (self._preview, preview), (self._legend, legend)):
            if cells is not None:
                self.addWidget(part, *cells)
            if part is not self._plane:
                part.setMaximumWidth(column if cells is not None and cells[1] == 1 else _ANY_SIZE)
        self._plane.setMaximumHeight(max(0, square))  # less than nothing while it is being laid out
        self._plane.set_picture_share(0.35 if preview is None else 0.25)
        self._preview.setVisible(preview is not None)
