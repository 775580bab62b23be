"""Loss plots: a training in full, one that has not begun, and two in a narrow place."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gendesk.widgets.plot.loss_plot import LossPlot

TITLES = {"total": "Total", "reconstruction": "Reconstruction", "kl": "KL divergence"}


def build() -> QWidget:
    window = QWidget()
    window.resize(900, 720)
    layout = QVBoxLayout(window)
    layout.addWidget(trained("Loss", "total", "reconstruction", "kl"), 1)
    row = QHBoxLayout()
    for plot in (trained("Loss", "total", "reconstruction"), trained("KL divergence", "kl"), LossPlot("Adversary")):
        plot.setFixedSize(290, 230)
        row.addWidget(plot, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addLayout(row)
    return window


def trained(title: str, *names: str) -> LossPlot:
    """Return a plot with curves, each validated, and one mark of every kind."""
    plot = LossPlot(title, "nats")
    generator = np.random.default_rng(0)
    steps = np.arange(1.0, 24_001)
    levels = {"total": (104, 440), "reconstruction": (82, 458), "kl": (22, -18)}
    for name in names:
        level, start = levels[name]
        curve = level + start * np.exp(-steps / 900)
        plot.add_curve(name, TITLES[name])
        plot.add_curve(f"validation/{name}", f"{TITLES[name]} (held-out)", "validation")
        plot.set_history(name, steps, curve + generator.normal(0, 0.08 * level, steps.shape))
        plot.set_history(f"validation/{name}", steps[999::1000], curve[999::1000] * 1.03)
    plot.mark(6_000, "checkpoint", "Checkpoint at step 6,000")
    plot.mark(11_000, "pause", "Paused at step 11,000")
    plot.mark(11_200, "resume", "Resumed at step 11,000")
    plot.mark(17_000, "warning", "The KL divergence of 3 latent dimensions is close to 0")
    return plot
