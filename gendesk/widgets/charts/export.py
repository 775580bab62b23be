"""Files that a chart writes: its picture, and its numbers as comma-separated text; behind its context menu."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from gendesk.files import write_atomically
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.plot.export import write_png
from gendesk.widgets.theme import current_colors


class ChartExport(QObject):
    """Saves and copies a widget that has a method `table()`, and gives it a context menu for that."""

    saved = Signal(str)  # the path
    failed = Signal(str)  # one sentence

    def __init__(self, chart: Any) -> None:
        super().__init__(chart)
        self._chart = chart
        self._files = Export(chart)
        self._files.saved.connect(self.saved)
        self._files.failed.connect(self.failed)
        chart.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chart.customContextMenuRequested.connect(self._open_menu)

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done to a menu."""
        for text, name, save in (
            (self.tr("Save as PNG..."), "chart.png", self.save_png),
            (self.tr("Save Numbers as CSV..."), "chart.csv", self.save_csv),
        ):
            menu.addAction(icon("save"), text, partial(choose_file, self._chart, self.tr("Save Chart"), name, save))
        menu.addAction(self.tr("Copy Numbers"), self.copy_numbers)

    def save_png(self, path: str | Path) -> None:
        """Save the chart as shown, at twice its size; ends with `saved` or `failed`."""
        picture = rendered(self._chart)
        self._files.start(Path(path), lambda target, _report: write_png(picture, target))

    def save_csv(self, path: str | Path) -> None:
        """Save the numbers under their headings; ends with `saved` or `failed`."""
        self._files.start(Path(path), partial(_write_csv, self._chart.table()))

    def copy_numbers(self) -> None:
        """Put the numbers on the clipboard, with tabs between, as spreadsheets like them."""
        QGuiApplication.clipboard().setText(as_text(self._chart.table()))

    def _open_menu(self, position: QPoint) -> None:
        if self._chart.is_empty:
            return
        menu = QMenu(self._chart)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        menu.popup(self._chart.mapToGlobal(position))


def rendered(chart: QWidget) -> QImage:
    """Return a widget as it is, at twice its size."""
    image = QImage(chart.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(QColor(current_colors().surface))
    painter = QPainter(image)
    chart.render(painter, QPoint())
    painter.end()
    return image


def as_text(table: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as lines with tabs."""
    return "\n".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in table)


def _write_csv(table: Sequence[Sequence[str]], path: Path, _report: Report) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    write_atomically(path, text.getvalue().encode(), durable=False)
