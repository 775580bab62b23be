"""Cleaning: Gutenberg's frame, spaces, and where stories begin."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.data.options import TextOptions
from gendesk.data.text.cleaning import AESOP, blocks, cleaned, without_gutenberg

HEAD = "The Project Gutenberg eBook\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n"
FOOT = "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nLicence\n"


def clean(*parts: str, sentences: bool = False, **options: object) -> str:
    return "".join(cleaned(parts, TextOptions(**options), sentences=sentences))


def test_gutenberg_s_frame_is_taken_off() -> None:
    assert without_gutenberg(f"{HEAD}\n\nOnce\n\n{FOOT}", 5) == "Once"
    assert (
        without_gutenberg(HEAD.replace("THE PROJ", "THIS PROJ") + "Once" + FOOT.replace("THE PROJ", "THIS PROJ"), 5)
        == "Once"
    )
    assert without_gutenberg("No frame\n*** at all", 5) == "No frame\n*** at all"
    assert without_gutenberg(HEAD + FOOT, 5) == ""


def test_of_the_fables_only_the_fables_stay() -> None:
    before = "INTRODUCTION\n\nTHE FOX AND THE GRAPES\nTHE GOOSE\n\n\n\n"
    book = f"{HEAD}{before}THE FOX AND THE GRAPES\n\n\nA fox\n\n\n\n\nILLUSTRATIONS\n\n\nA list{FOOT}"
    assert without_gutenberg(book, AESOP) == "THE FOX AND THE GRAPES\n\n\nA fox"
    assert "INTRODUCTION" in without_gutenberg(book, 5)


def test_the_fables_are_cleaned_as_in_the_book() -> None:
    text = "THE FOX AND THE GRAPES\n\n\nA fox saw\nthem.  Sour!\n\n\n\n\nTHE GOOSE\n\n\nIt laid."
    options = {"cleaning": "stories", "lower": True, "story_marks": 3, "sentences": True}
    assert clean(text, **options) == "||| the fox and the grapes. a fox saw them. sour! ||| the goose. it laid."


def test_stories_are_told_apart_and_flow() -> None:
    text = "One\nline  here.\n\nMore | bars.\n \n\n\t\n\n\n\nTwo."
    assert clean(text, cleaning="stories") == "| One line here. More bars. | Two."
    assert clean("One.", "\nTwo.", " ", cleaning="stories", story_marks=2) == "|| One. || Two."


def test_spaces_and_empty_lines_become_one() -> None:
    assert clean(" a  b \t c\n\n\n\n d \n e", "f", cleaning="spaces") == "a b c\n\nd\ne\nf"


def test_nothing_is_changed_unless_asked() -> None:
    assert clean("a  B\n\n\n\n\nc ", "d\n", "e") == "a  B\n\n\n\n\nc \nd\ne"
    assert clean("A\u0130\u03a3", lower=True) == "a\u0130\u03c3"
    assert clean() == clean("", "", cleaning="spaces") == clean("  ", cleaning="stories") == ""


@given(st.text("ab \n\t", max_size=300), st.integers(1, 20), st.sampled_from(["none", "spaces", "stories"]))
@settings(deadline=None)
def test_pieces_change_nothing(text: str, size: int, cleaning: str) -> None:
    pieces = list(blocks(text, size))
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= 2 * size for piece in pieces)


@pytest.mark.parametrize(
    "text", [" " * 2_000_000, "\n" * 2_000_000, " \n" * 1_000_000, "a" * 2_000_000, "\t " * 1_000_000]
)
@pytest.mark.parametrize("cleaning", ["spaces", "stories"])
def test_endless_runs_are_cleaned_at_once(text: str, cleaning: str) -> None:
    start = time.process_time()
    clean(f"x{text}y", cleaning=cleaning)
    assert time.process_time() - start < 3
