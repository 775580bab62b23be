"""A confusion matrix, correlations with long names, five bar charts, histograms of two series, a table, nothing yet."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.charts.table import ChartTable

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FEATURES = {
    "Accessory": ("none", "round glasses", "sunglasses"),
    "Hair": ("long straight", "long wavy", "short flat", "short curly", "bun", "bald", "hat"),
    "Hair colour": ("black", "brown", "blonde", "red", "silver", "blue"),
    "Clothing": ("crew neck", "hoodie", "overall", "scoop neck shirt"),
    "Clothing colour": ("black", "blue", "grey", "green", "orange", "pink", "red", "white"),
}


def confusion(heat: HeatMap) -> None:
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 40, (10, 10)) + np.diag(rng.integers(500, 900, 10))
    heat.set_values(counts, CLASSES, CLASSES, "True class", "Predicted class")


def correlations(heat: HeatMap) -> None:
    rng = np.random.default_rng(2)
    names = [f"{feature}: {value}" for feature, values in FEATURES.items() for value in values]
    heat.set_values(np.corrcoef(rng.normal(size=(len(names), 12))), names, names)


def outfits(bars: BarCharts) -> None:
    rng = np.random.default_rng(3)
    charts = [
        Bars(feature, rng.dirichlet(np.ones(len(values)) * 2)[None], values) for feature, values in FEATURES.items()
    ]
    bars.set_charts(charts)
    bars.set_highlight(1, 3)


def activations(bars: BarCharts) -> None:
    rng = np.random.default_rng(4)
    charts = []
    for layer, spread in enumerate((0.4, 1.0, 2.5)):
        samples = rng.normal(0.3, spread, 4000), rng.normal(0, 1, 4000)
        counts = [np.histogram(one, 40, (-5, 5))[0] for one in samples]
        charts.append(Bars(f"Layer {layer + 1}", np.array(counts), series=("plain", "normalised"), low=-5, high=5))
    charts.append(Bars("Difference", rng.normal(0, 1, (2, 6)), tuple("abcdef"), ("plain", "normalised")))
    bars.set_charts(charts)


def build() -> QWidget:
    window = QWidget()
    window.resize(1320, 820)
    grid = QGridLayout(window)
    heats = HeatMap(), HeatMap()
    bars = BarCharts(), BarCharts()
    confusion(heats[0])
    correlations(heats[1])
    outfits(bars[0])
    activations(bars[1])
    table = ChartTable()
    table.set_rows(
        ("Picture", "Class", "Probability", "Time"),
        [(f"picture {n}", CLASSES[n % 10], f"{1 / (n + 1):.4f}", f"{n * 1.7:.1f} ms") for n in range(30)],
    )
    for index, widget in enumerate((heats[0], bars[0], table, heats[1], bars[1], HeatMap())):
        grid.addWidget(widget, *divmod(index, 3))
    for column, share in enumerate((4, 5, 3)):
        grid.setColumnStretch(column, share)
    return window
