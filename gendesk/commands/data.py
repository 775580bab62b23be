"""The command about data: what there is, what is in it, and what is no longer needed."""

from typing import Annotated, Any

import typer
from rich.table import Table

from gendesk.commands.options import Assignments, Json, folders
from gendesk.commands.score_report import print_scores
from gendesk.commands.text_report import print_text
from gendesk.config import parse_assignments
from gendesk.data.catalogue import catalogue, find_entry
from gendesk.data.check import AttributeCount, DataReport, check
from gendesk.data.dataset import DatasetKind, PointInfo, RaceInfo
from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions, RaceOptions, ScoreOptions, TextOptions
from gendesk.data.scores.scores import looks_like_scores
from gendesk.data.shelf import (
    AnyPrepared,
    PreparedScores,
    PreparedText,
    prepared_scores,
    prepared_sets,
    prepared_texts,
    remove,
)
from gendesk.data.text.texts import looks_like_text
from gendesk.errors import InputError
from gendesk.terminal import errors, output, print_json

_MB = 1e6


def data(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="[NAME|PATH]", help="A data set, or a folder or file.")] = "",
    image_size: Annotated[int, typer.Option(help="Side of the pictures in pixels; 0 is automatic.")] = 0,
    as_text: Annotated[bool, typer.Option("--text", help="Read a folder or file as text, whatever its name.")] = False,
    as_music: Annotated[bool, typer.Option("--music", help="Read a folder or file as music.")] = False,
    assignments: Assignments = [],  # noqa: B006 (typer copies it)
    remove_it: Annotated[bool, typer.Option("--remove", help="Remove what was prepared of it.")] = False,
    as_json: Json = False,
) -> None:
    """Say what is in a data set, or list all; own pictures are checked as before a training."""
    folder = folders(context).datasets
    prepared: list[AnyPrepared] = [*prepared_sets(folder), *prepared_texts(folder), *prepared_scores(folder)]
    if remove_it:
        _remove(reference, prepared, as_json)
    elif reference:
        values = parse_assignments(assignments)
        shown = None if as_json else _show_progress
        library = DataLibrary(folder)
        if as_music or (looks_like_scores(reference) and not as_text):
            scores = check(library, reference, ScoreOptions().with_values(values), shown)
            print_json(scores.as_json()) if as_json else print_scores(scores)
        elif as_text or looks_like_text(reference):
            text = check(library, reference, TextOptions().with_values(values), shown)
            print_json(text.as_json()) if as_json else print_text(text)
        else:
            report = check(library, reference, _options(reference, image_size, values), shown)
            print_json(report.as_json()) if as_json else _print(report)
        if not as_json and (entry := find_entry(reference)) is not None:
            output.print(f"Licence: {entry.licence}")
    else:
        _list(prepared, as_json)


def _options(reference: str, image_size: int, values: dict[str, Any]) -> ImageOptions | RaceOptions:
    """Return the options of what is neither text nor music; raises InputError for one that it does not have."""
    entry = find_entry(reference)
    if entry is not None and entry.kind is DatasetKind.RACES:
        return RaceOptions().with_values({"image_size": image_size, **values} if image_size else values)
    return ImageOptions().with_values({"image_size": image_size, **values})


def _show_progress(fraction: float, sentence: str) -> None:
    if fraction < 1:
        errors.print(f"{sentence} ({fraction:.0%})")


def _list(prepared: list[AnyPrepared], as_json: bool) -> None:
    if as_json:
        known = [
            {"name": one.name, "title": one.title, "licence": one.licence, "download_bytes": one.download_bytes}
            for one in catalogue()
        ]
        here = [
            {**one.data.info.model_dump(mode="json"), "folder": str(one.folder), "bytes": one.size} for one in prepared
        ]
        print_json({"catalogue": known, "prepared": here})
        return
    for entry in catalogue():
        size = f" ({entry.download_bytes / _MB:.0f} MB to download)" if entry.download_bytes else ""
        output.print(f"{entry.name}: {entry.summary}{size}")
    output.print("\nPrepared on this machine" if prepared else "\nNothing is prepared yet; training does it.")
    table = Table(box=None, pad_edge=False)
    for heading in ("data", "items", "size", "MB", "folder"):
        right = heading in ("items", "MB")
        table.add_column(heading, no_wrap=True, justify="right" if right else "left")
    for one in prepared:
        info = one.data.info
        count = f"{info.train_count + info.test_count:,}"
        table.add_row(info.name, count, _shape(one), f"{one.size / _MB:.1f}", str(one.folder))
    if prepared:
        output.print(table)


