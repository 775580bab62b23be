"""The exam and the temperature sweep as a person uses them: real races, in processes that end with the studio."""

import multiprocessing
import time
from pathlib import Path

import pytest
import shiboken6
import torch
from gendesk.plugins.worldmodel.exam import sit
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, SeeingModel, World
from gendesk.plugins.worldmodel.networks.controller import ControllerShape
from gendesk.plugins.worldmodel.studios.exam.studio import ExamStudio
from gendesk.plugins.worldmodel.studios.sweep.studio import SweepStudio
from gendesk.plugins.worldmodel.sweep_report import load_sweep
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from gendesk.app.studios_panel import StudiosPanel
from gendesk.data.races import make_races
from gendesk.engine.exams import EXAM_FILE, ExamReport, TrackScore, add_exam, load_exams
from gendesk.engine.families import find_families
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_data import RunData
from gendesk.engine.runs import RunRecord
from tests.support.studio_desk import StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
SETTINGS = {"race_frames": 40, "processes": 1, "latent_size": 4, "units": 8, "mixtures": 2, "pedals": "clipped"}


def driver(kind=DrivingModel):
    torch.manual_seed(3)
    if kind is DreamingModel:
        return DreamingModel(World(4, True, True), 4, 8, 2).eval()
    model = DrivingModel(World(4, True, True), ControllerShape(latent_size=4, units=8, pedals="clipped"), 2).eval()
    model.set_driver(torch.randn(model.shape.parameters) * 0.3)
    return model


@pytest.fixture
def folder(tmp_path) -> Path:
    """The folder of a run of the controller stage."""
    record = RunRecord(
        id="0001-world-controller-quick",
        family="worldmodel",
        recipe_title="C",
        config=RunConfig(recipe="world-controller", preset="quick", data="car-racing", config=SETTINGS),
        data=make_races().info,
        created=0.0,
        updated=0.0,
    )
    (tmp_path / "run.json").write_text(record.model_dump_json())
    return tmp_path


@pytest.fixture
def opened(qtbot, folder):
    """Open a studio on a model of that run."""
    desks = []

    def open_studio(kind, model=None, size=(460, 600)):
        desks.append(StudioDesk(model or driver(), RunData(folder, None, lambda _: None, step=12)))
        studio = kind()
        qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        return studio

    yield open_studio
    for desk in desks:
        desk.close()


def report(*scores: float, step: int = 5) -> ExamReport:
    tracks = tuple(TrackScore(track=n, score=score, steps=9, finished=False) for n, score in enumerate(scores))
    return ExamReport(step=step, tracks=tracks, seconds=1.0, made=0.0)


def workers() -> int:
    return len(multiprocessing.active_children())


def cells(table, column: int) -> list[str]:
    return [table.item(row, column).text() for row in range(table.rowCount())]


def test_an_exam_is_done_shown_and_kept(qtbot, opened, folder):
    studio = opened(ExamStudio)
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    assert studio.results.mean.text() == "No exam yet"
    studio.tracks.setValue(3)
    assert studio.button.text() == "Examine on 3 Tracks"
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: len(studio.exams) == 1, timeout=WAIT)
    (kept,) = load_exams(folder)
    assert studio.exams == [kept]
    assert (kept.step, len(kept.tracks)) == (12, 3)
    assert studio.results.mean.text().replace("\N{MINUS SIGN}", "-") == f"{kept.mean:.0f} ± {kept.deviation:.0f}"
    scores = [float(text.replace("\N{MINUS SIGN}", "-")) for text in cells(studio.results.table, 1)]
    assert scores == sorted(scores, reverse=True)
    assert not studio.results.histogram.is_empty
    assert studio.bar.isHidden() and studio.button.text() == "Examine on 3 Tracks"
    assert workers() == 0


def test_exams_that_are_there_are_shown_at_once_track_by_track(qtbot, opened, folder):
    add_exam(folder, report(10, 20, step=5))
    add_exam(folder, report(-30, 400, 90, step=9))
    studio = opened(ExamStudio)
    qtbot.waitUntil(lambda: len(studio.exams) == 2, timeout=WAIT)
    results = studio.results
    assert cells(results.table, 0) == ["1", "2", "0"]
    assert cells(results.table, 1)[-1] == "\N{MINUS SIGN}30.0"
    assert not results.watch.isEnabled()
    item = results.table.visualItemRect(results.table.item(1, 0))
    qtbot.mouseClick(results.table.viewport(), LEFT, pos=item.center())
    assert "seed 2" in results.seed.text()
    with qtbot.waitSignal(studio.studio_wanted) as wanted:
        qtbot.mouseClick(results.watch, LEFT)
    assert wanted.args == ["drive", 2]
    studio.kept.setCurrentIndex(1)
    assert cells(results.table, 0) == ["1", "0"]


