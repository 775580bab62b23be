"""The text of a recipe's page: what its author wrote, and a comparison of its presets, as Markdown."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from gendesk.config import ConfigModel, FieldKind, FieldSpec
from gendesk.data.dataset import DatasetKind
from gendesk.engine.families import RecipeEntry
from gendesk.errors import GendeskError
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.inspection import Inspection

_LONGEST = 200_000  # characters; the page of a plugin is a text that a person reads
_NUMBERS = re.compile(r"^## Numbers[ \t]*$", re.MULTILINE)
_NEXT_SECTION = re.compile(r"^## ", re.MULTILINE)


def page_markdown(entry: RecipeEntry) -> str:
    """Return the page of a recipe; without a file of its own it is made from the manifest.

    It is slow, because the recipe is imported and its presets are built: call it on a worker thread.
    """
    try:
        text = entry.page.read_text(encoding="utf-8")[:_LONGEST]
    except (OSError, UnicodeDecodeError):
        text = _plain_page(entry)
    try:
        table = _presets_table(entry)
    except GendeskError as error:  # the recipe cannot be loaded; what is written of it can be read all the same
        table = str(error)
    head = f"# {translated(entry.title)}\n\n*{translated(entry.summary)}*\n\n"
    return head + _behind_numbers(text, table)


def _plain_page(entry: RecipeEntry) -> str:
    text = QCoreApplication.translate(
        "RecipePage",
        "## Idea\n\n{0}\n\nIts plugin brings no page that says more.\n\n## Numbers\n\n## Source\n\nThe plugin {1}.\n",
    )
    return text.format(translated(entry.summary), entry.family)


def _behind_numbers(text: str, table: str) -> str:
    """Put the table at the end of the section Numbers, or at the end of a page without one."""
    numbers = _NUMBERS.search(text)
    follower = _NEXT_SECTION.search(text, numbers.end()) if numbers else None
    place = follower.start() if follower else len(text)
    return f"{text[:place].rstrip()}\n\n{table}\n\n{text[place:]}"


def _presets_table(entry: RecipeEntry) -> str:
    from gendesk.config import checked, field_specs
    from gendesk.data.options import options_for
    from gendesk.engine.inspection import assumed_info, inspect
    from gendesk.engine.run_config import RunSettings

    model, options_model = entry.load().Config, options_for(entry.data)
    specs = (*field_specs(model), *field_specs(RunSettings), *field_specs(options_model))
    columns: list[dict[str, Any]] = []
    sizes: list[Inspection] = []
    for preset in entry.presets.values():
        own = checked(model, _known(preset, model))
        run = checked(RunSettings, _known(preset, RunSettings))
        options = checked(options_model, _known(preset, options_model))
        parts = (part.model_dump(mode="json") for part in (own, run, options))
        columns.append({name: value for part in parts for name, value in part.items()})
        sizes.append(inspect(entry, own, assumed_info(entry.default_data, options)))
    return _table(entry, specs, columns, sizes)


def _known(preset: Mapping[str, Any], model: type[ConfigModel]) -> dict[str, Any]:
    return {name: value for name, value in preset.items() if name in model.model_fields}


def _table(
    entry: RecipeEntry,
    specs: Sequence[FieldSpec],
    columns: Sequence[Mapping[str, Any]],
    sizes: Sequence["Inspection"],
) -> str:
    """Return a table with a row for each setting that differs between presets, and the sizes of their models."""
    tr = QCoreApplication.translate
    rows = [
        (_row_title(spec), *(value_text(spec, column[spec.name]) for column in columns))
        for spec in specs
        if any(column[spec.name] != columns[0][spec.name] for column in columns)
    ]
    rows.append((tr("RecipePage", "Parameters"), *(f"{size.parameters:,}" for size in sizes)))
    if entry.data is DatasetKind.SCORES:
        work = tr("RecipePage", "Multiply-adds")
    elif entry.data is DatasetKind.RACES:
        work = tr("RecipePage", "Multiply-adds per frame")
    elif sizes[0].shape:
        work = tr("RecipePage", "Multiply-adds per picture")
    else:
        work = tr("RecipePage", "Multiply-adds per token")
    rows.append((work, *(f"{size.multiply_adds:,}" for size in sizes)))
    heads = (tr("RecipePage", "Preset"), *entry.presets)
    lines = [heads, ("---", *["---:"] * len(columns)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row_title(spec: FieldSpec) -> str:
    """Return the name of a setting; for a table with what its cells say, "Encoder: filters (kernel, stride)"."""
    if not spec.columns:
        return translated(spec.title)
    first, *others = (translated(column.title).lower() for column in spec.columns)
    return f"{translated(spec.title)}: {first} ({', '.join(others)})" if others else translated(spec.title)


def value_text(spec: FieldSpec, value: Any) -> str:
    """Write a setting for a cell: numbers with separators, tables as the list of their rows."""
    if spec.kind is FieldKind.TABLE:
        return ", ".join(_row_text(spec, row) for row in value)
    if isinstance(value, bool):
        tr = QCoreApplication.translate
        return tr("RecipePage", "on") if value else tr("RecipePage", "off")
    text = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return f"{text} {spec.unit}".rstrip()


def _row_text(spec: FieldSpec, row: Mapping[str, Any]) -> str:
    """Write a row of layers as "32 (3, 2)": its columns in order."""
    first, *others = (row[column.name] for column in spec.columns)
    return f"{first} ({', '.join(str(value) for value in others)})" if others else str(first)
