"""How the recipes of texts learn: which windows they are shown, what they measure, and that they can go on exactly."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from gendesk.config import checked
from gendesk.data.dataset import TextDataset
from gendesk.engine.families import find_families
from gendesk.engine.preview import TablePreview, TextPreview
from gendesk.engine.recipe import Context, Recipe
from gendesk.errors import InputError
from tests.support.texts import RHYME, small_text

ENTRIES = {entry.id: entry for family in find_families() if family.id == "text" for entry in family.recipes}
SMALL: dict[str, dict[str, Any]] = {
    "word-lstm": {"layers": [{"units": 16}], "embedding": 8, "batch_size": 16},
    "char-lstm": {"layers": [{"units": 16}], "window": 20, "batch_size": 16},
    "char-conv": {"filters": 16, "blocks": 3, "window": 20, "batch_size": 4, "dropout": 0.1},
    "gpt": {"width": 16, "layers": 2, "heads": 2, "window": 20, "batch_size": 4, "dropout": 0.1, "warm_up": 3},
}
CPU = torch.device("cpu")

every_recipe = pytest.mark.parametrize("name", SMALL)
with_every_optimizer = pytest.mark.parametrize(
    "values", [{}, {"optimizer": "muon", "learning_rate": 0.03, "weight_decay": 0.1}], ids=["own", "muon"]
)


def recipe_of(name: str, data: TextDataset | None = None, **values: Any) -> Any:
    torch.manual_seed(1)
    entry = ENTRIES[name].load()
    unit = "words" if name == "word-lstm" else "characters"
    return entry(checked(entry.Config, SMALL[name] | values), data or small_text(unit=unit), Context(CPU, 1))


@with_every_optimizer
@every_recipe
def test_it_learns_a_rhyme_and_foretells_its_end(name: str, values: dict[str, Any]) -> None:
    recipe = recipe_of(name, **{"learning_rate": 0.01, **values})
    before = recipe.validate()
    for _ in range(60):
        recipe.step()
    after = recipe.validate()
    assert after["loss"] < 0.8 * before["loss"]
    assert after["accuracy"] > before["accuracy"]


@with_every_optimizer
@every_recipe
def test_going_on_equals_never_having_stopped(name: str, values: dict[str, Any]) -> None:
    whole, first, second = (recipe_of(name, **values) for _ in range(3))
    for recipe in (whole, first):
        torch.manual_seed(6)
        for _ in range(8):
            recipe.step()
    torch.manual_seed(2)  # dropout's numbers, which the engine saves with every checkpoint
    ahead = [float(whole.step()["loss"]) for _ in range(3)]
    second.model().load_state_dict(first.model().state_dict())
    second.load_state(first.state())
    torch.manual_seed(2)
    assert [float(second.step()["loss"]) for _ in range(3)] == ahead


@every_recipe
def test_metrics_agree_with_each_other_and_are_those_declared(name: str) -> None:
    recipe = recipe_of(name)
    found = recipe.step()
    assert list(found) == [spec.name for spec in recipe.metrics_of(recipe.config)]
    for measured, tokens, characters in (
        (found, recipe.data.info.train_count, recipe.data.info.train_characters),
        (recipe.validate(), recipe.data.info.test_count, recipe.data.info.test_characters),
    ):
        loss = float(measured["loss"])
        assert measured["bits"] == pytest.approx(loss / math.log(2) * tokens / characters, rel=1e-5)
        assert measured["perplexity"] == pytest.approx(math.exp(loss), rel=1e-4)
        assert 0 <= measured["accuracy"] <= 1


def test_bits_are_of_characters_also_where_tokens_are_longer() -> None:
    recipe = recipe_of("word-lstm")
    found = recipe.step()
    assert found["bits"] < found["loss"] / math.log(2) / 3  # a word and the space before it are four at least


@every_recipe
def test_validation_is_the_same_every_time_and_changes_nothing(name: str) -> None:
    one, other = recipe_of(name), recipe_of(name)
    first = one.validate()
    assert first == one.validate()
    list(one.previews())
    torch.manual_seed(4)
    after = one.step()["loss"]
    torch.manual_seed(4)
    assert torch.equal(after, other.step()["loss"])


def test_validation_reads_all_of_the_held_out_text() -> None:
    recipe = recipe_of("gpt", dropout=0.0)
    test = torch.from_numpy(recipe.data.test).long()
    whole = (len(test) - 1) // 20
    recipe.model().eval()
    with torch.no_grad():
        logits = recipe.model().read(torch.stack([test[20 * at : 20 * at + 20] for at in range(whole)]))
    targets = torch.stack([test[20 * at + 1 : 20 * at + 21] for at in range(whole)])
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    assert float(recipe.validate()["loss"]) == pytest.approx(float(loss), rel=1e-5)


def test_every_window_is_shown_once_in_an_epoch() -> None:
    text = small_text("".join(chr(0x4E00 + number) for number in range(200)), test_share=0.0)
    recipe = recipe_of("char-lstm", text, window=10, stride=3, batch_size=16)
    windows = recipe._windows
    assert recipe.steps_per_epoch == 4  # 64 windows
    epochs = []
    for _ in range(2):
        seen = torch.cat([windows.next(CPU) for _ in range(4)])
        assert (seen.diff(dim=1) == 1).all()
        assert seen.shape == (64, 11)
        epochs.append(seen[:, 0].tolist())
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(0, 190, 3))
    assert epochs[0] != epochs[1]


def test_random_windows_begin_everywhere_up_to_the_last_place() -> None:
    text = small_text("".join(chr(0x4E00 + number) for number in range(40)), test_share=0.0)
    recipe = recipe_of("gpt", text, window=20, batch_size=20)
    starts = torch.cat([recipe._windows.next(CPU)[:, 0] for _ in range(30)])
    assert set(starts.tolist()) == set(range(20))


def test_the_learning_rate_rises_and_falls_as_planned() -> None:
    recipe = recipe_of("gpt", learning_rate=0.001, warm_up=4, schedule_steps=12, batch_size=1)
    rates = np.array([recipe.step()["learning_rate"] for _ in range(16)])
    assert rates[:4] == pytest.approx([0.0002, 0.0004, 0.0006, 0.0008])
    assert rates[4] == pytest.approx(0.001)
    assert rates[8] == pytest.approx(0.00055)  # half of the wave
    assert rates[12:] == pytest.approx(0.0001)


def test_only_matrices_decay() -> None:
    recipe = recipe_of("gpt", bias=True, weight_decay=0.1)
    (optimizer,) = recipe._optimiser._optimizers
    matrices, others = optimizer.param_groups
    assert {one.ndim for one in matrices["params"]} == {2}
    assert matrices["weight_decay"] == 0.1
    assert {one.ndim for one in others["params"]} == {1}
    assert others["weight_decay"] == 0


@every_recipe
def test_previews_write_four_texts_from_one_beginning_and_name_what_comes_next(name: str) -> None:
    recipe = recipe_of(name)
    samples, likeliest = recipe.previews()
    assert isinstance(samples, TextPreview)
    assert samples.captions == ("Temperature 0.2", "Temperature 0.5", "Temperature 1.0", "Temperature 1.2")
    assert len(set(samples.texts)) == 4
    assert samples.prompt[:20] in RHYME * 2 or name == "word-lstm"
    assert all(len(text) > 100 for text in samples.texts)
    again = next(iter(recipe.previews()))
    assert again == samples
    assert isinstance(likeliest, TablePreview)
    assert len(likeliest.rows) == 10
    shares = [float(share.rstrip("%")) for _, share in likeliest.rows]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 100.5


def test_words_that_a_text_needs_are_not_in_the_way_of_byte_pairs() -> None:
    recipe = recipe_of("gpt", small_text(unit="byte pairs", size=300))
    samples, _ = recipe.previews()
    assert samples.prompt in RHYME * 2


def test_a_text_that_is_shorter_than_a_window_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="81 tokens to train on, too few for windows of 200"):
        recipe_of("gpt", small_text(RHYME[:90]), window=200)


def test_a_held_out_text_that_is_shorter_than_a_window_is_read_as_it_is() -> None:
    recipe = recipe_of("gpt", small_text(RHYME * 2, test_share=0.05))
    assert len(recipe.data.test) < 20
    assert recipe.validate()["loss"].isfinite()


def test_nothing_is_held_out_and_nothing_is_validated() -> None:
    assert recipe_of("gpt", small_text(test_share=0.0)).validate() == {}


def leap_of(losses: list[float]) -> Any:
    check: Recipe[Any, Any] = recipe_of("char-lstm")
    (jump,) = check.health_checks()
    findings = [jump.look(step, {"loss": loss}) for step, loss in enumerate(losses, 1)]
    found = [finding for finding in findings if finding is not None]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_loss_that_leaps_is_told_once_with_a_way_out() -> None:
    rng = np.random.default_rng(1)
    falling = 1.3 + 2.7 * np.exp(-np.arange(2_000) / 300) + rng.normal(0, 0.1, 2_000)
    assert leap_of(falling.tolist()) is None
    found = leap_of([*falling.tolist(), *[1.6] * 30, *[4.7] * 200])
    assert found.kind == "loss-jump"
    assert found.changes == {"learning_rate": 0.003, "gradient_clip": 1.0}
