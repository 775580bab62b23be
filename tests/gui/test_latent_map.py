"""The page Map on real, small models, driven with the mouse: walk, jump, choose planes, animate, go back."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox

from gendesk.engine.engine import Engine
from gendesk.widgets.latent.picture_picker import PicturePicker
from tests.support.studio_desk import StudioDesk, open_latent_page
from tests.support.training import engine_in, small_pictures

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two short runs on pictures of 12x12 pixels, with two and with five latent dimensions."""
    folder = tmp_path_factory.mktemp("map")
    with engine_in(folder / "data") as engine:
        for size in (2, 5):
            config = engine.config("dense-vae", data=str(small_pictures(folder)), steps=12, latent_size=size)
            assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def opened(qtbot, engine: Engine) -> Iterator[Any]:
    desks: list[StudioDesk] = []

    def open_(reference: str) -> Any:
        return open_latent_page(qtbot, engine, engine.runs.find(reference).id, "map", desks)

    yield open_
    for desk in desks:
        desk.close()


@pytest.fixture
def flat(opened) -> Any:
    """The page of the model with two dimensions."""
    return opened("0001")


@pytest.fixture
def page(opened) -> Any:
    """The page of the model with five dimensions."""
    return opened("0002")


def at(page: Any, place: Any) -> QPoint:
    """Where a place of the plane is painted."""
    return QPointF(*page.pad.plane.projection.to_pixels(np.asarray(place, np.float64)[None])[0]).toPoint()


def codes_on(page: Any) -> np.ndarray:
    return page.plane_bar.plane.places_of(page.workspace.survey.codes)


def lonely_dot(page: Any) -> int:
    """The number of the code whose dot has most room around it, on the part of the plane that is seen."""
    places = page.pad.plane.projection.to_pixels(codes_on(page))
    inside = [page.pad.plane.plot_rect().adjusted(9, 9, -9, -9).contains(QPointF(*place)) for place in places]
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) + np.diag(np.full(len(places), np.inf))
    return int(np.where(inside, distances.min(1), 0).argmax())


def test_a_drag_moves_the_code_within_the_plane_and_is_one_step_of_undo(qtbot, page) -> None:
    workspace, plane = page.workspace, page.plane_bar.plane
    rest = plane.rest(workspace.code)
    middle = at(page, (0, 0))
    qtbot.mousePress(page.pad.plane, LEFT, pos=middle)
    for number in range(1, 6):
        QTest.mouseMove(page.pad.plane, middle + QPoint(6 * number, -4 * number))
    with qtbot.waitSignal(workspace.pictured, timeout=WAIT):
        qtbot.mouseRelease(page.pad.plane, LEFT, pos=middle + QPoint(30, -20))
    np.testing.assert_allclose(plane.rest(workspace.code), rest, atol=1e-5)
    place = plane.places_of(workspace.code[None])[0]
    assert (at(page, place) - middle - QPoint(30, -20)).manhattanLength() <= 2
    workspace.history.undo.trigger()
    np.testing.assert_array_equal(workspace.code, np.zeros(5))
    np.testing.assert_allclose(page.pad.point, (0, 0), atol=1e-6)


def test_two_drags_are_two_steps(qtbot, flat) -> None:
    for place in ((1.0, 0.5), (-1.0, 0.5)):
        qtbot.mousePress(flat.pad.plane, LEFT, pos=at(flat, place))
        QTest.mouseMove(flat.pad.plane, at(flat, place) + QPoint(20, 20))
        qtbot.mouseRelease(flat.pad.plane, LEFT, pos=at(flat, place) + QPoint(20, 20))
    flat.workspace.history.undo.trigger()
    assert flat.workspace.code[0] > 0.5


def test_a_click_on_a_dot_goes_to_the_whole_code_and_the_mouse_shows_its_picture(qtbot, page) -> None:
    number = lonely_dot(page)
    where = at(page, codes_on(page)[number])
    assert page.pad.plane.dot_at(QPointF(where)) == number
    before = page.pad.plane.grab().toImage()
    QTest.mouseMove(page.pad.plane, where)
    assert page.pad.plane.grab().toImage() != before
    qtbot.mouseClick(page.pad.plane, LEFT, pos=where)
    np.testing.assert_array_equal(page.workspace.code, page.workspace.survey.codes[number])
    page.workspace.history.undo.trigger()
    np.testing.assert_array_equal(page.workspace.code, np.zeros(5))


def test_the_manifold_is_drawn_anew_where_the_point_leaves_its_plane(qtbot, page) -> None:
    bare = page.pad.plane.grab().toImage()
    page.pad.choose_manifold("linear")
    qtbot.waitUntil(lambda: page.pad.plane.grab().toImage() != bare, timeout=WAIT)
    page.workspace.move_to(page.plane_bar.plane.moved(page.workspace.code, np.array([[0.5, 0.5]]))[0])
    assert not page._refresh.isActive()  # the same plane still
    with qtbot.waitSignal(page.pad.manifold_requested, timeout=WAIT):
        page.workspace.move_to(page.workspace.survey.codes[3])


def test_two_dimensions_are_never_the_same(qtbot, page) -> None:
    page.plane_bar.findChild(QComboBox).setCurrentIndex(1)
    across, up = page.plane_bar.findChildren(QSpinBox)
    first, second = np.argsort(-page.workspace.survey.deviation)[:2]
    assert page.plane_bar.choice.kind == "dimensions" and (across.value(), up.value()) == (first, second)
    across.setValue(second)
    assert (across.value(), up.value()) == (second, first)
    np.testing.assert_array_equal(page.plane_bar.plane.axes, np.eye(5)[[second, first]])
    page.workspace.history.undo.trigger()
    assert (across.value(), up.value()) == (first, second)
    page.workspace.history.undo.trigger()
    assert page.plane_bar.kind == "principal"


