"""Show one widget alone: python tests/gallery/show.py NAME [--dark | --light] [--screenshot FILE]."""

import argparse
import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = sorted(path.stem for path in HERE.glob("*.py") if "\ndef build()" in path.read_text(encoding="utf-8"))
    parser.add_argument("name", choices=names)
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="save a picture and leave")
    parser.add_argument("--dark", action="store_const", dest="scheme", const="dark", default="system")
    parser.add_argument("--light", action="store_const", dest="scheme", const="light")
    parser.add_argument("--size", metavar="WxH", help="logical pixels")
    parser.add_argument("--scale", default="1", help="physical pixels for each logical one")
    return parser.parse_args()


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"gallery_{name}", HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    options = arguments()
    os.environ["QT_SCALE_FACTOR"] = options.scale  # read when the application is made

    from PySide6.QtWidgets import QApplication

    from gendesk.widgets.theme import apply_theme

    app = QApplication(sys.argv[:1])
    apply_theme(app, options.scheme)
    widget = loaded(options.name).build()
    if options.size:
        widget.resize(*(int(length) for length in options.size.split("x")))
    widget.show()
    if not options.screenshot:
        return int(app.exec())
    settled = time.monotonic() + 0.5  # timers that coalesce repaints run at 10 Hz or faster
    while time.monotonic() < settled:
        app.processEvents()
        time.sleep(0.01)
    return 0 if widget.grab().save(str(options.screenshot)) else 1


if __name__ == "__main__":
    sys.exit(main())
