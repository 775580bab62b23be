"""The latent studio: its pages, of which one is seen, on one workspace."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gendesk.engine.preview import Preview
from gendesk.studios.latent.directions_page import DirectionsPage
from gendesk.studios.latent.map_page import MapPage
from gendesk.studios.latent.morph_page import MorphPage
from gendesk.studios.latent.novelty_page import NoveltyPage
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.paint_page import PaintPage
from gendesk.studios.latent.quiz_page import QuizPage
from gendesk.studios.latent.saving import Result, SaveButton
from gendesk.studios.latent.sliders_page import SlidersPage
from gendesk.studios.latent.workspace import Workspace
from gendesk.studios.saving import RunFolder
from gendesk.studios.studio import Studio

PAGES: tuple[type[LatentPage], ...] = (
    MapPage,
    PaintPage,
    DirectionsPage,
    MorphPage,
    SlidersPage,
    NoveltyPage,
    QuizPage,
)


class LatentStudio(Studio):
    """Opens on any model that decodes; pages for which a model lacks something are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Latent studio"))
        self.workspace = Workspace(self, self.ask)
        self.workspace.failed.connect(self.failed)
        self.workspace.surveyed.connect(self._take_survey)
        self._run_folder = RunFolder(self.ask, self.workspace)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("What to do in the latent space"))
        self.pages = [kind(self.workspace, self.ask) for kind in PAGES]
        for page in self.pages:
            self.tabs.setTabToolTip(self.tabs.addTab(page, page.title), page.tip)
        self.tabs.tabBar().setVisible(len(self.pages) > 1)
        self.tabs.tabBar().setStyleSheet("QTabBar::tab { padding: 5px 8px; }")  # so that all of them are seen
        self.save = SaveButton(self.workspace, self._present)
        self.save.setToolTip(self.tr("Save the picture of the present point"))
        self.save.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.save.setAutoRaise(True)
        self.tabs.setCornerWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        for button in self.findChildren(SaveButton):
            column.addWidget(button.line)

    def page(self, name: str) -> LatentPage:
        """Return a page by its name; raises KeyError."""
        return {page.name: page for page in self.pages}[name]

    def on_session(self) -> None:
        self.workspace.begin()

    def show_preview(self, preview: Preview) -> None:
        for page in self.pages:
            page.show_preview(preview)

    def model_changed(self) -> None:
        """Look at a model in training again: what it is at first, then what it draws now."""
        self.workspace.model_changed()
        if self.workspace.survey is not None:
            self.pages[self.tabs.currentIndex()].model_changed()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if not self.workspace.take(asker, result) and not self._run_folder.take(asker, result):
            name, _, own = asker.partition(": ")
            self.page(name).on_answer(own, argument, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        name, separator, own = asker.partition(": ")
        if separator:
            self.page(name).on_failure(own, sentence)
        else:
            self.failed.emit(sentence)

    def _present(self) -> Result | None:
        """Return the picture of the present point, to save."""
        picture, page = self.workspace.picture, self.pages[self.tabs.currentIndex()]
        return None if picture is None else Result(picture[None], page.name, page.settings())

    def _take_survey(self) -> None:
        survey = self.workspace.survey
        if survey is None:
            self._run_folder.forget()
        else:
            self._run_folder.look()
        for index, page in enumerate(self.pages):
            self.tabs.setTabVisible(index, survey is None or page.suits(survey))
