"""The row of stage cards, one in each of the states that look different, in full and folded."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.stage_card import StageCard
from gendesk.widgets.stage_cards import StageCards

CARDS = (
    StageCard("a", "1. Rollouts", "Done", "check", "good", "0001  quick", "4:12", action="Train Again"),
    StageCard("b", "2. V, which sees", "Stale", "reset", "warning", "0002  quick", "12:31", action="Train Again"),
    StageCard("c", "3. Codes", "Running", "play", "accent", "0003  quick", "120 / 200 · 1:02 left", progress=0.6),
    StageCard("d", "4. M, which foresees", "Failed", "error", "bad", "0004  book", "300 / 4,000", action="Resume"),
    StageCard("e", "5. C, which drives", "Not ready", "lock", action="Train", offered=False),
)


def build() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for collapsed in (False, True):
        row = StageCards(page)
        row.set_presets(["quick", "book", "paper"])
        row.set_cards(CARDS, "c")
        row.set_busy(busy=True)
        row.set_collapsed(collapsed=collapsed)
        column.addWidget(row)
    column.addStretch(1)
    return page
