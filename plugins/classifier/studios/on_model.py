"""What the family's studios on a live model share: they learn what it sorts, get pictures, and ask again."""

from typing import Any

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.preview import ImagePreview, Preview
from gendesk.studios.own_picture import OwnPicture
from gendesk.studios.studio import Studio
from gendesk.widgets.theme import changes_look

from ..questions import ClassifierFacts, describe

HELD_OUT = "predictions"
"""The name of the preview that shows held-out pictures."""
_WIDE = 760  # logical pixels from which the parts stand side by side
_OWN_WIDTH, _OWN_HEIGHT = 340, 164  # at most, in a wide and in a narrow panel
_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX


class ModelStudio(Studio):
    """Learns what the model is (`facts`) and calls `ask_model` with it whenever there may be something new.

    The parts of the studio lie in `box`, one below the other, or side by side where there is room, and scroll where
    there is too little.
    """

    facts: ClassifierFacts | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held_out: ImagePreview | None = None
        body = QWidget()
        self.box = QBoxLayout(QBoxLayout.Direction.TopToBottom, body)
        self.box.setContentsMargins(4, 4, 4, 4)
        self.box.setSpacing(8)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def arrange(self, *, wide: bool) -> None:
        """Place the parts for a wide or for a narrow panel."""
        self.box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def caption_of(self, picture: UInt8Array) -> str:
        """Return what the preview says of a held-out picture, else an empty text."""
        if self._held_out is None or self._held_out.images.shape[1:] != picture.shape:
            return ""
        same = (self._held_out.images == picture).all((1, 2, 3)).nonzero()[0]
        captions = self._held_out.captions
        return captions[same[0]] if len(same) and same[0] < len(captions) else ""

    def take_pictures(self, pictures: UInt8Array) -> None:
        """Take held-out pictures of the model's size, (count, height, width, channels)."""

    def ask_model(self) -> None:
        """Ask the model, of which `facts` are known, everything that is to be shown."""

    def forget(self) -> None:
        """Empty what the last model said."""

    def answered(self, asker: str, argument: Any, result: Any) -> None:
        """Take an answer to what `ask_model` asked."""

    def show_again(self) -> None:
        """Show what is known once more, because the colours of the theme have changed."""

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event) and self.facts is not None:
            self.show_again()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange(wide=self.width() >= _WIDE)
        super().resizeEvent(event)

    def on_session(self) -> None:
        self.facts = self._held_out = None
        self.forget()
        self._ask_facts()

    def _ask_facts(self) -> None:
        self.ask("facts", describe, None)

    def show_preview(self, preview: Preview) -> None:
        if isinstance(preview, ImagePreview) and preview.name == HELD_OUT:
            self._held_out = preview
            self._offer_pictures()

    def _offer_pictures(self) -> None:
        """Hand pictures on as soon as the model is known, if they are of its size."""
        if self.facts is None or self._held_out is None:
            return
        channels, height, width = self.facts.image_shape
        if self._held_out.images.shape[1:] == (height, width, channels):
            self.take_pictures(self._held_out.images)

    def model_changed(self) -> None:
        if self.facts is None:
            self._ask_facts()
        else:
            self.ask_model()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "facts":
            self.facts = result
            self.model_known()
            self._offer_pictures()
            self.ask_model()
        elif self.facts is not None:
            self.answered(asker, argument, result)

    def model_known(self) -> None:
        """Hear that `facts` are there."""


class PictureStudio(ModelStudio):
    """A studio on one picture: a held-out one, a drawing or a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken: UInt8Array | None = None
        self.own = OwnPicture()
        self.own.chosen.connect(self._picture_chosen)
        self.own.failed.connect(self.failed)
        self.box.addWidget(self.own)

    def arrange(self, *, wide: bool) -> None:
        super().arrange(wide=wide)
        self.own.setMaximumWidth(_OWN_WIDTH if wide else _UNLIMITED)
        self.own.setMaximumHeight(_UNLIMITED if wide else _OWN_HEIGHT)

    def model_known(self) -> None:
        assert self.facts is not None
        channels, height, width = self.facts.image_shape
        self.own.set_format(height, width, channels)

    def on_session(self) -> None:
        if self._taken is not None:
            self.own.set_pictures(self._taken[:0])
            self._taken = None
        super().on_session()

    def take_pictures(self, pictures: UInt8Array) -> None:
        self._taken = pictures
        self.own.set_pictures(pictures)

    def _picture_chosen(self) -> None:
        if self.facts is not None:
            self.ask_model()


def quiet_timer(parent: QWidget, milliseconds: int) -> QTimer:
    """Return a timer that fires once, so long after it was last started."""
    return QTimer(parent, interval=milliseconds, singleShot=True)
