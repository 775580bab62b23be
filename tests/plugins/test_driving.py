"""One race that is looked at: the same as in evolution, in the dream and in a replay; and where parts are missing."""

import copy
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gymnasium
import numpy as np
import pytest
import torch
from gendesk.plugins.worldmodel.dream import dreamt_scores
from gendesk.plugins.worldmodel.driving import Drive, Start, expected_picture, replay
from gendesk.plugins.worldmodel.fleet import Trained, save_model
from gendesk.plugins.worldmodel.gamepad import Gamepad, Levers
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, SeeingModel, World
from gendesk.plugins.worldmodel.networks.controller import ControllerShape, Order
from gendesk.plugins.worldmodel.race_log import RaceLog
from gendesk.plugins.worldmodel.racing.episodes import SMALL, Episode, play
from gendesk.plugins.worldmodel.racing.policies import Structured
from gendesk.plugins.worldmodel.wording import done, road, said
from torch import Generator

from gendesk.errors import InputError, RunError

WORLD = World(action_repeat=4, crop_indicators=True, skip_zoom=True)
GAS = np.array([-0.1, 0.6, 0], np.float32)
Drives = list[Drive]


@pytest.fixture(scope="module")
def model() -> DrivingModel:
    torch.manual_seed(3)
    made = DrivingModel(WORLD, ControllerShape(units=32))
    made.set_driver(0.3 * torch.randn(made.shape.parameters))
    return made.eval().requires_grad_(requires_grad=False)


@pytest.fixture
def drives() -> Iterator[Drives]:
    made: Drives = []
    yield made
    for drive in made:
        drive.close()


def in_order(model: DrivingModel, order: Order) -> DrivingModel:
    made = copy.deepcopy(model)
    made.shape = replace(made.shape, order=order)
    return made


def begun(drives: Drives, start: Start) -> Drive:
    drives.append(Drive(start))
    return drives[-1]


@pytest.mark.parametrize("order", ["paper", "book"])
def test_it_drives_as_evolution_does_to_the_last_bit(
    order: Order, model: DrivingModel, drives: Drives, tmp_path: Path
) -> None:
    model = in_order(model, order)
    policy = Trained(save_model(tmp_path / "model.safetensors", model), model.driver.numpy())
    played = play(Episode(11, policy, steps=40, options=model.race_options()))
    drive = begun(drives, Start(model, 11, limit=160))
    seen = [drive.moment.observation]
    while not drive.moment.over:
        seen.append(drive.advance().observation)
    assert np.array_equal(np.stack([picture for picture in seen if picture is not None]), played.observations)
    assert np.array_equal(drive.log.actions, played.actions)
    assert np.array_equal(drive.log.rewards, played.rewards)
    assert drive.moment.truncated and drive.moment.frame == 160


def test_what_is_logged_is_what_is_replayed(model: DrivingModel, drives: Drives, tmp_path: Path) -> None:
    drive = begun(drives, Start(model, 5, limit=400))
    policy = Structured()
    policy.begin(np.random.default_rng(5))
    seen = [drive.moment.observation]
    while not drive.moment.over:
        seen.append(drive.advance(policy.act(np.zeros((64, 64, 3), np.uint8))).observation)
    drive.log.save(tmp_path / "race.npz")
    log = RaceLog.load(tmp_path / "race.npz")
    assert log.score == drive.log.score and log.score == pytest.approx(drive.moment.score)
    for looks_on in (None, model):
        again = begun(drives, replay(log, looks_on))
        assert (again.mind is None) == (looks_on is None)
        pictures = [again.moment.observation]
        while not again.moment.over:
            pictures.append(again.advance().observation)
        assert all(np.array_equal(one, other) for one, other in zip(pictures, seen, strict=True))
        assert again.moment.score == drive.moment.score and np.array_equal(again.log.actions, log.actions)


def test_a_log_ends_where_it_was_saved_and_another_race_is_told(drives: Drives) -> None:
    drive = begun(drives, Start(seed=5, limit=400))
    for _ in range(60):
        drive.advance(np.array([0, 0.5, 0], np.float32))
    log = drive.log
    again = begun(drives, replay(log))
    while not again.moment.over:
        again.advance()
    assert again.moment.truncated and again.moment.frame == 60 and again.log.score == log.score
    with pytest.raises(RunError, match="track 6 does not go as it did"):
        wrong = begun(drives, replay(replace(log, seed=6)))
        while not wrong.moment.over:
            wrong.advance()
    assert wrong.moment.over


