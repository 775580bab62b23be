"""Tokens: what is cut can be put together again, whatever the text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.data.text.byte_pairs import BytePairs, bytes_of
from gendesk.data.text.tokens import MARK, UNKNOWN, Tokenizer, fold, learn

TEXT = "The fox said, \"Sour!\"\n\n  The crow's cheese isn't well-kept | na\u00efve \u5b57 \U0001f98a\r\u2028end.\n" * 8
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
pairs = learn(TEXT, "byte pairs", 300)


@given(anything)
@settings(max_examples=200, deadline=None)
def test_characters_come_back_as_they_were(text: str) -> None:
    tokenizer = learn(text, "characters", 0)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.unknown(text) == ()


@given(anything)
@settings(max_examples=200, deadline=None)
def test_byte_pairs_spell_whatever_they_have_not_seen(text: str) -> None:
    tokens = pairs.encode(text)
    assert tokens.dtype == np.int32
    assert pairs.decode(tokens) == text
    assert b"".join(bytes_of(pairs.vocabulary[token]) for token in tokens) == text.encode()


@given(anything)
@settings(max_examples=200, deadline=None)
def test_words_come_back_as_the_same_tokens(text: str) -> None:
    tokenizer = learn(text, "words", 0)
    tokens = tokenizer.encode(text)
    assert tokenizer.encode(tokenizer.decode(tokens)).tolist() == tokens.tolist()


@given(anything, st.sampled_from(["characters", "words", "byte pairs"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_pieces_are_the_tokens_with_their_places(text: str, unit: str, lower: bool) -> None:
    tokenizer = learn(TEXT, unit, 280, lower=lower)
    pieces = tokenizer.pieces(text)
    assert [piece.token for piece in pieces] == tokenizer.encode(text).tolist()
    assert all(0 <= piece.start <= piece.end <= len(text) for piece in pieces)
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)


@given(anything)
def test_small_letters_are_as_many(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["", "a", "\ud800", "a\udfffb"])
@pytest.mark.parametrize("unit", ["characters", "words", "byte pairs"])
def test_broken_letters_do_no_harm(unit: str, text: str) -> None:
    tokenizer = learn(TEXT, unit, 0)
    assert len(tokenizer.encode(text)) == len(tokenizer.pieces(text))


def _spelt(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.vocabulary[token] for token in tokenizer.encode(text)]


def test_the_rarest_become_the_unknown() -> None:
    tokenizer = learn("a a a b b c d", "words", 4)
    assert tokenizer.vocabulary == ("", "a", "b", UNKNOWN)
    assert _spelt(tokenizer, "b c x") == ["b", UNKNOWN, UNKNOWN]
    assert tokenizer.unknown("b c x c") == ("c", "x")
    assert len(learn("abcdef", "characters", 3).vocabulary) == 3
    assert _spelt(learn("aaabbcd", "characters", 3), "ad\U0001f98a") == ["a", UNKNOWN, UNKNOWN]


def test_characters_without_an_unknown_leave_out_what_is_new() -> None:
    assert learn("abc", "characters", 0).encode("axbyc\U0001f98a").tolist() == [0, 1, 2]


def test_pieces_of_a_text_teach_as_much_as_the_whole() -> None:
    lines = TEXT.splitlines(keepends=True)
    for unit in ("characters", "words", "byte pairs"):
        assert learn(iter(lines), unit, 270).vocabulary == learn(TEXT, unit, 270).vocabulary


def test_what_raises_while_learning_gets_through() -> None:
    def stopped() -> object:
        yield TEXT
        raise KeyError("stop")

    for unit in ("characters", "words", "byte pairs"):
        with pytest.raises(KeyError, match="stop"):
            learn(stopped(), unit, 270)


def test_the_mark_of_stories_is_a_byte_pair_of_its_own() -> None:
    tokenizer = learn("end. ||| The fox | the end |The fox ||| " * 50, "byte pairs", 400)
    assert _spelt(tokenizer, "end. ||| The").count(MARK) == 3
    assert not any(MARK in token and token != MARK for token in tokenizer.vocabulary)


def test_a_learnt_vocabulary_cuts_as_before() -> None:
    again = BytePairs(pairs.vocabulary, pairs.merges)
    assert again.encode(TEXT).tolist() == pairs.encode(TEXT).tolist()
    assert len(pairs.encode(TEXT)) < len(TEXT) / 2
    assert len(pairs.vocabulary) == 300
