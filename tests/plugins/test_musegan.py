"""MuseGAN has the printed sizes, its vectors do what the book says of them, and training reaches what it should."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.music.musegan.config import MuseganConfig
from gendesk.plugins.music.musegan.models import MuseGan, build, to_grids, to_music
from gendesk.plugins.music.musegan.networks import (
    BARS,
    CHORDS,
    GROOVE,
    MELODY,
    PITCH,
    STYLE,
    TIME,
    BarGenerator,
    Convolution,
    Growth,
    OnePitch,
)
from gendesk.plugins.music.musegan.training import MuseganRecipe
from torch import Tensor, nn

from gendesk.data.dataset import ScoreDataset, ScoreInfo
from gendesk.data.scores.chorales import compose
from gendesk.engine.checkpoints import load_checkpoint, save_checkpoint
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.music.tokens.grid_view import SILENCE
from gendesk.nn.keras import parameter_count

SMALL: dict[str, Any] = {
    "latent_size": 8,
    "temporal_filters": 16,
    "generator_filters": 16,
    "critic_filters": 8,
    "critic_order": "pitches first",
    "weights": "glorot",
    "batch_size": 8,
    "critic_steps": 1,
}


def info(voices: int = 4) -> ScoreInfo:
    return ScoreInfo(
        name="pieces",
        title="Pieces",
        fingerprint="",
        train_count=6,
        test_count=2,
        notes=1,
        voices=voices,
        lowest=40,
        highest=80,
        longest=32.0,
        steps_per_beat=4,
        chords=(),
        durations=(),
    )


@pytest.fixture(scope="module")
def pieces() -> ScoreDataset:
    scores = [compose(number).score for number in range(8)]
    return ScoreDataset(info(), scores[:6], scores[6:])


@pytest.fixture
def model() -> MuseGan:
    torch.manual_seed(3)
    made = MuseGan(MuseganConfig())
    randomize(made)
    return made.eval()


def randomize(model: MuseGan) -> None:
    """Give batch normalisation statistics, so that eval mode does not start from zeros and ones."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.1, 0.5)


def recipe(data: ScoreDataset, **settings: Any) -> MuseganRecipe:
    torch.manual_seed(5)
    return MuseganRecipe(MuseganConfig(**{**SMALL, **settings}), data, Context(torch.device("cpu"), 7))


def test_both_networks_have_the_printed_numbers_of_parameters() -> None:
    with torch.device("meta"):
        model = MuseGan(MuseganConfig())
    assert parameter_count(model.generator) == 6_605_604
    assert parameter_count(model.critic) == 1_446_401
    assert parameter_count(model.generator.chords) == 103_584
    assert {parameter_count(track) for track in model.generator.tracks} == {1_521_921}


@pytest.mark.parametrize("bars", [2, 3, 5])
@pytest.mark.parametrize("order", ["bars first", "pitches first", "bars last"])
@pytest.mark.parametrize("pitches", ["by octaves", "at once"])
def test_any_number_of_bars_is_made_and_judged(bars: int, order: str, pitches: str) -> None:
    changed = {"bars": bars, "critic_order": order, "generator_pitches": pitches}
    model = MuseGan(MuseganConfig(**{**SMALL, **changed}))
    music = model.perform(model.random_codes(3, torch.Generator().manual_seed(1)))
    assert music.shape == (3, bars, 16, 84, 4)
    assert music.abs().max() <= 1
    assert model.judge(music).shape == (3,)


@pytest.mark.parametrize(("axis", "kernel", "stride"), [(BARS, 2, 1), (PITCH, 12, 12), (TIME, 4, 2), (TIME, 3, 2)])
def test_a_convolution_along_an_axis_is_what_conv3d_computes(axis: int, kernel: int, stride: int) -> None:
    torch.manual_seed(1)
    layer = Convolution(3, 5, axis, kernel, stride, same=False).double()
    values = torch.randn(2, 3, 4, 8, 24, dtype=torch.float64)
    weight = layer.weight[:, :, *(slice(None) if axis == place else None for place in (BARS, TIME, PITCH))]
    strides = tuple(stride if axis == place else 1 for place in (BARS, TIME, PITCH))
    expected = nn.functional.conv3d(values, weight, layer.bias, strides)
    torch.testing.assert_close(layer(values), expected)


