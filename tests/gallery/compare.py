"""The comparison of three real runs that take a second each to train."""

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gendesk.app.runs.compare import CompareWindow
from tests.support.training import engine_in, families, small_pictures

_FOLDER = tempfile.TemporaryDirectory(prefix="gendesk-compare-", ignore_cleanup_errors=True)


def build() -> QWidget:
    folder = Path(_FOLDER.name)
    pictures = str(small_pictures(folder))
    usual = {"steps": 400, "step_ms": 1.0, "preview_every": 20, "validate_every": 40}
    with engine_in(folder) as engine:
        for name, values in (
            ("High rate", {}),
            ("Low rate", {"learning_rate": 0.003, "batch_size": 16}),
            ("Another seed", {"learning_rate": 0.02, "seed": 7, "preview_every": 30}),
        ):
            engine.start(engine.config("tiny", data=pictures, name=name, **{**usual, **values})).join(60)
        return CompareWindow(engine.runs.all(), families())
