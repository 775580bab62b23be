"""Tables beside pictures become attributes, whoever made them; what is wrong with them is said and hurts nobody."""

import itertools
import math
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gendesk.data.check import check
from gendesk.data.dataset import Attribute, ImageDataset
from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Cancelled, Progress
from gendesk.data.readers import attribute_table, table_words
from gendesk.errors import InputError
from tests.data.pictures import save_pngs, zip_folder

COUNT = 12
NAMES = [f"{number:03}.png" for number in range(COUNT)]
CELEBA = "12\nBald Wearing_Hat\n" + "".join(
    f"{name}  {1 if number % 2 else -1} {'-1' if number % 3 else ' 1'}\n" for number, name in enumerate(NAMES)
)
SIMPLE = "file,smile\n" + "".join(f"{name},{number % 2}\n" for number, name in enumerate(NAMES))


def pictures(folder: Path, count: int = COUNT) -> Path:
    """Write pictures whose grey, ten times the number in their name, tells who they are."""
    return save_pngs(folder, np.full((count, 8, 8, 1), np.arange(count).reshape(-1, 1, 1, 1) * 10, np.uint8))


def opened(library: DataLibrary, path: Path) -> ImageDataset:
    dataset = library.open(str(path))
    assert isinstance(dataset, ImageDataset)
    return dataset