def test_a_model_that_sees_another_world_does_not_look_on(model: DrivingModel, drives: Drives) -> None:
    drive = begun(drives, Start(seed=5, limit=400))
    drive.advance(np.array([0, 0.5, 0], np.float32))
    again = begun(drives, replay(drive.log, model))
    assert again.mind is None and again.start.world == drive.start.world != model.world


def test_frames_give_what_an_environment_gives_that_repeats_actions(model: DrivingModel, drives: Drives) -> None:
    environment = gymnasium.make(SMALL, max_episode_steps=500, disable_env_checker=True, **model.race_options())
    drive = begun(drives, Start(model, 2, limit=2000))
    observation, _ = environment.reset(seed=2)
    straight = np.array([0, 0.4, 0], np.float32)  # off the playfield, so that the race ends within a decision
    terminated = truncated = False
    while not (terminated or truncated):
        assert np.array_equal(observation, drive.moment.observation)
        observation, reward, terminated, truncated, _ = environment.step(straight)
        moment = drive.advance(straight)
        assert drive.log.rewards[-1] == reward
    environment.close()
    assert np.array_equal(observation, drive.moment.observation)
    assert (moment.terminated, moment.truncated) == (terminated, truncated) and terminated
    frame = moment.frame
    assert drive.frame(straight).frame == frame  # nothing happens after the end


def test_the_same_seed_gives_the_same_race_also_after_others(model: DrivingModel, drives: Drives) -> None:
    drive = begun(drives, Start(model, 1, limit=80))
    logs = []
    for seed in (1, 9, 1):
        drive.restart(seed)
        while not drive.moment.over:
            drive.advance()
        logs.append(drive.log)
    assert np.array_equal(logs[0].actions, logs[2].actions) and np.array_equal(logs[0].rewards, logs[2].rewards)
    assert not np.array_equal(logs[0].actions, logs[1].actions)


@pytest.mark.parametrize("order", ["paper", "book"])
def test_the_dream_is_the_one_that_controllers_are_trained_in(
    order: Order, model: DrivingModel, drives: Drives
) -> None:
    model, generator = in_order(model, order), Generator().manual_seed(7)
    expected = dreamt_scores(
        *(model.memory, model.beginnings, model.shape, model.driver[None]),
        episodes=1,
        steps=50,
        temperature=1.15,
        generator=generator,
    )
    drive = begun(drives, Start(model, 7, dreaming=True, limit=200))
    drive.temperature = 1.15
    while not drive.moment.over:
        moment = drive.advance()
    assert drive.dream is not None and moment.observation is None
    assert moment.score == float(expected) and len(drive.log.rewards) == 50
    assert torch.equal(drive.dream._generator.get_state(), generator.get_state())


def test_a_dream_beside_the_race_changes_nothing_in_it_and_can_be_woken(model: DrivingModel, drives: Drives) -> None:
    alone, beside = (begun(drives, Start(model, 4, limit=80, beside=which)) for which in (False, True))
    for _ in range(10):
        assert np.array_equal(alone.advance().observation, beside.advance().observation)
    assert beside.dream is not None and beside.mind is not None and alone.dream is None
    assert not torch.equal(beside.dream.code, beside.mind.code)
    beside.wake()
    assert torch.equal(beside.dream.code, beside.mind.code)
    beside.frame()
    beside.wake()  # in the middle of a decision
    beside.advance()


def test_a_person_drives_without_any_model(drives: Drives) -> None:
    drive = begun(drives, Start(None, 3))
    with pytest.raises(InputError, match="take the wheel"):
        drive.advance()
    for _ in range(60):
        moment = drive.advance(GAS)
    assert moment.frame == 60 and moment.speed is not None and moment.speed > 10
    assert moment.tiles is not None and moment.tiles[0] > 0 and moment.thought is None
    assert drive.recent_actions(20).shape == (20, 3)
    with pytest.raises(InputError, match="no M yet"):
        Drive(Start(None, 3, dreaming=True))


