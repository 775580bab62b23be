"""The failure gallery asks for a new run with the settings of the one that is shown, spoilt in one way."""

from collections.abc import Iterator

import pytest
from gendesk.plugins.gan.doctor.failures import FAILURES, SHORT
from gendesk.plugins.gan.studios.failures_studio import FailuresStudio
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gendesk.engine.engine import Engine
from tests.support.studio_desk import WAIT, StudioDesk
from tests.support.training import engine_in, small_pictures


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_in(tmp_path_factory.mktemp("failures"), sync=True) as engine:
        yield engine


@pytest.fixture(scope="module")
def run_id(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    data = str(small_pictures(tmp_path_factory.mktemp("pictures")))
    small = {"steps": 1, "batch_size": 4, "first_filters": 8, "latent_size": 4}
    job = engine.start(engine.config("gan", "quick", data, critic_learning_rate=0.001, **small))
    job.join()
    return job.run.id


@pytest.fixture
def studio(qtbot: QtBot) -> FailuresStudio:
    studio = FailuresStudio()
    qtbot.addWidget(studio)
    studio.resize(380, 560)
    studio.show()
    return studio


def test_without_a_run_cards_explain_and_nothing_can_be_provoked(studio: FailuresStudio) -> None:
    assert [card.kind for card in studio.cards] == [failure.kind for failure in FAILURES]
    assert not any(card.button.isEnabled() for card in studio.cards)
    assert "Train a run first" in studio.cards[0].button.toolTip()


def test_a_card_asks_for_a_run_spoilt_in_its_way(
    studio: FailuresStudio, engine: Engine, run_id: str, qtbot: QtBot
) -> None:
    desk = StudioDesk(engine.load_model(run_id), engine.run_data(run_id))
    try:
        studio.set_session(desk.session)
        card = next(card for card in studio.cards if card.kind == "oscillation")
        qtbot.waitUntil(card.button.isEnabled, timeout=WAIT)
        assert "Critic learning rate: 0.02" in card.button.toolTip()
        with qtbot.waitSignal(studio.new_run_wanted, timeout=WAIT) as wanted:
            qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
        assert wanted.args is not None
        (changes,) = wanted.args
        assert changes == {"critic_learning_rate": 0.02, "generator_learning_rate": 0.016, "beta1": 0.9, **SHORT}
        settings = engine.runs.open(run_id).record.config
        spoilt = engine.config("gan", "quick", settings.data, **{**settings.config, **changes})
        assert spoilt.config["critic_learning_rate"] == 0.02
        studio.set_session(None)
        assert not card.button.isEnabled()
    finally:
        desk.close()


def test_cards_stand_side_by_side_where_there_is_room(studio: FailuresStudio, qtbot: QtBot) -> None:
    def columns() -> int:
        return len({card.mapTo(studio, QPoint()).x() for card in studio.cards})

    qtbot.waitUntil(lambda: columns() == 1)
    studio.resize(1500, 900)
    qtbot.waitUntil(lambda: columns() == 4)
