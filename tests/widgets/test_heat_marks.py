"""What heat maps show beside colours: frames, a marked column, names with gaps; and maps of tokens with hues."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.text_tools.token_map import TokenMap
from gendesk.widgets.theme import current_colors

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def chart(qtbot) -> HeatMap:
    made = HeatMap()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def has(image, color: str) -> bool:
    """Tell whether a picture has a pixel that is nearly of a colour."""
    wanted = QColor(color)
    pixels = np.frombuffer(image.convertToFormat(image.Format.Format_RGB32).constBits(), np.uint8).reshape(-1, 4)
    apart = np.abs(pixels[:, :3].astype(int) - (wanted.blue(), wanted.green(), wanted.red())).max(1)
    return bool((apart <= 8).any())


def test_outlined_cells_have_frames_and_a_column_can_be_marked(chart: HeatMap) -> None:
    names = ["a", "b", "c"]
    chart.set_values(np.zeros((3, 3)), names, names)
    plain = chart.grab().toImage()
    frame = current_colors().curves[1]
    assert not has(plain, frame)
    chart.set_values(np.zeros((3, 3)), names, names, outlined=[(1, 2)])
    framed = chart.grab().toImage()
    assert has(framed.copy(chart.area_of((1, 2)).toAlignedRect()), frame)
    assert not has(framed.copy(chart.area_of((0, 0)).toAlignedRect().adjusted(2, 2, -2, -2)), frame)
    chart.mark_column(1)
    marked = chart.grab().toImage()
    middle = chart.area_of((0, 1)).center().toPoint()
    assert marked.pixelColor(middle) != framed.pixelColor(middle)
    chart.mark_column(None)
    assert chart.grab().toImage() == framed


def test_the_mouse_and_the_cursor_tell_where_they_are(qtbot, chart: HeatMap) -> None:
    chart.set_values(np.eye(3), ["a", "b", "c"], ["x", "y", "z"])
    chart.grab()
    told: list[object] = []
    chart.pointed.connect(told.append)
    qtbot.mouseMove(chart, chart.area_of((1, 2)).center().toPoint())
    qtbot.waitUntil(lambda: told == [(1, 2)])
    qtbot.mouseMove(chart, QPoint(1, 1))
    qtbot.waitUntil(lambda: told == [(1, 2), None])
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.area_of((1, 1)).center().toPoint())
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert told[-1] == (1, 0)


def test_names_with_gaps_stay_level_and_the_first_of_two_that_meet_is_written(chart: HeatMap) -> None:
    names = [""] * 60
    names[0], names[1], names[30] = "bar 1", "bar 2", "bar 3"
    chart.set_values(np.zeros((4, 60)), ["a", "b", "c", "d"], names)
    chart.grab()
    layout = chart._layout
    assert layout is not None and not layout.slanted
    assert [name for name in layout.columns if name] == ["bar 1", "bar 3"]


def test_tokens_can_have_colours_of_their_own(qtbot) -> None:
    made = TokenMap()
    qtbot.addWidget(made)
    made.resize(300, 300)
    places = np.array([[0, 0], [1, 1]], np.float32)
    made.set_tokens(("C", "G"), places, (0.0, 1 / 3))
    red, green = (made._color(index) for index in (0, 1))
    assert red.hslHue() == 0 and green.hslHue() == 120
    assert has(made.grab().toImage(), red.name())
    made.set_tokens(("C", "G"), places)
    assert made._color(0) == QColor(current_colors().curves[1])
