"""Brings one file from one address over HTTP: resumes, tries again, and refuses what cannot be the file.

Until a file is whole it is NAME.part, with NAME.part.json beside it, which says where it comes from.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gendesk.data.published import PublishedFile
from gendesk.data.stream import Head, Stream, StreamError

_MB = 1e6
_LARGEST = 1 << 30
_WORTH_GOING_ON = 1 << 16
_MAGIC = {".gz": (b"\x1f\x8b", "gzip"), ".npy": (b"\x93NUMPY", "numpy")}
_WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<?xml")
_PASSING = (408, 425, 429)


@dataclass(frozen=True)
class Patience:
    """How long a download goes on.

    Each address is tried `tries` times without getting on, with `pause` seconds before the second try and twice as
    many before each further one; a server may be silent for `timeout` seconds.
    """

    tries: int = 3
    pause: float = 1.0
    timeout: float = 20.0


class RefusedError(Exception):
    """An address does not give the file; the message is the rest of a sentence that begins with the host."""


class _InterruptedError(Exception):
    """As RefusedError, but it may give it at another try."""


@dataclass(frozen=True)
class _Origin:
    """Where a part came from: address, validator for If-Range ("" if none), and the size of the whole (0: unknown)."""

    url: str
    validator: str
    total: int


class Transfer:
    """A downloader for pooch, for one file; `resumed` says afterwards whether it went on with an older part.

    `told` is called with the bytes that are here and the bytes of the whole (0: not known), also while nothing comes,
    `waits` with a sentence before another try; both may raise, which ends the transfer and keeps the part.
    """

    def __init__(
        self,
        file: PublishedFile,
        folder: Path,
        patience: Patience,
        told: Callable[[int, int], None],
        waits: Callable[[str], None],
    ) -> None:
        self.resumed = False
        self._file = file
        self._part = folder / f"{file.name}.part"
        self._note = folder / f"{file.name}.part.json"
        self._patience = patience
        self._told = told
        self._waits = waits
        self._done = 0
        self._total = 0

    def __call__(self, url: str, output_file: str, _pooch: Any) -> None:
        failures = 0
        while True:
            before = self._held()
            try:
                self._attempt(url)
                break
            except (_InterruptedError, StreamError) as problem:
                failures = 1 if self._held() - before >= _WORTH_GOING_ON else failures + 1
                if failures >= self._patience.tries:
                    raise RefusedError(str(problem)) from problem
                self._rest(self._patience.pause * 2 ** (failures - 1), f"{urlsplit(url).netloc} {problem}")
        self._part.replace(output_file)
        self._note.unlink(missing_ok=True)

    def _held(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _rest(self, seconds: float, problem: str) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._waits(f"{problem}; trying again in {left:.0f} s")
            time.sleep(min(left, 0.1))

    def _attempt(self, url: str) -> None:
        origin = self._resumable(url)
        held = self._held()
        if origin is not None and origin.total == held:
            self.resumed = True
            return
        headers = {"Accept-Encoding": "identity"}
        if origin is not None:
            headers["Range"] = f"bytes={held}-"
            if origin.validator:
                headers["If-Range"] = origin.validator
        self._done, self._total = held, 0 if origin is None else origin.total
        with Stream(url, headers, self._patience.timeout) as stream:
            head = stream.head(self._tell)
            self._done, self._total = self._placed(head, origin, held)
            self._check_head(head)
            self.resumed = self._done > 0
            if not self.resumed:
                self._discard()
                self._note.write_text(json.dumps(vars(_Origin(url, _validator(head), self._total))), encoding="utf-8")
            self._keep(stream)
        self._check_length()

    def _tell(self) -> None:
        self._told(self._done, self._total)

    def _resumable(self, url: str) -> _Origin | None:
        """Return where the part came from; removes one that does not belong to this address."""
        try:
            origin = _Origin(**json.loads(self._note.read_text(encoding="utf-8")))
            if origin.url == url and 0 < self._held() <= (origin.total or _LARGEST):
                return origin
        except (OSError, ValueError, TypeError):
            pass
        self._discard()
        return None

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _placed(self, head: Head, origin: _Origin | None, held: int) -> tuple[int, int]:
        """Return where the data that come begin, and the size of the whole (0: not told)."""
        if head.status == 206:
            told = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})", head.headers.get("content-range", "").strip())
            start, total = (int(told[1]), int(told[2])) if told else (-1, 0)
            if origin is None or start != held or total != (origin.total or total):
                self._discard()
                raise _InterruptedError("holds another file by now")
            return start, total
        if head.status == 416:
            self._discard()
            raise _InterruptedError("holds another file by now")
        if head.status >= 500 or head.status in _PASSING:
            raise _InterruptedError(f"answered {head.status} {head.reason}".strip())
        if head.status != 200:
            raise RefusedError(f"answered {head.status} {head.reason}".strip())
        length = head.headers.get("content-length", "")
        return 0, int(length) if re.fullmatch(r"[0-9]{1,15}", length) else 0

    def _check_head(self, head: Head) -> None:
        if "text/html" in head.headers.get("content-type", "").lower():
            raise RefusedError("sent a web page instead of the file")
        if self._total > _LARGEST or (self._total and self._file.size and self._total != self._file.size):
            promised = f"the published one has {self._file.size:,}" if self._file.size else "that is too large"
            raise RefusedError(f"offers a file of {self._total:,} bytes, but {promised}")

    def _keep(self, stream: Stream) -> None:
        """Write what comes behind what is there."""
        with self._part.open("ab") as part:
            for chunk in stream.chunks(self._tell):
                if not self._done:
                    self._check_start(chunk)
                part.write(chunk)
                self._done += len(chunk)
                if self._done > (self._file.size or _LARGEST):
                    break

    def _check_length(self) -> None:
        if self._done < self._total:
            raise _InterruptedError(f"broke off after {self._done / _MB:.1f} of {self._total / _MB:.1f} MB")
        if not self._done or self._done > _LARGEST or (self._file.size and self._done != self._file.size):
            self._discard()
            wanted = f" instead of {self._file.size:,}" if self._file.size else ""
            raise RefusedError(f"sent {self._done:,} bytes{wanted}")

    def _check_start(self, data: bytes) -> None:
        magic, kind = _MAGIC.get(Path(self._file.name).suffix, (b"", ""))
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(_WEB_PAGE):
            raise RefusedError("sent a web page instead of the file")
        if not data.startswith(magic):
            raise RefusedError(f"sent something that is no {kind} file")


def _validator(head: Head) -> str:
    """Return what tells this version of a file from others: a strong ETag, or else its date."""
    tag = head.headers.get("etag", "")
    return tag if tag.startswith('"') else head.headers.get("last-modified", "")
