"""Looks at the file of Inception's weights that a person chooses, and says whether it is the right one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.errors import InputError


class InceptionCheck(QObject):
    """Reads the file on another thread, because hashing 95 MB takes a moment; of several only the last counts."""

    checked = Signal(str, str)  # the path as it was typed, and what is wrong with it, "" if it is the right file

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._tell)

    def look_at(self, path: str) -> None:
        """Check a path, not an empty one; `checked` tells what came of it."""
        self._worker.ask(partial(_problem, path))

    def _tell(self, result: tuple[str, str] | Exception) -> None:
        if isinstance(result, Exception):
            raise result
        self.checked.emit(*result)


def _problem(path: str, _stopped: Stopped) -> tuple[str, str]:
    """Return the path and a sentence on what is wrong with the file, "" if nothing is."""
    from gendesk.engine.scores.inception import load_inception  # here, because it needs torch
    from gendesk.engine.threads import become_helper_thread

    become_helper_thread()
    try:
        load_inception(Path(path.strip()).expanduser())
    except InputError as error:
        return path, str(error)
    except (RuntimeError, ValueError):  # no home for ~, or a name that no file can have
        return path, f"{path} is no file."
    return path, ""