def test_anchors_span_the_plane_and_are_chosen_from_pictures_or_the_point(qtbot, page) -> None:
    bar, survey = page.plane_bar, page.workspace.survey
    bar.findChild(QComboBox).setCurrentIndex(2)
    qtbot.waitUntil(lambda: not bar.anchors[0].icon().isNull(), timeout=WAIT)
    np.testing.assert_allclose(page.workspace.code, survey.codes[:3].mean(0), atol=1e-5)
    assert all(page.pad.plane.plot_rect().contains(QPointF(at(page, place))) for place in bar.marks)
    bar.anchors[1].menu().actions()[0].trigger()
    picker = bar.findChild(PicturePicker)
    picker.list.setCurrentRow(7)
    picker.accept()
    np.testing.assert_array_equal(np.array(bar.choice.anchors[1], np.float32), survey.codes[7])
    bar.anchors[2].menu().actions()[1].trigger()
    np.testing.assert_allclose(
        np.array(bar.choice.anchors[2]), (survey.codes[0] + survey.codes[7] + survey.codes[2]) / 3, atol=1e-5
    )
    qtbot.waitUntil(lambda: bar.findChild(PicturePicker) is None, timeout=WAIT)
    with qtbot.waitSignal(page.workspace.failed) as told:  # the middle of all lies in a line with A and B
        page.workspace.move_to((survey.codes[0] + survey.codes[7]) / 2)
        bar.anchors[2].menu().actions()[1].trigger()
    assert "in a line" in told.args[0]


def test_seed_snap_and_reset(qtbot, page) -> None:
    workspace, walk = page.workspace, page.walk_bar
    walk.seed_box.findChild(QSpinBox).setValue(7)
    qtbot.waitUntil(lambda: bool(workspace.code.any()), timeout=WAIT)
    drawn = workspace.code
    qtbot.mouseClick(walk.snap, LEFT)
    codes = workspace.survey.codes
    np.testing.assert_array_equal(workspace.code, codes[np.linalg.norm(codes - drawn, axis=1).argmin()])
    qtbot.mouseClick(walk.reset, LEFT)
    assert not workspace.code.any()
    walk.seed_box.findChild(QSpinBox).setValue(8)
    qtbot.waitUntil(lambda: bool(workspace.code.any()), timeout=WAIT)
    walk.seed_box.findChild(QSpinBox).setValue(7)
    qtbot.waitUntil(lambda: np.array_equal(workspace.code, drawn), timeout=WAIT)


@pytest.mark.parametrize("path", ["wander", "circle"])
def test_an_animation_goes_by_itself_until_a_click(qtbot, page, path: str) -> None:
    workspace, walk = page.workspace, page.walk_bar
    walk.path.setCurrentIndex(walk.path.findData(path))
    qtbot.mouseClick(walk.animate, LEFT)
    seen: list[np.ndarray] = []
    workspace.moved.connect(lambda: seen.append(workspace.code))
    qtbot.waitUntil(lambda: len(seen) >= 6, timeout=WAIT)
    distances = np.linalg.norm(np.diff(np.array(seen), axis=0), axis=1)
    assert 0 < distances.max() < 1.0
    if path == "circle":
        rest = page.plane_bar.plane.rest
        np.testing.assert_allclose(rest(seen[-1]), rest(seen[0]), atol=1e-5)
    qtbot.mouseClick(page.pad.plane, LEFT, pos=at(page, (0.4, 0.4)))
    assert not walk.animate.isChecked()
    assert not page.walker.is_walking
    for _ in range(2):  # the click, then the whole walk
        workspace.history.undo.trigger()
    assert not workspace.code.any()


def test_the_last_places_are_remembered_and_gone_back_to(qtbot, flat) -> None:
    trail, workspace = flat.trail, flat.workspace
    qtbot.waitUntil(lambda: len(trail.strip.images) == 1, timeout=WAIT)
    for number, place in enumerate(((1.5, 1.0), (-1.5, -1.0)), 2):
        qtbot.mouseClick(flat.pad.plane, LEFT, pos=at(flat, place))
        qtbot.waitUntil(lambda count=number: len(trail.strip.images) == count, timeout=WAIT)
    last = workspace.code
    qtbot.mouseClick(trail.back, LEFT)
    assert workspace.code[0] > 0.5
    qtbot.mouseClick(trail.strip, LEFT, pos=trail.strip.place(0).center())
    assert not workspace.code.any()
    qtbot.keyClick(trail.strip, Qt.Key.Key_Right)
    qtbot.mouseClick(trail.forward, LEFT)
    np.testing.assert_array_equal(workspace.code, last)
    qtbot.waitUntil(lambda: not flat._rest.isActive(), timeout=WAIT)
    assert len(trail.strip.images) == 3  # going back is no new place


def test_p_value_space_is_for_two_dimensions_only(flat, opened) -> None:
    flat.pad.choose_manifold("quantile")
    assert flat.pad.plane.quantile and flat.plane_bar.isHidden()
    other = opened("0002")
    assert other.pad.findChild(QComboBox).findData("quantile") == -1 and not other.plane_bar.isHidden()


def test_the_page_can_always_be_made_narrow_again(qtbot, page) -> None:
    studio = page.window()
    for size in ((1500, 900), (400, 560)):
        studio.resize(*size)
        qtbot.waitUntil(lambda width=size[0]: page.width() == width, timeout=WAIT)
        assert page.minimumSizeHint().width() <= 380


def test_closing_the_run_empties_the_page(page) -> None:
    studio = page.window()
    studio.set_session(None)
    assert not page.pad.plane.ready and not page.walk_bar.isEnabled() and page.plane_bar.isHidden()