def known(dataset: ImageDataset, name: str) -> list[float]:
    """Return an attribute's values in the order of the pictures' names."""
    names = [attribute.name for attribute in dataset.info.attributes]
    splits = (dataset.train, dataset.test)
    numbers = np.concatenate([split.images[:, 0, 0, 0] // 10 for split in splits])
    tables = [split.attributes for split in splits if split.attributes is not None]
    assert [table.dtype for table in tables] == [np.float32, np.float32]
    return np.concatenate(tables)[np.argsort(numbers, kind="stable"), names.index(name)].tolist()


def remarks(dataset: ImageDataset) -> list[str]:
    return [f"{file.path} {file.reason}" for file in dataset.skipped]


def test_celebas_own_list_gives_attributes(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    (folder / "list_attr_celeba.txt").write_text(CELEBA)
    dataset = opened(library, folder)
    assert dataset.info.attributes == (
        Attribute(name="Bald", title="Bald", values=("no", "yes")),
        Attribute(name="Wearing_Hat", title="Wearing Hat", values=("no", "yes")),
    )
    assert known(dataset, "Bald") == [number % 2 for number in range(COUNT)]
    assert known(dataset, "Wearing_Hat") == [float(number % 3 == 0) for number in range(COUNT)]
    assert dataset.skipped == ()


@pytest.mark.parametrize(
    "place",
    [
        "own/list_attr_celeba.csv",
        "own/attributes.csv",
        "own/own.csv",
        "own/whatever.csv",
        "list_attr_celeba.csv",
        "attributes.csv",
        "own.csv",
    ],
)
def test_tables_are_found_in_the_folder_and_next_to_it(library: DataLibrary, tmp_path: Path, place: str) -> None:
    folder = pictures(tmp_path / "own")
    (tmp_path / place).write_text(SIMPLE)
    assert known(opened(library, folder), "smile") == [number % 2 for number in range(COUNT)]


def test_other_tables_next_to_a_folder_are_none_of_its_business(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    (tmp_path / "others.csv").write_text(SIMPLE)
    assert opened(library, folder).info.attributes == ()


def test_a_table_beside_a_folder_of_pictures_is_found_as_archives_have_it(library: DataLibrary, tmp_path: Path) -> None:
    pictures(tmp_path / "celeba" / "img_align_celeba")
    (tmp_path / "celeba" / "list_attr_celeba.txt").write_text(CELEBA.replace(".png", ".jpg"))
    from_folder = opened(library, tmp_path / "celeba")
    from_inner = opened(library, tmp_path / "celeba" / "img_align_celeba")
    from_zip = opened(library, zip_folder(tmp_path / "celeba", tmp_path / "celeba.zip"))
    for dataset in (from_folder, from_inner, from_zip):
        assert known(dataset, "Bald") == [number % 2 for number in range(COUNT)]
        assert dataset.info.fingerprint == from_folder.info.fingerprint


def test_a_table_next_to_an_archive_counts_too(library: DataLibrary, tmp_path: Path) -> None:
    archive = zip_folder(pictures(tmp_path / "own"), tmp_path / "faces.zip")
    before = opened(library, archive)
    assert before.info.attributes == ()
    (tmp_path / "faces.csv").write_text(SIMPLE)
    after = opened(library, archive)
    assert known(after, "smile") == [number % 2 for number in range(COUNT)]
    assert after.info.fingerprint != before.info.fingerprint


def test_a_changed_table_is_read_again(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    table = folder / "attributes.csv"
    table.write_text(SIMPLE)
    assert known(opened(library, folder), "smile")[1] == 1
    table.write_text(SIMPLE.replace("001.png,1", "001.png,0").replace("smile", "smiles"))
    assert known(opened(library, folder), "smiles")[1] == 0


@pytest.mark.parametrize(
    ("words", "values", "numbers"),
    [
        (["1", "-1", "1"], ("no", "yes"), [1, 0, 1]),
        (["0", "1", "1.0"], ("no", "yes"), [0, 1, 1]),
        (["true", "False", "TRUE"], ("no", "yes"), [1, 0, 1]),
        (["yes", "no", "yes"], ("no", "yes"), [1, 0, 1]),
        (["red", "blue", "red"], ("blue", "red"), [1, 0, 1]),
        (["none", "round", "7"], ("7", "none", "round"), [1, 2, 0]),
        (["1.5", "-2e1", ".25"], (), [1.5, -20, 0.25]),
        (["0", "1", "2"], (), [0, 1, 2]),
        (["red", "", "blue"], ("blue", "red"), [1, math.nan, 0]),
        (["1", "unknown", "-1"], ("no", "yes"), [1, math.nan, 0]),
        (["3", "NaN", "5"], (), [3, math.nan, 5]),
        (["été", "名前", "été"], ("été", "名前"), [0, 1, 0]),
    ],
)
def test_words_become_named_values_or_numbers(
    library: DataLibrary, tmp_path: Path, words: list[str], values: tuple[str, ...], numbers: list[float]
) -> None:
    folder = pictures(tmp_path / "own", 3)
    lines = [f"{name},{word}" for name, word in zip(NAMES, words, strict=False)]
    (folder / "attributes.csv").write_text("\n".join(["file,what", *lines]), encoding="utf-8")
    dataset = opened(library, folder)
    assert dataset.info.attributes[0].values == values
    np.testing.assert_allclose(known(dataset, "what"), np.array(numbers, np.float32), equal_nan=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_tables_of_many_programs_are_read(
    library: DataLibrary, tmp_path: Path, encoding: str, separator: str, newline: str
) -> None:
    folder = pictures(tmp_path / "own")
    text = '"file","smile"\n' + SIMPLE.partition("\n")[2]
    (folder / "attributes.csv").write_bytes(text.replace(",", separator).replace("\n", newline).encode(encoding))
    assert known(opened(library, folder), "smile") == [number % 2 for number in range(COUNT)]


@pytest.mark.parametrize(
    "name", ["{0}.png", "{0}", "{0}.JPG", "own/{0}.png", "./{0}.png", "../x/{0}.png", "C:\\own\\{0}.png", " {0}.png "]
)
def test_pictures_are_found_by_name_stem_or_path(library: DataLibrary, tmp_path: Path, name: str) -> None:
    folder = pictures(tmp_path / "own")
    rows = [f"{number % 2},{name.format(f'{number:03}')}" for number in range(COUNT)]
    (folder / "attributes.csv").write_text("\n".join(["smile,file", *rows]))
    assert known(opened(library, folder), "smile") == [number % 2 for number in range(COUNT)]


def test_pictures_of_the_same_name_are_told_apart_by_their_folders(library: DataLibrary, tmp_path: Path) -> None:
    for level, kind in ((0, "cats"), (100, "dogs")):
        save_pngs(tmp_path / "own" / kind, np.full((4, 8, 8, 1), level, np.uint8))
    rows = [f"{kind}/{name},{kind == 'dogs'}" for kind in ("cats", "dogs") for name in NAMES[:4]]
    (tmp_path / "own" / "attributes.csv").write_text(
        "\n".join(["file,barks", *rows, "birds/000.png,True", "001.png,True"])
    )
    dataset = opened(library, tmp_path / "own")
    assert dataset.train.attributes is not None
    np.testing.assert_array_equal(dataset.train.attributes[:, 0], dataset.train.labels)
    assert remarks(dataset) == [
        "attributes.csv has 1 row about pictures that are not here",
        "attributes.csv has 1 row whose names fit more than one picture, left out",
    ]


def test_folders_for_training_and_testing_keep_their_attributes(library: DataLibrary, tmp_path: Path) -> None:
    for part, start in (("train", 0), ("test", 6)):
        grey = np.arange(start, start + 6).reshape(-1, 1, 1, 1) * 10
        save_pngs(tmp_path / "own" / part, np.broadcast_to(grey, (6, 8, 8, 1)).astype(np.uint8))
    rows = [f"{part}/{name},{number}" for part in ("train", "test") for number, name in enumerate(NAMES[:6])]
    (tmp_path / "own" / "attributes.csv").write_text("\n".join(["file,number", *rows]))
    assert known(opened(library, tmp_path / "own"), "number") == [*range(6), *range(6)]


def test_a_limit_and_unreadable_pictures_keep_rows_and_pictures_together(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own", 24)
    (folder / "005.png").write_bytes(b"broken")
    rows = [f"{number:03}.png,{number}" for number in range(24)]
    (folder / "attributes.csv").write_text("\n".join(["file,number", *rows]))
    dataset = library.open(str(folder), ImageOptions(limit=16))
    assert isinstance(dataset, ImageDataset)
    for split in (dataset.train, dataset.test):
        assert split.attributes is not None
        np.testing.assert_array_equal(split.attributes[:, 0], split.images[:, 0, 0, 0] // 10)


def test_what_does_not_fit_is_counted_and_unknown(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    rows = [f"{name},1" for name in NAMES[:10]]
    rows += ["003.png,0", "gone.png,0", "away.png,1", "004.png,1,1", "004.png", ""]
    (folder / "attributes.csv").write_text("\n".join(["file,smile", *rows]))
    dataset = opened(library, folder)
    assert known(dataset, "smile")[:10] == [1.0] * 10
    assert np.isnan(known(dataset, "smile")[10:]).all()
    assert remarks(dataset) == [
        "attributes.csv has 2 rows with another number of columns than its header, left out",
        "attributes.csv has 2 rows about pictures that are not here",
        "attributes.csv has 1 row about pictures that it named before, left out",
        "attributes.csv says nothing about 2 of 12 pictures, whose attributes are unknown",
    ]


def test_columns_of_no_use_are_named_and_left_out(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own", 100)
    rows = [f"{n},{n:03}.png,{n % 2},{n % 2},,a text {n},1e{n},{'x' * 70}" for n in range(100)]
    (folder / "attributes.csv").write_text("\n".join([",file,smile,smile,empty,text,huge,long", *rows]))
    dataset = opened(library, folder)
    assert [attribute.name for attribute in dataset.info.attributes] == ["smile"]
    assert remarks(dataset) == [
        "attributes.csv has a column without a name, left out",
        "attributes.csv has two columns named smile, of which the first counts",
        "attributes.csv says nothing in its column empty, left out",
        "attributes.csv has texts in its column text rather than at most 64 short words, left out",
        "attributes.csv has numbers in its column huge that are too large, left out",
        "attributes.csv has texts in its column long rather than at most 64 short words, left out",
    ]


def test_many_useless_columns_are_told_in_few_sentences(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    lines = [",".join([name, "1", *[""] * 100]) for name in NAMES]
    (folder / "attributes.csv").write_text("\n".join(["file,smile," + ",".join(f"c{n}" for n in range(100)), *lines]))
    dataset = opened(library, folder)
    assert len(remarks(dataset)) == 7
    assert remarks(dataset)[-1] == "attributes.csv has columns of no use beside these, 100 in all"


REFUSED = {
    "binary": (b"file,smile\n000.png,\0\n", "is not text, so it gives no attributes"),
    "latin": ("file,höhe\n000.png,1\n".encode("latin-1"), "is not text in UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "is not text in UTF-8"),
    "pickle": (b"\x80\x04\x95\x0b\x00\x00", "is not text in UTF-8"),
    "empty": (b"", "has only one column"),
    "one column": (b"file\n000.png\n", "has only one column"),
    "header only": (b"file,smile\n", "names none of the pictures"),
    "strangers": (b"file,smile\nx.png,1\n../../etc/passwd,1\n", "names none of the pictures"),
    "no header": (b"000.png,1\n001.png,0\n", "has no header line"),
    "wide": (b"file" + b",a" * 300 + b"\n000.png" + b",1" * 300, "has more than 257 columns"),
    "long line": (b"file,smile\n000.png," + b"1" * (1 << 20) + b"\n", "has lines of a length that no table has"),
    "long field": (b"file,smile\n000.png," + b"1" * 200_000 + b"\n", "is not a table that can be read"),
    "open quote": (b'file,smile\n"000.png,1\n' + b"001.png,1\n" * 20_000, "is not a table that can be read"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_table_that_cannot_be_used_is_said_in_one_sentence(library: DataLibrary, tmp_path: Path, kind: str) -> None:
    data, reason = REFUSED[kind]
    folder = pictures(tmp_path / "own")
    (folder / "attributes.csv").write_bytes(data)
    dataset = opened(library, folder)
    assert (dataset.info.attributes, dataset.train.attributes) == ((), None)
    (remark,) = remarks(dataset)
    assert remark.startswith(f"attributes.csv {reason}")


def test_the_next_table_is_tried_when_one_is_of_no_use(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    (folder / "attributes.csv").write_bytes(b"\0")
    (folder / "own.csv").write_text(SIMPLE)
    dataset = opened(library, folder)
    assert known(dataset, "smile")[1] == 1
    assert remarks(dataset) == ["attributes.csv is not text, so it gives no attributes"]


def test_tables_beyond_all_bounds_are_refused(
    library: DataLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pictures(tmp_path / "own")
    (folder / "attributes.csv").write_text(SIMPLE)
    monkeypatch.setattr(table_words, "_MAX_CELLS", 10)
    assert remarks(opened(library, folder)) == ["attributes.csv is too large a table, so it gives no attributes"]


def test_links_out_of_the_folder_and_pipes_are_not_read(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    secret = tmp_path / "elsewhere" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(SIMPLE)
    (folder / "attributes.csv").symlink_to(secret)
    os.mkfifo(folder / "own.csv")
    assert opened(library, folder).info.attributes == ()


def test_a_trap_in_an_archive_is_not_unpacked(library: DataLibrary, tmp_path: Path) -> None:
    archive = zip_folder(pictures(tmp_path / "own"), tmp_path / "trap.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("own/attributes.csv", SIMPLE + "\n" * (4 << 20))
    dataset = opened(library, archive)
    assert dataset.info.attributes == ()
    assert remarks(dataset) == ["own/attributes.csv is packed suspiciously tightly, as only a trap would be"]


def test_the_check_counts_values_and_tells_what_does_not_fit(library: DataLibrary, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "own")
    rows = [f"{name},{('red', 'blue')[n % 2]},{n / 4}" for n, name in enumerate(NAMES[:10])]
    (folder / "attributes.csv").write_text("\n".join(["file,hair_color,age", *rows, "gone.png,red,1"]))
    report = check(library, str(folder))
    hair, age = report.attributes
    assert (hair.title, hair.values, hair.unknown) == ("hair color", (("blue", 5), ("red", 5)), 2)
    assert (age.values, age.low, age.high, age.unknown) == ((), 0.0, 2.25, 2)
    assert report.skipped == ()
    assert "attributes.csv has 1 row about pictures that are not here." in report.warnings
    as_json = report.as_json()["attributes"]
    assert as_json[0] == {"title": "hair color", "values": {"blue": 5, "red": 5}, "unknown": 2}
    assert as_json[1] == {"title": "age", "values": {}, "unknown": 2, "low": 0.0, "high": 2.25}


def test_the_reading_of_a_long_table_can_be_cancelled() -> None:
    data = ("name,age\n" + "".join(f"{number}.png,{number}\n" for number in range(50_000))).encode()
    files = [attribute_table.TableFile("attributes.csv", "", lambda: data)]
    sentences: list[str] = []
    asked = itertools.count()
    progress = Progress(lambda _share, sentence: sentences.append(sentence), lambda: next(asked) >= 3)
    with pytest.raises(Cancelled):
        attribute_table.read_attributes(files, [("own", "1.png")], progress)
    assert sentences == ["Reading the attributes in attributes.csv"]
    assert next(asked) == 4, "it ended at once"


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    data = bytearray(whole)
    for place, value in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=8)):
        data[place] = value
    cut = draw(st.one_of(st.none(), st.integers(0, len(data))))
    return bytes(data[:cut]) + draw(st.binary(max_size=20))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(damaged(CELEBA.encode()), damaged(SIMPLE.encode()), damaged(SIMPLE.encode("utf-16")), st.binary()))
def test_any_bytes_are_attributes_or_a_remark(data: bytes) -> None:
    files = [attribute_table.TableFile("attributes.csv", "", lambda: data)]
    table, told = attribute_table.read_attributes(files, [("own", name) for name in NAMES])
    assert table is not None or told
    assert all("\n" not in remark.reason and len(remark.reason) < 300 for remark in told)
    if table is not None:
        assert table.values.shape == (COUNT, len(table.attributes))
        assert not np.isinf(table.values).any()
        for attribute, column in zip(table.attributes, table.values.T, strict=True):
            assert attribute.name
            if attribute.values:
                assert set(column[np.isfinite(column)].tolist()) <= set(range(len(attribute.values)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(SIMPLE.encode()))
def test_damaged_tables_never_keep_pictures_from_being_opened(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = pictures(Path(place) / "own")
        (folder / "attributes.csv").write_bytes(data)
        try:
            dataset = DataLibrary(Path(place) / "cache").open(str(folder))
        except InputError as error:
            pytest.fail(str(error))
        assert len(dataset.train) + len(dataset.test) == COUNT
