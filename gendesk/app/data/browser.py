"""All data sets, those that can be had and those on the disk: what is in them, origin, and how to be rid of them."""

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.data.descriptions import can_be_had, empty_text, entry_of, facts, offer, size_text, title_of
from gendesk.app.data.text_look import TextLook, TextLookView, look_at
from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.data.catalogue import catalogue
from gendesk.data.check import class_counts
from gendesk.data.dataset import DatasetKind, UInt8Array
from gendesk.data.entry import CatalogueEntry
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import options_for
from gendesk.data.scores import store as score_store
from gendesk.data.scores.report import ScoreReport
from gendesk.data.scores.report import report_of as report_of_scores
from gendesk.data.shelf import (
    AnyPrepared,
    Prepared,
    PreparedScores,
    PreparedText,
    prepared_scores,
    prepared_sets,
    prepared_texts,
    remove,
)
from gendesk.data.text import store
from gendesk.data.text.report import report_of
from gendesk.errors import StoredDataError
from gendesk.studios.music.score_player import Piece, ScorePlayer
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.picture import enlarged, to_qimage
from gendesk.widgets.translation import translated

_PAGE = 60
_COLUMNS = 12
_MB = 1e6
_MEAN_OF = 2000
_MEAN_SIDE = 84
_KINDS = {
    DatasetKind.IMAGES: "data",
    DatasetKind.TEXT: "text",
    DatasetKind.SCORES: "music",
    DatasetKind.RACES: "car",
}
"""The kinds of data that are listed, with the icon of what is made here."""
PREPARED = Prepared | PreparedText | PreparedScores


@dataclass(frozen=True)
class _Page:
    """What the worker has looked up: the pictures of a page, how many there are to page through, and the mean."""

    pictures: UInt8Array
    total: int
    mean: UInt8Array


