"""Music in the real window, for docs/ and for eyes: pieces as data, and what a run has learnt of them at work.

python tests/gallery/music.py FOLDER [--size 1280x800] [--theme light] shows the check of pieces and the data sets;
with --data-dir HERE --run 0003-performance-gpt-quick the previews and the studios of a run that was trained before.
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
    parser.add_argument("--data-dir", default="", help="default: a new folder")
    parser.add_argument("--run", default="", help="show this run, and no data")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from tests.support.events import run_until

    app = QApplication([])
    with tempfile.TemporaryDirectory() as scratch:
        window = build_window(options.data_dir or scratch)
        window.set_theme(options.theme)
        window.resize(*map(int, options.size.split("x")))
        window.show()
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        window.open_tab("music")

        def picture(name: str, widget=window) -> None:
            app.processEvents()
            path = options.folder / f"{name}-{options.size}-{options.theme}.png"
            widget.grab().save(str(path))
            print(path, flush=True)

        if options.run:
            show_run(window, options.run, picture)
        else:
            show_data(window, picture)
        window.leave()
        run_until(lambda: not window.isVisible())


def show_data(window, picture) -> None:
    from gendesk.app.data.browser import DatasetBrowser
    from gendesk.app.data.check_dialog import CheckDialog
    from gendesk.data.dataset import DatasetKind
    from tests.support.events import run_for, run_until

    dialog = CheckDialog(window.library, "chorales", window, DatasetKind.SCORES, {"limit": 60})
    dialog.open()
    run_until(lambda: dialog.report is not None)
    dialog.sheet.toggle()
    run_for(2.0)
    picture("music-check", dialog)
    dialog.reject()
    browser = DatasetBrowser(window.library, window)
    browser.open()
    run_until(lambda: not browser.music.is_empty)
    run_for(0.5)
    picture("music-data-sets", browser)
    browser.reject()


def show_run(window, run_id: str, picture) -> None:
    from gendesk.studios.music.score_player import ScorePlayer
    from tests.support.events import run_for, run_until

    run = window.store.open(run_id)
    recipe = run.record.config.recipe
    tab = window.current_tab
    tab.show_run(run.id)
    view = tab.view
    run_until(lambda: view.previews.findChild(ScorePlayer) is not None)
    player = view.previews.findChild(ScorePlayer)
    run_until(lambda: not player.is_empty)
    player.toggle()
    run_for(2.0)
    picture(f"previews-{recipe}")
    player.stop()
    shows = {"compose": show_composing, "inside": show_inside, "orchestra": show_orchestra}
    for name, show in shows.items():
        if name in [studio.id for studio in tab.family.studios_for(recipe)]:
            view.studios.choose(name)
            run_for(1.0)
            show(view.studios.current, lambda part, name=name: picture(f"studio-{recipe}-{name}{part}"))


def show_composing(studio, picture) -> None:
    from tests.support.events import run_for, run_until

    run_until(lambda: studio.panel.beginning.pieces.count() > 3)
    studio.panel.beginning.pieces.setCurrentIndex(3)
    studio.panel.beginning.pieces.activated.emit(3)
    run_until(lambda: studio.deck.score.note_count > 0)
    studio.panel.compose.click()
    run_until(lambda: not studio.panel.stop.isEnabled())
    run_for(0.5)
    picture("")


def show_inside(studio, picture) -> None:
    from PySide6.QtWidgets import QTabBar

    from tests.support.events import run_for, run_until

    run_until(lambda: studio.looked is not None)
    tabs = studio.panels.findChild(QTabBar)
    for number, name in enumerate(("pitches", "attention", "surprise", "map")):
        if tabs is not None:
            tabs.setCurrentIndex(number)
        studio.pitches.chosen.emit(9)
        run_for(3.0)
        picture(f"-{name}")


def show_orchestra(studio, picture) -> None:
    from tests.support.events import run_for, run_until

    run_until(lambda: studio.pieces.performance is not None)
    studio.channels.channels[2].reroll.click()
    run_for(3.0)
    picture("")


if __name__ == "__main__":
    main()
