"""The page Quiz: a series with keys, a sheet with the mouse, and the scores over the steps of the run."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gendesk.engine.engine import Engine
from gendesk.engine.latent.quiz import SCORES_FILE
from gendesk.studios.latent.quiz_page import QuizPage
from gendesk.studios.latent.studio import LatentStudio
from tests.support.studio_desk import StudioDesk
from tests.support.training import engine_in, small_pictures

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
KEYS = {True: Qt.Key.Key_R, False: Qt.Key.Key_G}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("quiz")
    with engine_in(folder / "data") as engine:
        config = engine.config("tiny", data=str(small_pictures(folder)), steps=12)
        assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def page(qtbot, engine: Engine) -> Iterator[Any]:
    run = engine.runs.find("0001")
    (run.folder / SCORES_FILE).unlink(missing_ok=True)
    desk = StudioDesk(engine.load_model(run.id), engine.run_data(run.id))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    page = studio.page("quiz")
    studio.tabs.setCurrentWidget(page)
    studio.resize(420, 640)
    studio.show()
    studio.set_session(desk.session)
    qtbot.waitUntil(page.welcome.start.isEnabled, timeout=WAIT)
    yield page
    desk.close()


def begin(qtbot, page: QuizPage) -> None:
    qtbot.mouseClick(page.welcome.start, LEFT)
    qtbot.waitUntil(lambda: page.game is not None, timeout=WAIT)


def truth(page: QuizPage) -> bool:
    assert page.game is not None
    return len(set(page.game.pictures[0].tobytes())) > 1  # the tiny model draws pictures of one brightness


def kept(qtbot, page: QuizPage) -> list[tuple[int, float]]:
    qtbot.waitUntil(lambda: bool(page.curve.scores), timeout=WAIT)
    return [(score.step, score.share) for score in page.curve.scores]


def test_before_there_is_a_model_the_page_says_what_will_come(qtbot) -> None:
    studio = LatentStudio()
    qtbot.addWidget(studio)
    page = studio.page("quiz")
    assert "Train a model" in page.welcome.text.text()
    assert not page.welcome.start.isEnabled()


def test_a_series_with_keys_tells_at_once_and_keeps_its_score(qtbot, page: QuizPage) -> None:
    begin(qtbot, page)
    assert page.game is not None and page.game.total == 20
    QTest.keyClick(page.question.picture, KEYS[not truth(page)])
    assert page.question.verdict.text().startswith("No: ")
    assert page.question.score.text() == "Picture 2 of 20 · 0 right · streak 0"
    for _ in range(19):
        QTest.keyClick(page.question.picture, KEYS[truth(page)])
        assert page.game is None or page.question.verdict.text().startswith("Right: ")
    assert page.stack.currentWidget() is page.result
    assert page.result.title.text() == "19 of 20 right: 95\N{NO-BREAK SPACE}%"
    assert "You can tell" in page.result.facts.text()
    assert len(page.result.sheet.images) == 1
    assert kept(qtbot, page) == [(12, 0.95)]
    QTest.keyClick(page.result, KEYS[True])  # no picture waits for it
    qtbot.mouseClick(page.result.again, LEFT)
    qtbot.waitUntil(lambda: page.game is not None, timeout=WAIT)
    assert page.seed_box.seed != 1


def test_the_buttons_do_the_same_and_an_endless_series_ends_when_one_wants(qtbot, page: QuizPage) -> None:
    page.ways.setCurrentIndex(page.ways.findData("endless"))
    begin(qtbot, page)
    assert page.game is not None and not page.question.finish.isEnabled()
    for number in range(23):
        qtbot.waitUntil(lambda: page.game is not None and page.game.left > 0, timeout=WAIT)
        button = page.question.real if truth(page) else page.question.generated
        qtbot.mouseClick(button, LEFT)
        assert page.game.streak == number + 1
    qtbot.mouseClick(page.question.finish, LEFT)
    assert page.result.title.text() == "23 of 23 right: 100\N{NO-BREAK SPACE}%"
    assert page.result.heading.text() == "Nothing has fooled you."
    assert kept(qtbot, page) == [(12, 1.0)]


def test_on_a_sheet_the_marks_are_the_answers(qtbot, page: QuizPage) -> None:
    page.ways.setCurrentIndex(page.ways.findData("sheet"))
    begin(qtbot, page)
    sheet = page.marking.sheet
    assert page.game is not None and page.game.left == 16
    fakes = [index for index, picture in enumerate(page.game.pictures) if len(set(picture.tobytes())) == 1]
    ratio = sheet.devicePixelRatioF()
    for index in range(3):
        qtbot.mouseClick(sheet, LEFT, pos=(sheet.place(index).center() / ratio))
    assert sheet.marked == {0, 1, 2}
    qtbot.mouseClick(sheet, LEFT, pos=(sheet.place(0).center() / ratio))
    assert sheet.marked == {1, 2}
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    assert sheet.marked == {2}
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    assert sheet.marked == set()
    for index in fakes[:6]:
        qtbot.mouseClick(sheet, LEFT, pos=(sheet.place(index).center() / ratio))
    qtbot.mouseClick(page.marking.check, LEFT)
    assert page.result.title.text() == "14 of 16 right: 88\N{NO-BREAK SPACE}%"
    assert kept(qtbot, page) == [(12, 14 / 16)]


def test_scores_that_cannot_be_read_are_told_of_and_the_quiz_goes_on(qtbot, engine: Engine, page: QuizPage) -> None:
    (engine.runs.find("0001").folder / SCORES_FILE).write_text("[1]")
    begin(qtbot, page)
    QTest.keyClick(page.question.picture, Qt.Key.Key_R)
    with qtbot.waitSignal(page.workspace.failed, timeout=WAIT) as told:
        qtbot.mouseClick(page.question.finish, LEFT)
    assert told.args is not None and "is not what gendesk writes" in told.args[0]
    assert page.stack.currentWidget() is page.result
