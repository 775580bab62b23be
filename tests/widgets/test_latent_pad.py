"""The latent plane: exact coordinates, dragging, keyboard, manifolds, p-value space."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from gendesk.widgets.latent.geometry import (
    MANIFOLD_SIDE,
    Window,
    fitting_window,
    normal_cdf,
    normal_quantile,
    ticks,
)
from gendesk.widgets.latent.pad import LatentPad
from gendesk.widgets.latent.scatter import Scatter
from gendesk.widgets.theme import current_colors

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NAMES = ("zero", "one", "two")


@pytest.fixture
def pad(qtbot: QtBot) -> LatentPad:
    widget = LatentPad()
    qtbot.addWidget(widget)
    widget.resize(620, 560)
    widget.show()
    qtbot.waitExposed(widget)
    rng = np.random.default_rng(1)
    widget.set_codes(rng.normal(0, 1, (300, 2)).astype(np.float32), rng.integers(0, 3, 300), NAMES)
    return widget


def place(pad: LatentPad, z: tuple[float, float]) -> QPoint:
    """Where a z is drawn."""
    return QPointF(*pad.plane.projection.to_pixels(pad.plane.from_z(np.array([z])))[0]).toPoint()


def pixel(pad: LatentPad) -> float:
    """Length of a pixel in the plane."""
    return pad.plane.window_shown.span / pad.plane.plot_rect().width()


def move(pad: LatentPad, position: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    where = QPointF(position)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        pad.plane.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(pad.plane, event)


@pytest.mark.parametrize("z", [(0.0, 0.0), (1.25, -0.5), (-2.0, 1.9)])
def test_a_click_gives_the_z_at_that_place(pad: LatentPad, qtbot: QtBot, z: tuple[float, float]) -> None:
    with qtbot.waitSignal(pad.point_moved) as told:
        qtbot.mouseClick(pad.plane, Qt.MouseButton.LeftButton, pos=place(pad, z))
    assert told.args[0].dtype == np.float32 and told.args[0].shape == (2,)
    np.testing.assert_allclose(told.args[0], z, atol=pixel(pad))


def test_dragging_tells_every_move_at_once(pad: LatentPad, qtbot: QtBot) -> None:
    seen: list[np.ndarray] = []
    pad.point_moved.connect(seen.append)
    qtbot.mousePress(pad.plane, Qt.MouseButton.LeftButton, pos=place(pad, (0, 0)))
    for x in (0.5, 1.0, 1.5):
        move(pad, place(pad, (x, -1)), Qt.MouseButton.LeftButton)
    assert len(seen) == 4
    np.testing.assert_allclose(seen[-1], (1.5, -1), atol=pixel(pad))


def test_the_mouse_is_followed_only_when_asked(pad: LatentPad, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pad.point_moved):
        move(pad, place(pad, (1, 1)))
    follow = next(one for one in pad.findChildren(QToolButton) if one.text() == "Follow Mouse")
    qtbot.mouseClick(follow, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pad.point_moved):
        move(pad, place(pad, (1, 1)))
    np.testing.assert_allclose(pad.point, (1, 1), atol=pixel(pad))


def test_the_wheel_zooms_at_the_cursor_and_a_double_click_resets(pad: LatentPad, qtbot: QtBot) -> None:
    before = pad.plane.window_shown
    at = place(pad, (1, -0.5))
    event = QWheelEvent(
        QPointF(at),
        pad.plane.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pad.plane, event)
    assert pad.plane.window_shown.span < before.span
    assert (place(pad, (1, -0.5)) - at).manhattanLength() <= 1
    qtbot.mouseDClick(pad.plane, Qt.MouseButton.LeftButton, pos=at)
    assert pad.plane.window_shown == before


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, None])
def test_other_buttons_and_space_drag_the_plane(pad: LatentPad, qtbot: QtBot, button: Qt.MouseButton | None) -> None:
    start = place(pad, (0, 0))
    if button is None:
        qtbot.keyPress(pad.plane, Qt.Key.Key_Space)
    pressed = button or Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(pad.point_moved):
        qtbot.mousePress(pad.plane, pressed, pos=start)
        move(pad, start + QPoint(40, 25), pressed)
        qtbot.mouseRelease(pad.plane, pressed, pos=start + QPoint(40, 25))
    assert (place(pad, (0, 0)) - start - QPoint(40, 25)).manhattanLength() <= 1


def test_the_keyboard_moves_the_point(pad: LatentPad, qtbot: QtBot) -> None:
    span = pad.plane.window_shown.span
    qtbot.keyClick(pad.plane, Qt.Key.Key_Right)
    np.testing.assert_allclose(pad.point, (span / 50, 0), rtol=1e-5)
    qtbot.keyClick(pad.plane, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_allclose(pad.point, (span / 50, span / 500), rtol=1e-5)
    with qtbot.waitSignal(pad.home_wanted):
        qtbot.keyClick(pad.plane, Qt.Key.Key_Home)
    with qtbot.waitSignal(pad.random_wanted):
        qtbot.keyClick(pad.plane, Qt.Key.Key_R)
    qtbot.keyClick(pad.plane, Qt.Key.Key_Escape)
    assert pad.isVisible()


def test_a_linear_manifold_covers_the_visible_plane(pad: LatentPad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.manifold_requested) as told:
        pad.choose_manifold("linear")
    z = told.args[0]
    assert z.shape == (MANIFOLD_SIDE**2, 2) and z.dtype == np.float32
    window = pad.plane.window_shown
    half = window.span / MANIFOLD_SIDE / 2
    np.testing.assert_allclose(z[0], (window.left + half, window.bottom + window.span - half), rtol=1e-4)
    np.testing.assert_allclose(z[-1], (window.left + window.span - half, window.bottom + half), rtol=1e-4)
    assert z[1, 0] > z[0, 0] and z[1, 1] == z[0, 1]


def test_after_zooming_a_linear_manifold_is_asked_for_again(pad: LatentPad, qtbot: QtBot) -> None:
    pad.choose_manifold("linear")
    with qtbot.waitSignal(pad.manifold_requested, timeout=2000) as told:
        qtbot.keyClick(pad.plane, Qt.Key.Key_Plus)
        qtbot.keyClick(pad.plane, Qt.Key.Key_Plus)
    assert np.abs(told.args[0]).max() < 3


def test_p_value_space_draws_points_at_their_share_of_the_prior(pad: LatentPad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.manifold_requested) as told:
        pad.choose_manifold("quantile")
    z = told.args[0]
    np.testing.assert_allclose(normal_cdf(z[0]), (0.01, 0.99), atol=1e-6)
    np.testing.assert_allclose(normal_cdf(z[-1]), (0.99, 0.01), atol=1e-6)
    steps = np.diff(normal_cdf(z)[:MANIFOLD_SIDE, 0])
    np.testing.assert_allclose(steps, steps[0], atol=1e-6)
    plot = pad.plane.plot_rect()
    assert (QPointF(place(pad, (0.0, 0.0))) - plot.center()).manhattanLength() <= 2
    x, _ = pad.plane.projection.to_pixels(np.array([[0.8413447, 0.5]]))[0]
    assert abs(place(pad, (1.0, 0.0)).x() - x) <= 1
    with qtbot.waitSignal(pad.point_moved) as moved:
        qtbot.mouseClick(pad.plane, Qt.MouseButton.LeftButton, pos=place(pad, (1.0, -0.5)))
    np.testing.assert_allclose(moved.args[0], (1.0, -0.5), atol=0.02)


def test_the_manifold_is_drawn_where_its_points_lie(pad: LatentPad) -> None:
    pad.set_codes(np.empty((0, 2), np.float32), np.empty(0, np.int64), ())
    requests: list[np.ndarray] = []
    pad.manifold_requested.connect(requests.append)
    pad.choose_manifold("linear")
    images = np.zeros((MANIFOLD_SIDE**2, 28, 28, 3), np.uint8)
    row, column = 3, 11
    images[row * MANIFOLD_SIDE + column] = (255, 0, 0)
    pad.set_manifold(images, requests[-1])
    x, y = requests[-1][row * MANIFOLD_SIDE + column]
    at = place(pad, (float(x), float(y)))
    assert pad.plane.grab().toImage().pixelColor(at) == QColor(255, 0, 0)


def test_an_outdated_manifold_is_dropped(pad: LatentPad) -> None:
    requests: list[np.ndarray] = []
    pad.manifold_requested.connect(requests.append)
    pad.choose_manifold("linear")
    pad.choose_manifold("quantile")
    before = pad.plane.grab().toImage()
    pad.set_manifold(np.full((MANIFOLD_SIDE**2, 4, 4, 1), 200, np.uint8), requests[0])
    assert pad.plane.grab().toImage() == before
    with pytest.raises(ValueError, match="225 pictures"):
        pad.set_manifold(np.zeros((9, 4, 4, 1), np.uint8))


def test_the_picture_follows_the_point_crisply(pad: LatentPad) -> None:
    pad.set_codes(np.empty((0, 2), np.float32), np.empty(0, np.int64), ())
    checks = ((np.indices((28, 28)).sum(0) % 2) * 255).astype(np.uint8)[..., None]
    pad.plane.move_point(np.array([-1.0, 1.0]))
    pad.show_picture(checks, pad.point)
    corner = place(pad, (-1, 1)) + QPoint(24, 24)
    image = pad.plane.grab().toImage()
    shades = {image.pixelColor(corner + QPoint(x, y)).getRgb()[:3] for x in range(40) for y in range(40)}
    assert shades == {(0, 0, 0), (255, 255, 255)}


@pytest.mark.parametrize(
    ("size", "where"),
    [
        ((300, 520), "below"),
        ((300, 720), "below"),
        ((760, 480), "beside"),
        ((440, 340), "beside"),
        ((300, 340), "nowhere"),
    ],
)
def test_the_large_picture_goes_where_the_room_is(
    pad: LatentPad, qtbot: QtBot, size: tuple[int, int], where: str
) -> None:
    pad.show_picture(np.zeros((28, 28, 1), np.uint8), pad.point)
    pad.resize(*size)
    QApplication.processEvents()
    assert (pad.width(), pad.height()) == size
    plane, preview, legend, plot = pad.plane.geometry(), pad.preview.geometry(), pad.legend, pad.plane.plot_rect()
    assert pad.preview.isVisible() == (where != "nowhere")
    assert legend.height() >= legend.heightForWidth(legend.width())
    assert plane.width() - plot.width() <= 50 or where != "below"
    if where == "below":
        assert preview.top() > plane.bottom() and min(preview.width(), preview.height()) >= 140
        assert plane.height() == pad.plane.square_height(plane.width())
    elif where == "beside":
        assert preview.left() > plane.right() and preview.width() >= 160


def test_the_pad_can_always_be_made_narrow_again(pad: LatentPad, qtbot: QtBot) -> None:
    for size in ((1200, 600), (300, 900)):
        pad.resize(*size)
        QApplication.processEvents()
        assert pad.minimumSizeHint().width() <= 300 and pad.minimumSizeHint().height() <= 340


def test_a_class_can_be_hidden_by_mouse_and_key(pad: LatentPad, qtbot: QtBot) -> None:
    z = np.array([[0.6, 0.6]], np.float32)
    pad.set_codes(z, np.array([1]), NAMES)
    at, color = place(pad, (0.6, 0.6)), QColor(current_colors().categories[1])
    assert pad.plane.grab().toImage().pixelColor(at) == color
    qtbot.mouseClick(pad.legend, Qt.MouseButton.LeftButton, pos=pad.legend.chips(pad.legend.width())[1].center())
    assert pad.plane.grab().toImage().pixelColor(at) != color
    qtbot.keyClick(pad.legend, Qt.Key.Key_Right)
    qtbot.keyClick(pad.legend, Qt.Key.Key_Space)
    assert pad.plane.grab().toImage().pixelColor(at) == color


def test_nothing_can_be_done_before_there_is_a_model(qtbot: QtBot) -> None:
    pad = LatentPad()
    qtbot.addWidget(pad)
    pad.resize(400, 400)
    pad.show()
    assert not pad.findChild(QComboBox).isEnabled()
    with qtbot.assertNotEmitted(pad.point_moved):
        qtbot.mouseClick(pad.plane, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        qtbot.keyClick(pad.plane, Qt.Key.Key_Left)
        qtbot.keyClick(pad.plane, Qt.Key.Key_R)


def test_a_scatter_without_a_prior_fits_its_points_and_draws_the_marked_ones_large(qtbot: QtBot) -> None:
    scatter = Scatter()
    qtbot.addWidget(scatter)
    scatter.resize(400, 400)
    scatter.show()
    points = np.array([[-0.2, 0.1], [0.3, -0.1], [0, 0]], np.float32)
    scatter.set_points(points, np.array([0, 1, 2]), NAMES, prior=False, marked=(2,))
    assert 0.5 < scatter.plane.window_shown.span < 0.6
    middle = scatter.plane.projection.to_pixels(np.zeros((1, 2)))[0]
    picture = scatter.plane.grab().toImage()
    ratio = picture.devicePixelRatio()
    beside = picture.pixelColor(round((middle[0] + 3) * ratio), round(middle[1] * ratio))
    assert beside == QColor(current_colors().categories[2])
    scatter.set_points(points, np.array([0, 1, 2]), NAMES)
    assert scatter.plane.window_shown.span > 4


def test_a_scatter_has_no_point_and_pans_by_keys(qtbot: QtBot) -> None:
    scatter = Scatter()
    qtbot.addWidget(scatter)
    scatter.show()
    scatter.set_points(np.zeros((4, 2), np.float32), np.array([0, 1, 2, -1]), NAMES)
    before = scatter.plane.window_shown
    qtbot.mouseClick(scatter.plane, Qt.MouseButton.LeftButton, pos=scatter.plane.rect().center())
    assert scatter.plane.window_shown == before
    qtbot.keyClick(scatter.plane, Qt.Key.Key_Right)
    assert scatter.plane.window_shown.left > before.left
    qtbot.keyClick(scatter.plane, Qt.Key.Key_0)
    assert scatter.plane.window_shown == before


def test_clearing_brings_the_empty_state_back(pad: LatentPad, qtbot: QtBot) -> None:
    pad.show_picture(np.zeros((4, 4, 1), np.uint8), pad.point)
    pad.choose_manifold("linear")
    pad.clear()
    assert not pad.findChild(QComboBox).isEnabled() and not pad.legend.isVisible()
    with qtbot.waitSignal(pad.manifold_requested):  # the choice stays for the next model
        pad.set_codes(np.zeros((1, 2), np.float32), np.array([0]), NAMES)


def test_the_window_follows_drifting_codes_but_not_against_the_person(pad: LatentPad, qtbot: QtBot) -> None:
    rng = np.random.default_rng(2)
    codes, labels = rng.normal(0, 1, (500, 2)).astype(np.float32), np.full(500, -1)
    pad.set_codes(codes, labels, NAMES)
    calm = pad.plane.window_shown
    pad.set_codes(codes * 1.02, labels, NAMES)
    assert pad.plane.window_shown == calm
    pad.set_codes(codes * 10, labels, NAMES)
    assert pad.plane.window_shown.span > 3 * calm.span
    qtbot.keyClick(pad.plane, Qt.Key.Key_Plus)
    chosen = pad.plane.window_shown
    pad.set_codes(codes, labels, NAMES)
    assert pad.plane.window_shown == chosen


def test_wrong_codes_are_refused(pad: LatentPad) -> None:
    with pytest.raises(ValueError, match=r"\(n, 2\)"):
        pad.set_codes(np.zeros((4, 3), np.float32), np.zeros(4, np.int64), NAMES)


def test_normal_distribution_and_its_inverse() -> None:
    z = np.array([-2.0, 0.0, 1.0, 1.959964])
    np.testing.assert_allclose(normal_cdf(z), [0.0227501, 0.5, 0.8413447, 0.975], atol=1e-7)
    np.testing.assert_allclose(normal_quantile(normal_cdf(z)), z, atol=1e-9)
    assert np.isfinite(normal_quantile(np.array([0.0, 1.0]))).all()


def test_windows_and_ticks() -> None:
    window = Window(-3, -3, 6)
    zoomed = window.zoomed(0.5, np.array([1.0, 2.0]))
    assert (zoomed.left, zoomed.bottom, zoomed.span) == (-1, -0.5, 3)
    np.testing.assert_allclose(ticks(-3, 6), np.arange(-3, 4))
    for start, span in ((0.013, 0.0017), (-40.0, 93.0), (0.0, 1.06)):
        assert 4 <= len(ticks(start, span)) <= 11
    spread = fitting_window(np.random.default_rng(0).uniform(-30, 10, (1000, 2)))
    assert spread.left < -29 and spread.left + spread.span > 9
