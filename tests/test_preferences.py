"""Preferences survive everything: old files, newer ones, broken ones, and disks that refuse."""

import json
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendesk.config import FieldKind, field_specs
from gendesk.engine.run_config import RunSettings
from gendesk.errors import InputError
from gendesk.preferences import FOLDER_FIELDS, RUN_FIELDS, VERSION, Preferences, PreferencesFile, migrated


@pytest.fixture
def path(data_dir):
    data_dir.mkdir()
    return data_dir / "settings.json"


def test_what_is_saved_is_loaded(path, tmp_path):
    wanted = Preferences(theme="dark", threads=2, runs_folder=str(tmp_path / "Läufe"))
    assert PreferencesFile(path).save(wanted) == ""
    assert PreferencesFile(path).load() == (wanted, "")
    assert json.loads(path.read_text())["version"] == VERSION


def test_without_a_file_the_defaults_count_and_nothing_is_written(path):
    assert PreferencesFile(path).load() == (Preferences(), "")
    assert not path.exists()


def test_the_theme_of_the_first_version_is_taken_over(path):
    assert migrated({"theme": "dark", "geometry": "..."}) == {"version": VERSION, "theme": "dark"}
    assert PreferencesFile(path).load(former={"theme": "dark"}) == (Preferences(theme="dark"), "")
    path.write_text('{"theme": "light"}')
    assert PreferencesFile(path).load(former={"theme": "dark"}) == (Preferences(theme="light"), "")


def test_a_file_of_a_newer_version_is_used_and_kept(path):
    newer = {"version": VERSION + 3, "theme": "dark", "sound": {"volume": 3}}
    path.write_text(json.dumps(newer))
    file = PreferencesFile(path)
    preferences, note = file.load()
    assert (preferences.theme, note) == ("dark", "")
    assert file.save(preferences.with_values({"threads": 3})) == ""
    written = json.loads(path.read_text())
    assert written["sound"] == {"volume": 3}
    assert (written["version"], written["threads"]) == (VERSION + 3, 3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b'{"version": "two"}',
        b'{"version": 0}',
        b'{"version": 2, "threads": NaN}',
        b'{"version": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"theme": "' + b"x" * (1 << 20) + b'"}',
    ],
    ids=["empty", "cut", "list", "null", "utf-16", "word", "zero", "nan", "digits", "deep", "large"],
)
def test_a_broken_file_is_set_aside_and_the_defaults_are_used(path, content):
    path.write_bytes(content)
    file = PreferencesFile(path)
    preferences, note = file.load()
    assert preferences == Preferences()
    (broken,) = path.parent.glob("settings.broken-*.json")
    assert broken.name in note
    assert broken.read_bytes() == content
    assert file.save(preferences) == ""
    assert PreferencesFile(path).load() == (preferences, "")


def test_single_bad_values_fall_back_and_are_named(path):
    path.write_text(json.dumps({"version": 2, "theme": "pink", "threads": 4, "preview_every": -1, "runs_folder": "x"}))
    preferences, note = PreferencesFile(path).load()
    assert preferences == Preferences(threads=4)
    assert "Theme, Previews every, Runs" in note


def test_a_lone_surrogate_does_not_keep_the_file_from_being_written(path):
    path.write_text('{"version": 2, "runs_folder": "/\\ud800", "other": "\\ud800"}')
    file = PreferencesFile(path)
    preferences, note = file.load()
    assert preferences == Preferences()
    assert "Runs" in note
    assert file.save(preferences) == ""


@given(
    st.dictionaries(
        st.sampled_from([*Preferences.model_fields, "version", "unknown"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_no_contents_keep_gendesk_from_starting(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("any") / "settings.json"
    path.write_text(json.dumps(values))
    file = PreferencesFile(path)
    preferences, _ = file.load()
    assert file.save(preferences) == ""
    assert PreferencesFile(path).load() == (preferences, "")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_folder_costs_a_sentence(path):
    path.write_text("{")
    path.parent.chmod(0o500)
    try:
        file = PreferencesFile(path)
        preferences, note = file.load()
        assert preferences == Preferences()
        assert "damaged" in note
        assert "cannot be saved" in file.save(preferences)
    finally:
        path.parent.chmod(0o700)


def test_a_folder_in_place_of_the_file_costs_a_sentence(path):
    path.mkdir()
    file = PreferencesFile(path)
    preferences, note = file.load()
    assert preferences == Preferences()
    assert "cannot be read" in note
    assert "cannot be saved" in file.save(preferences)


def test_only_what_was_chosen_stands_in_for_a_preset():
    assert Preferences().run_values() == {}
    chosen = Preferences(device="cpu", threads=2, preview_every=50, checkpoint_seconds=30, keep_checkpoints=5)
    assert chosen.run_values() == {
        "device": "cpu",
        "threads": 2,
        "preview_every": 50,
        "checkpoint_seconds": 30.0,
        "keep_checkpoints": 5,
    }
    RunSettings().with_values(chosen.run_values())


def test_no_preference_goes_beyond_what_a_run_takes():
    runs = {spec.name: spec for spec in field_specs(RunSettings)}
    for spec in field_specs(Preferences):
        if spec.name in RUN_FIELDS and spec.kind is not FieldKind.TEXT:
            assert (spec.unit, spec.maximum) == (runs[spec.name].unit, runs[spec.name].maximum)


def test_folders_are_inside_the_data_folder_or_where_a_person_wants_them(data_dir, tmp_path):
    chosen = tmp_path / "elsewhere" / "runs"
    folders, note = Preferences(runs_folder=str(chosen)).folders(data_dir)
    assert (folders.runs, folders.datasets, folders.plugins) == (chosen, data_dir / "datasets", data_dir / "plugins")
    assert chosen.is_dir()
    assert note == ""


def test_a_folder_that_cannot_be_used_is_replaced_and_named(data_dir, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    folders, note = Preferences(datasets_folder=str(blocked / "data")).folders(data_dir)
    assert folders.datasets == data_dir / "datasets"
    assert str(blocked) in note


@pytest.mark.parametrize("name", FOLDER_FIELDS)
@pytest.mark.parametrize("folder", ["here", "../up", "/nul\0"])
def test_a_folder_has_to_be_given_in_full(name, folder):
    with pytest.raises(InputError, match="whole path"):
        Preferences().with_values({name: folder})