def _shape(prepared: AnyPrepared) -> str:
    if isinstance(prepared, PreparedText):
        info = prepared.data.info
        return f"{len(info.vocabulary):,} {info.unit}"
    if isinstance(prepared, PreparedScores):
        return f"{prepared.data.info.notes:,} notes"
    pictures = prepared.data.info
    return f"{pictures.width}x{pictures.height}x{pictures.channels}"


def _print(report: DataReport) -> None:
    info = report.info
    if isinstance(info, PointInfo):
        _print_points(info)
        return
    if isinstance(info, RaceInfo):
        _print_races(info)
        return
    output.print(
        f"{info.title}: {report.found:,} pictures, {info.train_count:,} to train on, {info.test_count:,} held out."
    )
    output.print(f"Training sees {info.width} x {info.height}, {'grey' if info.channels == 1 else 'colour'}.")
    sizes = ", ".join(f"{width} x {height} ({count:,})" for width, height, count in report.sizes[:5])
    output.print(f"Sizes at rest, of {report.looked_at:,} looked at: {sizes}.")
    output.print("Kinds: " + ", ".join(f"{name} ({count:,})" for name, count in report.modes) + ".")
    if report.classes:
        output.print("Classes: " + ", ".join(f"{name} ({count:,})" for name, count in report.classes) + ".")
    for attribute in report.attributes:
        output.print(f"Attribute {_attribute(attribute)}.")
    for group in report.skipped:
        output.print(f"Left out: {group.count:,} that {group.reason}, such as {', '.join(group.examples)}.")
    for warning in report.warnings:
        output.print(f"Note: {warning}")
    output.print(f"Fingerprint: {info.fingerprint}")


def _attribute(count: AttributeCount) -> str:
    values = ", ".join(f"{name} ({number:,})" for name, number in count.values)
    unknown = f", unknown ({count.unknown:,})" if count.unknown else ""
    return f"{count.title}: {values or f'{count.low:.4g} to {count.high:.4g}'}{unknown}"


def _remove(reference: str, prepared: list[AnyPrepared], as_json: bool) -> None:
    wanted = [one for one in prepared if reference in (one.data.info.name, one.data.info.title, str(one.folder))]
    if not wanted:
        raise InputError(f"Nothing is prepared of {reference!r}; see what is with: gendesk data.")
    freed = sum(remove(one) for one in wanted)
    if as_json:
        print_json({"removed": [str(one.folder) for one in wanted], "bytes": freed})
    else:
        output.print(f"Removed {len(wanted)} prepared copies of {reference}; {freed / _MB:.1f} MB are free.")


def _print_points(info: PointInfo) -> None:
    count = info.train_count + info.test_count
    output.print(f"{info.title}: {count:,} points, {info.train_count:,} to train on, {info.test_count:,} held out.")
    output.print(f"They lie in a plane of {info.width:g} x {info.height:g}.")
    output.print(f"Fingerprint: {info.fingerprint}")


def _print_races(info: RaceInfo) -> None:
    last = info.train_start + info.train_count - 1
    output.print(
        f"{info.title}: every seed is a track; {info.train_start:,} to {last:,} are to train on, 0 to "
        f"{info.test_count - 1:,} are held out for the exam."
    )
    output.print(
        f"A frame is {info.size} x {info.size}, colour. Nothing is stored: a track is drawn when a race begins."
    )
    output.print(f"Fingerprint: {info.fingerprint}")
