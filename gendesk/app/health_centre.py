"""The health centre: what the checks have found in a run, what it means, and what to try, one click away."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.events import Warned
from gendesk.engine.health import WATCHED, title_of
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import changes_look
from gendesk.widgets.translation import translated

_MOST_SHOWN = 25
_MOST_KEPT = 500
_LEAST_WIDTH = 320


class HealthCentre(QWidget):
    """A card per finding, the newest first; without any it says what is watched.

    `change_wanted` asks for a new run like that of an id, with some settings changed; `shown` asks to see a step of
    a run in its charts; `count_changed` tells how many findings there are to read.
    """

    change_wanted = Signal(str, dict)
    shown = Signal(str, int)
    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Health"))
        self.setMinimumWidth(_LEAST_WIDTH)
        self._run_id = ""
        self._warnings: dict[tuple[str, str], Warned] = {}
        self._settings: dict[str, Mapping[str, Any]] = {}
        self._dismissed: set[tuple[str, str]] = set()
        self._count = 0
        self._all_runs = QCheckBox(self.tr("All runs"), self)
        self._all_runs.setToolTip(self.tr("List the findings of every run that was shown or trained since the start"))
        self._all_runs.setAccessibleName(self.tr("Show the findings of all runs"))
        self._all_runs.toggled.connect(self._fill)
        self._again = QPushButton(self)
        self._again.setToolTip(self.tr("Show the findings again that were dismissed"))
        self._again.clicked.connect(self._show_dismissed)
        self._column = QVBoxLayout()
        self._empty = _Watched(self)
        self._build()
        self._fill()

    @property
    def count(self) -> int:
        """How many findings are listed."""
        return self._count

    def set_run(self, run_id: str, warnings: Sequence[Warned], settings: Mapping[str, Any] | None = None) -> None:
        """Show a run with all that was found in it; its `settings` by field let tooltips name the old values, too.

        Call it again when the run is resumed, which may take findings back.
        """
        self._run_id = run_id
        self._settings[run_id] = settings or {}
        self._warnings = {key: warning for key, warning in self._warnings.items() if key[0] != run_id}
        for warning in warnings:
            self._keep(warning)
        self._fill()

    def add(self, event: Warned) -> None:
        """Take in what a run in training is warned of, whichever is shown."""
        known = _key(event) in self._warnings
        self._keep(event)
        if not known and _key(event) not in self._dismissed and (self._all_runs.isChecked() or self._is_shown(event)):
            self._fill()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 0)
        head.addWidget(self._all_runs)
        head.addStretch(1)
        head.addWidget(self._again)
        inside = QWidget()
        around = QVBoxLayout(inside)
        around.setContentsMargins(8, 8, 8, 8)
        around.setSpacing(8)
        self._column.setSpacing(8)
        around.addWidget(self._empty)
        around.addLayout(self._column)
        around.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self.tr("Findings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll)

    def _keep(self, warning: Warned) -> None:
        self._warnings.setdefault(_key(warning), warning)
        while len(self._warnings) > _MOST_KEPT:
            self._warnings.pop(next(iter(self._warnings)))

    def _is_shown(self, warning: Warned) -> bool:
        return self._all_runs.isChecked() or warning.run_id == self._run_id

    def _fill(self) -> None:
        """Keep the cards of findings that stay, so that the keyboard's focus does."""
        chosen = [warning for warning in self._warnings.values() if self._is_shown(warning)]
        read = [warning for warning in chosen if _key(warning) not in self._dismissed]
        read.sort(key=lambda warning: warning.time, reverse=True)
        wanted = [_key(warning) for warning in read[:_MOST_SHOWN]]
        cards = {card.key: card for card in self._cards()}
        for key, card in cards.items():
            if key not in wanted:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
        for place, key in enumerate(wanted):
            card = cards.get(key) or self._card(self._warnings[key])
            self._column.insertWidget(place, card)
            card.name_run(self._all_runs.isChecked())
            card.show_changes(self._settings.get(key[0], {}))
        self._empty.setVisible(not read)
        self._empty.show_for(running=bool(self._run_id))
        hidden = len(chosen) - len(read)
        self._again.setText(self.tr("Show Dismissed ({count})").format(count=hidden))
        self._again.setVisible(hidden > 0)
        if len(read) != self._count:
            self._count = len(read)
            self.count_changed.emit(self._count)

    def _cards(self) -> list["_Card"]:
        items = (self._column.itemAt(place) for place in range(self._column.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, _Card)]

    def _card(self, warning: Warned) -> "_Card":
        card = _Card(warning, self)
        card.change_wanted.connect(self.change_wanted)
        card.shown.connect(self.shown)
        card.dismissed.connect(self._dismiss)
        return card

    def _dismiss(self, key: tuple[str, str]) -> None:
        self._dismissed.add(key)
        self._fill()

    def _show_dismissed(self) -> None:
        self._dismissed.clear()
        self._fill()


