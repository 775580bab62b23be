"""Loss plots: a training in full, and one that has not begun."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.plot.loss_plot import LossPlot


def build() -> QWidget:
    window = QWidget()
    window.resize(900, 640)
    layout = QVBoxLayout(window)
    layout.addWidget(trained(), 3)
    layout.addWidget(LossPlot("Adversary"), 1)
    return window


def trained() -> LossPlot:
    """Return a plot with three curves, two of them validated, and one mark of every kind."""
    plot = LossPlot("Loss", "nats")
    generator = np.random.default_rng(0)
    steps = np.arange(1.0, 24_001)
    names = {"total": "Total", "reconstruction": "Reconstruction", "kl": "KL divergence"}
    for name, level, start in (("total", 104, 440), ("reconstruction", 82, 458), ("kl", 22, -18)):
        curve = level + start * np.exp(-steps / 900)
        plot.add_curve(name, names[name])
        plot.set_history(name, steps, curve + generator.normal(0, 0.08 * level, steps.shape))
        if name != "kl":
            plot.add_curve(f"validation/{name}", f"{names[name]}, validation", "validation")
            plot.set_history(f"validation/{name}", steps[999::1000], curve[999::1000] * 1.03)
    plot.mark(6_000, "checkpoint", "Checkpoint at step 6,000")
    plot.mark(11_000, "pause", "Paused at step 11,000")
    plot.mark(11_200, "resume", "Resumed at step 11,000")
    plot.mark(17_000, "warning", "The KL divergence of 3 latent dimensions is close to 0")
    return plot
