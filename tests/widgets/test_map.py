"""The map: exact places, a rectangle that is dragged by mouse and keys, clicks that are no drags."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.widgets.map.geometry import Grip, Projection, dragged
from gendesk.widgets.map.legend import MarkLegend
from gendesk.widgets.map.painting import MarkStyle, plot_rect
from gendesk.widgets.map.view import MapView
from gendesk.widgets.theme import current_colors

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SIZE = (360.0, 180.0)
BOX = np.array([60.0, 40.0, 240.0, 150.0])
STYLES = (MarkStyle("In the sea", "bad", "cross"), MarkStyle("Success", "good", "disc"))


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    widget = MapView(STYLES)
    qtbot.addWidget(widget)
    widget.resize(784, 392)  # two pixels for a degree
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_map(SIZE, np.ones((18, 36), dtype=bool))
    widget.set_box(BOX)
    return widget


def at(view: MapView, x: float, y: float) -> QPoint:
    return QPointF(*view.projection.to_pixels(np.array([[x, y]]))[0]).toPoint()


def move(view: MapView, place: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        view.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def drag(qtbot: QtBot, view: MapView, start: tuple[float, float], end: tuple[float, float]) -> None:
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, *start))
    for share in (0.3, 0.7, 1.0):
        move(view, at(view, *(np.array(start) + share * (np.array(end) - start))))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, *end))


def test_places_and_pixels_match(view: MapView) -> None:
    assert view.projection.plot.width() == 720
    places = np.array([[0.0, 0.0], [360.0, 180.0], [123.0, 45.0]])
    pixels = view.projection.to_pixels(places)
    back = [view.projection.from_pixels(QPointF(*pixel)) for pixel in pixels]
    np.testing.assert_allclose(back, places, atol=1e-9)
    assert pixels[0, 1] > pixels[1, 1]  # the north is at the top


@pytest.mark.parametrize(("width", "height"), [(380, 600), (1500, 300)])
def test_the_map_keeps_its_shape_in_any_room(width: int, height: int) -> None:
    plot = plot_rect(SIZE, width, height)
    assert plot.width() == pytest.approx(2 * plot.height())
    assert plot.left() >= 40 - 1e-9 and plot.right() <= width


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((60, 40), (30, 20), (30, 20, 240, 150)),  # a corner
        ((240, 150), (300, 160), (60, 40, 300, 160)),
        ((240, 95), (200, 10), (60, 40, 200, 150)),  # an edge moves in its own direction only
        ((150, 150), (20, 120), (60, 40, 240, 120)),
        ((150, 95), (170, 85), (80, 30, 260, 140)),  # the body
        ((150, 95), (350, 95), (180, 40, 360, 150)),  # stays on the map
    ],
)
def test_the_rectangle_is_dragged(
    view: MapView, qtbot: QtBot, start: tuple[float, float], end: tuple[float, float], expected: tuple[float, ...]
) -> None:
    told: list[tuple[np.ndarray, str]] = []
    view.box_changed.connect(lambda box, key: told.append((box, key)))
    with qtbot.assertNotEmitted(view.clicked):
        drag(qtbot, view, start, end)
    np.testing.assert_allclose(told[-1][0], expected, atol=0.6)
    np.testing.assert_array_equal(view.box, told[-1][0])
    assert len(told) == 3
    assert len({key for _, key in told}) == 1


def test_two_drags_have_different_keys(view: MapView, qtbot: QtBot) -> None:
    keys: list[str] = []
    view.box_changed.connect(lambda _box, key: keys.append(key))
    drag(qtbot, view, (150, 95), (160, 95))
    drag(qtbot, view, (160, 95), (170, 95))
    assert len(set(keys)) == 2


def test_a_rectangle_never_turns_inside_out() -> None:
    box = dragged(BOX, Grip.NORTH_EAST, np.array([-300.0, -300.0]), SIZE, smallest=2.0)
    np.testing.assert_array_equal(box, [60, 40, 62, 42])
    box = dragged(BOX, Grip.WEST, np.array([300.0, 0.0]), SIZE, smallest=2.0)
    np.testing.assert_array_equal(box, [238, 40, 240, 150])


def test_of_a_thin_rectangle_the_nearer_side_is_held(view: MapView) -> None:
    projection = Projection(SIZE, view.projection.plot)
    thin = np.array([100.0, 40.0, 102.0, 150.0])
    assert projection.grip_at(QPointF(at(view, 99, 90)), thin) is Grip.WEST
    assert projection.grip_at(QPointF(at(view, 103, 90)), thin) is Grip.EAST
    assert projection.grip_at(QPointF(at(view, 120, 90)), thin) is None


@pytest.mark.parametrize("place", [(150.0, 95.0), (10.0, 170.0)])
def test_a_click_tells_its_place_and_moves_nothing(view: MapView, qtbot: QtBot, place: tuple[float, float]) -> None:
    with qtbot.waitSignal(view.clicked) as told, qtbot.assertNotEmitted(view.box_changed):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, *place))
    np.testing.assert_allclose(told.args[0], place, atol=0.6)


def test_the_place_under_the_mouse_is_told(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered) as told:
        move(view, at(view, 300, 20), Qt.MouseButton.NoButton)
    np.testing.assert_allclose(told.args[0], (300, 20), atol=0.6)
    with qtbot.waitSignal(view.hovered) as told:
        move(view, QPoint(2, 2), Qt.MouseButton.NoButton)
    assert told.args[0] is None


def test_keys_move_the_rectangle_its_parts_and_the_guess(view: MapView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Right)
    np.testing.assert_allclose(view.box, BOX + np.array([1, 0, 1, 0]))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_allclose(view.box, BOX + np.array([1, 0.1, 1, 0]))
    with qtbot.waitSignal(view.clicked) as told:
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(told.args[0], (180, 90))
    view.set_guess(told.args[0], 0)
    with qtbot.waitSignal(view.clicked) as told:
        qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(told.args[0], (180, 89))


def test_land_shading_points_and_marks_are_drawn_where_they_lie(view: MapView) -> None:
    view.set_box(None)
    colors = current_colors()

    def color(x: float, y: float) -> QColor:
        return view.grab().toImage().pixelColor(at(view, x, y))

    assert color(45, 45) == QColor(colors.surface)
    view.set_land_shown(True)
    assert color(45, 45) == QColor(colors.border)
    view.set_land_shown(False)
    density = np.zeros((18, 36), np.float32)
    density[0, 0] = 1.0  # the north-west
    view.set_shading(density, smooth=False)
    assert color(5, 175) != QColor(colors.surface)
    assert color(15, 175) == QColor(colors.surface)
    view.set_points(np.array([[200.0, 75.0]]))
    assert color(200, 75) == QColor(colors.text)
    view.set_points_shown(False)
    assert color(200, 75) == QColor(colors.surface)
    view.set_samples(np.array([[200.0, 75.0], [250.0, 75.0]]), np.array([1, 0]))
    assert color(200, 75) == QColor(colors.good)
    assert color(250, 75) == QColor(colors.bad)


def test_without_a_map_nothing_can_be_done(qtbot: QtBot) -> None:
    empty = MapView()
    qtbot.addWidget(empty)
    empty.empty_text = "Nothing yet."
    empty.resize(400, 240)
    empty.show()
    with qtbot.assertNotEmitted(empty.clicked), qtbot.assertNotEmitted(empty.box_changed):
        qtbot.mouseClick(empty, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
        qtbot.keyClick(empty, Qt.Key.Key_Right)
    assert empty.grab().toImage().pixelColor(2, 2) == QColor(current_colors().window)


def test_the_legend_names_its_marks(qtbot: QtBot) -> None:
    legend = MarkLegend(STYLES)
    qtbot.addWidget(legend)
    assert legend.accessibleName() == "Legend: In the sea, Success"
    assert legend.sizeHint().width() > 100
