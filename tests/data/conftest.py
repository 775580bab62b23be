"""What the tests of the data room share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gendesk.data.download import MIRROR_VARIABLE
from gendesk.data.library import DataLibrary
from gendesk.data.transfer import Patience
from tests.support.data_server import DataServer, data_server

HASTY = Patience(tries=2, pause=0.02, timeout=5.0)
"""Patience for tests that wait for failures."""


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    """Return a library with an empty cache."""
    return DataLibrary(tmp_path / "cache", HASTY)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """Return a server for downloads, which no proxy of this machine gets to see."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with data_server() as running:
        yield running


@pytest.fixture
def mirror(server: DataServer, monkeypatch: pytest.MonkeyPatch) -> DataServer:
    """Return a server that is asked first for all published data."""
    monkeypatch.setenv(MIRROR_VARIABLE, server.address)
    return server
