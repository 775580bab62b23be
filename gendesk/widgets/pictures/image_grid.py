"""A mosaic of pictures to look at closely, to copy and to save."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.widgets.export import Export, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.dialog import PictureDialog
from gendesk.widgets.pictures.files import write_png
from gendesk.widgets.pictures.mosaic import MosaicLayout, compose
from gendesk.widgets.pictures.mosaic_view import ZOOMS, MosaicView
from gendesk.widgets.pictures.picture import UInt8Array, checked_images, enlarged, to_qimage
from gendesk.widgets.theme import current_colors


class ImageGrid(QWidget):
    """A mosaic of pictures; click one (or arrows and Enter) to see it large, + - 0 or Ctrl and wheel to zoom."""

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metadata: Mapping[str, str] = {}
        self._dialog: PictureDialog | None = None
        self.setAccessibleName(self.tr("Pictures"))
        self.view = MosaicView()
        self.view.setAccessibleName(self.tr("Mosaic of pictures"))
        self.view.activated.connect(self.open_picture)
        self.view.menu_requested.connect(self._open_menu)
        self.view.arranged.connect(self._tell_layout)
        self._files = Export(self)
        self._files.saved.connect(self.saved)
        self._files.failed.connect(self.failed)
        self.setFocusProxy(self.view)
        self.set_empty_text(self.tr("Pictures will appear here."))
        self.bar = self._make_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view, 1)
        column.addLayout(self.bar)
        self._tell_layout()

    def _make_bar(self) -> QHBoxLayout:
        self._facts = QLabel()
        self._facts.setProperty("role", "muted")
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._zoom = QComboBox()
        self._zoom.setAccessibleName(self.tr("Zoom"))
        self._zoom.setToolTip(self.tr("Screen pixels for each picture pixel (keys + and -, 0 fits)"))
        self._zoom.addItem(self.tr("Fit"), None)
        for zoom in ZOOMS:
            self._zoom.addItem(f"{zoom}\N{MULTIPLICATION SIGN}", zoom)
        self._zoom.activated.connect(lambda: self.view.set_zoom(self._zoom.currentData()))
        self.export_menu = QMenu(self)
        self.export_menu.addAction(icon("save"), self.tr("Save Mosaic as PNG..."), self._ask_where)
        self.export_menu.addAction(self.tr("Copy Mosaic"), self._copy_mosaic)
        self._export = QToolButton()
        self._export.setIcon(icon("export"))
        self._export.setText(self.tr("Export"))
        self._export.setToolTip(self.tr("Save or copy these pictures"))
        self._export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export.setMenu(self.export_menu)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._facts, 1)
        row.addWidget(self._zoom)
        row.addWidget(self._export)
        return row

    def set_images(
        self,
        images: UInt8Array,
        columns: int | None = None,
        captions: Sequence[str] = (),
        row_titles: Sequence[str] = (),
    ) -> None:
        """Show a stack, uint8 (count, height, width, 1 or 3), row by row from the top left.

        Without `columns` the mosaic takes the shape of the window. An open large view follows.
        """
        images = checked_images(images)
        self.view.set_tiles(images, columns, tuple(captions), tuple(row_titles))
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.set_images(images, captions, self._metadata)

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no pictures."""
        self.view.empty_text = text
        self.view.viewport().update()

    def set_metadata(self, metadata: Mapping[str, str]) -> None:
        """Set what PNG files saved by hand say of themselves: run, step, seed ..."""
        self._metadata = metadata

    def mosaic(self) -> UInt8Array:
        """Return the mosaic as shown, without texts, one pixel per pixel: uint8 (height, width, 1 or 3).

        Raises InputError while there are no pictures.
        """
        images = self.view.images
        if not len(images):
            raise InputError("There are no pictures to save yet.")
        layout = MosaicLayout(len(images), self.view.layout_shown.columns, images.shape[2], images.shape[1])
        return compose(images, layout, QColor(current_colors().picture_ground).lightness())

    def save_png(self, path: str | Path, scale: int = 1, metadata: Mapping[str, str] = {}) -> None:
        """Write the mosaic, every pixel repeated `scale` times, with text chunks; raises InputError."""
        write_png(Path(path), enlarged(self.mosaic(), scale), metadata)

    def open_picture(self, index: int) -> None:
        """Show one picture large, in a window that may stay open."""
        if self._dialog is None:
            self._dialog = PictureDialog(self)
            self._dialog.index_changed.connect(self.view.set_current)
            self._dialog.saved.connect(self.saved)
        self._dialog.set_images(self.view.images, self.view.captions, self._metadata)
        self._dialog.show_index(index)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _tell_layout(self) -> None:
        count, height, width = self.view.images.shape[:3]
        scale = self.view.scale
        zoom = f"{scale:g}\N{MULTIPLICATION SIGN}" if scale >= 1 else f"{scale:.0%}"
        size = f"{width} \N{MULTIPLICATION SIGN} {height}"
        number = self.tr("1 picture") if count == 1 else self.tr("{count} pictures").format(count=f"{count:,}")
        dot = "  \N{MIDDLE DOT}  "
        self._facts.setText(dot.join((number, size, zoom)) if count else "")
        self._zoom.setCurrentIndex(max(0, self._zoom.findData(self.view.zoom)) if self.view.zoom else 0)
        self._zoom.setEnabled(count > 0)
        self._export.setEnabled(count > 0)

    def _open_menu(self, index: int, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if index >= 0:
            menu.addAction(self.tr("Open Large View"), partial(self.open_picture, index))
            menu.addAction(icon("save"), self.tr("Save Picture as PNG..."), partial(self._ask_where, index))
            menu.addAction(self.tr("Copy Picture"), partial(self._copy, self.view.images[index]))
            menu.addSeparator()
        if len(self.view.images):
            menu.addActions(self.export_menu.actions())
            menu.popup(position)

    def _ask_where(self, index: int | None = None) -> None:
        name = "mosaic.png" if index is None else f"picture-{index + 1}.png"
        picture = self.mosaic() if index is None else self.view.images[index]
        choose_file(self, self.tr("Save as PNG"), name, partial(self._save, picture))

    def _save(self, picture: UInt8Array, path: Path) -> None:
        metadata = self._metadata
        self._files.start(path, lambda target, _report: write_png(target, picture, metadata))

    def _copy_mosaic(self) -> None:
        self._copy(self.mosaic())

    def _copy(self, picture: UInt8Array) -> None:
        QGuiApplication.clipboard().setImage(to_qimage(picture))
