"""gendesk sample for runs on texts: what it prints, what it writes, and what it refuses."""

import json
from pathlib import Path

import pytest

from gendesk import cli
from tests.support.text_models import SENTENCES


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A data folder with one run of a few steps on a small text."""
    folder = tmp_path_factory.mktemp("data")
    text = folder / "small.txt"
    text.write_text("".join(SENTENCES) * 20, encoding="utf-8")
    words = ["train", "char-lstm", "--data", str(text), "--steps", "3", "--set", 'layers=[{"units": 8}]']
    assert cli.run(["--data-dir", str(folder), *words]) == 0
    return folder


@pytest.fixture
def sample(folder, capsys):
    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["--data-dir", str(folder), "sample", "latest", *map(str, words)])
        return code, *capsys.readouterr()

    return run


def test_a_text_is_printed_after_its_prompt_and_is_always_the_same(sample) -> None:
    code, out, err = sample("--prompt", "The fox", "--length", 40, "--temperature", 0.8, "--out", "-")
    assert (code, err) == (0, "") and out.startswith("The fox") and len(out) == 7 + 40 + 1
    assert sample("--prompt", "The fox", "--length", 40, "--temperature", 0.8, "--out", "-")[1] == out
    assert sample("--prompt", "The fox", "--length", 40, "--seed", 2, "--out", "-")[1] != out


def test_texts_are_written_to_a_file_with_their_settings(sample, tmp_path) -> None:
    path = tmp_path / "texts.txt"
    words = ("--count", 2, "--length", 10, "--temperature", 0, "--top-k", 3, "--top-p", 0.9, "--out", path)
    code, out, _ = sample(*words)
    assert code == 0 and out.startswith("2 texts of 0001-char-lstm")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("--- 1 ---\n") and "--- 2 ---\n" in text
    assert text.endswith("step 3, length 10, temperature 0, top-k 3, top-p 0.9, seed 1]\n")
    made = json.loads(sample(*words, "--json")[1])
    assert made["texts"][0] == made["texts"][1] and made["seed"] == 1  # the likeliest is always the same


def test_unknown_symbols_are_told_and_the_rest_is_read(sample) -> None:
    code, out, err = sample("--prompt", "fox \N{SNOWMAN}", "--length", 5, "--out", "-")
    assert code == 0 and "\N{SNOWMAN}" in err and out.startswith("fox \N{SNOWMAN}")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--out", "texts.png"), "texts.txt"),
        (("--length", 0, "--out", "-"), "length"),
        (("--temperature", -1, "--out", "-"), "temperature"),
        (("--top-p", 2, "--out", "-"), "Top-p"),
        (("--count", 0, "--out", "-"), "samples"),
        (("--out", "none/texts.txt"), "no folder"),
    ],
)
def test_what_cannot_be_is_one_sentence(sample, words, part) -> None:
    code, out, err = sample(*words)
    assert (code, out) == (2, "") and part in err and err.count("\n") == 1
