"""What can be done with the runs that are selected, as actions for menus, keys and the command palette."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gendesk.app.runs.entries import BUSY
from gendesk.app.runs.rows import Row
from gendesk.widgets.icons import icon

EXPORT_KINDS = ("zip", "safetensors", "onnx", "tensorboard", "gif")


class RunActions(QObject):
    """The actions, enabled by `update` for what is selected. What each does is connected by the browser."""

    export_wanted = Signal(str)  # one of EXPORT_KINDS

    def __init__(self, view: QWidget, parent: QWidget) -> None:
        """`view` gets the keys, which count only while it has the focus; `parent` owns the submenu."""
        super().__init__(parent)
        self._view = view
        tr = self.tr
        self.show_run = self._action(
            "chart", tr("S&how"), tr("Show the run in its tab"), (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        )
        self.resume = self._action("resume", tr("Res&ume This Run"), tr("Go on from the last saved state"))
        self.duplicate = self._action(
            "duplicate", tr("&Duplicate"), tr("Put the settings of the run into the form, to start another like it")
        )
        self.compare = self._action(
            "compare", tr("&Compare"), tr("Curves, settings and sample sheets of the selected runs, side by side")
        )
        self.rename = self._action("edit", tr("Re&name..."), tr("Give the run a name"), (Qt.Key.Key_F2,))
        self.annotate = self._action("tag", tr("Note and &Tags..."), tr("Write a note and tags, which search finds"))
        self.pin = self._action("pin", tr("&Pin"), tr("Keep the selected runs at the top of the list"))
        self.pin.setCheckable(True)
        self.export_menu = self._make_export_menu(parent)
        self.reveal = self._action("folder", tr("Reveal &Folder"), tr("Open the folder of the run in the file manager"))
        self.trash = self._action(
            "trash",
            tr("&Move to Trash..."),
            tr("Move the folders of the selected runs to the trash"),
            (Qt.Key.Key_Delete,),
        )
        self.update([])

    def listed(self) -> list[QAction]:
        """Return all actions in the order of the menu, separators and the export submenu's action included."""
        export = self.export_menu.menuAction()
        groups = (
            (self.show_run, self.resume, self.duplicate, self.compare),
            (self.rename, self.annotate, self.pin),
            (export, self.reveal, self.trash),
        )
        result: list[QAction] = []
        for number, group in enumerate(groups):
            if number:
                result.append(self._separators[number - 1])
            result += group
        return result

    def update(self, rows: Sequence[Row]) -> None:
        """Enable what can be done with these rows."""
        one = len(rows) == 1
        readable = bool(rows) and all(row.entry.record is not None for row in rows)
        usable = bool(rows) and all(row.entry.usable for row in rows)
        self.show_run.setEnabled(one and usable)
        self.resume.setEnabled(one and usable and rows[0].status not in BUSY)
        self.duplicate.setEnabled(one and usable)
        self.compare.setEnabled(len(rows) > 1 and usable)
        self.rename.setEnabled(one and readable)
        self.annotate.setEnabled(readable)
        self.pin.setEnabled(readable)
        self.pin.setChecked(readable and all(row.entry.labels.pinned for row in rows))
        self.reveal.setEnabled(one)
        self.trash.setEnabled(bool(rows))
        self.export_menu.menuAction().setEnabled(readable)
        for kind, action in self._exports.items():
            action.setEnabled(readable if kind == "zip" else one and usable)

    def _action(self, icon_name: str, title: str, tip: str, keys: Sequence[Qt.Key] = ()) -> QAction:
        action = QAction(icon(icon_name), title, self)
        action.setToolTip(tip)
        action.setStatusTip(tip)
        action.setShortcuts([QKeySequence(key) for key in keys])
        # The keys mean something else in a text field beside the list.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._view.addAction(action)
        return action

    def _make_export_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(self.tr("E&xport"), parent)
        menu.setIcon(icon("export"))
        menu.setToolTipsVisible(True)
        titles = {
            "zip": (self.tr("&ZIP Archive..."), self.tr("The whole run folder, to take to another machine")),
            "safetensors": (self.tr("&Weights (safetensors)..."), self.tr("The weights of the model, without the run")),
            "onnx": (self.tr("&ONNX..."), self.tr("The model for other programs that run networks")),
            "tensorboard": (self.tr("&TensorBoard..."), self.tr("The curves as event files for TensorBoard")),
            "gif": (self.tr("&GIF..."), self.tr("The sample sheets of all steps as an animation")),
        }
        self._exports: dict[str, QAction] = {}
        for kind, (title, tip) in titles.items():
            action = menu.addAction(title)
            action.setToolTip(tip)
            action.triggered.connect(partial(self._emit_export, kind))
            self._exports[kind] = action
        self._separators = [QAction(self), QAction(self)]
        for separator in self._separators:
            separator.setSeparator(True)
        return menu

    def _emit_export(self, kind: str, _checked: bool = False) -> None:
        self.export_wanted.emit(kind)
