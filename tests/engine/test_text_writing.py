"""Sampling from models that write: what is drawn, what is told of it, and what cannot break it."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gendesk.data.text.tokens import tokenizer_of
from gendesk.engine.text.saving import write_sheet
from gendesk.engine.text.streaming import begin_writing, write_on
from gendesk.engine.text.writing import (
    ENDED,
    Sampling,
    Task,
    opening,
    probabilities,
    spelled,
    write,
    written,
)
from gendesk.errors import InputError
from tests.support.text_models import Pairs, text_data

LOGITS = np.log([0.5, 0.25, 0.15, 0.1])


@pytest.fixture(scope="module")
def model() -> Pairs:
    return Pairs(text_data()).eval().requires_grad_(False)


def test_probabilities_follow_temperature_top_k_and_top_p() -> None:
    np.testing.assert_allclose(probabilities(LOGITS, Sampling()), [0.5, 0.25, 0.15, 0.1])
    np.testing.assert_array_equal(probabilities(LOGITS, Sampling(0)), [1, 0, 0, 0])
    squared = np.array([0.25, 0.0625, 0.0225, 0.01])
    np.testing.assert_allclose(probabilities(LOGITS, Sampling(0.5)), squared / squared.sum())
    np.testing.assert_allclose(probabilities(LOGITS, Sampling(top_k=2)), [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(probabilities(LOGITS, Sampling(top_p=0.6)), [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(probabilities(LOGITS, Sampling(top_p=0.4)), [1, 0, 0, 0])
    np.testing.assert_allclose(probabilities(np.zeros(3), Sampling(top_k=2)), [0.5, 0.5, 0])  # the first of equals


@given(
    st.lists(st.one_of(st.floats(-1e30, 1e30), st.just(-np.inf)), min_size=1, max_size=30),
    st.floats(0, 100),
    st.integers(0, 40),
    st.floats(0.001, 1),
)
def test_any_logits_give_probabilities_or_one_sentence(numbers, temperature, top_k, top_p) -> None:
    logits = np.array(numbers)
    if not np.isfinite(logits).any():
        with pytest.raises(InputError, match="numbers"):
            probabilities(logits, Sampling())
        return
    made = probabilities(logits, Sampling(temperature, top_k, top_p))
    assert made.sum() == pytest.approx(1)
    assert (made >= 0).all() and (made[np.isneginf(logits)] == 0).all()
    assert (made > 0).sum() <= (top_k or len(numbers))
    assert logits[made.argmax()] == pytest.approx(logits.max(), abs=1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_that_are_no_numbers_are_one_sentence(model: Pairs, bad: float) -> None:
    broken = Pairs(text_data()).requires_grad_(False)
    broken.logits[:, 3] = bad
    with pytest.raises(InputError, match="bounds"):
        list(write(broken, Task("The", length=3)))


def test_texts_are_the_same_alone_among_others_and_in_parts(model: Pairs) -> None:
    task = Task("The fox", length=60, count=3, seed=7)
    texts = written(model, task)
    assert written(model, task) == texts
    assert written(model, Task("The fox", length=60, count=1, seed=7)) == texts[:1]
    assert len({*texts, *written(model, Task("The fox", length=60, count=3, seed=8))}) == 6
    part = begin_writing(model, task)
    parts = [part.tokens]
    while not part.over:
        part = write_on(model, part.pen)
        parts.append(part.tokens)
    tokens = np.concatenate(parts, 1)
    assert tokens.shape == (3, 60)
    assert tokenizer_of(model.text).decode(tokens[0]) == texts[0]


def test_chances_are_the_models_own_at_any_temperature(model: Pairs) -> None:
    steps = list(write(model, Task("fox", length=5, sampling=Sampling(0))))
    last = model.text.vocabulary.index("x")
    for step in steps:
        own = torch.softmax(model.logits[last].double(), 0)
        assert step.tokens[0] == own.argmax()
        assert step.chances[0] == pytest.approx(float(own.max()), rel=1e-6)
        last = int(step.tokens[0])


def test_a_text_ends_where_the_next_story_begins() -> None:
    data = text_data("|||A fox ran. A crow flew.\n" * 40, mark="|")
    model = Pairs(data).requires_grad_(False)
    tokens = np.array([step.tokens for step in write(model, Task("", length=400, count=2))]).T
    mark = data.info.vocabulary.index("|")
    for row in tokens:
        text = [token for token in row.tolist() if token != ENDED]
        rest = list(itertools.dropwhile(lambda one: one == mark, text))
        assert rest and mark not in rest and len(text) < 400
    assert max(map(len, written(model, Task("", length=400, stop=False)))) == 400


def test_openings_tell_what_is_unknown_and_are_never_empty() -> None:
    info = text_data().info
    found = opening(info, "fox \N{SNOWMAN}%\N{SNOWMAN}")
    assert found.unknown == ("\N{SNOWMAN}", "%")
    assert tokenizer_of(info).decode(found.tokens) == "fox "
    assert tokenizer_of(info).decode(opening(info, "").tokens) == "\n"
    marked = text_data("|ab" * 99, mark="|").info
    assert tokenizer_of(marked).decode(opening(marked, "").tokens) == "|"


def test_words_bring_their_spaces_and_their_padding_is_never_drawn() -> None:
    data = text_data(unit="words")
    model = Pairs(data).requires_grad_(False)
    model.logits[:, 0] = 50.0
    text = written(model, Task("The", length=12, sampling=Sampling(0)))[0]
    assert text.startswith((" fox", " Lion")) and len(text.split()) >= 8


def test_a_character_of_several_byte_pairs_comes_with_the_last_of_them() -> None:
    tokenizer = tokenizer_of(text_data(unit="byte pairs").info)
    tokens = tokenizer.encode("a\N{SNOWMAN}b")
    pieces = spelled(tokenizer, tokens.tolist())
    assert "".join(pieces) == "a\N{SNOWMAN}b" and "\N{SNOWMAN}" in pieces
    assert spelled(tokenizer, tokens.tolist()[:2])[-1]  # a part of it alone is shown as unknown


@pytest.mark.parametrize(
    ("bad", "part"),
    [
        ({"length": 0}, "length"),
        ({"count": 65}, "samples"),
        ({"seed": -1}, "seed"),
        ({"prompt": "a" * 20_001}, "20,001"),
    ],
)
def test_what_is_out_of_bounds_is_one_sentence(bad: dict, part: str) -> None:
    with pytest.raises(InputError, match=part):
        Task(**bad)


@pytest.mark.parametrize("bad", [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": -1}, {"top_p": 0}])
def test_sampling_out_of_bounds_is_one_sentence(bad: dict) -> None:
    with pytest.raises(InputError, match="must be"):
        Sampling(**bad)


def test_a_sheet_keeps_its_settings(tmp_path) -> None:
    path = tmp_path / "texts.txt"
    write_sheet(path, [" ran.", " sat."], Task("The fox", count=2, sampling=Sampling(0.5, 3)), "0001", 1200)
    assert path.read_text(encoding="utf-8") == (
        "--- 1 ---\nThe fox ran.\n\n--- 2 ---\nThe fox sat.\n\n"
        "[run 0001, step 1,200, length 400, temperature 0.5, top-k 3, seed 1]\n"
    )
    with pytest.raises(InputError, match="no folder"):
        write_sheet(tmp_path / "none" / "texts.txt", [], Task(), "1", 1)
