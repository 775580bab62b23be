"""Picking, guessing, looking inside, and finding what was learnt by heart, on small models."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendesk.data.text.tokens import tokenizer_of
from gendesk.engine.run_data import RunData
from gendesk.engine.text.guessing import GIVEN_UP, bits_of_guesses, new_round, same
from gendesk.engine.text.inside import PROPERTIES, MapWish, embedding_map, held_out_text, look_inside, properties_of
from gendesk.engine.text.memorised import Passage, Texts, longest_passage, memorised
from gendesk.engine.text.picking import AutoPick, Look, auto_pick, look_ahead
from gendesk.engine.text.writing import Sampling
from gendesk.errors import InputError
from tests.support.text_models import Pairs, SmallRecurrent, text_data

DATA = text_data()


@pytest.fixture(scope="module")
def model() -> SmallRecurrent:
    return SmallRecurrent(DATA).eval().requires_grad_(False)


@pytest.fixture
def data(tmp_path: Path) -> RunData:
    return RunData(tmp_path, None, lambda _target: None, known_text=DATA)


# What comes next


def test_looking_ahead_tells_the_likeliest_and_the_entropy(model: Pairs) -> None:
    text = tuple(DATA.info.vocabulary.index(one) for one in " T")
    ahead = look_ahead(model, Look(text, temperature=0.5))
    assert ahead.texts[0] == "h" and ahead.chances[0] > 0.9
    assert (np.diff(ahead.chances) <= 0).all()
    own = np.exp(model.logits[text[-1]].double().numpy())
    own /= own.sum()
    assert ahead.entropy == pytest.approx(-(own * np.log2(own)).sum(), rel=1e-5)
    assert ahead.weighted_entropy < ahead.entropy
    assert look_ahead(model, Look(text, temperature=0)).weighted_entropy == 0


def test_added_tokens_tell_how_likely_they_were(model: Pairs) -> None:
    text = tuple(DATA.info.vocabulary.index(one) for one in " T")
    first, second = DATA.info.vocabulary.index("h"), DATA.info.vocabulary.index("9")
    added = look_ahead(model, Look(text, (first, second))).added
    assert [(one.token, one.rank) for one in added[:1]] == [(first, 1)]
    assert added[1].chance < added[0].chance and added[1].rank > 1
    auto = auto_pick(model, AutoPick(text, 5, Sampling(0), 1))
    assert [one.rank for one in auto.added] == [1] * 5
    assert (
        auto_pick(model, AutoPick(text, 5, Sampling(), 4)).added
        == auto_pick(model, AutoPick(text, 5, Sampling(), 4)).added
    )


# Learnt by heart


def test_the_longest_passage_is_found_where_it_stands() -> None:
    corpus = np.arange(5000, dtype=np.int32) * 7919 % 90
    text = np.concatenate([[91, 92], corpus[1234:1300], [93], corpus[10:30]]).astype(np.int32)
    assert longest_passage(text, corpus) == Passage(2, 66, longest_passage(text, corpus).place)
    place = longest_passage(text, corpus).place
    np.testing.assert_array_equal(corpus[place : place + 66], text[2:68])
    assert longest_passage(np.array([91, 92], np.int32), corpus).length == 0
    assert longest_passage(np.zeros(0, np.int32), corpus) == Passage()
    assert longest_passage(corpus[:50], corpus[:20]).length == 20


@given(st.lists(st.integers(0, 2), max_size=30), st.lists(st.integers(0, 2), max_size=60))
def test_passages_are_as_long_as_a_plain_search_finds(text: list[int], corpus: list[int]) -> None:
    longest = 0
    for begin in range(len(text)):
        for end in range(begin + 1, len(text) + 1):
            part = text[begin:end]
            if any(corpus[at : at + len(part)] == part for at in range(len(corpus))):
                longest = max(longest, len(part))
    found = longest_passage(np.array(text, np.int32), np.array(corpus, np.int32))
    assert found.length == longest
    assert text[found.start : found.start + longest] == corpus[found.place : found.place + longest]


def test_passages_across_blocks_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gendesk.engine.text.memorised._BLOCK", 100)
    corpus = np.random.default_rng(0).integers(0, 1000, 950).astype(np.int32)
    assert longest_passage(corpus[90:130], corpus) == Passage(0, 40, 90)


def test_a_run_without_its_text_says_so(model: Pairs, data: RunData, tmp_path: Path) -> None:
    assert memorised(model, data, Texts((DATA.train[100:140],)))[0].length == 40
    with pytest.raises(InputError, match="gone"):
        memorised(model, RunData(tmp_path, None, lambda _target: None, "The data are gone."), Texts(()))


# Guessing


def test_a_round_is_a_held_out_passage_with_the_models_answers(model: Pairs, data: RunData) -> None:
    round_ = new_round(model, data, 5)
    assert round_ == new_round(model, data, 5)
    whole = round_.shown + "".join(round_.pieces)
    assert whole in tokenizer_of(DATA.info).decode(DATA.test)
    before = round_.shown[-1]
    for piece, rank, bits, first in zip(round_.pieces, round_.ranks, round_.bits, round_.firsts, strict=True):
        row = model.logits[DATA.info.vocabulary.index(before)].double().softmax(0)
        assert first == DATA.info.vocabulary[int(row.argmax())]
        assert (rank == 1) == same(first, piece)
        assert bits == pytest.approx(-np.log2(float(row[DATA.info.vocabulary.index(piece)])), rel=1e-4)
        before = piece


def test_bits_of_guesses_are_those_of_their_numbers() -> None:
    assert bits_of_guesses([1] * 20, 20, 27) == 0
    assert bits_of_guesses([1, 2] * 500, 1000, 27) == pytest.approx(1, abs=0.01)
    assert bits_of_guesses([1, 2] * 500, 4000, 27) == pytest.approx(0.25, abs=0.01)  # words of four letters
    assert bits_of_guesses([3, 9, 27], 3, 27) <= np.log2(27)
    assert bits_of_guesses([GIVEN_UP] * 20, 20, 27) == pytest.approx(np.log2(27))
    assert bits_of_guesses([1, GIVEN_UP] * 500, 1000, 16) == pytest.approx(1 + 4 / 2, abs=0.01)
    assert same("T", "t") and same("fox", " fox") and not same("", "x") and same(" ", " ") and not same(" ", "\n")


# Inside


def test_properties_of_a_text() -> None:
    rows = dict(zip(PROPERTIES, properties_of('A "b" (c)\n9'), strict=True))
    assert rows["quotes"].tolist() == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert rows["brackets"].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    assert rows["line ends"].nonzero()[0].tolist() == [9]
    assert rows["digits"].nonzero()[0].tolist() == [10]
    assert rows["upper case"].nonzero()[0].tolist() == [0]


def test_units_tell_what_they_follow(model: SmallRecurrent, data: RunData) -> None:
    text = held_out_text(model, data, 3)
    inside = look_inside(model, text)
    assert "".join(inside.pieces) == text
    values, follows = inside.values["h 1"], inside.follows["h 1"]
    assert values.shape == (len(text), 12) and follows.shape == (len(PROPERTIES), 12)
    spaces = np.array([one in " \n" for one in text], np.float32)
    expected = np.corrcoef(values[:, 4], spaces)[0, 1]
    assert follows[PROPERTIES.index("spaces"), 4] == pytest.approx(expected, abs=1e-4)
    assert inside.attention is not None and inside.attention.shape == (1, 2, len(text), len(text))
    with pytest.raises(InputError, match="inside"):
        look_inside(Pairs(DATA), text)


def test_tokens_lie_where_they_differ_most(model: SmallRecurrent) -> None:
    found = embedding_map(model, MapWish(20))
    assert found.places.shape == (20, 2) and len(found.texts) == 20
    assert found.shares[0] >= found.shares[1] > 0
    assert found.places[:, 0].var() >= found.places[:, 1].var()
    near = embedding_map(model, MapWish(20, "tsne"))
    assert near.texts == found.texts and not np.allclose(near.places, found.places)
