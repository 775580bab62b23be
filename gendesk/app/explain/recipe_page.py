"""The page of a recipe: what it is and how to read it at the left, its model at the right."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCursor, QTextFrameFormat, QTextLength, QTextTable
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.engine.families import Families, RecipeEntry
from gendesk.widgets.theme import changes_look, current_colors
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.data.dataset import DatasetInfo
    from gendesk.engine.run_config import RunConfig

_LINE_HEIGHT = 125  # per cent


class RecipePage(QDialog):
    """Opens beside the window and blocks nothing. Without a config it shows the model of the first preset."""

    def __init__(
        self,
        families: Families,
        recipe_id: str,
        parent: QWidget | None = None,
        config: "RunConfig | None" = None,
        info: "DatasetInfo | None" = None,
    ) -> None:
        """Raises InputError for an unknown recipe."""
        super().__init__(parent)
        entry = families.recipe(recipe_id)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, on=True)
        self.setWindowTitle(self.tr("About {0}").format(translated(entry.title)))
        self._entry = entry
        self._own_model = config is None
        self.text = PageText()
        self.inspector = InspectorPanel(families)
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._show)
        self._arrange()
        self._worker.ask(partial(_contents, entry))
        if config is not None:
            self.inspector.set_config(recipe_id, config, info)

    def _arrange(self) -> None:
        heading = QLabel(
            self.tr("The model of the preset {0}").format(self._entry.default_preset)
            if self._own_model
            else self.tr("The model of the settings in the form")
        )
        heading.setProperty("role", "title")
        heading.setContentsMargins(8, 8, 8, 0)
        side = QWidget()
        model = QVBoxLayout(side)
        model.setContentsMargins(0, 0, 0, 0)
        model.setSpacing(0)
        model.addWidget(heading)
        model.addWidget(self.inspector, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.text)
        parts.addWidget(side)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(7)
        parts.setSizes([560, 560])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parts)
        self.resize(1160, 720)

    def _show(self, result: Any) -> None:
        if isinstance(result, Exception):
            self.text.show_markdown(self.tr("The page cannot be shown: {0}.").format(result))
            return
        markdown, config = result
        self.text.show_markdown(markdown)
        if self._own_model and config is not None:
            self.inspector.set_config(self._entry.id, config)


class PageText(QTextBrowser):
    """Markdown with room between its lines, and tables in the colours of the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenExternalLinks(True)
        self.setMinimumWidth(320)
        self.setAccessibleName(self.tr("Page of the recipe"))
        self.setPlaceholderText(self.tr("Reading the page..."))
        self.document().setDocumentMargin(24)

    def show_markdown(self, markdown: str) -> None:
        self._markdown = markdown
        self.setMarkdown(markdown)
        self._space_out()
        self._rule_tables()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _space_out(self) -> None:
        block = self.document().begin()
        while block.isValid():
            spacing = QTextBlockFormat()
            spacing.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if block.blockFormat().headingLevel():
                spacing.setTopMargin(16 if block.blockNumber() else 0)
                spacing.setBottomMargin(4)
            QTextCursor(block).mergeBlockFormat(spacing)
            block = block.next()

    def _rule_tables(self) -> None:
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                look = frame.format()
                look.setBorder(1)
                look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                look.setBorderBrush(QColor(current_colors().border))
                look.setBorderCollapse(True)
                look.setCellPadding(5)
                look.setTopMargin(8)
                look.setBottomMargin(8)
                look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                frame.setFormat(look)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event) and self._markdown:
            self._rule_tables()


def _contents(entry: RecipeEntry, _stopped: Stopped) -> "tuple[str, RunConfig | None]":
    """Make the text and the config of the first preset, on the worker's thread; no config if there can be none."""
    from gendesk.app.explain.page_text import page_markdown
    from gendesk.data.options import options_for
    from gendesk.engine.run_config import RunConfig
    from gendesk.errors import GendeskError

    text = page_markdown(entry)
    try:
        model, options = entry.load().Config, options_for(entry.data)
        known = {**model.model_fields, **options.model_fields}
        own = {name: value for name, value in entry.preset(entry.default_preset).items() if name in known}
        base = RunConfig(
            recipe=entry.id,
            preset=entry.default_preset,
            data=entry.default_data,
            config={},
            data_options=options(),
        )
        return text, base.with_values(model, own)
    except GendeskError:
        return text, None
