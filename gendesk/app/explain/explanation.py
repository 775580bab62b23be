"""The words behind the small "i": what a plot or a preview shows, in the interface's language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gendesk.widgets.explanation import Paragraph
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.recipe import MetricSpec


def explain_metrics(specs: Sequence["MetricSpec"]) -> list[Paragraph]:
    """Return a paragraph for each metric of a plot, and one on how any plot is read."""
    reading = QCoreApplication.translate(
        "Explanation",
        "Each value belongs to one training step; the strong line is an average of the faint one. The line with "
        "dots is measured on held-out data, which the model never learns from.",
    )
    return [*((translated(spec.title), translated(spec.description)) for spec in specs), ("", reading)]


def explain_preview(description: str) -> list[Paragraph]:
    """Return what a preview shows, and how its timeline is used; nothing if the recipe says nothing."""
    if not description:
        return []
    again = QCoreApplication.translate(
        "Explanation",
        "A run uses the same seeds and the same held-out data at every step, so what changes is what the model has "
        "learnt.",
    )
    return [("", translated(description)), ("", again)]
