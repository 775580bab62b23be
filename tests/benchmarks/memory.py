"""Growth of memory over 100,000 steps of a tiny recipe with the window open.

    python tests/benchmarks/memory.py [--quick]

The last line is JSON: `growth_mb` between the first tenth and the end, `plots_mb` what the curves of the charts hold
of it (their history is kept on purpose), and `rest_mb`, what is neither.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gendesk.engine.threads import tune_allocator  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    steps = 10_000 if parser.parse_args().quick else 100_000
    tune_allocator()
    import psutil
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from gendesk.widgets.theme import apply_theme
    from tests.support.events import run_until
    from tests.support.training import PLUGINS, small_pictures

    app = QApplication([])
    apply_theme(app)
    process = psutil.Process()

    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        (data_dir / "plugins").symlink_to(PLUGINS)
        window = build_window(data_dir)
        window.open_tab("autoencoder")
        window.show()
        window.open_tab("tiny")
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        tab = window.current_tab
        tab.choices.use_data(small_pictures(Path(folder)))
        tab.form.set_values({"epochs": 1e5, "preview_every": 1000, "validate_every": 1000, "checkpoint_seconds": 5.0})
        tab.bar.start.click()
        job = window.engine.job(tab.run_id)
        marks = []

        def measure() -> None:
            gc.collect()
            plots = sum(plot.nbytes for plot in tab.view.charts.plots)
            marks.append((process.memory_info().rss / 2**20, plots / 2**20))

        tenths = [steps * number // 10 for number in range(1, 12)]
        for goal in tenths:
            run_until(lambda goal=goal: job._trainer.step >= goal or job.state.over)
            measure()
            print(f"step {job._trainer.step:,}: {marks[-1][0]:.1f} MB, plots {marks[-1][1]:.2f} MB", flush=True)
        window.leave()
        run_until(lambda: not window.isVisible())
    growth, plots = marks[-1][0] - marks[0][0], marks[-1][1] - marks[0][1]
    result = {"steps": steps, "growth_mb": growth, "plots_mb": plots, "rest_mb": growth - plots}
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))


if __name__ == "__main__":
    main()
