"""The studio of the game: hand the critic a picture, and look through what the generator makes."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.studios.saving import Result, RunFolder, SavingButton
from gendesk.studios.studio import Studio

from .judge_page import JudgePage
from .judging import describe
from .samples_page import SamplesPage


class JudgeStudio(Studio):
    """Two pages on one model; what they show follows the training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Judge"))
        self.judge, self.samples = JudgePage(self.ask), SamplesPage(self.ask)
        self.judge.failed.connect(self.failed)
        self.samples.chosen.connect(self._judge_sample)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("What to do with the critic"))
        for page, title, tip in (
            (self.judge, self.tr("Judge"), self.tr("Draw or choose a picture, and see how real the critic finds it")),
            (self.samples, self.tr("Samples"), self.tr("Draw sheets of samples, with the critic's verdict on each")),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(page, title), tip)
        self._folder = RunFolder(self.ask, self)
        self.save = SavingButton(self._result, self._run_folder)
        self.save.setToolTip(self.tr("Save the judged picture, or the sheet of samples, with what is set here"))
        self.save.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.save.setAutoRaise(True)
        self.save.failed.connect(self.failed)
        self.tabs.setCornerWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        column.addWidget(self.save.line)

    def on_session(self) -> None:
        self.judge.forget()
        self.samples.forget()
        self._folder.forget()
        self.model_changed()

    def model_changed(self) -> None:
        """Judge again, also the pictures that the verdict is compared with."""
        self.ask("facts", describe, None, data=True, slow=True)
        self.judge.judge()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if self._folder.take(asker, result):
            return
        if asker == "facts":
            self._folder.look()
            self.judge.show_facts(result)
            self.samples.show_facts(result)
        elif asker == "sheet":
            self.samples.on_answer(asker, argument, result)
        else:
            self.judge.on_answer(asker, argument, result)

    def _judge_sample(self, picture: UInt8Array) -> None:
        self.tabs.setCurrentWidget(self.judge)
        self.judge.take(picture)

    def _run_folder(self) -> Path | None:
        return self._folder.path

    def _result(self) -> Result | None:
        page = self.judge if self.tabs.currentWidget() is self.judge else self.samples
        return page.result()
