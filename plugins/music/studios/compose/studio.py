"""The composing studio: a beginning in a roll, the network's notes behind it as they come, variations and a radio."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QWidget

from gendesk.engine.music.composing import (
    Quill,
    Task,
    begin_composing,
    compose_on,
    describe,
    held_out_bars,
    held_out_titles,
)
from gendesk.music.score import Note, Score
from gendesk.studios.music.score_export import ScoreExport
from gendesk.studios.studio import Studio

from .deck import ComposeDeck
from .endless import Radio
from .panel import ComposePanel
from .work import ComposeWork

WIDE, HIGH = 860, 760  # logical pixels from which settings stand beside the roll, and are always in view above it
_SIDE = 336
_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX


class ComposeStudio(Studio):
    """Asks for a few steps at a time, so that the notes stream into the roll and a click stops them at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Compose"))
        self.radio = Radio(self)
        self.export = ScoreExport(self, self._to_save)
        self.deck, self.panel = ComposeDeck(), ComposePanel(self.radio, self.export)
        self.work = ComposeWork(self.deck, self.panel, self.radio, self)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)  # see minimumSizeHint
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.panel)
        self._box.addWidget(self.deck, 1)
        self._connect()
        self.on_session()

    def _connect(self) -> None:
        panel, work = self.panel, self.work
        work.asked.connect(self._ask)
        panel.compose.clicked.connect(work.start)
        panel.go_on.clicked.connect(work.continue_piece)
        panel.stop.clicked.connect(work.end)
        panel.back.clicked.connect(work.show_beginning)
        panel.turned.connect(work.turn)
        panel.recorded.connect(work.begin_with_own)
        panel.beginning.excerpt_wanted.connect(self._ask_excerpt)
        panel.beginning.piece_wanted.connect(work.begin_with)
        panel.beginning.nothing_wanted.connect(work.begin_with_nothing)
        panel.beginning.failed.connect(self.failed)
        panel.radio_bar.toggled.connect(work.switch_radio)
        panel.radio_bar.next.clicked.connect(self.radio.skip)
        panel.radio_bar.again.connect(work.play_again)
        self.deck.dropped.connect(panel.beginning.read)
        for source in (self.export, panel.radio_bar):
            source.saved.connect(self._tell_saved)
            source.failed.connect(self.failed)
        for keys, act in (("Ctrl+Return", work.start), ("Esc", work.end)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the parts one below the other: side by side, they would keep their panel wide."""
        parts = [self.panel.minimumSizeHint(), self.deck.minimumSizeHint()]
        return QSize(max(part.width() for part in parts), sum(part.height() for part in parts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= WIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.panel.setMaximumWidth(_SIDE if wide else _UNLIMITED)
        self.panel.set_room(wide=wide, high=self.height() >= HIGH)
        super().resizeEvent(event)

    # The model

    def on_session(self) -> None:
        self.work.set_ready(False)
        self.panel.beginning.set_titles(())
        self.deck.roll.set_empty_text(self.tr("Music will appear here once the network has been trained for a step."))
        self.model_changed()

    def model_changed(self) -> None:
        if not self.work.is_ready:
            self.ask("facts", describe, None)

    def on_answer(self, asker: str, _argument: Any, result: Any) -> None:
        match asker:
            case "facts":
                self._open()
            case "titles":
                self.panel.beginning.set_titles(result)
            case "excerpt":
                self.work.begin_with(result)
            case "radio":
                self.radio.take(result)
            case _:
                self.work.variations.take(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "titles":
            self.panel.beginning.pieces.setToolTip(sentence)  # a piece can begin with something else
            return
        self.work.end()
        super().on_failure(asker, sentence)

    def _open(self) -> None:
        if self.work.is_ready:
            return
        self.work.set_ready(True)
        self.deck.roll.set_empty_text(
            self.tr(
                "Notes will appear here. Press Compose, or draw, record or choose a beginning, or drop a MIDI file."
            )
        )
        self.ask("titles", held_out_titles, None, data=True, slow=True)

    def _ask(self, asker: str, wanted: Task | Quill) -> None:
        self.ask(asker, compose_on if isinstance(wanted, Quill) else begin_composing, wanted)

    def _ask_excerpt(self, excerpt: object) -> None:
        self.ask("excerpt", held_out_bars, excerpt, data=True, slow=True)

    # Files

    def _tell_saved(self, path: str) -> None:
        self.panel.tell(self.tr("Saved to {path}.").format(path=path))

    def _to_save(self) -> tuple[Score, str, Mapping[Note, float] | None]:
        score = self.deck.score
        return score, score.title or self.tr("Composition"), self.work.chances or None
