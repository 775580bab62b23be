"""Screenshots of the tab World Models and of its studios in the real window, on runs that were trained before.

python tests/gallery/world_model.py FOLDER --data-dir HERE --run 0001-world-model-quick [--size WxH] [--theme dark]
shows every studio of the run; with --only drive exam only these; `window` is the tab and `pages` are its previews.
"""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator

_SEED = 1
_DECISIONS = 8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--run", required=True, help="the id of the run to show")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--only", nargs="*", default=[], help="studios by id, or window or pages; default: all")
    parser.add_argument("--large", action="store_true", help="give the studios all the room")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from tests.support.events import run_until

    app = QApplication([])
    window = build_window(options.data_dir)
    window.set_theme(options.theme)
    window.resize(*map(int, options.size.split("x")))
    window.show()
    run_until(lambda: window.bridge is not None)
    window.leave_first_steps()

    def picture(name: str) -> None:
        app.processEvents()
        path = options.folder / f"{name}-{options.size}-{options.theme}.png"
        window.grab().save(str(path))
        print(path, flush=True)

    show_run(window, options, picture)
    window.leave()
    run_until(lambda: not window.isVisible())


def show_run(window, options, picture) -> None:
    from PySide6.QtWidgets import QToolButton

    from tests.support.events import run_for

    window.open_tab("worldmodel")
    run = window.store.open(options.run)
    recipe = run.record.config.recipe
    tab = window.current_tab
    tab.show_run(run.id)
    tab.setFocus()
    run_for(3.0)

    def wanted(name: str) -> bool:
        return not options.only or name in options.only

    if wanted("window"):
        show_scores(tab.view)
        picture(f"window-{recipe}")
    if wanted("pages"):
        show_previews(tab, partial(_named, picture, f"preview-{recipe}"))
    enlarge = next(
        button
        for button in tab.view.studios.findChildren(QToolButton)
        if button.accessibleName() == "Enlarge the studio"
    )
    enlarge.setChecked(options.large)
    for entry in tab.family.studios_for(recipe):
        if wanted(entry.id):
            tab.view.studios.choose(entry.id)
            run_for(1.5)
            large = "-large" if options.large else ""
            show = SHOWS.get(entry.id, show_as_it_is)
            show(tab.view.studios.current, partial(_named, picture, f"studio-{recipe}-{entry.id}{large}"))


def show_scores(view) -> None:
    """Let the middle show the chart of the scores, and the generations or the population below it."""
    from PySide6.QtWidgets import QScrollArea, QTabWidget

    from tests.support.events import run_for

    for plot in view.charts.plots:
        if plot.accessibleName() == "Plot of Score":
            view.charts.findChild(QScrollArea).ensureWidgetVisible(plot, 0, 0)
    if "population" in view.previews.names:
        view.previews.findChild(QTabWidget).setCurrentIndex(view.previews.names.index("population"))
    run_for(1.0)


def _named(picture, name: str, part: str = "") -> None:
    picture(f"{name}-{part}" if part else name)


def show_previews(tab, picture) -> None:
    from PySide6.QtWidgets import QTabWidget

    from tests.support.events import run_for

    for number, name in enumerate(tab.view.previews.names):
        tab.view.previews.findChild(QTabWidget).setCurrentIndex(number)
        run_for(0.5)
        picture(name)


def show_as_it_is(_studio, picture) -> None:
    from tests.support.events import run_for

    run_for(4.0)
    picture()


def show_driving(studio, picture) -> None:
    """Let the car come some way in each mode, and hold it there."""
    from tests.support.events import run_for, run_until

    controls = studio.controls
    run_until(lambda: studio.model is not None)
    controls.seed.set_seed(_SEED)
    controls.speed.setCurrentIndex(controls.speed.count() - 1)
    for number, (mode, frames) in enumerate((("watch", 360), ("drive", 0), ("dream", 240), ("split", 330))):
        controls.modes.setCurrentIndex(number)
        run_for(0.5)
        run_until(lambda frames=frames: studio._seen is not None and _is_at(studio._seen.moment, frames))
        controls.play.setChecked(False)
        if mode == "split":  # a dream that begins a second before what is seen
            controls.wake.click()
            for _ in range(_DECISIONS):
                controls.step.click()
        run_for(0.5)
        picture(mode)


def _is_at(moment, frames: int) -> bool:
    return moment.frame >= frames or moment.over


def show_races(studio, picture) -> None:
    from tests.support.events import run_for, run_until

    run_until(lambda: studio.race is not None)
    studio.picker.order.setCurrentIndex(1)
    studio.picker.races.setCurrentIndex(0)
    run_for(1.0)
    studio.bar.chosen.emit(20)
    studio.bar.played.emit(28)
    run_for(0.5)
    picture()


def show_evolution(studio, picture) -> None:
    """Go some generations in four steps, up to the choice of the best quarter; then both strategies side by side."""
    from tests.support.events import run_for

    studio.landscapes.setCurrentIndex(4)
    for _ in range(14):
        studio.transport.step.click()
    run_for(0.5)
    picture()
    studio.strategies.setCurrentIndex(2)
    for _ in range(14):
        studio.transport.step.click()
    run_for(0.5)
    picture("both")


def show_exam(studio, picture) -> None:
    from tests.support.events import run_for

    run_for(1.0)
    studio.results.table.selectRow(0)
    run_for(0.5)
    picture()


def show_pages(studio, picture) -> None:
    """Show each of a studio's tabs."""
    from PySide6.QtWidgets import QTabBar, QTabWidget

    from tests.support.events import run_for

    run_for(3.0)
    bars = [bar for bar in studio.findChildren(QTabBar) if not isinstance(bar.parent(), QTabWidget)]
    pages = studio.findChild(QTabWidget) or (bars[0] if bars else None)
    if pages is None:
        picture()
        return
    for number in range(pages.count()):
        if pages.isTabEnabled(number):
            pages.setCurrentIndex(number)
            run_for(2.5)
            picture(pages.tabText(number).lower().replace(" ", "-"))


SHOWS = {
    "drive": show_driving,
    "rollouts": show_races,
    "evolution": show_evolution,
    "exam": show_exam,
    "see": show_pages,
    "latent": show_pages,
}


if __name__ == "__main__":
    main()
