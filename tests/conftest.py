"""What holds for every test: no window on a screen, a data folder of its own, and nothing left behind."""

import importlib.util
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.leaks import LeakCheck

# A machine that is busy for a moment is no failure, and the same change meets the same examples every time.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

FAILED = pytest.StashKey[bool]()

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--installs`; where Qt is absent, know the options of pytest-qt, so that pyproject.toml stays valid."""
    parser.addoption(
        "--installs", action="store_true", help="run the tests that make environments and install packages"
    )
    if importlib.util.find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "an option of pytest-qt, which is not installed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests marked `installs` unless they are asked for."""
    if not config.getoption("--installs"):
        for item in items:
            if item.get_closest_marker("installs"):
                item.add_marker(pytest.mark.skip(reason="installs packages; runs with --installs"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note a failure for the leak checks."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session", autouse=True)
def session_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep fixtures that serve more than one test away from the real data folder, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENDESK_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Fail a test that leaves something behind; a failed test is spared, because its traceback keeps objects alive."""
    check = LeakCheck(tmp_path, qt="qapp" in request.fixturenames)
    yield
    try:
        leaks = [] if request.node.stash.get(FAILED, False) else check.found()
    finally:
        check.release()
    if leaks:
        pytest.fail("The test left something behind: " + "; ".join(leaks) + ".", pytrace=False)


@pytest.fixture(autouse=True)
def data_dir(no_leaks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a data folder of its own, and return it."""
    folder = tmp_path / "gendesk-data"
    monkeypatch.setenv("GENDESK_DATA_DIR", str(folder))
    return folder
