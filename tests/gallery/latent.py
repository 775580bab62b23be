"""Screenshots of every page of the latent studio in the real window, on a run that there is, for docs/ and for eyes.

python tests/gallery/latent.py FOLDER DATA_DIR RUN [--size 1280x800] [--theme light] [--enlarged] [--pages map,paint]
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("run")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--enlarged", action="store_true", help="give the studio all the room")
    parser.add_argument("--pages", default="", help="names with commas between; default: all")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtWidgets import QApplication, QToolButton

    from gendesk.app import build_window
    from tests.gallery.latent_scenes import SCENES
    from tests.support.events import run_for, run_until

    app = QApplication([])
    window = build_window(options.data_dir)
    window.set_theme(options.theme)
    window.resize(*map(int, options.size.split("x")))
    window.show()
    run_until(lambda: window.bridge is not None)
    window.leave_first_steps()
    window.open_tab("autoencoder")
    run, view = window.engine.runs.find(options.run), window.current_tab.view
    window.current_tab.show_run(run.id)
    view.studios.choose("latent")
    run_until(lambda: view.studio is not None and view.studio.workspace.picture is not None)
    studio = view.studio
    if options.enlarged:
        view.studios.findChild(QToolButton).click()
    for number, page in enumerate(studio.pages):
        if studio.tabs.isTabVisible(number) and page.name in (options.pages or page.name).split(","):
            studio.tabs.setCurrentIndex(number)
            run_for(1.5)
            SCENES[page.name](page)
            run_for(1.0)
            app.processEvents()
            ending = "-enlarged" if options.enlarged else ""
            path = options.folder / f"latent-{page.name}-{options.size}-{options.theme}{ending}.png"
            window.grab().save(str(path))
            print(path, flush=True)
    window.leave()
    run_until(lambda: not window.isVisible())


if __name__ == "__main__":
    main()
