"""The controls of the novelty page: what is looked at, and how distances are measured."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.latent.novelty import Measure, Prepared
from gendesk.studios.latent.shares import percent
from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox


class LookBar(QWidget):
    """What is looked at: `kind` is "point", "sample", "samples" or "picture", and `seed` counts for samples."""

    changed = Signal()
    picture_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("Look at"))
        self.kinds.setToolTip(
            self.tr("What is compared with the training pictures: the point of all pages, samples, or any picture")
        )
        for text, kind in (
            (self.tr("Present point"), "point"),
            (self.tr("One sample"), "sample"),
            (self.tr("64 samples"), "samples"),
            (self.tr("Any picture"), "picture"),
        ):
            self.kinds.addItem(text, kind)
        self.kinds.currentIndexChanged.connect(self._choose)
        self.seed_box = SeedBox()
        self.seed_box.changed.connect(self.changed)
        self.open = QPushButton(icon("image"), self.tr("Choose..."))
        self.open.setToolTip(self.tr("Choose a held-out picture, draw one, or open a file of your own"))
        self.open.clicked.connect(self.picture_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.kinds, self.seed_box, self.open):
            row.addWidget(part)
        row.addStretch(1)
        self._show_parts()

    @property
    def kind(self) -> str:
        return str(self.kinds.currentData())

    @property
    def seed(self) -> int:
        return self.seed_box.seed

    def choose(self, kind: str) -> None:
        """Choose what is looked at, without telling of it."""
        with QSignalBlocker(self.kinds):
            self.kinds.setCurrentIndex(self.kinds.findData(kind))
        self._show_parts()

    def _choose(self) -> None:
        self._show_parts()
        if self.kind == "picture":
            self.picture_wanted.emit()
        self.changed.emit()

    def _show_parts(self) -> None:
        self.seed_box.setVisible(self.kind in ("sample", "samples"))
        self.open.setVisible(self.kind == "picture")


class MeasureBar(QWidget):
    """By what distances are measured, and the way to a feature network where there is none."""

    changed = Signal()
    network_wanted = Signal()
    network_unwanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measures = QComboBox()
        self.measures.setAccessibleName(self.tr("Compare by"))
        self.measures.setToolTip(
            self.tr(
                "Features: what a network sees that was trained to tell these pictures apart, so that a small shift "
                "counts little. Pixels: the mean absolute difference; a blurred picture is near to many in it."
            )
        )
        self.measures.addItem(self.tr("Features"), Measure.FEATURES)
        self.measures.addItem(self.tr("Pixels"), Measure.PIXELS)
        self.measures.currentIndexChanged.connect(self.changed)
        self.train = QPushButton(self.tr("Train Feature Network"))
        self.train.setToolTip(
            self.tr("Train a classifier on these data, as a run of its own; takes minutes, and you can go on meanwhile")
        )
        self.train.clicked.connect(self.network_wanted)
        self.progress = QProgressBar(maximum=1000)
        self.progress.setAccessibleName(self.tr("Share of the training that is done"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop the training of the feature network; its run stays, unfinished"))
        self.cancel.clicked.connect(self._cancel)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label = QLabel(self.tr("Compare by"))
        label.setBuddy(self.measures)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (label, self.measures, self.train):
            row.addWidget(part)
        row.addStretch(1)
        self._training_row = QWidget()
        training = QHBoxLayout(self._training_row)
        training.setContentsMargins(0, 0, 0, 0)
        training.setSpacing(8)
        training.addWidget(self.progress, 1)
        training.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._training_row)
        column.addWidget(self.note)
        self.set_training(training=False)
        self.show_prepared(None)

    @property
    def measure(self) -> Measure:
        return Measure(self.measures.currentData())

    def set_training(self, *, training: bool) -> None:
        """Say that a feature network is being trained, or no longer."""
        self.train.setEnabled(not training)
        self._training_row.setVisible(training)
        self.cancel.setEnabled(training)
        self.progress.setValue(0)
        self.progress.setFormat(self.tr("Getting the data ready"))

    def show_training(self, share: float) -> None:
        """Show how far the training is, a share in [0, 1]; it may have been begun before the page was seen."""
        if self.train.isEnabled():
            self.set_training(training=True)
        self.progress.setValue(round(1000 * share))
        if self.cancel.isEnabled():
            self.progress.setFormat(self.tr("Training the feature network: %p %"))

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.progress.setFormat(self.tr("Stopping"))
        self.network_unwanted.emit()

    def show_prepared(self, prepared: Prepared | None) -> None:
        """Say by what distances are measured, and among how many pictures."""
        missing = prepared is not None and not prepared.network and self.measure is Measure.FEATURES
        self.train.setVisible(missing and prepared is not None and prepared.trainable)
        if prepared is None:
            self.note.setText("")
            return
        if prepared.network:
            how = self.tr("Features of {run}, which tells {share} of held-out pictures.").format(
                run=prepared.network, share=percent(prepared.accuracy)
            )
        elif missing and not prepared.trainable:
            how = self.tr("No feature network can be trained on pictures without classes, so pixels count.")
        elif missing:
            how = self.tr("No feature network has been trained on these data yet, so pixels count.")
        else:
            how = self.tr("Mean absolute difference of pixels, in grey levels of 255.")
        many = self.tr("Searched: {searched} of {total} training pictures.").format(
            searched=f"{prepared.searched:,}", total=f"{prepared.total:,}"
        )
        self.note.setText(f"{how} {many}")
