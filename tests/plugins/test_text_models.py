"""The networks of the text family: what they may see, what they remember, and how large they are."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from gendesk.config import checked
from gendesk.engine.capabilities import Writes
from gendesk.engine.families import find_families
from gendesk.errors import InputError
from gendesk.nn.keras import parameter_count
from tests.support.texts import small_text, vocabulary_of

ENTRIES = {entry.id: entry for family in find_families() if family.id == "text" for entry in family.recipes}
SMALL: dict[str, tuple[str, dict[str, Any]]] = {
    "lstm": ("char-lstm", {"layers": [{"units": 12}, {"units": 8}]}),
    "gru": ("word-lstm", {"cell": "gru", "layers": [{"units": 12}], "embedding": 6}),
    "rnn": ("word-lstm", {"cell": "rnn", "layers": [{"units": 12}, {"units": 6}], "embedding": 6}),
    "conv": ("char-conv", {"filters": 8, "kernel": 3, "blocks": 3}),
    "conv-twice": ("char-conv", {"filters": 8, "kernel": 2, "blocks": 3, "repeats": 2}),
    "gpt": ("gpt", {"window": 16, "width": 12, "heads": 3, "layers": 2, "bias": True}),
    "gpt-rotary": (
        "gpt",
        {"window": 16, "width": 12, "heads": 3, "layers": 2, "positions": "rotary", "query_norm": True},
    ),
    "gpt-odd": ("gpt", {"window": 5, "width": 8, "heads": 2, "layers": 1}),
}
VOCABULARY = 20


def small(name: str, size: int = VOCABULARY) -> Any:
    recipe, values = SMALL[name]
    torch.manual_seed(3)
    entry = ENTRIES[recipe].load()
    model = entry.build(checked(entry.Config, values), vocabulary_of(size))
    for weight in model.parameters():  # first weights are small; larger ones show who looks where
        torch.nn.init.normal_(weight, std=0.4)
    return model.eval()


def some_text(count: int, length: int) -> Tensor:
    return torch.randint(VOCABULARY, (count, length), generator=torch.Generator().manual_seed(5))


@pytest.fixture(autouse=True)
def no_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("pieces", [(40,), (1,) * 40, (3, 1, 16, 15, 5)], ids=["whole", "singly", "mixed"])
def test_reading_on_is_the_same_as_reading_from_the_beginning_also_beyond_the_context(
    name: str, pieces: tuple[int, ...]
) -> None:
    model, tokens = small(name), some_text(3, 40)
    assert isinstance(model, Writes)
    whole = model.read(tokens)
    assert whole.shape == (3, 40, VOCABULARY)
    state, read = model.begin(3), 0
    for length in pieces:
        logits, state = model.advance(tokens[:, read : read + length], state)
        read += length
        torch.testing.assert_close(logits, whole[:, read - 1], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_nobody_looks_ahead_and_nobody_into_another_text(name: str) -> None:
    model, tokens = small(name), some_text(2, 24)
    before = model.read(tokens)
    changed = tokens.clone()
    changed[0, 11] = (changed[0, 11] + 1) % VOCABULARY
    after = model.read(changed)
    torch.testing.assert_close(after[0, :11], before[0, :11], rtol=0, atol=0)
    torch.testing.assert_close(after[1], before[1], rtol=0, atol=0)
    assert not torch.allclose(after[0, 11], before[0, 11])


@pytest.mark.parametrize("name", ["conv", "conv-twice"])
def test_a_convolution_sees_as_far_back_as_it_says(name: str) -> None:
    model, tokens = small(name), some_text(1, 60)
    assert model.context == {"conv": 27, "conv-twice": 15}[name]
    before = model.read(tokens)
    changed = tokens.clone()
    changed[0, 10] = (changed[0, 10] + 1) % VOCABULARY
    moved = (model.read(changed) - before).abs().amax(-1)[0] > 1e-7
    assert moved.nonzero().flatten().tolist()[-1] == 10 + model.context - 1


def test_the_transformer_forgets_what_is_further_back_than_its_window() -> None:
    model, tokens = small("gpt"), some_text(1, 40)
    changed = tokens.clone()
    changed[0, 0] = (changed[0, 0] + 1) % VOCABULARY
    moved = (model.read(changed) - model.read(tokens)).abs().amax(-1)[0] > 1e-7
    assert moved.nonzero().flatten().tolist() == list(range(16))


@pytest.mark.parametrize(("preset", "parameters"), [("book", 1_853_901), ("stacked", 2_379_213)])
def test_the_word_networks_have_the_book_s_numbers_of_parameters(preset: str, parameters: int) -> None:
    recipe = ENTRIES["word-lstm"]
    assert count(recipe, preset, 4_169) == parameters


@pytest.mark.parametrize(
    ("recipe", "preset", "size", "parameters"),
    [
        ("char-lstm", "book", 57, 102_585),
        ("char-lstm", "shakespeare", 71, 243_143),
        ("char-lstm", "cookbook", 83, 5_186_003),
        ("gpt", "shakespeare-char", 65, 804_096),
        ("gpt", "gpt2-small", 50_257, 124_439_808),
    ],
)
def test_the_other_printed_networks_have_their_numbers_of_parameters(
    recipe: str, preset: str, size: int, parameters: int
) -> None:
    assert count(ENTRIES[recipe], preset, size) == parameters


def count(entry: Any, preset: str, size: int) -> int:
    recipe = entry.load()
    own = {name: value for name, value in entry.preset(preset).items() if name in recipe.Config.model_fields}
    with torch.device("meta"):
        return parameter_count(recipe.build(checked(recipe.Config, own), vocabulary_of(size)))


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn"])
def test_the_insides_of_a_recurrent_network_are_what_it_computes(name: str) -> None:
    model, tokens = small(name), some_text(1, 30)[0]
    seen = model.insides(tokens)
    last = len(model.layers)
    torch.testing.assert_close(seen[f"h {last}"], model.hidden(tokens[None])[0], rtol=1e-4, atol=1e-5)
    gates = {"lstm": "hciofg", "gru": "hrzn", "rnn": "h"}[name]
    assert set(seen) == {f"{gate} {layer + 1}" for gate in gates for layer in range(last)}
    for gate in set(gates) & set("iofrz"):
        assert 0 <= seen[f"{gate} 1"].min() <= seen[f"{gate} 1"].max() <= 1


def test_attention_looks_back_only_and_is_shared_out() -> None:
    model, tokens = small("gpt"), some_text(1, 10)[0]
    seen = model.insides(tokens)
    attention = seen["attention"]
    assert attention.shape == (2, 3, 10, 10)
    torch.testing.assert_close(attention.sum(-1), torch.ones(2, 3, 10))
    assert not attention.triu(1).any()
    torch.testing.assert_close(seen["h 2"], model.hidden(tokens[None])[0], rtol=1e-4, atol=1e-5)
    assert model.insides(some_text(1, 40)[0])["attention"].shape == (2, 3, 16, 16)


@pytest.mark.parametrize("name", SMALL)
def test_every_token_has_an_embedding_and_insides(name: str) -> None:
    model = small(name)
    assert model.embedding().shape[0] == VOCABULARY
    assert all(values.shape[-2] == 5 for values in model.insides(some_text(1, 5)[0]).values())


@pytest.mark.parametrize(
    ("recipe", "values", "words"),
    [
        ("gpt", {"width": 130}, "make it 132, or change the heads"),
        ("gpt", {"width": 12, "heads": 4, "positions": "rotary"}, "make the width 16, or learn the positions"),
        ("char-conv", {"kernel": 8, "blocks": 5}, "reach back 32,768 tokens"),
        ("char-lstm", {"weight_decay": 0.1}, "rmsprop knows no weight decay"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_in_a_sentence(
    recipe: str, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        checked(ENTRIES[recipe].load().Config, values)


def test_many_words_are_not_fed_one_hot() -> None:
    recipe = ENTRIES["word-lstm"].load()
    with pytest.raises(InputError, match=r"1,000 different tokens, but it has 4,169"):
        recipe.build(checked(recipe.Config, {"embedding": 0}), vocabulary_of(4_169))


def test_small_texts_are_cut_like_large_ones() -> None:
    data = small_text(unit="byte pairs", size=300)
    assert data.info.train_count == len(data.train)
    assert data.info.train_characters > data.info.train_count
