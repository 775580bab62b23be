"""The Qt binding itself, where a fault of it would end the process after minutes and blame somebody else."""

import sys

import PySide6
import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

REPAINTS = 300


class PaintedLabel(QLabel):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


@pytest.mark.parametrize("kind", [QLabel, PaintedLabel])
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_calls_from_qt_give_back_as_many_references_to_none_as_they_take(qtbot: QtBot, kind: type[QLabel]) -> None:
    label = kind("text")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitExposed(label)
    label.repaint()
    before = sys.getrefcount(None)
    for _ in range(REPAINTS):
        label.repaint()
    change = sys.getrefcount(None) - before
    assert abs(change) <= 50, (
        f"{REPAINTS} repaints changed the references to None by {change}: with PySide6 {PySide6.__version__} on "
        f"Python {sys.version.split()[0]} the process aborts once none are left. PySide6 6.12.0 is known to do that on "
        "Python 3.11 (not on 3.12 and later, where None is not counted); 6.11.3 is good."
    )
