"""A picture, what the model was given of it, its copy, and where the copy errs, side by side."""

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.charts.colormap import LEVELS, sequential
from gendesk.widgets.network.value_picture import ValuePicture
from gendesk.widgets.theme import changes_look, current_colors

from ..copying import Codes

_LEAST_SCALE = 0.1  # an error map whose largest error is below this is not blown up to full colours
_LIGHT = 128  # ground of a picture from which on it counts as light


class PictureRow(QWidget):
    """Original, spoilt, copy and error; `contrast` (1 to 2) makes faint copies easier to see, and only those."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.contrast = 1.0
        self._picture: UInt8Array | None = None
        self._copy: UInt8Array | None = None
        self.original, self.spoilt, self.copy, self.error = (ValuePicture() for _ in range(4))
        self._titles = [QLabel() for _ in range(4)]
        self.reading = QLabel(wordWrap=True)
        self.reading.setProperty("role", "muted")
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        names = self.tr("Original"), self.tr("Spoilt"), self.tr("Copy"), self.tr("Error")
        tips = (
            self.tr("The picture as you have chosen or drawn it"),
            self.tr("What the encoder is given in its place"),
            self.tr("What the decoder draws from the code; the contrast changes how it is shown, nothing else"),
            self.tr("How far the copy is from the original at each pixel; the stronger the colour, the farther"),
        )
        for column, view in enumerate((self.original, self.spoilt, self.copy, self.error)):
            view.setAccessibleName(names[column])
            view.setToolTip(tips[column])
            view.pointed.connect(self._tell)
            self._titles[column].setText(names[column])
            self._titles[column].setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(self._titles[column], 0, column)
            grid.addWidget(view, 1, column)
        grid.setRowStretch(1, 1)
        grid.addWidget(self.reading, 2, 0, 1, 4)
        self.empty = QLabel(
            self.tr("Train a model and choose or draw a picture: its copy and the numbers in between appear here."),
            wordWrap=True,
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self.empty.setProperty("role", "muted")
        grid.addWidget(self.empty, 0, 0, 3, 4)
        self.setMinimumHeight(176)  # pictures of 64 pixels are seen at twice their size
        self.forget()

    def forget(self) -> None:
        """Show nothing but what will appear."""
        self._picture = self._copy = None
        for view in (self.original, self.spoilt, self.copy, self.error):
            view.set_picture(None)
        self._set_visible(shown=False, spoilt=False)
        self._tell()

    def show_copy(self, picture: UInt8Array, given: UInt8Array, copy: UInt8Array, *, spoilt: bool) -> None:
        """Show pictures uint8 (height, width, channels), with the given one only where it was `spoilt`."""
        self._picture, self._copy = picture, copy
        self._set_visible(shown=True, spoilt=spoilt)
        self.original.set_picture(picture)
        self.spoilt.set_picture(given)
        self.refresh()

    def refresh(self) -> None:
        """Show the copy with the present contrast, and the error in the present colours."""
        if self._picture is not None and self._copy is not None:
            self.copy.set_picture(with_contrast(self._copy, self._picture, self.contrast))
            errors = self.errors
            scale = max(_LEAST_SCALE, float(errors.max()))
            shades = np.rint(errors / scale * (LEVELS - 1)).astype(np.int64)
            self.error.set_picture(sequential(current_colors())[shades])
        self._tell()

    @property
    def errors(self) -> Codes:
        """How far the copy is from the original, (height, width) in 0..1, as a mean over the channels."""
        assert self._picture is not None
        assert self._copy is not None
        errors: Codes = np.abs(self._copy.astype(np.float32) - self._picture).mean(2) / 255
        return errors

    def _set_visible(self, *, shown: bool, spoilt: bool) -> None:
        self.empty.setVisible(not shown)
        for column, view in enumerate((self.original, self.spoilt, self.copy, self.error)):
            visible = shown and (spoilt or view is not self.spoilt)
            view.setVisible(visible)
            self._titles[column].setVisible(visible)
            self._grid.setColumnStretch(column, 1 if visible else 0)
        self.reading.setVisible(shown)
        self._titles[2].setText(self.tr("Restored") if spoilt else self.tr("Copy"))

    def _tell(self) -> None:
        """Say how good the copy is, or what the pixel under the mouse holds."""
        if self._picture is None or self._copy is None:
            self.reading.setText("")
            return
        views = (self.original, self.spoilt, self.copy, self.error)
        pixel = next((view.pixel for view in views if view.pixel is not None), None)
        if pixel is None:
            errors = self.errors
            text = self.tr("Error of a pixel: {mean} % on average, {most} % at most")
            mean, most = float(errors.mean()) * 100, float(errors.max()) * 100
            self.reading.setText(text.format(mean=f"{mean:.1f}", most=f"{most:.0f}"))
            return
        text = self.tr("Column {column}, row {row}: original {original}, copy {copy}")
        values = {"original": _words(self._picture[pixel]), "copy": _words(self._copy[pixel])}
        self.reading.setText(text.format(column=pixel[1] + 1, row=pixel[0] + 1, **values))

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.refresh()
        super().changeEvent(event)


def with_contrast(copy: UInt8Array, picture: UInt8Array, contrast: float) -> UInt8Array:
    """Draw a copy uint8 (height, width, channels) `contrast` times as far from the ground of its original, clipped.

    On a dark ground that is how Osinga's viewer brightens pixels (Deep Learning Cookbook, section 13.3).
    """
    border = np.concatenate([picture[[0, -1]].ravel(), picture[:, [0, -1]].ravel()])
    ground = 255.0 if np.median(border) >= _LIGHT else 0.0
    drawn = ground + contrast * (copy.astype(np.float32) - ground)
    shown: UInt8Array = np.rint(np.clip(drawn, 0, 255)).astype(np.uint8)
    return shown


def _words(channels: UInt8Array) -> str:
    return " ".join(str(value) for value in channels.tolist())
