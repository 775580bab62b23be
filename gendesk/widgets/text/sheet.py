"""The samples of one step side by side, each under its caption."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedLayout, QWidget

from gendesk.widgets.text.column import TextColumn, is_indented

_NARROWEST = 200  # pixels, some thirty letters


@dataclass(frozen=True)
class Texts:
    """What was written at one step: texts with a caption each, from one beginning, which the texts do not repeat."""

    texts: tuple[str, ...]
    captions: tuple[str, ...]
    prompt: str = ""

    def as_text(self) -> str:
        """Return all of it, ready to be saved or copied."""
        parts = []
        for number, text in enumerate(self.texts):
            caption = self.captions[number] if number < len(self.captions) else ""
            parts.append(f"--- {caption} ---\n{self.prompt}{text}" if caption else f"{self.prompt}{text}")
        return "\n\n".join(parts) + "\n" if parts else ""


class TextSheet(QWidget):
    """Columns of texts; where they would become too narrow, they stand in several rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: list[TextColumn] = []
        self._texts = Texts((), ())
        self._across = 0
        self.setAccessibleName(self.tr("Samples"))
        self._hint = QLabel(self.tr("What the model writes appears here after its first preview."))
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(page)

    @property
    def texts(self) -> Texts:
        return self._texts

    @property
    def is_empty(self) -> bool:
        return not self._texts.texts

    def set_texts(self, texts: Texts) -> None:
        """Show the samples of a step; a sheet without texts shows a hint."""
        self._texts = texts
        self._match(len(texts.texts))
        fixed = is_indented(texts.texts)
        captions = (*texts.captions, *[""] * len(texts.texts))
        for column, text, caption in zip(self.columns, texts.texts, captions, strict=False):
            column.show_text(caption, text, texts.prompt, fixed=fixed)
        self._stack.setCurrentIndex(0 if self.is_empty else 1)

    def clear(self) -> None:
        self.set_texts(Texts((), ()))

    def _match(self, count: int) -> None:
        while len(self.columns) > count:
            column = self.columns.pop()
            self._grid.removeWidget(column)
            column.hide()
            column.deleteLater()
        while len(self.columns) < count:
            self.columns.append(TextColumn(self))
        self._across = 0
        self._arrange()

    def _arrange(self) -> None:
        """Put as many columns side by side as have room, in rows that are about equally full."""
        count = len(self.columns)
        most = max(1, min(count, self.width() // _NARROWEST))
        across = -(-count // -(-count // most)) if count else 1
        if across == self._across:
            return
        self._across = across
        for number, column in enumerate(self.columns):
            self._grid.addWidget(column, *divmod(number, across))
        for number in range(self._grid.columnCount()):
            self._grid.setColumnStretch(number, int(number < across))
        for number in range(self._grid.rowCount()):
            self._grid.setRowStretch(number, int(number * across < count))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(600, 320)
