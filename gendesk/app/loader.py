"""Imports torch and the engine on a thread after the first paint, because that takes longer than people wait."""

import importlib
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gendesk.engine.families import Families
from gendesk.logs import log
from gendesk.preferences import Preferences


class EngineLoader(QObject):
    """Makes the engine in the background; `loaded` brings it to the GUI thread, `failed` a sentence and a traceback."""

    loaded = Signal(object)
    failed = Signal(str, str)

    def __init__(
        self, data_dir: Path, families: Families, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._arguments = (data_dir, families, preferences)
        self._thread = threading.Thread(target=self._load, name="load the engine", daemon=True)

    def start(self) -> None:
        """Begin, once; later calls, as when a window is hidden and shown again, change nothing."""
        if self._thread.ident is None:
            self._thread.start()

    def join(self, timeout: float) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _load(self) -> None:
        log.info("Loading the engine.")
        try:
            engine = importlib.import_module("gendesk.engine.engine").Engine(*self._arguments)
            importlib.import_module("gendesk.engine.inference")
        except Exception as error:  # noqa: BLE001 (whatever is wrong with the installation must reach the window)
            self.failed.emit(f"The engine cannot be loaded: {error}.", traceback.format_exc())
        else:
            self.loaded.emit(engine)
            # PyTorch imports this with the first optimiser; a second or two that nobody shall wait for after Start.
            importlib.import_module("torch._dynamo")
