"""A run as one zip archive, consistent also while the run is being trained.

What a run has made beside its weights, in its folder of products, stays behind: that can be gigabytes, and its stage
makes it anew. A run that was built on others does not take them along.
"""

import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from gendesk.data.progress import Progress
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.exchange.layout import largest
from gendesk.engine.runs import RECORD_FILE, Run
from gendesk.engine.upstream import PRODUCTS
from gendesk.errors import StoredDataError
from gendesk.files import replacing

_PACKED_ALREADY = {".png", ".safetensors", ".wav"}
_CHUNK = 1 << 20
_FORCE_ZIP64 = 1 << 30
_ROUNDS = 5
_EARLIEST = 86_400 * 3_660  # zip archives know no time before 1980
_ORDINARY = 0o100644


def write_archive(run: Run, out: Path, *, light: bool, progress: Progress) -> Exported:
    """Write the run folder to a zip; `light` takes only the newest checkpoint; raises OSError and StoredDataError."""
    with replacing(out) as part, zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED) as archive:
        packer = _Packer(run, archive, progress)
        steps = packer.add_checkpoints(light=light)
        # After the checkpoints, so that the curves reach at least as far; the record is last for the same reason.
        packer.add_all(_other_files(run.folder))
        packer.add_all([run.folder / RECORD_FILE])
    facts = {"bytes": out.stat().st_size, "members": packer.count, "checkpoints": sorted(steps), "light": light}
    return Exported((out,), facts, tuple(_stays_behind(run)))


def _stays_behind(run: Run) -> Iterator[str]:
    """Yield a sentence about each thing that a person might look for in the archive in vain."""
    products = run.folder / PRODUCTS
    if size := sum(_size(path) for path in products.rglob("*") if path.is_file()):
        yield f"What the run has made beside its weights ({size / 1e6:,.1f} MB in {PRODUCTS}) is not in the archive."
    if run.record.upstream is not None:
        yield f"The run {run.record.upstream.run}, on which it was built, is not in the archive."


class _Packer:
    """Adds files to an archive, below a folder with the run's id."""

    def __init__(self, run: Run, archive: zipfile.ZipFile, progress: Progress) -> None:
        self._run = run
        self._archive = archive
        self._progress = progress
        files = [path for path in run.folder.rglob("*") if largest(path.relative_to(run.folder).parts)]
        self._total = max(1, sum(_size(path) for path in files))
        self._done = 0
        self.count = 0

    def add_checkpoints(self, *, light: bool) -> list[int]:
        """Add the newest first, because a run in training removes the oldest; return their steps."""
        from gendesk.engine.checkpoints import checkpoint_path

        for _ in range(_ROUNDS):
            there = self._run.steps_saved()[::-1]
            steps = there[:1] if light else there
            added = [step for step in steps if self._add(checkpoint_path(self._run.checkpoints, step))]
            if added or not there:
                return added
        raise StoredDataError(f"The run {self._run.id} saves its state faster than it can be copied; pause it first.")

    def add_all(self, paths: Iterator[Path] | list[Path]) -> None:
        for path in paths:
            self._add(path)

    def _add(self, path: Path) -> bool:
        """Add one file; return False if it is there no more."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            place = f"{self._run.id}/{path.relative_to(self._run.folder).as_posix()}"
            facts = os.fstat(file.fileno())
            info = zipfile.ZipInfo(place, time.localtime(max(facts.st_mtime, _EARLIEST))[:6])
            info.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
            info.external_attr = _ORDINARY << 16
            with self._archive.open(info, "w", force_zip64=facts.st_size > _FORCE_ZIP64) as member:
                while chunk := file.read(_CHUNK):
                    self._done += len(chunk)
                    self._progress.update(min(0.99, self._done / self._total), f"Packing {self._run.id}")
                    member.write(chunk)
        self.count += 1
        return True


def _other_files(folder: Path) -> Iterator[Path]:
    """Yield what belongs to a run beside its record and its checkpoints, in the order of names."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if parts[0] not in ("checkpoints", RECORD_FILE) and largest(parts) and path.is_file():
            yield path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
