"""The command that makes something new with a trained model: a sheet of pictures, or texts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gendesk.commands.options import Json, RunId
from gendesk.data.dataset import DatasetKind
from gendesk.errors import InputError
from gendesk.terminal import errors, output, print_json

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.runs import Run

_PICTURES, _TEXTS = 36, 1  # samples where nobody says how many
_STANDARD_OUTPUT = Path("-")


def sample(
    context: typer.Context,
    run_id: RunId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A PNG to write; for texts a .txt, or - to print them.")],
    count: Annotated[int | None, typer.Option(help="How many samples: 36 pictures or 1 text.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other samples.")] = 1,
    prompt: Annotated[str | None, typer.Option(help="Texts: what they begin with.")] = None,
    length: Annotated[int | None, typer.Option(help="Texts: how many tokens, 400 where nobody says.")] = None,
    temperature: Annotated[
        float | None,
        typer.Option(help="Texts: 0 takes the likeliest token, 1 draws as the model says, more is wilder."),
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
    chosen = engine.runs.find(run_id)
    words = {"prompt": prompt, "length": length, "temperature": temperature, "top_k": top_k, "top_p": top_p}
    given = {name: value for name, value in words.items() if value is not None}
    known = chosen.record.data
    if known is not None and known.kind is DatasetKind.TEXT:
        _sample_texts(
            engine, chosen, out, {**given, "count": _TEXTS if count is None else count, "seed": seed}, as_json=as_json
        )
    elif given:
        raise InputError(f"{chosen.id} makes pictures; --{next(iter(given)).replace('_', '-')} is for texts.")
    else:
        _sample_pictures(engine, chosen, out, _PICTURES if count is None else count, seed, as_json=as_json)


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