def test_a_race_of_an_exam_is_watched_in_the_drive_studio_and_scores_the_same(qtbot, opened, folder):
    desk = StudioDesk(driver(), RunData(folder, None, lambda _: None, step=12))
    (track,) = sit(driver(), [3], {**SETTINGS, "race_frames": 1000}, lambda _: None, lambda: False)
    add_exam(folder, ExamReport(step=12, tracks=(track,), seconds=1.0, made=0.0))
    panel = StudiosPanel()
    qtbot.addWidget(panel)
    panel.resize(460, 640)
    family = next(one for one in find_families() if one.id == "worldmodel")
    panel.set_studios(family.studios_for("world-controller"))
    panel.choose("exam")
    panel.show()
    panel.set_session(desk.session)
    results = panel.current.results
    qtbot.waitUntil(lambda: cells(results.table, 0) == ["3"], timeout=WAIT)
    qtbot.waitUntil(results.table.isVisible, timeout=WAIT)
    QCoreApplication.processEvents()
    place = results.table.visualItemRect(results.table.item(0, 0)).center()
    qtbot.mouseClick(results.table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(results.table.viewport(), LEFT, pos=place)
    drive = panel.current
    assert panel.current_id == "drive" and drive.controls.seed.seed == 3
    drive.controls.speed.setCurrentIndex(drive.controls.speed.count() - 1)  # as fast as it can
    score = f"{track.score:.1f}".replace("-", "\N{MINUS SIGN}")
    qtbot.waitUntil(lambda: score in drive.view.frame.note, timeout=WAIT)
    assert drive.controls.mode == "watch"
    desk.close()


def test_stopping_keeps_nothing_and_shows_what_was_there(qtbot, opened, folder):
    add_exam(folder, report(10, 20))
    studio = opened(ExamStudio)
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    before = (folder / EXAM_FILE).read_bytes()
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: studio.labour.is_busy and workers() > 0, timeout=WAIT)
    assert studio.button.text() == "Stop"
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: not studio.labour.is_busy, timeout=WAIT)
    assert workers() == 0
    assert "stopped" in studio.status.text()
    assert cells(studio.results.table, 0) == ["1", "0"]
    assert (folder / EXAM_FILE).read_bytes() == before


@pytest.mark.parametrize("way", ["another run", "closed"])
def test_its_processes_end_with_it(qtbot, opened, way):
    studio = opened(ExamStudio)
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: workers() > 0, timeout=WAIT)
    began = time.monotonic()
    if way == "closed":
        studio.deleteLater()
        QCoreApplication.sendPostedEvents(studio, QEvent.Type.DeferredDelete)
        assert not shiboken6.isValid(studio)
        assert workers() == 0
    else:
        studio.set_session(None)
        assert not studio.button.isEnabled()
        qtbot.waitUntil(lambda: workers() == 0, timeout=5000)
    assert time.monotonic() - began < 5


def test_what_cannot_be_examined_is_told(qtbot, opened, folder):
    studio = opened(ExamStudio, driver(DreamingModel))
    qtbot.waitUntil(lambda: "no controller yet" in studio.status.text(), timeout=WAIT)
    assert not studio.button.isEnabled()
    untrained = driver()
    untrained.set_driver(torch.zeros(untrained.shape.parameters))
    studio = opened(ExamStudio, untrained)
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as failed:
        qtbot.mouseClick(studio.button, LEFT)
    assert "no trained driver" in failed.args[0]
    assert studio.button.isEnabled()
    (folder / EXAM_FILE).write_text("nonsense")
    studio = opened(ExamStudio)
    qtbot.waitUntil(lambda: "cannot be read" in studio.status.text(), timeout=WAIT)
    assert studio.button.isEnabled()  # a new exam takes its place


# The sweep


def small_sweep(qtbot, studio) -> None:
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    studio.form.temperatures.selectAll()
    qtbot.keyClicks(studio.form.temperatures, "1.2, 0.6")
    studio.form.generations.setValue(1)
    studio.form.tracks.setValue(1)


def test_a_sweep_is_done_shown_and_kept(qtbot, opened, folder):
    studio = opened(SweepStudio)
    small_sweep(qtbot, studio)
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: studio.labour.is_busy, timeout=WAIT)
    assert studio.button.text() == "Stop" and not studio.form.isEnabled()
    qtbot.waitUntil(lambda: not studio.labour.is_busy, timeout=WAIT)
    kept = load_sweep(folder)
    assert kept is not None and kept.is_complete and kept == studio.report
    assert cells(studio.table, 0) == ["0.6", "1.2"]
    assert all(cells(studio.table, 3))
    assert "real tracks" in studio.chart.accessibleDescription()
    assert "part" in studio.parting.text()
    assert studio.button.text() == "Sweep"
    assert workers() == 0
    again = opened(SweepStudio, size=(1200, 700))
    qtbot.waitUntil(lambda: again.report == kept, timeout=WAIT)
    assert again.form.settings == kept.settings


def test_a_stopped_sweep_can_go_on(qtbot, opened, folder):
    studio = opened(SweepStudio)
    small_sweep(qtbot, studio)
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: studio.labour.is_busy and workers() > 0, timeout=WAIT)
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: not studio.labour.is_busy, timeout=WAIT)
    assert workers() == 0
    assert studio.button.text() == "Go On"
    assert load_sweep(folder) == studio.report


def test_wrong_temperatures_and_models_without_dreams(qtbot, opened):
    studio = opened(SweepStudio, driver(DreamingModel))
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    assert studio.form.start.count() == 1  # there is no driver to begin with
    for wrong in ("", "hot", "0", "11", "nan", " ".join(str(n) for n in range(1, 15))):
        studio.form.temperatures.setText(wrong)
        assert not studio.button.isEnabled()
    studio.form.temperatures.setText("1; 2")
    assert studio.button.isEnabled()
    studio = opened(SweepStudio, SeeingModel(World(), 4))
    qtbot.waitUntil(lambda: "no M yet" in studio.status.text(), timeout=WAIT)
    assert not studio.button.isEnabled()


def test_the_processes_of_a_sweep_end_with_its_studio(qtbot, opened):
    studio = opened(SweepStudio)
    qtbot.waitUntil(studio.button.isEnabled, timeout=WAIT)
    qtbot.mouseClick(studio.button, LEFT)
    qtbot.waitUntil(lambda: workers() > 0, timeout=WAIT)
    began = time.monotonic()
    studio.deleteLater()
    QCoreApplication.sendPostedEvents(studio, QEvent.Type.DeferredDelete)
    assert workers() == 0
    assert time.monotonic() - began < 5
