"""What the window of data sets says of each, as rich text in the interface's language."""

from PySide6.QtCore import QCoreApplication

from gendesk.data.catalogue import find_entry
from gendesk.data.dataset import DatasetKind
from gendesk.data.entry import CatalogueEntry
from gendesk.data.shelf import AnyPrepared, PreparedScores, PreparedText
from gendesk.widgets.piano_roll.names import pitch_name
from gendesk.widgets.translation import translated

_MB = 1e6


def tr(text: str) -> str:
    return QCoreApplication.translate("DatasetBrowser", text)


def title_of(chosen: AnyPrepared | CatalogueEntry) -> str:
    """Return how a data set is called."""
    return translated(chosen.title if isinstance(chosen, CatalogueEntry) else chosen.data.info.title)


def size_text(chosen: AnyPrepared) -> str:
    """Return what tells prepared copies of the same data apart: the size of pictures, or how many tokens or pieces."""
    if isinstance(chosen, PreparedText):
        info = chosen.data.info
        return tr("{0:,} {1}").format(info.train_count + info.test_count, translated(info.unit))
    if isinstance(chosen, PreparedScores):
        scores = chosen.data.info
        return tr("{0:,} pieces").format(scores.train_count + scores.test_count)
    return f"{chosen.data.info.width}\N{MULTIPLICATION SIGN}{chosen.data.info.height}"


def facts(chosen: AnyPrepared) -> str:
    """Describe what is on the disk."""
    info = chosen.data.info
    lines = [tr("{0:,} to train on, {1:,} held out").format(info.train_count, info.test_count)]
    if isinstance(chosen, PreparedText):
        text = chosen.data.info
        line = tr("{0}, {1:,} different tokens, {2:.1f} MB")
        lines.append(line.format(translated(text.unit), len(text.vocabulary), chosen.size / _MB))
    elif isinstance(chosen, PreparedScores):
        scores = chosen.data.info
        line = tr("{0:,} notes, {1} to {2}, {3} steps per beat, {4:.1f} MB")
        lowest, highest = pitch_name(scores.lowest), pitch_name(scores.highest)
        lines.append(line.format(scores.notes, lowest, highest, scores.steps_per_beat, chosen.size / _MB))
    else:
        image = chosen.data.info
        line = tr("{0} \N{MULTIPLICATION SIGN} {1}, {2} channels, {3:.1f} MB")
        lines.append(line.format(image.width, image.height, image.channels, chosen.size / _MB))
    lines.append(tr("Fingerprint {0}").format(info.fingerprint[:16]))
    if chosen.data.skipped:
        lines.append(tr("{0:,} files were left out").format(len(chosen.data.skipped)))
    return "<br>".join([*lines, *_origin(entry_of(chosen))])


def offer(entry: CatalogueEntry) -> str:
    """Describe what can be had."""
    lines = [translated(entry.summary)]
    if entry.download_bytes:
        lines.append(tr("{0:.0f} MB to download").format(entry.download_bytes / _MB))
    return "<br>".join([*lines, *_origin(entry)])


def can_be_had(chosen: AnyPrepared | CatalogueEntry | None) -> bool:
    """Tell whether there is something to download or to prepare; races are drawn while they are driven."""
    return isinstance(chosen, CatalogueEntry) and chosen.kind is not DatasetKind.RACES


def empty_text(entry: CatalogueEntry) -> str:
    """Return what stands where the pictures of a set would be that is not on this machine."""
    if can_be_had(entry):
        return tr("Its pictures appear here once it is on this machine.")
    return tr("There is nothing to get ready: each track is drawn when a race on it begins.")


def entry_of(chosen: AnyPrepared) -> CatalogueEntry | None:
    """Return the entry of the catalogue; a folder of the person's own that has its name is not it."""
    entry = find_entry(chosen.data.info.name)
    return entry if entry is not None and entry.title == chosen.data.info.title else None


def _origin(entry: CatalogueEntry | None) -> list[str]:
    if entry is None:
        return []
    lines = [tr("Licence: {0}").format(entry.licence)]
    if entry.source:
        lines.append(tr("Source: {0}").format(entry.source))
    if entry.homepage:
        lines.append(f'<a href="{entry.homepage}">{entry.homepage}</a>')
    return lines
