"""The studios of a family at the side of a run: one is seen at a time, and it is made when it is first seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from gendesk.engine.families import StudioEntry
from gendesk.engine.preview import Preview
from gendesk.errors import GendeskError
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.studios.session import ModelSession
    from gendesk.studios.studio import Studio


class StudiosPanel(QWidget):
    """A chooser above the studio that it chooses; `enlarged` asks for all the room that there is."""

    failed = Signal(str)
    new_run_wanted = Signal(dict)
    enlarged = Signal(bool)
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[StudioEntry, ...] = ()
        self._made: dict[str, Studio] = {}
        self._session: ModelSession | None = None
        self._previews: dict[str, Preview] = {}
        self._chooser = QComboBox()
        self._chooser.setAccessibleName(self.tr("Studio"))
        self._chooser.setToolTip(self.tr("What to do with the model"))
        self._chooser.currentIndexChanged.connect(self._choose)
        self._enlarge = QToolButton()
        self._enlarge.setCheckable(True)
        self._enlarge.setIcon(icon("fit"))
        self._enlarge.setAccessibleName(self.tr("Enlarge the studio"))
        self._enlarge.setToolTip(self.tr("Give the studio all the room, in place of charts and previews"))
        self._enlarge.toggled.connect(self.enlarged)
        self._problem = QLabel(wordWrap=True)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._problem)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._chooser, 1)
        head.addWidget(self._enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    @property
    def current(self) -> "Studio | None":
        """The studio that is seen."""
        return self._made.get(self.current_id)

    @property
    def current_id(self) -> str:
        index = self._chooser.currentIndex()
        return self._entries[index].id if 0 <= index < len(self._entries) else ""

    @property
    def width_wanted(self) -> int:
        """How many pixels the studio that is seen would like to have."""
        return next((entry.width for entry in self._entries if entry.id == self.current_id), 0)

    def set_studios(self, entries: Sequence[StudioEntry]) -> None:
        """Offer these studios; the one that is seen stays if it is among them."""
        entries = tuple(entries)
        if entries == self._entries:
            return
        current = self.current_id
        self._entries = entries
        self._chooser.blockSignals(True)
        self._chooser.clear()
        for entry in entries:
            self._chooser.addItem(translated(entry.title), entry.id)
            self._chooser.setItemData(self._chooser.count() - 1, translated(entry.summary), Qt.ItemDataRole.ToolTipRole)
        self._chooser.setCurrentIndex(max(0, self._chooser.findData(current)))
        self._chooser.blockSignals(False)
        self.setVisible(bool(entries))
        if entries:
            self._choose()

    def choose(self, studio_id: str) -> None:
        """Show a studio by its id; an unknown one changes nothing."""
        index = self._chooser.findData(studio_id)
        if index >= 0:
            self._chooser.setCurrentIndex(index)

    def set_session(self, session: "ModelSession | None") -> None:
        """Open the studios on another model, or close them with None; those of other recipes have nothing to ask it."""
        self._session = session
        self._previews.clear()
        offered = {entry.id for entry in self._entries}
        for studio_id, studio in self._made.items():
            studio.set_session(session if studio_id in offered else None)

    def show_preview(self, preview: Preview) -> None:
        """Hand on a preview; a studio that is made later gets the newest of each name."""
        self._previews[preview.name] = preview
        for studio in self._made.values():
            if studio.session is not None:
                studio.show_preview(preview)

    def model_changed(self) -> None:
        if self.current is not None:
            self.current.model_changed()

    def _choose(self, _index: int = 0) -> None:
        index = self._chooser.currentIndex()
        self._chooser.setToolTip(translated(self._entries[index].summary))
        try:
            studio = self._studio(self._entries[index])
        except GendeskError as error:
            self._problem.setText(str(error))
            self._stack.setCurrentWidget(self._problem)
        else:
            self._stack.setCurrentWidget(studio)
            studio.model_changed()
        self.chosen.emit()

    def _visit(self, studio_id: str, what: object) -> None:
        """Show what a studio has pointed out in another one."""
        self.choose(studio_id)
        if self.current is not None and self.current_id == studio_id:
            self.current.visit(what)

    def _studio(self, entry: StudioEntry) -> "Studio":
        if entry.id not in self._made:
            studio: Studio = entry.load()(self)
            studio.failed.connect(self.failed)
            studio.new_run_wanted.connect(self.new_run_wanted)
            studio.studio_wanted.connect(self._visit)
            self._stack.addWidget(studio)
            self._made[entry.id] = studio
            studio.set_session(self._session)
            for preview in self._previews.values():
                studio.show_preview(preview)
        return self._made[entry.id]
