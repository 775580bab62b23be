"""The command that makes something new with a trained model: a sheet of pictures, texts, or pieces of music."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gendesk.commands.options import Json, RunId
from gendesk.data.dataset import DatasetKind
from gendesk.errors import InputError
from gendesk.terminal import errors, output, print_json, stop_signals

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.music.saving import Order
    from gendesk.engine.runs import Run

_PICTURES = 36  # samples where nobody says how many; else 1
_STANDARD_OUTPUT = Path("-")


class _Makes(StrEnum):
    """What a run makes: `MUSIC` goes on from notes, `EXCERPTS` of music come from noise alone."""

    PICTURES = "pictures"
    TEXTS = "texts"
    MUSIC = "music"
    EXCERPTS = "music of a fixed length"


_OPTIONS = {
    "prompt": {_Makes.TEXTS},
    "length": {_Makes.TEXTS, _Makes.MUSIC},
    "temperature": {_Makes.TEXTS, _Makes.MUSIC},
    "top_k": {_Makes.TEXTS},
    "top_p": {_Makes.TEXTS},
    "rhythm_temperature": {_Makes.MUSIC},
    "begin": {_Makes.MUSIC},
}
"""The options that only some runs take; --count, --seed and --out are for all."""


def sample(
    context: typer.Context,
    run_id: RunId,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="A .png; for texts a .txt or -; for music a .mid, .wav or .png.")
    ],
    count: Annotated[int | None, typer.Option(help="How many samples: 36 pictures, 1 text or 1 piece.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other samples.")] = 1,
    prompt: Annotated[str | None, typer.Option(help="Texts: what they begin with.")] = None,
    begin: Annotated[
        Path | None, typer.Option(metavar="FILE.mid", help="Music: the piece that is to be continued.")
    ] = None,
    length: Annotated[int | None, typer.Option(help="How many tokens of text (400) or steps of music (64).")] = None,
    temperature: Annotated[
        float | None,
        typer.Option(help="Texts and music: 0 takes the likeliest, 1 draws as the model says, more is wilder."),
    ] = None,
    rhythm_temperature: Annotated[
        float | None, typer.Option(help="Music: the same for when notes begin and how long they last.")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Texts: draw from so many of the likeliest tokens.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Texts: draw from the likeliest with this share.")] = None,
    as_json: Json = False,
) -> None:
    """Make new samples with a trained model."""
    from gendesk.engine.engine import Engine

    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be from 0 to {2**63 - 1:,} (given: {seed}).")
    engine = Engine(context.obj)
    run = engine.runs.find(run_id)
    words = {
        "prompt": prompt,
        "begin": begin,
        "length": length,
        "temperature": temperature,
        "rhythm_temperature": rhythm_temperature,
        "top_k": top_k,
        "top_p": top_p,
    }
    given = {name: value for name, value in words.items() if value is not None}
    data = run.record.data
    kind = None if data is None else data.kind
    if kind is DatasetKind.TEXT:
        _refuse_others(run, _Makes.TEXTS, given)
        _sample_texts(
            engine, run, out, {**given, "count": 1 if count is None else count, "seed": seed}, as_json=as_json
        )
    elif kind is DatasetKind.SCORES:
        _sample_music(
            engine, run, out, {**given, "count": 1 if count is None else count, "seed": seed}, as_json=as_json
        )
    else:
        _refuse_others(run, _Makes.PICTURES, given)
        _sample_pictures(engine, run, out, _PICTURES if count is None else count, seed, as_json=as_json)


def _refuse_others(run: "Run", makes: _Makes, given: dict[str, Any]) -> None:
    """Raise InputError for an option that is for other runs."""
    for name in given:
        if name in _OPTIONS and makes not in _OPTIONS[name]:
            meant = " and ".join(sorted(_OPTIONS[name], reverse=True))
            raise InputError(f"{run.id} makes {makes}; --{name.replace('_', '-')} is for {meant}.")


def _sample_pictures(engine: "Engine", run: "Run", out: Path, count: int, seed: int, *, as_json: bool) -> None:
    from gendesk.engine.inference import save_samples

    if not 1 <= count <= 10_000:
        raise InputError(f"--count must be from 1 to 10,000 (given: {count}).")
    if out.suffix.lower() != ".png":
        raise InputError(f"Samples of this model are written as PNG; call the file {out.with_suffix('.png').name}.")
    save_samples(engine.load_model(run.id), run, count, seed, out)
    if as_json:
        print_json({**run.summary(), "out": str(out), "count": count, "seed": seed})
        return
    output.print(f"{count} samples of {run.id}: {out}")


def _sample_texts(engine: "Engine", run: "Run", out: Path, given: dict[str, Any], *, as_json: bool) -> None:
    """Write or print texts after their prompt; the numbers of more than one stand between them."""
    from gendesk.engine.text.saving import sheet, write_sheet
    from gendesk.engine.text.writing import Sampling, Task, opening, writer, written

    if out != _STANDARD_OUTPUT and out.suffix.lower() != ".txt":
        raise InputError(f"Samples of this model are texts; call the file {out.with_suffix('.txt').name}, or give -.")
    drawing = {name: given.pop(name) for name in ("temperature", "top_k", "top_p") if name in given}
    task = Task(sampling=Sampling(**drawing), **given)
    model = engine.load_model(run.id)
    unknown = opening(writer(model).text, task.prompt).unknown
    if unknown:
        errors.print(f"gendesk: The model does not know {', '.join(map(repr, unknown[:10]))}.")
    texts = written(model, task)
    if out != _STANDARD_OUTPUT:
        write_sheet(out, texts, task, run.id, run.record.step)
    elif not as_json:
        # As they are: a terminal's colours and line lengths are no part of a text.
        sys.stdout.write(sheet(texts, task.prompt) + "\n")
        return
    if as_json:
        made = {"prompt": task.prompt, "length": task.length, "count": task.count, "seed": task.seed, "texts": texts}
        print_json({**run.summary(), "out": str(out), **made})
        return
    output.print(f"{task.count} {'text' if task.count == 1 else 'texts'} of {run.id}: {out}")


def _sample_music(engine: "Engine", run: "Run", out: Path, given: dict[str, Any], *, as_json: bool) -> None:
    """Write pieces, each to a file of its own, or all on one picture."""
    from gendesk.commands.score_files import SUFFIXES, checked, share_bar, write_scores
    from gendesk.engine.music.saving import goes_on, pieces

    checked(out, SUFFIXES)
    model = engine.load_model(run.id)
    _refuse_others(run, _Makes.MUSIC if goes_on(model) else _Makes.EXCERPTS, given)
    order = _order(given)
    with stop_signals() as signals, share_bar("Composing", signals) as report:
        made = pieces(model, order, run.id, lambda: bool(signals))
        files = write_scores(made, out, report)
    if as_json:
        settings = {name: str(value) if name == "begin" else value for name, value in given.items()}
        described = [{"title": piece.title, "notes": piece.note_count, "seconds": piece.seconds} for piece in made]
        print_json(
            {**run.summary(), "out": str(out), **settings, "files": [str(file) for file in files], "pieces": described}
        )
        return
    words = "1 piece" if len(made) == 1 else f"{len(made)} pieces"
    output.print(f"{words} of {run.id}: {', '.join(map(str, files))}")


def _order(given: dict[str, Any]) -> "Order":
    """Return what is to be composed, with the piece that --begin names."""
    from gendesk.engine.capabilities import Composing
    from gendesk.engine.music.saving import Order
    from gendesk.music.midi_reading import read_midi

    names = {"length": "length", "temperature": "temperature", "rhythm_temperature": "duration_temperature"}
    composing = Composing(**{field: given[name] for name, field in names.items() if name in given})
    begun = read_midi(given["begin"]) if "begin" in given else None
    if begun is not None and not begun.note_count:
        raise InputError(f"{given['begin']} holds no notes.")
    return Order(given["count"], given["seed"], composing, begun)
