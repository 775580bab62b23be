"""A real run of a recipe that composes: its pieces live and afterwards, in a comparison, and as a small picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSlider

from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.previews import PreviewsPanel, newest_previews
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.compare_samples import SheetPane, load_sheet
from gendesk.app.runs.rows import PICTURE_ROLE
from gendesk.engine.engine import Engine
from gendesk.engine.events import PreviewReady
from gendesk.engine.preview import ScorePreview
from gendesk.engine.runs import Run
from gendesk.engine.samples import save_preview
from gendesk.music.score import Score
from gendesk.studios.music.score_player import ScorePlayer
from gendesk.studios.music.transport import Transport
from gendesk.widgets.charts.history import ChartHistory
from tests.support.outputs import RecordingOutput
from tests.support.pieces import save_tunes, tune
from tests.support.training import engine_in, families

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
SMALL = {"embedding": 4, "units": 8, "batch_size": 4, "window": 8, "learning_rate": 0.1}


@pytest.fixture
def engine(data_dir: Path) -> Iterator[Engine]:
    with engine_in(data_dir) as made:
        yield made


def trained(engine: Engine, folder: Path) -> Run:
    """Train for one step, which leaves what was composed before it and after."""
    tunes = save_tunes(folder / "tunes", 12)
    job = engine.start(engine.config("attention-lstm", data=str(tunes), steps=1, preview_every=1, **SMALL))
    assert job.join(60)
    return engine.runs.open(job.run.id)


def composed(step: int) -> ScorePreview:
    """Return two pieces as a recipe would show them at a step."""
    scores = tuple(tune(*(60 + step + 2 * place for place in range(8))) for step in (step, step + 1))
    return ScorePreview("compositions", "Compositions", scores, ("Cold", "Warm"), ((0.5,) * 8, ()))


def scores_of(player: ScorePlayer) -> list[Score]:
    return [piece.score for piece in player.pieces]


def test_live_pieces_are_shown_and_what_plays_is_heard_to_its_end_first(qtbot):
    output = RecordingOutput()
    panel = PreviewsPanel()
    qtbot.addWidget(panel)
    Transport(panel, lambda _: output)
    panel.resize(900, 520)
    panel.show()
    panel.show_live(PreviewReady(run_id="run", step=0, preview=composed(0)))
    (player,) = panel.findChildren(ScorePlayer)
    assert scores_of(player) == list(composed(0).scores)
    assert player.roll.canvas.look.by_value
    qtbot.mouseClick(player.bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: player.is_playing, timeout=WAIT)
    panel.show_live(PreviewReady(run_id="run", step=10, preview=composed(10)))
    assert scores_of(player) == list(composed(0).scores)
    player.bar.tempo.setValue(400)
    qtbot.waitUntil(lambda: scores_of(player) == list(composed(10).scores), timeout=WAIT)
    assert [pitch for _, pitch, _ in output.named("on")] == [60 + 2 * place for place in range(8)]
    assert not player.is_playing


def test_pieces_of_a_real_run_are_heard_afterwards_and_are_its_picture(qtbot, engine, tmp_path):
    run = trained(engine, tmp_path)
    saved = next(one for one in newest_previews(run) if isinstance(one, ScorePreview))
    output = RecordingOutput()
    panel = PreviewsPanel()
    qtbot.addWidget(panel)
    Transport(panel, lambda _: output)
    panel.resize(900, 520)
    panel.show()
    panel.show_run(run)
    (player,) = panel.findChildren(ScorePlayer)
    history = next(one for one in panel.findChildren(ChartHistory) if one.chart is player)
    qtbot.waitUntil(lambda: scores_of(player) == list(saved.scores), timeout=WAIT)
    assert [piece.caption for piece in player.pieces] == list(saved.captions)
    assert list(history.timeline.steps) == [0, 1]
    assert history._export.menu().actions()[0].text() == "Save as MIDI..."
    player.choose(next(number for number, score in enumerate(saved.scores) if score.note_count > 1))
    qtbot.mouseClick(player.bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(output.named("on")) > 0, timeout=WAIT)
    slider = history.timeline.findChild(QSlider)
    slider.setValue(0)  # another step is another piece
    qtbot.waitUntil(lambda: scores_of(player) != list(saved.scores), timeout=WAIT)
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    assert not player.is_playing
    panel.show_run(None)

    browser = RunBrowser(engine.runs, [("music", "Music")], ["attention-lstm"])
    qtbot.addWidget(browser)
    browser.resize(900, 300)
    browser.show()

    def picture() -> QImage | None:
        found = browser.runs.index_of(run.id).data(PICTURE_ROLE)
        return None if found is None else found.toImage()

    qtbot.waitUntil(lambda: picture() is not None, timeout=WAIT)
    slip = picture()
    colours = {slip.pixelColor(x, y).rgb() for x in range(slip.width()) for y in range(slip.height())}
    assert len(colours) > 1, "no note is on it"


def test_pieces_of_a_run_stand_in_its_pane_and_play_on_when_the_runs_are_read_again(qtbot, tmp_path):
    path = save_preview(tmp_path, 1, composed(1), "{}")
    output = RecordingOutput()
    pane = SheetPane("first", 0, {})
    qtbot.addWidget(pane)
    Transport(pane, lambda _: output)
    pane.resize(300, 400)
    pane.show()
    pane.show_saved(load_sheet(path))
    assert pane.music.isVisible()
    qtbot.mouseClick(pane.music.bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.music.is_playing, timeout=WAIT)
    pane.show_saved(load_sheet(path))
    assert pane.music.is_playing
    pane.show_saved(None)
    assert pane.grid.isVisible()
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)


def test_the_model_of_a_recipe_of_music_can_be_looked_at(qtbot, engine):
    inspector = InspectorPanel(families())
    qtbot.addWidget(inspector)
    inspector.set_config("attention-lstm", engine.config("attention-lstm", **SMALL))
    qtbot.waitUntil(lambda: inspector.model.rowCount() > 0, timeout=WAIT)
    assert not inspector.message.text()
    assert "for an event" in inspector.summary.text()
    assert "assumed" in inspector.summary.text()
