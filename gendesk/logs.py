"""What a process says of itself in a file, and what becomes of errors that nobody caught.

Nothing here ever raises: a log that cannot be written must not end a night's training.
"""

import collections
import contextlib
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from gendesk.versions import versions, versions_line

log = logging.getLogger("gendesk")
log.addHandler(logging.NullHandler())  # else Python prints what is logged before `start_logging`

_NAME = "gendesk.log"
_LARGEST = 1_000_000  # bytes
_FILES = 5
_RECENT = 200  # records
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class _LogFile(RotatingFileHandler):
    """Makes its file with the first record. A process that finds it in use by another one writes a file of its own."""

    def __init__(self, folder: Path) -> None:
        path = folder / _NAME
        super().__init__(
            path, maxBytes=_LARGEST, backupCount=_FILES - 1, encoding="utf-8", delay=True, errors="backslashreplace"
        )
        self.setFormatter(logging.Formatter(_FORMAT))
        self._turn: contextlib.ExitStack | None = None

    def _open(self):  # type: ignore[no-untyped-def]  # the type of the stream is the library's own matter
        if self._turn is None:
            self._take_turn(Path(self.baseFilename))
        stream = super()._open()
        stream.write(f"{versions_line()}\n")
        return stream

    def _take_turn(self, path: Path) -> None:
        """Lock the file: two processes that rotate it would lose each other's records."""
        from filelock import FileLock, Timeout  # here, because most commands log nothing

        path.parent.mkdir(parents=True, exist_ok=True)
        self._turn = contextlib.ExitStack()
        try:
            self._turn.enter_context(FileLock(path.with_suffix(".lock"), timeout=0))
        except (Timeout, NotImplementedError):
            self.baseFilename = str(path.with_name(f"{path.stem}-{os.getpid()}{path.suffix}"))
            self.backupCount = 1
            _remove_oldest(path)

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
        """Stop to write the file after the first failure; the newest records are still kept in memory."""
        log.removeHandler(self)
        reason = sys.exc_info()[1]
        _to_terminal(f"gendesk: the log {self.baseFilename} cannot be written ({reason}); it is not kept from here on.")
        self.close()

    def close(self) -> None:
        """Close the file, also on a disk that is full."""
        with contextlib.suppress(OSError, ValueError):
            super().close()
        self.stream = None
        if self._turn is not None:
            with contextlib.suppress(OSError):
                self._turn.close()


class _Recent(logging.Handler):
    """Keeps the newest records in memory, for reports."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self.texts: collections.deque[str] = collections.deque(maxlen=_RECENT)

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            self.texts.append(self.format(record)[:10_000])


_recent = _Recent()


def start_logging(folder: Path) -> Path:
    """Send what `log` and its children are told to a rotating file in `folder`, and return its path.

    The file is made with the first record. A second process at the same time writes gendesk-PID.log.
    """
    stop_logging()
    file = _LogFile(folder)
    log.setLevel(logging.INFO)
    log.addHandler(_recent)
    log.addHandler(file)
    return Path(file.baseFilename)


def stop_logging() -> None:
    """Close the file and forget the records; without effect if nothing was started."""
    for handler in list(log.handlers):
        if isinstance(handler, _LogFile | _Recent):
            log.removeHandler(handler)
            handler.close()
    _recent.texts.clear()


def recent_lines() -> list[str]:
    """Return the newest lines of this process's log, at most 200."""
    return "\n".join(list(_recent.texts)).splitlines()[-_RECENT:]


def _remove_oldest(path: Path) -> None:
    """Keep the newest of the files that processes beside the first one have left."""
    with contextlib.suppress(OSError):
        left = sorted(path.parent.glob(f"{path.stem}-*{path.suffix}"), key=lambda file: file.stat().st_mtime)
        for file in left[: -(_FILES - 1)]:
            file.unlink()
            file.with_name(f"{file.name}.1").unlink(missing_ok=True)


