"""The Qt shell: main window, family tabs, run list, and the bridge from the engine to Qt."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gendesk.app.main_window import MainWindow


def build_window(data_dir: str | Path | None = None) -> "MainWindow":
    """Make the main window in an existing QApplication; it loads the engine in the background once it is shown.

    `data_dir` is where runs and data live (default: GENDESK_DATA_DIR, else the platform's usual place).
    """
    from gendesk.app.main_window import MainWindow
    from gendesk.paths import data_dir as find_data_dir

    return MainWindow(find_data_dir(data_dir))
