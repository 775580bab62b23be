"""Screenshots of panels and dialogs of the real window, with real runs, for docs/ and for eyes; see comparison.py, too.

python tests/gallery/workbench.py FOLDER [--size 1280x800] [--theme light] [--epochs 1]

QT_SCALE_FACTOR=2 in the environment shows them as on a screen with 200 %.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--epochs", type=float, default=1.0)
    options = parser.parse_args()
    tune_allocator()
    from PySide6.QtWidgets import QApplication, QWidget

    from gendesk.app import build_window
    from gendesk.app.data.browser import DatasetBrowser
    from gendesk.app.data.check_dialog import CheckDialog
    from gendesk.app.explain.recipe_page import RecipePage
    from gendesk.app.settings_dialog import SettingsDialog
    from gendesk.app.shortcuts import ShortcutSheet
    from tests.support.events import run_for, run_until
    from tests.support.training import small_pictures

    app = QApplication([])

    def picture(name: str, widget: QWidget | None = None) -> None:
        path = options.folder / f"{name}-{options.size}-{options.theme}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        (widget or window).grab().save(str(path))
        print(path, flush=True)

    def show(name: str, kind: type, seconds: float = 1.5) -> QWidget:
        run_for(seconds)
        dialog = window.findChild(kind)
        picture(name, dialog)
        return dialog

    with tempfile.TemporaryDirectory() as data_dir:
        window = build_window(data_dir)
        window.set_theme(options.theme)
        window.resize(*map(int, options.size.split("x")))
        window.show()
        run_until(lambda: window.bridge is not None)
        run_for(1.0)
        picture("first-steps")
        window.leave_first_steps()
        window.open_tab("autoencoder")
        tab = window.current_tab
        for values in ({}, {"learning_rate": 0.0005}, {"reconstruction_factor": 500.0}):
            tab.form.set_values({"epochs": options.epochs, "preview_every": 50, **values})
            tab.bar.start.click()
        run_until(lambda: tab.view.studio.page("map").pad.plane.ready)
        window.docks[2].raise_()
        run_for(3.0)
        picture("queue")
        run_until(lambda: not window.engine.active_jobs)
        tab.form.set_values({"learning_rate": 0.3})
        tab.bar.start.click()
        run_until(lambda: not window.engine.active_jobs)
        window.docks[3].raise_()
        run_for(1.0)
        picture("health")
        window.docks[1].raise_()
        window.browser.toggle_details.setChecked(True)
        run_for(1.0)
        picture("runs")
        window.inspector_dock.show()
        run_for(1.5)
        picture("inspector", window.inspector_dock)
        window.inspector_dock.hide()
        window.desk.show_data_sets()
        show("data-sets", DatasetBrowser).close()
        window.desk.check_data(str(small_pictures(Path(data_dir))))
        show("check-data", CheckDialog, 3.0).close()
        window.desk.show_settings()
        show("settings", SettingsDialog).close()
        window.desk.show_shortcuts()
        show("shortcuts", ShortcutSheet).close()
        window.desk.show_recipe_page()
        show("recipe-page", RecipePage, 2.5).close()
        window.desk.palette.popup()
        run_for(0.5)
        picture("palette", window.desk.palette)
        window.desk.palette.hide()
        window.leave()
        run_until(lambda: not window.isVisible())
    del app


if __name__ == "__main__":
    main()
