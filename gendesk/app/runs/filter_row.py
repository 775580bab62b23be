"""The row above the list: what to search for, what to leave out, and what to sort by."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from gendesk.app.runs.entries import Status
from gendesk.app.runs.sorting import Filter
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

_DEBOUNCE_MS = 150


class FilterRow(QWidget):
    """Tells of a new `filter` or another metric to sort by; the empty metric stands for the latest change."""

    changed = Signal()
    metric_chosen = Signal(str)
    left = Signal()  # the person goes on from the search field to the list

    def __init__(
        self, families: Sequence[tuple[str, str]], states: Mapping[Status, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._family_of_tab = ""
        self._debounce = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._debounce.timeout.connect(self.changed)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search runs"))
        self.search.setAccessibleName(self.tr("Search runs"))
        self.search.setToolTip(
            self.tr("Words in the name, note, tags, recipe, data or id of a run; all have to be found (Ctrl+F)")
        )
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(96)
        self.search.textChanged.connect(self._debounce.start)
        self.search.installEventFilter(self)
        self.family = self._combo(self.tr("Family"), self.tr("List the runs of one family only"))
        self.state = self._combo(self.tr("State"), self.tr("List the runs in one state only"))
        self.tag = self._combo(self.tr("Tag"), self.tr("List the runs with one tag only"))
        self.sort_by = self._combo(
            self.tr("Sort by"),
            self.tr("Sort by the latest value of a metric, the lowest first; a click on its column turns it round"),
        )
        _fill(self.family, self.tr("All families"), [(family_id, translated(title)) for family_id, title in families])
        _fill(self.state, self.tr("All states"), [(str(status), title) for status, title in states.items()])
        self.set_tags(())
        self.set_metrics(())
        for box in (self.family, self.state, self.tag):
            box.currentIndexChanged.connect(self._tell)
        self.sort_by.currentIndexChanged.connect(self._tell_metric)
        self.this_tab = QToolButton()
        self.this_tab.setText(self.tr("This Tab Only"))
        self.this_tab.setToolTip(self.tr("List only the runs of the family whose tab is open"))
        self.this_tab.setCheckable(True)
        self.this_tab.toggled.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for widget in (self.family, self.state, self.tag, self.this_tab, self.sort_by):
            row.addWidget(widget)

    @property
    def filter(self) -> Filter:
        """What is asked for now."""
        state = self.state.currentData()
        family = self._family_of_tab if self.this_tab.isChecked() else self.family.currentData()
        words = tuple(self.search.text().casefold().split())
        return Filter(words, family, Status(state) if state else None, self.tag.currentData())

    def set_family_of_tab(self, family_id: str) -> None:
        self._family_of_tab = family_id
        if self.this_tab.isChecked():
            self.changed.emit()

    def set_tags(self, tags: Sequence[str]) -> None:
        _fill(self.tag, self.tr("All tags"), [(tag, tag) for tag in tags])

    def set_metrics(self, metrics: Sequence[str]) -> None:
        titles = [(name, self.tr("Sort by {0}").format(name)) for name in metrics]
        _fill(self.sort_by, self.tr("Sort by change"), titles)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def clear(self) -> None:
        """List all runs again."""
        self.search.clear()
        for box in (self.family, self.state, self.tag):
            box.setCurrentIndex(0)
        self.this_tab.setChecked(False)
        self._debounce.stop()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape empties the search field, Enter and the arrow down go to the list."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self._debounce.stop()
                self.changed.emit()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _combo(self, name: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(9)
        # In a narrow window the row must not keep the dock from shrinking.
        box.setMinimumWidth(72)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return box

    def _tell(self) -> None:
        self.family.setEnabled(not self.this_tab.isChecked())
        self.changed.emit()

    def _tell_metric(self) -> None:
        self.metric_chosen.emit(self.sort_by.currentData())


def _fill(box: QComboBox, everything: str, choices: Sequence[tuple[str, str]]) -> None:
    """Offer choices after the one that stands for all; the chosen one stays, even if no run has it any more."""
    chosen = box.currentData() or ""
    known = [("", everything), *choices]
    if [(box.itemData(number), box.itemText(number)) for number in range(box.count())] == known:
        return
    if chosen and chosen not in dict(known):
        known.append((chosen, box.currentText()))
    box.blockSignals(True)
    box.clear()
    for value, title in known:
        box.addItem(title, value)
    box.setCurrentIndex([value for value, _ in known].index(chosen))
    box.blockSignals(False)
    fitting = box.view()
    fitting.setMinimumWidth(fitting.sizeHintForColumn(0) + 24)
