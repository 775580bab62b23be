"""The four steps in which a generation comes about, with a sentence on each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ...playground import Method
from .painting import PHASES, Phase


class PhaseStrip(QWidget):
    """The names of the steps, the current one marked, and below what happens in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = (self.tr("1 Sample"), self.tr("2 Choose"), self.tr("3 Move"), self.tr("4 Sample again"))
        self._labels = dict(zip(PHASES, (QLabel(title, self) for title in titles), strict=True))
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("role", "muted")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.sentence.setMinimumHeight(2 * self.sentence.fontMetrics().lineSpacing() + 2)
        row = QHBoxLayout()
        row.setSpacing(16)
        for label in self._labels.values():
            row.addWidget(label)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.sentence)
        self.show_phase(None, ())

    @property
    def current(self) -> Phase | None:
        """The step that is marked."""
        return next((phase for phase, label in self._labels.items() if label.property("role") == "title"), None)

    def show_phase(self, phase: Phase | None, methods: tuple[Method, ...], population: int = 0) -> None:
        """Mark a step, or none before the first."""
        for each, label in self._labels.items():
            role = "title" if each == phase else "muted"
            if label.property("role") != role:
                label.setProperty("role", role)
                label.style().unpolish(label)
                label.style().polish(label)
        self.sentence.setText(self._words(phase, methods, population))

    def _words(self, phase: Phase | None, methods: tuple[Method, ...], population: int) -> str:
        if phase is None:
            return self.tr("Click into the landscape to choose where to begin, then take a step. The bluer, the lower.")
        if phase == "sample":
            return self.tr(
                "{count} candidates are drawn from the distribution. Its ellipses are 1 and 2 sigma."
            ).format(count=population)
        if phase == "sample again":
            return self.tr("The next {count} candidates are drawn from the new distribution.").format(count=population)
        if phase == "choose":
            best: dict[tuple[Method, ...], str] = {
                ("cma",): self.tr("The better half is chosen, and the better a candidate, the more it counts."),
                ("plain",): self.tr("The best quarter is chosen; nothing else is learned from."),
            }
            return best.get(
                methods, self.tr("CMA-ES chooses the better half, weighted; the plain step the best quarter.")
            )
        moved: dict[tuple[Method, ...], str] = {
            ("cma",): self.tr(
                "The mean goes to the chosen. Shape and step size learn a little from this step and from the path of "
                "the last ones."
            ),
            ("plain",): self.tr(
                "The mean goes to the chosen. Their covariance about the old mean is the new shape: it gains momentum."
            ),
        }
        return moved.get(
            methods,
            self.tr("Both means go to the chosen. CMA-ES keeps most of its old shape, the plain step nothing of it."),
        )
