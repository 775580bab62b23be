"""A web server on this machine for the tests of downloads, with all the bad habits of real ones."""

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

_BLOCK = 1 << 12


@dataclass
class Served:
    """A file and how it is sent.

    `cuts`: after so many bytes of the body the connection ends, one number for each request, then no more.
    `stalls_after`: after so many bytes nothing comes until the server is closed. `length` False: its size is not told.
    """

    data: bytes
    status: int = 200
    content_type: str = "application/octet-stream"
    etag: str = '"first"'
    ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    stalls_after: int | None = None
    length: bool = True


class DataServer:
    """Serves `files` by their paths, and notes each request in `asked` as (path, Range header or "")."""

    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.asked: list[tuple[str, str]] = []
        self.sent = 0
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="data server")
        self._thread.start()

    @property
    def address(self) -> str:
        """The root of the server, with a slash behind it."""
        return f"http://127.0.0.1:{self._http.server_port}/"

    def close(self) -> None:
        """Let go of stalled requests and wait for all threads."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextlib.contextmanager
def data_server() -> Iterator[DataServer]:
    """Give a server that is closed at the end."""
    server = DataServer()
    try:
        yield server
    finally:
        server.close()


def _handler(server: DataServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path).lstrip("/")
            server.asked.append((path, self.headers.get("Range", "")))
            served = server.files.get(path)
            if served is None:
                self.send_error(404)
                return
            body = self._head(served)
            with contextlib.suppress(ConnectionError):
                self._send(served, body)

        def _head(self, served: Served) -> bytes:
            """Send the head; returns what the body has to be."""
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            unchanged = self.headers.get("If-Range", served.etag) == served.etag
            size = len(served.data)
            start = int(wanted[1]) if wanted and served.ranges and unchanged else 0
            self.send_response(206 if start else served.status)
            self.send_header("Content-Type", served.content_type)
            if served.etag:
                self.send_header("ETag", served.etag)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            if served.length:
                self.send_header("Content-Length", str(size - start))
            self.end_headers()
            return served.data[start:]

        def _send(self, served: Served, body: bytes) -> None:
            end = served.cuts.pop(0) if served.cuts else len(body)
            if served.stalls_after is not None:
                end = min(end, served.stalls_after)
            for start in range(0, end, _BLOCK):
                block = body[start : min(start + _BLOCK, end)]
                server.sent += len(block)  # first: whoever has the last block may look at once
                self.wfile.write(block)
            if served.stalls_after is not None:
                server.closing.wait()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """Say nothing."""

    return Handler
