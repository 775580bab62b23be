"""Screenshots of every studio in the real window, on a model trained for a moment, for docs/ and for eyes.

python tests/gallery/studios.py FOLDER [--size 1280x800] [--theme light] [--family probability] [--epochs 1]
python tests/gallery/studios.py FOLDER --data-dir HERE --run 0003-gan-quick shows a run that has been trained before.
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
    parser.add_argument("--family", default="", help="only this one")
    parser.add_argument("--recipe", default="", help="only this one")
    parser.add_argument("--epochs", type=float, default=0.0, help="default: the quick preset's")
    parser.add_argument("--run", default="", help="show this run, and train none")
    parser.add_argument("--data-dir", default="", help="default: a new folder")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtWidgets import QApplication, QTabWidget

    from gendesk.app import build_window
    from tests.support.events import run_for, run_until

    app = QApplication([])

    def picture(name):
        app.processEvents()
        path = options.folder / f"{name}-{options.size}-{options.theme}.png"
        window.grab().save(str(path))
        print(path, flush=True)

    def show(family, recipe):
        window.open_tab(family.id)
        tab = window.current_tab
        tab.choices.use_recipe(recipe.id)
        if options.epochs:
            tab.form.set_values({"epochs": options.epochs})
        tab.bar.start.click()
        run_until(lambda: window.engine.active_jobs)
        run_until(lambda: not window.engine.active_jobs)
        show_parts(family, recipe, tab)

    def show_parts(family, recipe, tab):
        run_for(1.0)
        for studio in family.studios_for(recipe.id):
            tab.view.studios.choose(studio.id)
            run_for(5.0)
            picture(f"studio-{recipe.id}-{studio.id}")
        names = tab.view.previews.names
        for number, name in enumerate(names):
            tab.view.previews.findChild(QTabWidget).setCurrentIndex(number)
            run_for(0.3)
            picture(f"preview-{recipe.id}-{name}")

    with tempfile.TemporaryDirectory() as scratch:
        window = build_window(options.data_dir or scratch)
        window.set_theme(options.theme)
        window.resize(*map(int, options.size.split("x")))
        window.show()
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        if options.run:
            run = window.store.open(options.run)
            entry = window.families.recipe(run.record.config.recipe)
            window.open_tab(entry.family)
            window.current_tab.show_run(run.id)
            show_parts(window.current_tab.family, entry, window.current_tab)
        for family in () if options.run else window.families:
            for recipe in family.recipes:
                if options.family in ("", family.id) and options.recipe in ("", recipe.id):
                    show(family, recipe)
        window.leave()
        run_until(lambda: not window.isVisible())


if __name__ == "__main__":
    main()
