"""Any bytes in place of IDX and numpy files end in a data set or in one sentence."""

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gendesk.data.library import DataLibrary
from gendesk.errors import InputError
from tests.data.pictures import idx_bytes, noise


def _saved(save: object, **arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    if arrays:
        np.savez_compressed(buffer, **arrays)
    else:
        np.save(buffer, save)
    return buffer.getvalue()


WHOLE = {
    "a.idx": idx_bytes(noise(5, 4, 4)[..., 0]),
    "a.npy": _saved(noise(5, 4, 4)),
    "f.npy": _saved(noise(5, 4, 4).astype(np.float32)),
    "a.npz": _saved(None, images=noise(5, 4, 4), labels=np.arange(5)),
}


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(sorted(WHOLE)))
    data = bytearray(WHOLE[name])
    # Mostly in the headers, where it hurts.
    places = st.one_of(st.integers(0, min(140, len(data) - 1)), st.integers(0, len(data) - 1))
    for place, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        data[place] = value
    cut = draw(st.one_of(st.none(), st.integers(0, len(data))))
    return name, bytes(data[:cut]) + draw(st.binary(max_size=3))


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_damaged_files_are_read_or_refused(file: tuple[str, bytes]) -> None:
    name, data = file
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        try:
            dataset = DataLibrary(Path(folder) / "cache").open(str(Path(folder) / name))
        except InputError as error:
            assert name in str(error)
            assert "\n" not in str(error)
        else:
            assert len(dataset.train) >= 2
            assert len(dataset.test) >= 1
