"""How a direction was found: its name, what it stands on, and how the two means settled."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.latent.directions import Direction, Kind, LogLine
from gendesk.engine.latent.directions_file import LONGEST_NAME
from gendesk.engine.latent.directions_measuring import SETTLED
from gendesk.studios.latent.tone_label import ToneLabel
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.table import ChartTable
from gendesk.widgets.icons import icon


class DirectionDetails(QWidget):
    """Shows one direction, or one that is being measured. `renamed` carries another name, stripped and not empty."""

    renamed = Signal(str)
    removed = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._log: tuple[LogLine, ...] | None = None
        self.setAccessibleName(self.tr("How the direction was found"))
        self.name = QLineEdit(maxLength=LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name of the direction"))
        self.name.setToolTip(self.tr("What the direction is called; it is kept with the run"))
        self.name.editingFinished.connect(self._rename)
        self.remove = QPushButton(icon("trash"), self.tr("Remove"))
        self.remove.setToolTip(self.tr("Take this direction from the list; the picture stays as it is"))
        self.remove.clicked.connect(self.removed)
        self._facts = QLabel(wordWrap=True)
        self.stale = ToneLabel()
        self.stale.setWordWrap(True)
        self.again = QPushButton(icon("reset"), self.tr("Compute Again"))
        self.again.clicked.connect(self.again_wanted)
        self.chart = BarCharts()
        self.chart.setMinimumHeight(136)
        self.chart.setAccessibleName(self.tr("How far each batch moved the means"))
        self.chart.set_empty_text(
            self.tr("For a direction of an attribute, this shows how the mean codes settle while pictures are read.")
        )
        self.log = ChartTable()
        self.log.setMinimumHeight(96)
        self.log.setAccessibleName(self.tr("Log of the measurement"))
        self._arrange()
        self.show_direction(None)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.remove)
        stale = QHBoxLayout()
        stale.setSpacing(8)
        stale.addWidget(self.stale, 1)
        stale.addWidget(self.again)
        form = QFormLayout()
        form.addRow(self.tr("Name"), head)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(form)
        column.addLayout(stale)
        column.addWidget(self._facts)
        column.addWidget(self.chart, 1)
        column.addWidget(self.log, 1)

    def show_direction(self, direction: Direction | None) -> None:
        """Show a direction, or that none has been chosen."""
        self._show_name("" if direction is None else direction.name, known=direction is not None)
        self._facts.setText(self._words(direction))
        self._show_log(() if direction is None else direction.log)
        self.show_age("", possible=False)

    def show_age(self, words: str, *, possible: bool) -> None:
        """Say that the direction is of another state of the model, and whether it is `possible` to find it again."""
        self.stale.say(words, "warning")
        self.stale.setVisible(bool(words))
        self.again.setVisible(bool(words))
        self.again.setEnabled(possible)
        self.again.setToolTip(
            self.tr("Find the same direction on the model as it is now; it keeps its name")
            if possible
            else self.tr("The pictures of two groups are not kept with the run: choose the groups anew")
        )

    def show_progress(self, name: str, log: tuple[LogLine, ...]) -> None:
        """Show how far the measurement of a direction has come."""
        self._show_name(name, known=False)
        self.show_age("", possible=False)
        self._facts.setText(self.tr("Pictures are read until the mean codes with it and without it have settled."))
        self._show_log(log)

    def _show_name(self, name: str, *, known: bool) -> None:
        for part in (self.name, self.remove):
            part.setEnabled(known)
        if name != self._name:  # what somebody is writing stays
            self._name = name
            self.name.setText(name)

    def _words(self, direction: Direction | None) -> str:
        if direction is None:
            return self.tr("Choose a direction in the list to see what it stands on.")
        if direction.kind in (Kind.ATTRIBUTE, Kind.GROUPS):
            words = self.tr(
                "Mean code of {positives} pictures with it minus that of {negatives} without; {length} long before it "
                "was brought to a length of 1."
            ).format(
                positives=f"{direction.positives:,}",
                negatives=f"{direction.negatives:,}",
                length=f"{direction.length:.2f}",
            )
            return f"{words} {self._end_words(direction.log)}" if direction.log else words
        share = f"{100 * direction.share:.1f} %"
        if direction.kind is Kind.PRINCIPAL:
            return self.tr("Along this direction lies {share} of the variance of the codes of real pictures.").format(
                share=share
            )
        return self.tr(
            "Along this direction random codes bring about {share} of the variance in the decoder's first layer."
        ).format(share=share)

    def _end_words(self, log: tuple[LogLine, ...]) -> str:
        """Say whether the means have settled."""
        moved = log[-1].moved
        if moved < SETTLED:
            text = self.tr("The last batch moved both means by {moved} together: they have settled.")
        else:
            text = self.tr("The last batch still moved both means by {moved} together: take it with care.")
        return text.format(moved=f"{moved:.2f}")

    def _show_log(self, log: tuple[LogLine, ...]) -> None:
        if log == self._log:
            return
        self._log = log
        self.log.setVisible(bool(log))
        if not log:
            self.chart.clear()
            self.log.clear()
            return
        values = np.array([[line.moved_with for line in log], [line.moved_without for line in log]], np.float32)
        title = self.tr("Movement of the means, by pictures read")
        series = (self.tr("With"), self.tr("Without"))
        # The first batch moves both from nowhere, which would make all others invisible.
        span = float(log[0].pictures), float(log[-1].pictures)
        self.chart.set_charts([Bars(title, values[:, 1:], (), series, *span)] if len(log) > 1 else [])
        headings = self.tr("Pictures"), self.tr("With"), self.tr("Moved"), self.tr("Distance")
        rows = [
            (f"{line.pictures:,}", f"{line.positives:,}", f"{line.moved:.3f}", f"{line.length:.3f}") for line in log
        ]
        self.log.set_rows(headings, rows)

    def _rename(self) -> None:
        name = self.name.text().strip()
        if name:
            self.renamed.emit(name)
        else:
            self.name.setText(self._name)
