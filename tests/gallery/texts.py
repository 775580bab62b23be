"""Screenshots of the studios of texts at work in the real window, for docs/ and for eyes.

python tests/gallery/texts.py FOLDER --data-dir HERE --run 0003-gpt-quick [--size 1280x800] [--theme light]
shows a run that has been trained before: it writes, is written with by hand, is looked into and guessed against.
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
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--prompt", default="The fox and the")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QTabBar

    from gendesk.app import build_window
    from tests.support.events import run_for, run_until

    app = QApplication([])
    window = build_window(options.data_dir)
    window.set_theme(options.theme)
    window.resize(*map(int, options.size.split("x")))
    window.show()
    run_until(lambda: window.bridge is not None)
    window.leave_first_steps()
    run = window.store.open(options.run)
    recipe = run.record.config.recipe
    window.open_tab("text")
    view = window.current_tab.view
    window.current_tab.show_run(run.id)

    def picture(name: str) -> None:
        app.processEvents()
        path = options.folder / f"studio-{recipe}-{name}-{options.size}-{options.theme}.png"
        window.grab().save(str(path))
        print(path, flush=True)

    def chosen(name: str):
        view.studios.choose(name)
        run_for(1.0)
        return view.studios.current

    write = chosen("write")
    run_until(write.write.isEnabled)
    write.settings.prompt.setPlainText(options.prompt)
    write.write.click()
    run_until(lambda: not write.is_writing)
    run_until(lambda: write.known_by_heart.text() and "..." not in write.known_by_heart.text())
    picture("write")

    pick = chosen("pick")
    bars = pick.pick.bars
    run_until(lambda: bars.tokens and bars.isEnabled())
    for _ in range(12):
        before = pick.view.toPlainText()
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row_rect(0).center().toPoint())
        run_until(lambda before=before: pick.view.toPlainText() != before and bars.isEnabled())
    picture("pick")

    inside = chosen("inside")
    run_until(lambda: inside.units.unit.count() > 0)
    run_for(2.0)
    tabs = inside.panels.findChild(QTabBar)
    for name in ("units", "attention", "gates", "tokens"):
        run_for(1.0)
        picture(f"inside-{name}")
        tabs.setCurrentIndex(tabs.currentIndex() + 1)

    guess = chosen("guess")
    run_until(lambda: guess.round is not None)
    for number, piece in enumerate(guess.round.pieces[:36]):
        if number % 5 == 4:
            guess.reveal.click()
        elif len(piece) == 1 and piece != "\n":
            QTest.keyClicks(guess.guess, "e" * (number % 3 == 0) + piece)
        else:
            guess.guess.setText("" if piece == "\n" else piece)
            QTest.keyClick(guess.guess, Qt.Key.Key_Return)
    run_for(0.5)
    picture("guess")
    window.leave()
    run_until(lambda: not window.isVisible())


if __name__ == "__main__":
    main()
