"""The convolution playground: one kernel over one picture, to edit, to step through and to take to pieces."""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gendesk.engine.preview import ImagePreview, Preview
from gendesk.errors import InputError
from gendesk.studios.studio import Studio
from gendesk.widgets.kernel.editor import KernelEditor
from gendesk.widgets.kernel.sum_view import Place, SumView
from gendesk.widgets.undo import StateHistory

from ..convolving import (
    KERNEL_SIDES,
    Convolution,
    Padding,
    padding_of,
    preset_kernel,
    preset_of,
    rectified,
    resized_kernel,
)
from ..still_life import grey, still_life
from .convolution_settings import KernelSettings
from .kernel_setting import Setting, rows_of
from .maps import Maps
from .picture_page import PicturePage
from .stepping import Stepping

_WIDE = 900  # from here on the kernel stands beside the maps
_MOST_PIXELS = 256 * 256  # of a run's pictures; larger ones would not follow the mouse


class ConvolutionStudio(Studio):
    """Needs no model. `feature_map` is what is seen at the right, with ReLU if it is on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Convolution playground"))
        self._rng = np.random.default_rng(1)
        self._original: NDArray[np.uint8] = still_life(colour=True)
        self._slice = 0
        self.setting = Setting(rows_of(preset_kernel("horizontal", 3, self._rng)))
        self.pinned = (0, 0)
        self._history = StateHistory(self, self.setting)
        self._history.restored.connect(self._restore)
        self._make_parts()
        self._arrange(wide=False)
        self._recompute()
        self._pin(self.convolution.output.shape[0] // 2, self.convolution.output.shape[1] // 2)

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The picture as it goes in: (height, width, 3) with the colours, else (height, width, 1)."""
        return self._original if self.settings.colour else grey(self._original)

    @property
    def feature_map(self) -> NDArray[np.float64]:
        output = self.convolution.output
        return rectified(output) if self.settings.relu else output

    def show_preview(self, preview: Preview) -> None:
        """Offer the pictures that the run shows."""
        if isinstance(preview, ImagePreview) and preview.images[0, ..., 0].size <= _MOST_PIXELS:
            self.page.offer(preview)

    def on_session(self) -> None:
        self.page.forget()

    def _make_parts(self) -> None:
        self.maps = Maps()
        self.maps.pointed.connect(self._show_place)
        self.maps.picked.connect(self._pick)
        self.maps.left.connect(self._show_pinned)
        self.maps.moved.connect(self._move)
        self.stepping = Stepping()
        self.stepping.moved.connect(self._move)
        self.stepping.advanced.connect(self._advance)
        self.stepping.played.connect(self._begin_playing)
        self.maps.play.connect(self.stepping.toggle)
        self.editor = KernelEditor()
        self.editor.set_kernel(self.setting.array)
        self.editor.edited.connect(self._take_kernel)
        self.settings = KernelSettings()
        self.settings.preset_chosen.connect(self._take_preset)
        self.settings.side_chosen.connect(self._take_side)
        self.settings.stride_chosen.connect(self._take_stride)
        self.settings.padding_chosen.connect(self._take_padding)
        self.settings.view_changed.connect(self._recompute)
        self.settings.slice_chosen.connect(self._take_slice)
        self.change = QPushButton(self.tr("Change Picture"))
        self.change.setCheckable(True)
        self.change.setAccessibleName(self.tr("Change the picture"))
        self.change.setToolTip(self.tr("Take a picture of the run, a drawing or a file in place of the cup"))
        self.change.toggled.connect(self._show_page)
        self.sums = SumView()
        self.page = PicturePage()
        self.page.chosen.connect(self._take_picture)
        self.page.closed.connect(partial(self.change.setChecked, False))
        self.page.failed.connect(self.failed)
        self._bench = QWidget()
        self._grid = QGridLayout(self._bench)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._lower = QStackedWidget()
        self._lower.addWidget(self._bench)
        self._lower.addWidget(self.page)
        self._outer = QGridLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(6)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.maps, 1)
        row = QHBoxLayout()
        row.addWidget(self.stepping, 1)
        row.addWidget(self.change)
        column.addLayout(row)
        self._wide: bool | None = None

    def _arrange(self, *, wide: bool) -> None:
        """Put the kernel below the maps, or beside them."""
        if wide == self._wide:
            return
        self._wide = wide
        self.settings.set_wide(wide)
        for layout in (self._outer, self._grid):
            while layout.count():
                layout.takeAt(0)
            for place in range(4):
                layout.setRowStretch(place, 0)
                layout.setColumnStretch(place, 0)
        self._outer.addWidget(self._left, 0, 0)
        self.editor.setMaximumHeight(320 if wide else 170)
        self.editor.setMinimumHeight(320 if wide else 132)
        if wide:
            self._outer.addWidget(self.sums, 1, 0)
            self._outer.addWidget(self._lower, 0, 1, 2, 1)
            self._outer.setColumnStretch(0, 1)
            self._outer.setRowStretch(0, 2)
            self._outer.setRowStretch(1, 1)
            self._grid.addWidget(self.editor, 0, 0)
            self._grid.addWidget(self.settings, 1, 0)
            self._grid.setRowStretch(1, 1)
            self._lower.setFixedWidth(380)
        else:
            self._outer.addWidget(self._lower, 1, 0)
            self._outer.setRowStretch(0, 1)
            self._grid.addWidget(self.editor, 0, 0)
            self._grid.addWidget(self.settings, 0, 1)
            self._grid.addWidget(self.sums, 1, 0, 1, 2)
            self._grid.setColumnStretch(0, 3)
            self._grid.setColumnStretch(1, 2)
            self._grid.setRowStretch(1, 1)
            self._lower.setMinimumWidth(0)
            self._lower.setMaximumWidth(16_777_215)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(wide=self.width() >= _WIDE and self.width() > 1.2 * self.height())
        super().resizeEvent(event)

    # Settings

    def _change(self, setting: Setting, key: str = "") -> None:
        """Take a new setting, unless its kernel does not fit into the picture, and remember it for undo."""
        try:
            Convolution(self.picture, setting.array, setting.stride, setting.padding)
        except InputError as error:
            self.failed.emit(str(error))
            self._show_setting()
            return
        self.setting = setting
        self._history.push(setting, key)
        self._recompute()

    def _restore(self, setting: Setting) -> None:
        self.setting = setting
        self._recompute()

    def _take_kernel(self, kernel: NDArray[np.float64], key: str) -> None:
        self._change(replace(self.setting, kernel=rows_of(kernel)), key)

    def _take_preset(self, name: str) -> None:
        self._take_kernel(preset_kernel(name, len(self.setting.kernel), self._rng), "")

    def _take_side(self, side: int) -> None:
        """Change the size of the kernel: an edge filter grows with it, anything else gets zeros around it."""
        assert side in KERNEL_SIDES
        kernel = self.setting.array
        name = preset_of(kernel)
        self._take_kernel(preset_kernel(name, side, self._rng) if name else resized_kernel(kernel, side), "")

    def _take_stride(self, stride: int) -> None:
        self._change(replace(self.setting, stride=stride))

    def _take_padding(self, padding: Padding) -> None:
        self._change(replace(self.setting, padding=padding))

    def _take_slice(self, number: int) -> None:
        self._slice = number
        self._show_pinned()

    def _take_picture(self, picture: NDArray[np.uint8]) -> None:
        self._original = np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture
        try:
            Convolution(self.picture, self.setting.array, self.setting.stride, self.setting.padding)
        except InputError:  # a tiny picture: zeros around it make room for any kernel
            self._take_padding("same")
        self._recompute()

    def _show_page(self, wanted: bool) -> None:
        self._lower.setCurrentWidget(self.page if wanted else self._bench)
        if wanted:
            self.page.tell()

    # The sums

    def _recompute(self) -> None:
        setting, picture = self.setting, self.picture
        self.convolution = Convolution(picture, setting.array, setting.stride, setting.padding)
        side = len(setting.kernel)
        if not np.array_equal(self.editor.kernel, setting.array):
            self.editor.set_kernel(setting.array)
        self._show_setting()
        rows, columns = (padding_of(size, side, setting.stride, setting.padding) for size in picture.shape[:2])
        self.maps.show_input(picture, (rows, columns))
        self.maps.show_output(self.feature_map)
        height, width = self.convolution.output.shape
        first = side // 2 - rows[0], side // 2 - columns[0]
        self.maps.set_strides(first, setting.stride, (height, width))
        self.pinned = min(self.pinned[0], height - 1), min(self.pinned[1], width - 1)
        self._show_pinned()

    def _show_setting(self) -> None:
        kernel = self.setting.array
        self.settings.show_setting(preset_of(kernel), len(kernel), self.setting.stride, self.setting.padding)

    def _show_pinned(self) -> None:
        self._show_place(*self.pinned)

    def _show_place(self, row: int, column: int) -> None:
        """Outline a place of the kernel on both maps and show its sum."""
        if self.stepping.playing:
            row, column = self.pinned
        step, side = self.convolution.step(row, column), len(self.setting.kernel)
        self.maps.outline(row, column, step.top, step.left, side)
        chosen = self._slice if len(step.sums) > 1 else 0
        names = (self.tr("red"), self.tr("green"), self.tr("blue")) if len(step.sums) > 1 else ("",)
        sums = tuple(zip(names, map(float, step.sums), strict=True))
        patch, products = step.patch[chosen], step.products[chosen]
        self.sums.set_place(Place(patch, self.setting.array, products, sums, row, column, self.settings.relu))

    def _pin(self, row: int, column: int) -> None:
        self.pinned = row, column
        self._show_pinned()

    def _pick(self, row: int, column: int) -> None:
        self.stepping.set_playing(False)
        self._pin(row, column)

    def _move(self, rows: int, columns: int) -> None:
        self.stepping.set_playing(False)
        height, width = self.convolution.output.shape
        self._pin(min(max(self.pinned[0] + rows, 0), height - 1), min(max(self.pinned[1] + columns, 0), width - 1))

    def _begin_playing(self, playing: bool) -> None:
        if not playing:
            self.maps.show_part(-1)
            return
        if self.pinned == tuple(length - 1 for length in self.convolution.output.shape):
            self.pinned = 0, 0
        self._advance(0)

    def _advance(self, count: int) -> None:
        """Let the kernel slide on by so many pixels, and make those of the feature map that it has passed."""
        height, width = self.convolution.output.shape
        place = min(self.pinned[0] * width + self.pinned[1] + count, height * width - 1)
        self._pin(*divmod(place, width))
        self.maps.show_part(place + 1)
        if place == height * width - 1:
            self.stepping.set_playing(False)