def test_v_looks_on_before_there_is_m(drives: Drives) -> None:
    drive = begun(drives, Start(SeeingModel(WORLD), 3))
    assert drive.start.world.action_repeat == 1
    moment = drive.advance(GAS)
    assert drive.mind is not None and moment.thought is not None and moment.thought.surprise is None
    assert drive.mind.drawn().shape == (64, 64, 3) and expected_picture(drive.mind) is None
    assert done(moment, "You") == "You: left 0.10, gas 0.60"


def test_v_and_m_look_on_while_a_person_drives(drives: Drives) -> None:
    drive = begun(drives, Start(DreamingModel(WORLD, units=16), 3))
    moment = drive.advance(GAS)
    assert drive.mind is not None and moment.thought is not None and moment.frame == 4
    assert moment.thought.surprise is not None and moment.thought.reward_logit is not None
    picture = expected_picture(drive.mind)
    assert picture is not None and picture.dtype == np.uint8
    seen, expects = said(moment, drive.mind.drawn())
    assert "z" in seen and "Reward expected" in expects
    with pytest.raises(InputError, match="take the wheel"):
        drive.advance()


def test_a_model_that_is_trained_further_takes_over_in_the_middle(model: DrivingModel, drives: Drives) -> None:
    drive = begun(drives, Start(model, 6, beside=True))
    drive.advance()
    newer = DrivingModel(WORLD, model.shape).requires_grad_(requires_grad=False)
    drive.set_model(newer)
    assert drive.advance().action.tolist() == [0, 0.5, 0.5]  # a controller of zeros


def test_words_tell_where_the_road_goes() -> None:
    grass, grey = np.array([102, 229, 102], np.uint8), np.array([105, 105, 105], np.uint8)
    picture = np.tile(grass, (64, 64, 1))
    assert road(picture) == "No road ahead, and I am off it"
    picture[20:, 26:38] = grey
    assert road(picture) == "Straight road ahead"
    picture[8:22, 26:38] = grass
    picture[8:22, 44:60] = grey
    assert road(picture) == "Road bending right"
    assert road(picture[:, ::-1]) == "Road bending left"


def test_a_gamepad_steers_and_brakes_and_its_absence_is_no_error() -> None:
    levers = Levers()
    assert levers.read([0.05, 0, 0, 0, 0, 0], []) == (0, 0, 0)  # triggers say 0 until they are moved
    assert levers.read([-1, 0, -1, 0, 0, -1], []) == (-1, 0, 0)
    assert levers.read([0.56, 0, 1, 0, 0, 0], []) == (pytest.approx(0.5), 0.5, 1)
    assert Levers().read([0, 0, 0, -1], []) == (0, 1, 0)
    assert Levers().read([], [True, True]) == (0, 1, 1)
    assert Levers().read([], []) == (0, 0, 0)
    pad = Gamepad()
    if not pad.name:
        assert pad.poll() is None or pad.name
    pad.close()
    pad.close()


@pytest.mark.parametrize("damage", ["text", "pickle", "shape", "bomb", "nan", "missing", "empty", "endless"])
def test_a_damaged_log_is_refused_in_one_sentence(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "race.npz"
    log = RaceLog(1, np.zeros((3, 3), np.float32), np.zeros(3))
    if damage == "text":
        path.write_text("no archive")
    elif damage == "pickle":
        np.savez(path, seed=1, world=np.array([1, 0, 0]), limit=9, rewards=np.zeros(1), actions=np.array([print]))
    elif damage == "shape":
        RaceLog(1, np.zeros((3, 2), np.float32), np.zeros(3)).save(path)
    elif damage == "nan":
        RaceLog(1, np.full((3, 3), np.nan, np.float32), np.zeros(3)).save(path)
    elif damage == "empty":
        RaceLog(1, np.zeros((0, 3), np.float32), np.zeros(0)).save(path)
    elif damage == "endless":
        RaceLog(1, np.zeros((3, 3), np.float32), np.zeros(3), World(10**9), 10**9).save(path)
    elif damage == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("actions.npy", bytes(80 << 20))
    elif damage == "missing":
        log.save(path)
        path.unlink()
    with pytest.raises(InputError, match="is no log of a race"):
        RaceLog.load(path)