class _Card(QFrame):
    """One finding with its buttons."""

    change_wanted = Signal(str, dict)
    shown = Signal(str, int)
    dismissed = Signal(object)

    def __init__(self, warning: Warned, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = _key(warning)
        self._warning = warning
        self.setProperty("role", "card")
        title = translated(title_of(warning.kind))
        self.setAccessibleName(title)
        self._icon = QLabel()
        self._run = _label(warning.run_id, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 4, 8)
        column.setSpacing(6)
        column.addLayout(self._head(title))
        column.addWidget(self._run)
        column.addWidget(_label(warning.text))
        if warning.explanation:
            column.addWidget(_label(translated(warning.explanation), "muted"))
        if warning.advice:
            column.addWidget(_label(self.tr("What to try: {advice}").format(advice=warning.advice)))
        self._change = QPushButton(self.tr("New Run With This Change"))
        column.addLayout(self._buttons())
        self._draw_icon()

    def name_run(self, named: bool) -> None:
        self._run.setVisible(named)

    def show_changes(self, settings: Mapping[str, Any]) -> None:
        """Say in the button's tooltip what it changes, with the old values where they are known."""
        lines = [_change(name, new, settings.get(name)) for name, new in self._warning.changes.items()]
        start = self.tr("Put the settings of this run into the form, with this changed:")
        self._change.setToolTip("\n".join([start, *lines]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._draw_icon()

    def _head(self, title: str) -> QHBoxLayout:
        step = _label(self.tr("Step {step}").format(step=f"{self._warning.step:,}"), "muted", wrap=False)
        close = QToolButton()
        close.setAutoRaise(True)
        close.setIcon(icon("close"))
        close.setAccessibleName(self.tr("Dismiss: {title}").format(title=title))
        close.setToolTip(self.tr("Dismiss this finding until the next start"))
        close.clicked.connect(self._dismiss)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(_label(title, "title"), 1)
        row.addWidget(step)
        row.addWidget(close)
        return row

    def _buttons(self) -> QHBoxLayout:
        self._change.setAccessibleName(self._change.text())
        self._change.setVisible(bool(self._warning.changes))
        self._change.clicked.connect(self._want_change)
        show = QPushButton(self.tr("Show in Plot"))
        show.setAccessibleName(show.text())
        show.setToolTip(self.tr("Show this step in the charts of the run"))
        show.clicked.connect(self._show_step)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._change)
        row.addWidget(show)
        row.addStretch(1)
        return row

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icon("error" if self._warning.kind == "not-a-number" else "warning").pixmap(20, 20))

    def _want_change(self) -> None:
        self.change_wanted.emit(self._warning.run_id, dict(self._warning.changes))

    def _show_step(self) -> None:
        self.shown.emit(self._warning.run_id, self._warning.step)

    def _dismiss(self) -> None:
        self.dismissed.emit(self.key)


class _Watched(QWidget):
    """The empty state: that all is well so far, and what is looked at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._title = _label("", "title")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(_label(self.tr("These things are watched in every run:"), "muted"))
        for watched in WATCHED:
            column.addSpacing(8)
            column.addWidget(_label(translated(watched.title), "title"))
            column.addWidget(_label(translated(watched.meaning), "muted"))
        self._draw_icon()

    def show_for(self, *, running: bool) -> None:
        """Say that nothing was seen, or before there is a run, what will appear here."""
        waiting = self.tr("Start a run: what goes wrong with it is told here")
        self._title.setText(self.tr("No problems seen") if running else waiting)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icon("check").pixmap(20, 20))


def _key(warning: Warned) -> tuple[str, str]:
    return warning.run_id, warning.kind or warning.text


def _label(text: str, role: str = "", *, wrap: bool = True) -> QLabel:
    """Make a label of plain text, which may come from a stranger's file."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _change(name: str, new: Any, old: Any) -> str:
    title = translated(name.replace("_", " ").capitalize())
    if isinstance(new, list):
        return "\n".join([f"{title}:", *_changed_rows(new, old if isinstance(old, list) else [])])
    return f"{title}: {new}" if old is None else f"{title}: {old} \N{RIGHTWARDS ARROW} {new}"


def _changed_rows(new: list[dict[str, Any]], old: list[dict[str, Any]]) -> Iterator[str]:
    """Say what changes in each row of a table, such as a layer of a network."""
    nothing: dict[str, Any] = {}
    for number, (row, before) in enumerate(zip_longest(new, old[: len(new)], fillvalue=nothing), 1):
        changed = [_change(name, value, before.get(name)) for name, value in row.items() if value != before.get(name)]
        if changed:
            yield f"    {number}. " + ", ".join(changed)
