"""What the tests of the data room share."""

from pathlib import Path

import pytest

from gendesk.data.library import DataLibrary


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    """Return a library with an empty cache."""
    return DataLibrary(tmp_path / "cache")
