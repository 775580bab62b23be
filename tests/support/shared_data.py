"""The data sets that lie beside the repository, which are too large to be part of it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Return the path of a shared file or folder; skips the test where there is none."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is missing; this test reads the data that lies beside the repository")
    return path
