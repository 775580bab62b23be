"""How far an export has come, and a button that ends it."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gendesk.widgets.export import Export


class ExportLine(QWidget):
    """A line that is seen only while an export writes a file of many parts, from `begin` on."""

    def __init__(self, export: Export, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._export = export
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Pictures that have been written"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop writing; the unfinished file is removed"))
        self.cancel.clicked.connect(export.cancel)
        export.progress.connect(self.bar.setValue)
        export.ended.connect(self._end)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def begin(self, kind: str, count: int) -> None:
        """Show that a file of `count` pictures is being written; `kind` is what people call it, such as GIF."""
        self.bar.setFormat(self.tr("Writing {kind}: %v of %m").format(kind=kind))
        self.bar.setRange(0, count)
        self.bar.setValue(0)
        self.show()

    def _end(self) -> None:
        self.setVisible(self._export.is_busy)
