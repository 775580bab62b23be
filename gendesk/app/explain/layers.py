"""The layers of an inspected model as a diagram and a table show them: blocks, rows, numbers with units."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from gendesk.widgets.diagram import Block
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.inspection import Inspection, LayerInfo

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def shape_text(shape: Sequence[int]) -> str:
    """Write a shape as books do: height, width and channels for pictures, given channels first."""
    ordered = (*shape[1:], shape[0]) if len(shape) == 3 else tuple(shape)
    return "\N{MULTIPLICATION SIGN}".join(f"{length:,}" for length in ordered) or "?"


def count_text(count: float) -> str:
    """Write a large number with three digits: 7.41 M."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= limit:
            # 10 k to 999 T; thousands have no more than three digits of their own.
            return f"{count / (1e3 if unit == 'k' else limit):.3g}\N{NO-BREAK SPACE}{unit}"
    return f"{count:,.0f}"


def bytes_text(count: float) -> str:
    """Write a number of bytes: 98 KB, 1.2 MB."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= limit:
            return f"{count / limit:.3g}\N{NO-BREAK SPACE}{unit}"
    return f"{count:.0f}\N{NO-BREAK SPACE}B"


def window_text(layer: "LayerInfo") -> str:
    """Write what a layer looks at: its window and stride; empty for a layer without a window."""
    if not layer.kernel:
        return ""
    window = "\N{MULTIPLICATION SIGN}".join(map(str, layer.kernel))
    if all(step == 1 for step in layer.stride):
        return window
    steps = sorted(set(layer.stride))
    text = QCoreApplication.translate("Layers", "{0}, stride {1}")
    return text.format(window, "\N{MULTIPLICATION SIGN}".join(map(str, steps)))


@dataclass(frozen=True)
class _Group:
    """Rows of the table that one bar stands for: twins beside each other, and what follows them without weights."""

    first: "LayerInfo"
    rows: tuple[int, ...]
    twins: int


def _groups(layers: Sequence["LayerInfo"]) -> list[_Group]:
    groups: list[_Group] = []
    for row, layer in enumerate(layers):
        last = groups[-1] if groups else None
        if last and last.first.network == layer.network:
            follows = bool(layer.inputs) and layer.inputs == layer.outputs == last.first.outputs and not layer.kernel
            if follows or _twins(last.first, layer):
                twins = last.twins + (not follows)
                groups[-1] = _Group(last.first, (*last.rows, row), twins)
                continue
        groups.append(_Group(layer, (row,), 1))
    return groups


def _twins(one: "LayerInfo", other: "LayerInfo") -> bool:
    """Tell whether two layers stand side by side, like the mean and the variance of an encoder."""
    siblings = one.name.rpartition(".")[0] == other.name.rpartition(".")[0] != ""
    alike = (one.kind, one.inputs, one.outputs) == (other.kind, other.inputs, other.outputs)
    return siblings and alike and bool(one.inputs) and one.inputs != one.outputs


def blocks_of(inspection: "Inspection") -> tuple[list[Block], list[tuple[int, ...]]]:
    """Return the bars of a diagram, what goes in first, and which rows of the table each stands for."""
    tr = QCoreApplication.translate
    # An item of a text is one number, which has no shape.
    is_text = not inspection.shape
    title = tr("Layers", "Tokens") if is_text else tr("Layers", "Picture")
    text = "" if is_text else shape_text(inspection.shape)
    blocks = [Block(title, tr("Layers", "what goes in"), inspection.shape, text, "", "")]
    rows: list[tuple[int, ...]] = [()]
    for group in _groups(inspection.layers):
        blocks.append(_block(group, inspection))
        rows.append(group.rows)
    return blocks, rows


def _block(group: _Group, inspection: "Inspection") -> Block:
    layer = group.first
    kind, parameters = translated(layer.kind), sum(inspection.layers[row].parameters for row in group.rows)
    several = f"{group.twins}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}{kind}"
    title = kind if group.twins == 1 else several
    shown = " + ".join([shape_text(layer.outputs)] * group.twins)
    followers = [translated(inspection.layers[row].kind) for row in group.rows[group.twins :]]
    note = ", ".join(part for part in (window_text(layer), *followers) if part)
    count = QCoreApplication.translate("Layers", "{0} parameters").format(f"{parameters:,}") if parameters else ""
    tip = QCoreApplication.translate(
        "Layers", "<b>{0}</b>, {1}<br>{2}<br>from {3} to {4}, {5} numbers<br>{6} parameters, {7} of all"
    ).format(
        title,
        network_title(layer.network),
        note or layer.name,
        shape_text(layer.inputs),
        shown,
        f"{prod(layer.outputs) * group.twins:,}" if layer.outputs else "?",
        f"{parameters:,}",
        f"{parameters / max(1, inspection.parameters):.1%}",
    )
    return Block(title, note, tuple(layer.outputs), shown, count, layer.network, tip)


def network_title(network: str) -> str:
    """Return a part of a model as people read it."""
    return translated(network.replace("_", " ").capitalize())


class LayerColumn(IntEnum):
    NETWORK = 0
    LAYER = 1
    WINDOW = 2
    INPUT = 3
    OUTPUT = 4
    PARAMETERS = 5
    SHARE = 6
    WORK = 7
    MEMORY = 8


class LayerTable(QAbstractTableModel):
    """A row for each layer; what has no parameters is shown too, because it takes memory."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, ...]] = []
        self._titles = {
            LayerColumn.NETWORK: (self.tr("Part"), self.tr("Which network of the model the layer belongs to")),
            LayerColumn.LAYER: (self.tr("Layer"), self.tr("What the layer does")),
            LayerColumn.WINDOW: (
                self.tr("Window"),
                self.tr("Side of the window in pixels, and the stride if it is not 1. Larger windows see more."),
            ),
            LayerColumn.INPUT: (self.tr("In"), self.tr("Shape of what comes in: height, width, channels")),
            LayerColumn.OUTPUT: (self.tr("Out"), self.tr("Shape of what goes out: height, width, channels")),
            LayerColumn.PARAMETERS: (
                self.tr("Parameters"),
                self.tr("Numbers that the layer learns, and running statistics. More can learn more, and overfit."),
            ),
            LayerColumn.SHARE: (
                self.tr("Share"),
                self.tr("Part of all parameters. One layer with most of them is often larger than it needs to be."),
            ),
            LayerColumn.WORK: (
                self.tr("Multiply-adds"),
                self.tr("Multiplications with an addition for one picture. Twice as many take about twice as long."),
            ),
            LayerColumn.MEMORY: (
                self.tr("Activations"),
                self.tr("Memory of the output for one picture; training keeps it for every picture of a batch."),
            ),
        }

    def show_layers(self, layers: Sequence["LayerInfo"]) -> None:
        self.beginResetModel()
        self._rows = [_row(layer) for layer in layers]
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(LayerColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if index.column() >= LayerColumn.INPUT else _LEFT)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | None:
        if orientation == Qt.Orientation.Vertical:
            return None
        title, tip = self._titles[LayerColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if section >= LayerColumn.INPUT else _LEFT)
        return {Qt.ItemDataRole.DisplayRole: title, Qt.ItemDataRole.ToolTipRole: tip}.get(Qt.ItemDataRole(role))


def _row(layer: "LayerInfo") -> tuple[str, ...]:
    return (
        network_title(layer.network),
        translated(layer.kind),
        window_text(layer),
        shape_text(layer.inputs),
        shape_text(layer.outputs),
        f"{layer.parameters:,}" if layer.parameters else "",
        f"{layer.share:.1%}" if layer.parameters else "",
        count_text(layer.multiply_adds) if layer.multiply_adds else "",
        bytes_text(layer.activation_bytes) if layer.activation_bytes else "",
    )
