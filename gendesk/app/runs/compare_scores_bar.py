"""The controls above the scores of runs: seed, count, what begins the work and what ends it."""

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

from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox

_COUNTS = (200, 500, 1000, 2000, 5000)
_USUAL = 1000


class ScoresBar(QWidget):
    """Says what is wished for; the page does it, and tells how far that is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.was_stopped = False
        self.seed_box = SeedBox()
        self.counts = QComboBox()
        self.counts.setAccessibleName(self.tr("Scored pictures"))
        self.counts.setToolTip(
            self.tr(
                "New pictures of each run, and as many real ones. More make the numbers steadier and take longer; only "
                "numbers of the same count compare."
            )
        )
        for count in _COUNTS:
            self.counts.addItem(self.tr("{count} pictures").format(count=f"{count:,}"), count)
        self.counts.setCurrentIndex(_COUNTS.index(_USUAL))
        self.score = QPushButton(self.tr("Score Runs"))
        self.score.setProperty("role", "primary")
        self.score.setToolTip(self.tr("Measure how sharp, varied and near to the data new pictures of each run are"))
        self.train = QPushButton(self.tr("Train Feature Network"))
        self.train.setToolTip(
            self.tr(
                "Train a classifier on these data, as a run of its own: its features tell far more about pictures than "
                "pixels do. Takes minutes, and you can go on meanwhile."
            )
        )
        self.save = QPushButton(icon("save"), self.tr("Save Table as CSV..."))
        self.save.setToolTip(self.tr("Write the numbers of the table as a file that spreadsheets open"))
        self.progress = QProgressBar(maximum=1000)
        self.progress.setAccessibleName(self.tr("Share of the work that is done"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop here; what has been scored stays"))
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.seed_box, self.counts, self.score, self.train):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.save)
        self._work = QWidget()
        work = QHBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(8)
        work.addWidget(self.progress, 1)
        work.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._work)
        column.addWidget(self.note)
        self.show_state(scoring=False, training=False, missing=False, lacking_features=False, table=False)

    @property
    def count(self) -> int:
        """How many pictures are to be scored."""
        return int(self.counts.currentData())

    def show_state(self, *, scoring: bool, training: bool, missing: bool, lacking_features: bool, table: bool) -> None:
        """Offer what can be done now: `missing` scores, features where they are lacking, a table to be saved."""
        busy = scoring or training
        self.score.setEnabled(missing and not busy)
        self.train.setVisible(lacking_features)
        self.train.setEnabled(not busy)
        self.save.setEnabled(table)
        if busy != self._work.isVisibleTo(self):
            self._work.setVisible(busy)
            self.cancel.setEnabled(busy)
            self.was_stopped = False
            self.progress.setValue(0)
            self.progress.setFormat(self.tr("Scoring"))

    def show_scoring(self, share: float) -> None:
        """Show how far the scores are, a share in [0, 1]."""
        self.progress.setValue(round(1000 * share))
        self.progress.setFormat(self.tr("Scoring: %p %"))

    def show_training(self, share: float) -> None:
        """Show how far the training of the feature network is, a share in [0, 1]."""
        self.show_state(scoring=False, training=True, missing=False, lacking_features=True, table=self.save.isEnabled())
        self.progress.setValue(round(1000 * share))
        if not self.was_stopped:
            self.progress.setFormat(
                self.tr("Training the feature network: %p %") if share else self.tr("Getting the data ready")
            )

    def show_stopping(self) -> None:
        """Show that the training is being stopped."""
        self.was_stopped = True
        self.cancel.setEnabled(False)
        self.progress.setFormat(self.tr("Stopping"))
