"""Imports torch and the engine on a thread after the first paint, because that takes longer than people wait."""

import contextlib
import importlib
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gendesk.engine.families import Families, RecipeEntry, StudioEntry
from gendesk.errors import PluginError
from gendesk.logs import log
from gendesk.preferences import Preferences


class EngineLoader(QObject):
    """Makes the engine in the background; `loaded` brings it to the GUI thread, `failed` a sentence and a traceback.

    What is wanted later is imported after `go_on`: two threads that both run Python would halve the window's speed
    just when it makes the parts that need the engine.
    """

    loaded = Signal(object)
    failed = Signal(str, str)

    def __init__(
        self, data_dir: Path, families: Families, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._arguments = (data_dir, families, preferences)
        self._connected = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._load, name="load the engine", daemon=True)

    def start(self) -> None:
        """Begin, once; later calls, as when a window is hidden and shown again, change nothing."""
        if self._thread.ident is None:
            self._thread.start()

    def go_on(self) -> None:
        """Import what is left; called when the window has taken over the engine."""
        self._connected.set()

    def join(self, timeout: float) -> None:
        """Begin no more imports and wait for the present one, up to `timeout` seconds."""
        self._closing = True
        self._connected.set()
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
            self._connected.wait()
            self._prepare()

    def _prepare(self) -> None:
        """Import what other tabs need when they are opened, and what PyTorch needs for its first optimiser.

        The latter takes a second or two that nobody shall wait for after Start.
        """
        families = self._arguments[1]
        entries: list[RecipeEntry | StudioEntry] = []
        for family in families:
            entries += [*family.recipes, *family.studios]
        for entry in entries:
            if self._closing:
                return
            with contextlib.suppress(PluginError):  # said when the tab is opened
                entry.load()
        if not self._closing:
            importlib.import_module("torch._dynamo")