def test_padding_is_that_of_keras() -> None:
    layer = Convolution(1, 1, TIME, 3, 2, same=True)
    nn.init.ones_(layer.weight)
    nn.init.zeros_(layer.bias)
    values = torch.tensor([1.0, 2.0]).view(1, 1, 1, 2, 1)
    assert layer(values).flatten().tolist() == [3.0]  # the odd zero stands behind
    values = torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 1, 1, 4, 1)
    wide = Convolution(1, 1, TIME, 4, 2, same=True)
    nn.init.ones_(wide.weight)
    nn.init.zeros_(wide.bias)
    assert wide(values).flatten().tolist() == [6.0, 9.0]


def test_growth_is_a_transposed_convolution() -> None:
    layer = Growth(6, 4, 7)
    values = torch.randn(3, 6, 5)
    expected = nn.functional.conv_transpose1d(values, layer.weight, layer.bias, stride=7)
    torch.testing.assert_close(layer(values), expected)


def test_a_bar_is_what_transposed_convolutions_of_steps_and_pitches_make() -> None:
    """The plain network of listing 7.6 with the same weights, in PyTorch's own two-dimensional layers."""
    torch.manual_seed(2)
    ours = BarGenerator(MuseganConfig(latent_size=4, generator_filters=16)).eval()
    vectors = torch.randn(3, 16)
    values = ours.dense(vectors).unflatten(1, (2, 16)).permute(0, 2, 1)[..., None]
    for layer, kernel in zip(ours.trunk[:12:3], [(2, 1), (2, 1), (2, 1), (1, 7)], strict=True):
        weight = layer.weight.view(*layer.weight.shape[:2], *kernel)
        values = nn.functional.conv_transpose2d(values, weight, layer.bias, stride=kernel)
        values = (values / (1 + 1e-3) ** 0.5).relu()
    last = ours.trunk[12]
    values = nn.functional.conv_transpose2d(values, last.weight[:, :, None], last.bias, stride=(1, 12)).tanh()
    torch.testing.assert_close(ours(vectors), values[:, 0])


def test_one_pitch_of_a_voice_sounds_and_gradients_are_those_of_a_softmax() -> None:
    torch.manual_seed(2)
    values = torch.randn(3, 1, 16 * 84, requires_grad=True)
    made = OnePitch()(values)
    assert made.unique().tolist() == [-1, 1]
    steps = made.detach().unflatten(-1, (16, 84))
    torch.testing.assert_close(steps.argmax(-1), values.detach().unflatten(-1, (16, 84)).argmax(-1))
    assert ((steps == 1).sum(-1) == 1).all()
    weights = torch.randn_like(made)
    (found,) = torch.autograd.grad((weights * made).sum(), values)
    soft = 2 * values.unflatten(-1, (16, 84)).softmax(-1) - 1
    (expected,) = torch.autograd.grad((weights * soft.flatten(-2)).sum(), values)
    torch.testing.assert_close(found, expected)


def test_held_weights_begin_with_notes_of_half_a_bar() -> None:
    torch.manual_seed(3)
    model = MuseGan(MuseganConfig(**{**SMALL, "weights": "held", "output": "one pitch"}))
    halves = to_grids(model.perform(model.random_codes(8, torch.Generator().manual_seed(1)))).reshape(8, 4, 8, 4)
    assert (halves == halves[:, :, :1]).all()
    assert (halves[:, 0] != halves[:, 1]).any()


def test_a_critic_that_takes_bars_last_hears_every_voice_and_step() -> None:
    torch.manual_seed(3)
    model = MuseGan(MuseganConfig(**{**SMALL, "critic_order": "bars last"}))
    music = torch.randn(1, 2, 16, 84, 4, requires_grad=True)
    (gradient,) = torch.autograd.grad(model.judge(music).sum(), music)
    assert (gradient != 0).all()


def played(model: MuseGan, noise: Tensor) -> Tensor:
    with torch.inference_mode():
        return model.perform(noise)[0]


@pytest.mark.parametrize(("part", "voice"), [*((MELODY[v], v) for v in range(4)), *((GROOVE[v], v) for v in range(4))])
def test_a_melody_or_a_groove_changes_its_own_voice_alone(model: MuseGan, part: int, voice: int) -> None:
    noise = model.random_codes(1, torch.Generator().manual_seed(4))
    changed = noise.clone()
    changed[:, part] = 5.0
    before, after = played(model, noise), played(model, changed)
    others = [other for other in range(4) if other != voice]
    assert torch.equal(before[..., others], after[..., others])
    assert not torch.equal(before[..., voice], after[..., voice])