class DatasetBrowser(QDialog):
    """A list at the left, what is chosen beside it. Everything is read, downloaded and removed on a worker thread."""

    use_wanted = Signal(str)
    listed = Signal()  # the list is what the disk says
    shown = Signal()  # the pictures of the chosen set are shown
    _told = Signal(float, str)

    def __init__(self, library: DataLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Data Sets"))
        self.resize(1040, 640)
        self._library = library
        self._cancel = threading.Event()
        self._prepared: list[AnyPrepared] = []
        self._page = 0
        self._disk = LatestWorker(self)
        self._disk.done.connect(self._take_list)
        self._reader = LatestWorker(self)
        self._reader.done.connect(self._take_page)
        self._maker = LatestWorker(self)
        self._maker.done.connect(self._take_made)
        self._told.connect(self._show_progress)
        self._arrange()
        self._fill()
        self._scan()

    # Parts

    def _arrange(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Data sets"))
        self.list.setToolTip(self.tr("Those with a tick are on this machine, ready to train on"))
        self.list.currentRowChanged.connect(self._choose)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self._detail())
        splitter.setSizes([320, 720])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(splitter)

    def _detail(self) -> QWidget:
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.facts.setOpenExternalLinks(True)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self._mean = QLabel()
        self._mean.setToolTip(self.tr("The mean of the pictures: what they have in common"))
        self._mean.setAccessibleName(self.tr("Mean picture"))
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.facts, 1)
        top.addWidget(self._mean, 0, Qt.AlignmentFlag.AlignTop)
        self.classes = QComboBox()
        self.classes.setAccessibleName(self.tr("Class"))
        self.classes.setToolTip(self.tr("Show the pictures of one class only"))
        self.classes.setMinimumContentsLength(16)
        self.classes.activated.connect(self._class_chosen)
        self._back = self._tool(self.tr("Previous"), self.tr("The pictures before these"), -1)
        self._forward = self._tool(self.tr("Next"), self.tr("The pictures after these"), 1)
        self._place = QLabel()
        paging = QHBoxLayout()
        for widget in (self.classes, self._back, self._forward, self._place):
            paging.addWidget(widget)
        paging.addStretch(1)
        self.sheet = ImageGrid()
        self.text = TextLookView()
        self.contents = QStackedWidget()
        self.contents.addWidget(self.sheet)
        self.contents.addWidget(self.text)
        self.music = ScorePlayer()
        self.music.set_empty_text(self.tr("Some of its pieces appear here once it is on this machine."))
        self.contents.addWidget(self.music)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(4)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._state.setProperty("role", "muted")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(top)
        column.addLayout(paging)
        column.addWidget(self.contents, 1)
        column.addWidget(self._bar)
        column.addWidget(self._state)
        column.addLayout(self._buttons())
        return page

    def _tool(self, text: str, tip: str, by: int) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._turn, by))
        return button

    def _buttons(self) -> QHBoxLayout:
        self.get = self._button("down", self.tr("Download"), self.tr("Get it and prepare it, to train on"), self._make)
        self.stop = self._button("stop", self.tr("Cancel"), self.tr("Stop; the next try goes on from here"), self._stop)
        self.folder = self._button(
            "folder", self.tr("Open Folder"), self.tr("Show where the prepared data are"), self._open_folder
        )
        self.remove = self._button(
            "trash", self.tr("Remove..."), self.tr("Free the room that the prepared data take"), self._ask_remove
        )
        self.use = self._button("check", self.tr("Use in Current Tab"), self.tr("Train on this data set"), self._use)
        self.use.setProperty("role", "primary")
        row = QHBoxLayout()
        for button in (self.get, self.stop, self.folder, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.use)
        return row

    def _button(self, symbol: str, text: str, tip: str, do: Any) -> QPushButton:
        button = QPushButton(icon(symbol), text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    # The list

    def _scan(self) -> None:
        self._disk.ask(partial(_scanned, self._library.folder))

    def _take_list(self, result: Any) -> None:
        if isinstance(result, Exception):
            self._say(str(result), "error")
            return
        self._prepared = result
        self._fill()
        self.listed.emit()

    def _fill(self) -> None:
        wanted = self.list.currentRow()
        self.list.clear()
        names = {one.data.info.name for one in self._prepared}
        for entry in catalogue():
            if entry.kind in _KINDS and entry.name not in names:
                symbol = "down" if entry.published else _KINDS[entry.kind]
                item = QListWidgetItem(icon(symbol), translated(entry.title))
                item.setData(Qt.ItemDataRole.UserRole, entry)
                self.list.addItem(item)
        for number, one in enumerate(self._prepared):
            item = QListWidgetItem(icon("check"), f"{title_of(one)}  ({size_text(one)})")
            item.setToolTip(str(one.folder))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.list.insertItem(number, item)
        self.list.setCurrentRow(max(0, min(wanted, self.list.count() - 1)))

    @property
    def _chosen(self) -> AnyPrepared | CatalogueEntry | None:
        item = self.list.currentItem()
        if item is None:
            return None
        chosen: AnyPrepared | CatalogueEntry = item.data(Qt.ItemDataRole.UserRole)
        return chosen

    def _choose(self, _row: int) -> None:
        chosen = self._chosen
        self._page = 0
        self.classes.clear()
        here = isinstance(chosen, PREPARED)
        if chosen is not None:
            self._show_kind(chosen.kind if isinstance(chosen, CatalogueEntry) else chosen.data.info.kind)
        self._title.setText("" if chosen is None else title_of(chosen))
        for button in (self.folder, self.remove):
            button.setEnabled(here)
        self.use.setEnabled(chosen is not None)
        self.get.setEnabled(can_be_had(chosen))
        self.get.setText(
            self.tr("Download") if isinstance(chosen, CatalogueEntry) and chosen.published else self.tr("Prepare")
        )
        self.stop.setEnabled(False)
        self._bar.setValue(0)
        self._mean.clear()
        if isinstance(chosen, PREPARED):
            self.facts.setText(facts(chosen))
            if isinstance(chosen, Prepared):
                self.classes.addItem(self.tr("All classes"), -1)
                for number, (name, count) in enumerate(class_counts(chosen.data)):
                    self.classes.addItem(f"{name} ({count:,})", number)
            self._say("", "muted")
            self._read()
        elif isinstance(chosen, CatalogueEntry):
            self.facts.setText(offer(chosen))
            self.sheet.set_images(np.zeros((0, 1, 1, 1), dtype=np.uint8), 1)
            self.sheet.set_empty_text(empty_text(chosen))
            self.text.clear()
            self.music.clear()
            self._place.clear()
            self._say("", "muted")

    def _show_kind(self, kind: DatasetKind) -> None:
        """Show the page for data of a kind; pictures are looked at page by page."""
        pages: dict[DatasetKind, QWidget] = {DatasetKind.TEXT: self.text, DatasetKind.SCORES: self.music}
        page = pages.get(kind, self.sheet)
        self.contents.setCurrentWidget(page)
        for widget in (self.classes, self._back, self._forward, self._place, self._mean):
            widget.setVisible(page is self.sheet and kind is not DatasetKind.RACES)

    # What is in it

    def _class_chosen(self, _index: int) -> None:
        self._page = 0
        self._read()

    def _turn(self, by: int, _checked: bool = False) -> None:
        self._page = max(0, self._page + by)
        self._read()

    def _read(self) -> None:
        chosen = self._chosen
        if isinstance(chosen, Prepared):
            number = self.classes.currentData()
            self._reader.ask(partial(_read_page, chosen, -1 if number is None else number, self._page))
        elif isinstance(chosen, PreparedText):
            self._reader.ask(partial(_read_text, chosen))
        elif isinstance(chosen, PreparedScores):
            self._reader.ask(partial(_read_scores, chosen))

    def _take_page(self, result: Any) -> None:
        if isinstance(result, TextLook):
            self.text.show_look(result)
            self.shown.emit()
            return
        if isinstance(result, ScoreReport):
            self.music.set_pieces([Piece(score) for score in result.pieces])
            self.shown.emit()
            return
        if not isinstance(result, _Page):
            self._say(str(result), "error")
            return
        self.sheet.set_images(result.pictures, _COLUMNS)
        first = self._page * _PAGE
        last = first + len(result.pictures)
        self._place.setText(self.tr("{0:,} to {1:,} of {2:,}").format(first + 1, last, result.total))
        self._back.setEnabled(self._page > 0)
        self._forward.setEnabled(last < result.total)
        self._mean.setPixmap(_enlarged(result.mean))
        self.shown.emit()

    # What is done

    def _make(self) -> None:
        chosen = self._chosen
        if isinstance(chosen, CatalogueEntry):
            self._cancel = threading.Event()
            self.get.setEnabled(False)
            self.stop.setEnabled(True)
            self._maker.ask(partial(_made, self._library, chosen, self._cancel, self._told.emit))

    def _stop(self) -> None:
        self._cancel.set()

    def _show_progress(self, fraction: float, sentence: str) -> None:
        self._bar.setValue(round(1000 * fraction))
        self._say(sentence, "muted")

    def _take_made(self, result: Any) -> None:
        self.stop.setEnabled(False)
        self.get.setEnabled(can_be_had(self._chosen))
        self._bar.setValue(0)
        if isinstance(result, Cancelled):
            self._say(self.tr("Cancelled; what was downloaded is kept for the next try."), "muted")
        elif isinstance(result, Exception):
            self._say(str(result), "error")
        else:
            self._scan()

    def _open_folder(self) -> None:
        if isinstance(self._chosen, PREPARED):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._chosen.folder)))

    def _ask_remove(self) -> None:
        chosen = self._chosen
        if not isinstance(chosen, PREPARED):
            return
        text = self.tr("Remove the prepared copy of {0}? That frees {1:.1f} MB.")
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Remove Data"))
        box.setText(text.format(translated(chosen.data.info.title), chosen.size / _MB))
        box.setInformativeText(self.tr("The original files stay where they are; training prepares them again."))
        box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(partial(self._remove, chosen))
        box.open()

    def _remove(self, chosen: AnyPrepared) -> None:
        self._maker.ask(partial(_removed, chosen))

    def _use(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        entry = entry_of(chosen) if isinstance(chosen, PREPARED) else chosen
        if entry is None:
            self._say(self.tr("Choose the folder or file of these data again, to train on them."), "error")
            return
        self.use_wanted.emit(entry.name)
        self.accept()

    def _say(self, sentence: str, role: str) -> None:
        self._state.setText(sentence)
        self._state.setProperty("role", role)
        self._state.style().polish(self._state)

    def done(self, result: int) -> None:
        """Qt's hook for every way to close: what is being downloaded ends soon."""
        self._cancel.set()
        super().done(result)


def _scanned(folder: Path, _stopped: Stopped) -> list[AnyPrepared]:
    return [*prepared_sets(folder), *prepared_texts(folder), *prepared_scores(folder)]


def _read_page(chosen: Prepared, number: int, page: int, _stopped: Stopped) -> _Page:
    train = chosen.data.train
    indices = np.arange(len(train)) if number < 0 else np.flatnonzero(train.labels == number)
    wanted = indices[page * _PAGE : (page + 1) * _PAGE]
    some = indices[:: max(1, -(-len(indices) // _MEAN_OF))]
    mean = train.images[some].mean(axis=0) if len(some) else np.zeros(train.images.shape[1:])
    return _Page(np.array(train.images[wanted]), len(indices), mean.round().astype(np.uint8))


def _read_text(chosen: PreparedText, _stopped: Stopped) -> TextLook:
    known = store.load(chosen.folder)
    if known is None:
        raise StoredDataError(f"The prepared text in {chosen.folder} is gone or damaged.")
    return look_at(report_of(*known))


def _read_scores(chosen: PreparedScores, _stopped: Stopped) -> ScoreReport:
    known = score_store.load(chosen.folder)
    if known is None:
        raise StoredDataError(f"The prepared pieces in {chosen.folder} are gone or damaged.")
    return report_of_scores(*known)


def _made(library: DataLibrary, entry: CatalogueEntry, cancel: threading.Event, tell: Any, stopped: Stopped) -> None:
    def cancelled() -> bool:
        return cancel.is_set() or stopped()

    library.open(entry.name, options_for(entry.kind)(), tell, cancelled)


def _removed(chosen: AnyPrepared, _stopped: Stopped) -> int:
    return remove(chosen)


def _enlarged(picture: UInt8Array) -> QPixmap:
    scale = max(1, _MEAN_SIDE // max(picture.shape[:2]))
    return QPixmap.fromImage(to_qimage(enlarged(picture, scale)))
