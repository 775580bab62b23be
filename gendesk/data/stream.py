"""An answer over HTTP that is read in a thread of its own, so that whoever waits for it can turn away at any time.

A socket that waits for a silent server cannot be asked to stop; a queue can.
"""

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 14
_CHUNKS_AHEAD = 64
_SECONDS_BETWEEN_LOOKS = 0.1
_CLOSING_SECONDS = 1.0


class StreamError(Exception):
    """An answer did not come or broke off; the message is the rest of a sentence that begins with the host."""


@dataclass(frozen=True)
class Head:
    """What comes before the data: the status with its reason, and the headers by their names in lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]


class Stream:
    """Asks for `url` at once; `timeout` is how many seconds the server may be silent."""

    def __init__(self, url: str, headers: Mapping[str, str], timeout: float) -> None:
        self._items: queue.Queue[Head | bytes | StreamError | None] = queue.Queue(_CHUNKS_AHEAD)
        self._closed = threading.Event()
        self._line: socket.socket | None = None
        self._thread = threading.Thread(
            target=self._run, args=(url, headers, timeout), name=f"download of {url}", daemon=True
        )
        self._thread.start()

    def head(self, waiting: Callable[[], None]) -> Head:
        """Return the head; `waiting` is called ten times a second and may raise. Raises StreamError."""
        head = self._next(waiting)
        assert isinstance(head, Head)
        return head

    def chunks(self, waiting: Callable[[], None]) -> Iterator[bytes]:
        """Yield the data as they were sent, not decompressed; as `head` otherwise."""
        while (chunk := self._next(waiting)) is not None:
            assert isinstance(chunk, bytes)
            yield chunk

    def close(self) -> None:
        """Turn away; a server that has not answered yet is forgotten."""
        self._closed.set()
        if self._line is not None:
            # The thread may be waiting for more; closing the answer would wait as well.
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
            self._thread.join(_CLOSING_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _next(self, waiting: Callable[[], None]) -> Head | bytes | None:
        while True:
            waiting()
            with contextlib.suppress(queue.Empty):
                item = self._items.get(timeout=_SECONDS_BETWEEN_LOOKS)
                if isinstance(item, StreamError):
                    raise item
                return item

    def _run(self, url: str, headers: Mapping[str, str], timeout: float) -> None:
        import requests  # here, because it takes long and is needed for downloads only

        try:
            with requests.get(url, headers=dict(headers), stream=True, timeout=timeout) as response:
                self._line = _second_handle(response)
                found = {name.lower(): value for name, value in response.headers.items()}
                self._put(Head(response.status_code, response.reason or "", found))
                for chunk in response.raw.stream(_CHUNK, decode_content=False):
                    if not self._put(chunk):
                        return
                self._put(None)
        except Exception as error:  # noqa: BLE001 - requests and urllib3 raise dozens; the waiting thread must hear of each
            self._put(StreamError(_problem(error)))
        finally:
            if self._line is not None:
                self._line.close()

    def _put(self, item: Head | bytes | StreamError | None) -> bool:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=_SECONDS_BETWEEN_LOOKS)
                return True
        return False


def _second_handle(response: "requests.Response") -> socket.socket | None:
    """Return a handle of the connection of an answer, to hang up with; None if all of the answer is here already."""
    try:
        return socket.fromfd(response.raw.fileno(), socket.AF_INET, socket.SOCK_STREAM)
    except (AttributeError, OSError, ValueError):
        return None


def _problem(error: Exception) -> str:
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate that can be trusted"
    if isinstance(error, requests.exceptions.Timeout | TimeoutError) or "timed out" in str(error).lower():
        return "did not answer in time"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "cannot be reached"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return "is no address of the web"
    return "broke off"