# Errors that nobody caught


@dataclass(frozen=True)
class UnexpectedError:
    """An error as plain text, so that nothing of what failed is kept alive."""

    kind: str
    """Type and place: errors of one kind have the same."""
    sentence: str
    where: str
    traceback: str

    def report(self) -> str:
        """Return all that a maintainer needs to know, without the name of the home folder."""
        facts = "\n".join(f"{name}: {version}" for name, version in versions().items())
        parts = [
            f"{self.sentence}\n{self.where}",
            facts,
            self.traceback,
            "The newest lines of the log:\n" + "\n".join(recent_lines()),
        ]
        return without_home("\n\n".join(part.strip() for part in parts)) + "\n"


def without_home(text: str) -> str:
    """Write the home folder as ~, in whichever way it stands in a text."""
    try:
        homes = {str(home) for home in (Path.home(), Path.home().resolve()) if len(home.parts) > 1}
    except (OSError, RuntimeError):
        return text
    spellings = {spelling for home in homes for spelling in (home, home.replace("\\", "/"), home.replace("\\", "\\\\"))}
    flags = re.IGNORECASE if sys.platform in ("win32", "darwin") else 0
    for spelling in sorted(spellings, key=len, reverse=True):
        text = re.sub(re.escape(spelling) + r"(?![\w-])", "~", text, flags=flags)
    return text


def install_hooks(on_error: Callable[[UnexpectedError], None] | None = None) -> Callable[[], None]:
    """Log every error that nobody caught and hand it to `on_error`; return what undoes it.

    `on_error` is called in the thread that failed. What was there before is asked afterwards, so that a terminal still
    shows the traceback. Errors while objects are cleared away are only logged: nothing has failed that a person could
    notice. KeyboardInterrupt and SystemExit pass.
    """
    before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        thread = threading.current_thread()
        _handle(error, trace, f"In {thread.name}", on_error)
        before[0](kind, error, trace)

    def thread(arguments: threading.ExceptHookArgs) -> None:
        name = arguments.thread.name if arguments.thread else "a thread that has ended"
        _handle(arguments.exc_value, arguments.exc_traceback, f"In {name}", on_error)
        before[1](arguments)

    def unraisable(arguments: "sys.UnraisableHookArgs") -> None:
        _handle(arguments.exc_value, arguments.exc_traceback, arguments.err_msg or "While clearing up", None)
        before[2](arguments)

    sys.excepthook, threading.excepthook, sys.unraisablehook = main, thread, unraisable
    return lambda: _restore(*before)


def _restore(main: object, thread: object, unraisable: object) -> None:
    sys.excepthook, threading.excepthook, sys.unraisablehook = main, thread, unraisable  # type: ignore[assignment]


def _handle(
    error: BaseException | None,
    trace: TracebackType | None,
    where: str,
    on_error: Callable[[UnexpectedError], None] | None,
) -> None:
    if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
        return
    try:
        found = described(error, trace, where)
        log.error("%s: %s\n%s", found.where, found.sentence, found.traceback)
        if on_error is not None:
            on_error(found)
    except Exception:  # noqa: BLE001 (an error here would hide the one that is to be told)
        _to_terminal("gendesk: an error could not be reported; it follows.")


def described(error: BaseException, trace: TracebackType | None, where: str = "") -> UnexpectedError:
    """Put an error into words; its place is the innermost one."""
    name = type(error).__name__
    frames = traceback.extract_tb(trace)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else where
    message = " ".join(str(error).split())[:500]
    text = "".join(traceback.format_exception(type(error), error, trace))
    return UnexpectedError(f"{name} at {place}", f"{name}: {message}" if message else name, where, text)


def _to_terminal(line: str) -> None:
    # A program without a terminal has no stderr on Windows, and one whose terminal is gone cannot write to it.
    with contextlib.suppress(Exception):
        print(line, file=sys.stderr)  # noqa: T201 (the log itself is what failed)
