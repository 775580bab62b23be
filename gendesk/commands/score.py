"""The command that scores the pictures of a trained model against real ones."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from gendesk.commands.options import Json, RunId
from gendesk.errors import InputError
from gendesk.terminal import errors, output, print_json, stop_signals

if TYPE_CHECKING:
    from gendesk.data.dataset import ImageDataset
    from gendesk.engine.engine import Engine
    from gendesk.engine.runs import Run
    from gendesk.engine.scores.extractors import FeatureExtractor
    from gendesk.engine.scores.scores import Scores

_COUNT, _INCEPTION_COUNT = 2000, 5000
_MOST = 50_000
_CACHE = "features"


def score(
    context: typer.Context,
    run_id: RunId,
    count: Annotated[int, typer.Option(help="How many pictures on each side; 0: 2,000, and 5,000 for Inception.")] = 0,
    data: Annotated[str, typer.Option(metavar="NAME|PATH", help="Other pictures than those of the run.")] = "",
    seed: Annotated[int, typer.Option(help="Another seed gives other samples.")] = 1,
    inception: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Weights of Inception: scores by its features, FID proper."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Score the pictures of a trained model against real ones: distances, precision, recall, diversity, sharpness."""
    from gendesk.engine.engine import Engine
    from gendesk.engine.scores.run_scores import new_pictures
    from gendesk.engine.scores.scorer import ImageScorer, reference_pictures
    from gendesk.engine.scores.scores import FEWEST_PICTURES

    if count and not FEWEST_PICTURES <= count <= _MOST:
        raise InputError(f"--count must be from {FEWEST_PICTURES} to {_MOST:,} (given: {count}).")
    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be from 0 to {2**63 - 1:,} (given: {seed}).")
    wanted = count or (_INCEPTION_COUNT if inception else _COUNT)
    with stop_signals() as signals, _progress(signals) as stage:
        engine = Engine(context.obj)
        run = engine.runs.find(run_id)
        # What may be refused comes before what takes minutes.
        given = _inception(inception) if inception else None
        made = new_pictures(engine.load_model(run.id), wanted, seed, stage("Making pictures"))
        images = _images(engine, run, data, signals, made.shape[1:])
        extractor = given or _gendesk(engine, run, data, signals, images)
        real = reference_pictures(images, wanted)
        scorer = ImageScorer(real, extractor, engine.data_dir / _CACHE, stage("Looking at real pictures"))
        scores = scorer.score(made, stage("Looking at generated pictures"))
    if as_json:
        print_json({"run": run.id, "step": run.record.step, "data": images.info.name, "seed": seed, **asdict(scores)})
        return
    _print(run, images, scores)


def _images(engine: "Engine", run: "Run", data: str, signals: list[int], shape: tuple[int, ...]) -> "ImageDataset":
    """Return the real pictures, which must be of the shape (height, width, channels); raises InputError."""
    from gendesk.data.dataset import ImageDataset
    from gendesk.engine.scores.scorer import check_sizes

    config = run.record.config
    images = engine.library.open(data or config.data, config.data_options, None, lambda: bool(signals))
    if not isinstance(images, ImageDataset):
        raise InputError(f"{data or config.data} holds no pictures, so there is nothing to score.")
    check_sizes(shape, images.train.images.shape[1:])
    return images


def _inception(path: Path) -> "FeatureExtractor":
    from gendesk.engine.scores.extractors import InceptionFeatures
    from gendesk.engine.scores.inception import load_inception

    return InceptionFeatures(load_inception(path))


def _gendesk(engine: "Engine", run: "Run", data: str, signals: list[int], images: "ImageDataset") -> "FeatureExtractor":
    from gendesk.engine.scores.extractors import GendeskFeatures

    config = run.record.config
    network = engine.features.get(
        data or config.data, config.data_options, told=errors.print, cancelled=lambda: bool(signals)
    )
    return GendeskFeatures(network, images.info)


@contextlib.contextmanager
def _progress(signals: list[int]) -> Iterator[Callable[[str], Callable[[float], None]]]:
    """Give a function that begins a stage and returns what is told its share; Ctrl-C ends it."""
    with Progress(console=errors, transient=True) as bar:

        def stage(text: str) -> Callable[[float], None]:
            task = bar.add_task(text, total=1.0)

            def report(share: float) -> None:
                if signals:
                    raise typer.Abort
                bar.update(task, completed=share)

            return report

        yield stage


def _print(run: "Run", images: "ImageDataset", scores: "Scores") -> None:
    from gendesk.engine.scores.scores import score_specs, score_text

    output.print(
        f"{scores.count:,} pictures of {run.id} at step {run.record.step:,}, "
        f"against {scores.reference_count:,} of {images.info.name} ({scores.features}):"
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    hints = {"low": "lower is better", "high": "higher is better", "one": "1 as real ones"}
    for spec in score_specs(scores):
        table.add_row(spec.title, score_text(scores, spec.name), hints[spec.best])
    output.print(table)
    if scores.frechet is None:
        output.print("The Fréchet distance needs more pictures than there are features; give a larger --count.")
