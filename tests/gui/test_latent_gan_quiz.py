"""Quiz, novelty and nearest pictures on the run of a GAN, which has a critic and no encoder."""

import numpy as np
import pytest
from gendesk.plugins.gan.config import critic_layers, generator_layers
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gendesk.app.runs.compare import CompareWindow
from gendesk.engine.latent.quiz import SCORES_FILE, Series, ask_questions
from tests.support.studio_desk import open_latent_page
from tests.support.training import engine_in, families, small_pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
SMALL = {
    "critic_layers": [layer.model_dump() for layer in critic_layers(4, 8, kernel=3)],
    "generator_layers": [layer.model_dump() for layer in generator_layers(6, 1, kernel=3)],
    "first_filters": 8,
    "latent_size": 6,
    "batch_size": 8,
    "steps": 4,
    "preview_every": 2,
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gan")
    with engine_in(folder / "data") as engine:
        for recipe in ("gan", "wgan"):
            config = engine.config(recipe, data=str(small_pictures(folder)), **SMALL)
            assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def open_page(qtbot, engine):
    desks = []

    def open_(run_id, name):
        run = engine.runs.find(run_id)
        (run.folder / SCORES_FILE).unlink(missing_ok=True)
        return open_latent_page(qtbot, engine, run.id, name, desks)

    yield open_
    for desk in desks:
        desk.close()


def begin(qtbot, page, kind) -> None:
    page.ways.setCurrentIndex(page.ways.findData(kind))
    qtbot.waitUntil(page.welcome.start.isEnabled, timeout=WAIT)
    qtbot.mouseClick(page.welcome.start, LEFT)
    qtbot.waitUntil(lambda: page.game is not None, timeout=WAIT)


@pytest.mark.parametrize(("run_id", "unit"), [("0001", "%"), ("0002", "score ")])
def test_the_critic_judges_what_the_person_has_judged(qtbot, engine, open_page, run_id, unit):
    page = open_page(run_id, "quiz")
    begin(qtbot, page, "series")
    model, data = engine.load_model(engine.runs.find(run_id).id), engine.run_data(engine.runs.find(run_id).id)
    questions = ask_questions(model, data, Series(1, 20))
    says = questions.opinions.says_real()
    for number in range(20):
        assert page.question.critic.isVisible() == (number > 0)
        QTest.keyClick(page.question.picture, Qt.Key.Key_R)
        if number < 19:
            assert page.question.critic.text().startswith(
                "The critic took it for real (" if says[number] else "The critic took it for generated ("
            )
            assert unit in page.question.critic.text()
    right = int((says == questions.real).sum())
    assert f"The model's critic got {right} of 20 right." in page.result.facts.text()


def test_one_of_each_column_is_real(qtbot, engine, open_page):
    page = open_page("0001", "quiz")
    begin(qtbot, page, "columns")
    run = engine.runs.find("0001").id
    questions = ask_questions(engine.load_model(run), engine.run_data(run), Series(1, 12, 4))
    real = questions.real.reshape(3, 4)
    np.testing.assert_array_equal(real.sum(0), 1)
    np.testing.assert_array_equal(page.game.pictures, questions.pictures)
    sheet, check = page.columns.sheet, page.columns.check
    ratio = sheet.devicePixelRatioF()
    assert not check.isEnabled()
    rows = real.argmax(0)
    wrong = (rows[0] + 1) % 3
    for row, column in ((rows[0], 0), (wrong, 0), *((rows[column], column) for column in (1, 2, 3))):
        qtbot.mouseClick(sheet, LEFT, pos=(sheet.place(int(4 * row + column)).center() / ratio))
    assert sheet.marked == {int(4 * wrong), *(int(4 * rows[column] + column) for column in (1, 2, 3))}
    qtbot.mouseClick(check, LEFT)
    assert page.result.title.text().startswith("3 of 4 right")
    names = ("top", "middle", "bottom")
    assert f"The real ones were: {', '.join(names[row] for row in rows)}." in page.result.facts.text()
    favourites = questions.opinions.values.reshape(3, 4).argmax(0)
    assert f"critic got {(favourites == rows).sum()} of 4 right" in page.result.facts.text()
    shown = page.result.sheet.captions
    assert shown[4 * wrong].startswith("generated · you") and shown[4 * rows[0]].startswith("real")
    assert sum("critic" in caption for caption in shown) == 4
    qtbot.waitUntil(lambda: len(page.curve.scores) == 1, timeout=WAIT)
    assert (page.curve.scores[0].step, page.curve.scores[0].share) == (4, 0.75)
    page.ways.setCurrentIndex(0)
    assert not page.curve.scores  # what is easier to guess has a curve of its own


def test_what_a_gan_draws_has_nearest_training_pictures(qtbot, open_page):
    page = open_page("0001", "novelty")
    qtbot.waitUntil(lambda: page.found is not None, timeout=WAIT)
    assert page.found.neighbours.shape[1:] == (8, 12, 12, 1)
    page.look.kinds.setCurrentIndex(page.look.kinds.findData("samples"))
    qtbot.waitUntil(lambda: len(page.found.pictures) == 64, timeout=WAIT)
    assert (np.diff(page.found.distances[:, 0]) >= 0).all()


def test_the_preview_of_nearest_pictures_is_saved_and_compared(qtbot, engine):
    window = CompareWindow(engine.runs.all(), families())
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    window.tabs.setCurrentWidget(window.samples)
    choice = window.samples.preview
    choice.setCurrentIndex(choice.findData("nearest"))
    assert choice.currentText() == "Nearest training pictures"
    grids = [pane.grid.view for pane in window.samples.panes]
    qtbot.waitUntil(lambda: all(len(grid.images) == 18 for grid in grids), timeout=WAIT)
    assert grids[0]._row_titles == ("Generated", "Nearest")
    window.close()
