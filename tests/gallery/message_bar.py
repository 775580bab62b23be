"""Message bars of every kind: a note, a warning that takes two lines, and an error with details."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.message_bar import BarAction, MessageBar

WARNING = (
    "The KL divergence of 14 of 16 latent dimensions is close to 0. Lower the reconstruction factor, or let the KL "
    "term grow over the first epochs."
)
OFFER = BarAction("show", "Show Folder", "Open the folder of the file")
TRACEBACK = "Traceback (most recent call last):\n  ...\nMemoryError: 12 GB asked for"


def build() -> QWidget:
    window = QWidget()
    window.resize(560, 220)
    column = QVBoxLayout(window)
    for text, kind, details in (
        ("The run 0012-vae-quick was exported to pictures.zip.", "info", ""),
        (WARNING, "warning", ""),
        ("The model does not fit into memory: choose a smaller batch.", "error", TRACEBACK),
    ):
        bar = MessageBar()
        column.addWidget(bar)
        bar.show_message(text, kind, details, OFFER if kind == "info" else None)
    column.addStretch(1)
    return window
