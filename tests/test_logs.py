"""The log never ends what it watches, and an error that nobody caught is told, whole and without private names."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gendesk.logs import described, install_hooks, log, recent_lines, start_logging, stop_logging, without_home


@pytest.fixture
def folder(data_dir):
    yield data_dir / "logs"
    stop_logging()


@pytest.fixture
def hooked():
    """Errors as `install_hooks` hands them on; what was there before is silent."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    passed = []
    sys.excepthook = lambda *arguments: passed.append(arguments[0])
    threading.excepthook = sys.unraisablehook = lambda arguments: passed.append(arguments.exc_type)
    found = []
    undo = install_hooks(found.append)
    yield found, passed
    undo()
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def fail(error):
    raise error


def test_the_file_is_made_with_the_first_record_and_begins_with_the_versions(folder):
    path = start_logging(folder)
    assert not folder.exists()
    log.getChild("queue").warning("The run %s waits.", "0001-vae")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("gendesk ")
    assert "torch" in lines[0]
    assert "WARNING MainThread gendesk.queue: The run 0001-vae waits." in lines[1]


def test_the_file_rotates_and_old_ones_go(folder):
    path = start_logging(folder)
    for number in range(80):
        log.info("%d %s", number, "x" * 100_000)
    files = sorted(file.name for file in folder.glob("gendesk.log*"))
    assert files == ["gendesk.log", "gendesk.log.1", "gendesk.log.2", "gendesk.log.3", "gendesk.log.4"]
    assert path.stat().st_size <= 1_000_000
    assert path.read_text().startswith("gendesk ")


def test_any_text_can_be_logged(folder):
    path = start_logging(folder)
    log.info("%s", "\ud800 \N{GREEK SMALL LETTER ALPHA}")
    assert "\\ud800 \N{GREEK SMALL LETTER ALPHA}" in path.read_text(encoding="utf-8")


def test_a_second_process_writes_a_file_of_its_own(folder):
    path = start_logging(folder)
    log.info("first")
    code = (
        "import sys; from pathlib import Path; from gendesk.logs import *; "
        "start_logging(Path(sys.argv[1])); log.info('second')"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=Path(__file__).parents[1])
    others = list(folder.glob("gendesk-*.log"))
    assert len(others) == 1
    assert "second" in others[0].read_text()
    assert "second" not in path.read_text()


def test_what_ends_a_process_is_in_its_log_and_in_the_terminal(folder):
    code = (
        "import sys; from pathlib import Path; from gendesk.logs import *; "
        "start_logging(Path(sys.argv[1])); install_hooks(); [].remove('layer')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        check=False,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert "ValueError" in ended.stderr
    assert "Traceback" in (folder / "gendesk.log").read_text()


def test_a_folder_that_cannot_be_made_costs_one_line(data_dir, capsys):
    data_dir.mkdir()
    (data_dir / "logs").write_text("in the way")
    start_logging(data_dir / "logs")
    for _ in range(3):
        log.error("This is only in memory.")
    stop_logging()
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "cannot be written" in said[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_costs_one_line(folder, capsys):
    folder.mkdir(parents=True)
    (folder / "gendesk.log").symlink_to("/dev/full")
    start_logging(folder)
    for number in range(300):
        log.error("This is only in memory: %d", number)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "No space left" in said[0]
    assert recent_lines()[-1].endswith("299")
    assert len(recent_lines()) == 200


def test_an_error_of_the_main_thread_is_logged_and_handed_on(folder, hooked):
    start_logging(folder)
    found, passed = hooked
    try:
        fail(ValueError("no such\nlayer"))
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert found[0].sentence == "ValueError: no such layer"
    assert "test_logs.py" in found[0].kind
    assert "in fail" in found[0].traceback
    assert passed == [ValueError]
    assert "ValueError: no such layer" in "\n".join(recent_lines())


def test_an_error_of_another_thread_is_handed_on(hooked):
    found, passed = hooked
    thread = threading.Thread(target=fail, args=(OSError("gone"),), name="worker 3")
    thread.start()
    thread.join()
    assert (found[0].sentence, found[0].where) == ("OSError: gone", "In worker 3")
    assert passed == [OSError]


def test_an_error_while_something_is_cleared_away_is_only_logged(folder, hooked):
    class Bad:
        def __del__(self):
            fail(RuntimeError("late"))

    start_logging(folder)
    found, passed = hooked
    del_me = Bad()
    del del_me
    assert found == []
    assert passed == [RuntimeError]
    assert "RuntimeError: late" in "\n".join(recent_lines())


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_passes(hooked, kind):
    found, passed = hooked
    sys.excepthook(kind, kind(), None)
    assert (found, passed) == ([], [kind])


def test_an_error_in_the_reporting_does_not_hide_the_first_one(capsys):
    before, passed = sys.excepthook, []
    sys.excepthook = lambda *arguments: passed.append(arguments[0])
    undo = install_hooks(lambda _error: fail(TypeError("in the window")))
    try:
        sys.excepthook(ValueError, ValueError("first"), None)
    finally:
        undo()
        sys.excepthook = before
    assert passed == [ValueError]
    assert "could not be reported" in capsys.readouterr().err


def test_two_errors_of_one_place_are_of_one_kind():
    kinds = set()
    for number in range(2):
        try:
            fail(ValueError(number))
        except ValueError as error:
            kinds.add(described(error, error.__traceback__).kind)
    assert len(kinds) == 1


def test_a_report_holds_versions_and_log_but_not_the_home_folder(folder):
    home = str(Path.home())
    start_logging(folder)
    log.info("Opened %s", Path.home() / "pictures" / "cats")
    try:
        fail(OSError(f"{home}/cats cannot be read"))
    except OSError as error:
        text = described(error, error.__traceback__, "In MainThread").report()
    assert home not in text
    assert "~/cats cannot be read" in text
    for part in ("torch: ", "in fail", str(Path("~", "pictures", "cats"))):
        assert part in text


@pytest.mark.parametrize(
    ("home", "text", "shown"),
    [
        ("/home/ann", "in /home/ann/x and /home/anna/x, '/home/ann'", "in ~/x and /home/anna/x, '~'"),
        ("/", "in /usr/lib", "in /usr/lib"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows spells homes in another way")
def test_only_the_home_folder_itself_becomes_a_tilde(monkeypatch, home, text, shown):
    monkeypatch.setenv("HOME", home)
    assert without_home(text) == shown
