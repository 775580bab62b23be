"""The list of a command palette: found letters, switches, keys, and a command that is not possible now."""

from PySide6.QtWidgets import QWidget

from gendesk.widgets.command_list import CommandList, CommandRow
from gendesk.widgets.icons import icon


def build() -> QWidget:
    rows = CommandList()
    rows.resize(560, 200)
    rows.set_rows(
        [
            CommandRow("Start", "Run", "Ctrl+Return", symbol=icon("play"), marks=(0, 1)),
            CommandRow("Stop", "Run", "Ctrl+T", symbol=icon("stop"), enabled=False, marks=(0, 1)),
            CommandRow("Single Step", "Run", "Ctrl+.", symbol=icon("step"), marks=(7, 8)),
            CommandRow("Dark Theme", "View > Theme", checked=True),
            CommandRow("A command with a name that is by far too long to be shown in one line of this list", "Help"),
        ]
    )
    return rows
