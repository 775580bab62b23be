"""The dialog that puts held-out pictures, drawings and a person's own files on the strip of a morph."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.survey import Survey
from gendesk.studios.own_picture import OwnPicture

_SHOWN = 60  # pictures; more take so long to lay out that a person would notice


class MorphPictures(QDialog):
    """Stays open, so that several pictures can be added. `added` carries one, uint8 (height, width, channels)."""

    added = Signal(object)

    def __init__(self, survey: Survey, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Pictures for the Morph"))
        self.own = OwnPicture()
        self.own.set_format(*survey.shape)
        self._encodes = survey.encodes
        if survey.encodes or not len(survey.real):
            self.own.set_pictures(survey.pictures[:_SHOWN], captions(survey))
        else:
            self.own.set_pictures(survey.real)
        self.own.chosen.connect(self._refresh)
        self.own.failed.connect(self._tell)
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setProperty("role", "muted")
        self.add = QPushButton(self.tr("Add to Morph"))
        self.add.setToolTip(self.tr("Put the chosen picture on the strip, after the one that is chosen there"))
        self.add.setDefault(True)
        self.add.clicked.connect(self._add)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.add, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.own, 1)
        column.addWidget(self._said)
        column.addWidget(buttons)
        self._refresh()
        self.resize(560, 400)

    def _add(self) -> None:
        picture: UInt8Array | None = self.own.picture()
        if picture is not None:
            self._said.setText(self.tr("Added.") if self._encodes else self.tr("Looking for its code ..."))
            self.added.emit(picture)

    def tell_progress(self, share: float, off: float) -> None:
        """Say how far the search for a picture's code is, and how far off the picture is, both in 0..1."""
        text = self.tr("Looking for its code, {share} % done: off by {off} %")
        self._said.setText(text.format(share=f"{share * 100:.0f}", off=f"{off * 100:.0f}"))

    def tell_found(self, off: float) -> None:
        """Say that a picture stands on the strip, as near (0..1) as the model can draw it."""
        self._said.setText(
            self.tr("Added, as the model draws it: off by {off} % on average").format(off=f"{off * 100:.0f}")
        )

    def _refresh(self) -> None:
        self._said.clear()
        self.add.setEnabled(self.own.picture() is not None)

    def _tell(self, sentence: str) -> None:
        self._said.setText(sentence)


def captions(survey: Survey) -> tuple[str, ...]:
    """Return the class of each held-out picture, nothing where there are no classes."""
    labels = survey.labels[:_SHOWN].tolist()
    return tuple(survey.names[label] if 0 <= label < len(survey.names) else "" for label in labels)