def test_style_and_groove_are_the_same_in_all_bars(model: MuseGan) -> None:
    """Where chords and melodies are the same in both bars, so is the music; without them, it is not."""
    noise = model.random_codes(1, torch.Generator().manual_seed(4))
    for network in (model.generator.chords, *model.generator.melodies):
        nn.init.zeros_(network.bars.weight)
    music = played(model, noise)
    assert torch.equal(music[0], music[1])
    for part in (STYLE, GROOVE[2]):
        changed = noise.clone()
        changed[:, part] = 5.0
        other = played(model, changed)
        assert torch.equal(other[0], other[1])
        assert not torch.equal(other, music)


def test_chords_and_style_change_every_voice(model: MuseGan) -> None:
    noise = model.random_codes(1, torch.Generator().manual_seed(4))
    before = played(model, noise)
    for part in (CHORDS, STYLE):
        changed = noise.clone()
        changed[:, part] = 5.0
        assert all((played(model, changed) != before)[..., voice].any() for voice in range(4))


def test_music_and_pitches_are_turned_into_each_other() -> None:
    grids = np.random.default_rng(1).integers(0, 84, (3, 2, 16, 4)).astype(np.int8)
    music = to_music(grids, torch.device("cpu"))
    assert music.unique().tolist() == [-1, 1]
    assert (music == 1).sum() == grids.size
    np.testing.assert_array_equal(to_grids(music), grids)
    grids[0, 0, 0, 0] = SILENCE
    assert (to_music(grids, torch.device("cpu"))[0, 0, 0, :, 0] == -1).all()


def test_pieces_in_one_voice_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="four voices, not in one voice"):
        build(MuseganConfig(**SMALL), info(voices=1))


def test_too_few_bars_are_refused_in_words(pieces: ScoreDataset) -> None:
    with pytest.raises(InputError, match="no piece of 2 bars"):
        recipe(replace(pieces, train=[replace(pieces.train[0], tracks=())]))


def test_a_step_trains_critic_and_generator_and_follows_with_the_average(pieces: ScoreDataset) -> None:
    game = recipe(pieces, average=0.9, critic_steps=2)
    before = {name: value.clone() for name, value in game.model().state_dict().items()}
    metrics = game.step()
    assert set(metrics) == {"critic", "generator", "penalty", "gradient_norm"}
    after = game.model().state_dict()
    for part in ("generator.tracks.0.dense.0.weight", "critic.head.0.weight", "tracks_0_dense_0_weight_average"):
        assert not torch.equal(before[part], after[part]), part
    assert game.samples_per_step == 12  # there are only six beginnings of pieces to draw from


def test_a_game_goes_on_to_the_bit_where_its_state_was_saved(pieces: ScoreDataset, tmp_path: Path) -> None:
    whole, halves = recipe(pieces, average=0.9), recipe(pieces, average=0.9)
    whole.step()
    path = tmp_path / "state.safetensors"
    save_checkpoint(path, {"model": whole.model().state_dict(), "recipe": whole.state()})
    saved = load_checkpoint(path)
    halves.model().load_state_dict(saved["model"])
    halves.load_state(saved["recipe"])
    halves.context.generator.set_state(whole.context.generator.get_state())
    for game in (whole, halves):
        game.step()
    other = halves.model().state_dict()
    assert all(torch.equal(value, other[name]) for name, value in whole.model().state_dict().items())


def test_validation_and_previews_speak_of_made_and_real_music(pieces: ScoreDataset) -> None:
    game = recipe(pieces, excerpts="everywhere", key="C")
    found = game.validate()
    assert 0 <= found["in_range"] <= 1
    assert found["consonance_real"] > 0.85
    assert found["held_real"] > 0.75 > found["held"]
    assert found["difference"] > 0.3
    assert 0 < found["nearest_real"] < found["nearest"]
    composition, nearest, table = list(game.previews())
    assert len(composition.scores) == len(composition.captions) == 4
    assert all(len(score.tracks) == 4 and score.end == 8 for score in composition.scores)
    assert len(nearest.scores) == 6
    assert table.columns == ("", "Real", "Made")


def test_without_held_out_pieces_music_is_held_against_none(pieces: ScoreDataset) -> None:
    game = recipe(replace(pieces, test=[]))
    assert set(game.validate()) == {"in_range", "consonance", "held", "nearest"}
    assert len(list(game.previews())) == 3


def test_a_critic_learns_to_tell_real_from_made_music(pieces: ScoreDataset) -> None:
    game = recipe(pieces, critic_learning_rate=0.002)
    critic = game.phases()["critic"]
    told = [float(critic()["critic"]) for _ in range(20)]
    assert told[-1] < told[0] - 0.1
