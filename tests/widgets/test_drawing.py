"""The drawing pad, and the panel that finds a person's own picture: with real mouse events, files and drops."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QTabWidget
from pytestqt.qtbot import QtBot

from gendesk.studios.own_picture import OwnPicture
from gendesk.widgets.pictures.drawing import DrawingPad

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    widget = DrawingPad()
    qtbot.addWidget(widget)
    widget.resize(420, 320)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def panel(qtbot: QtBot) -> OwnPicture:
    widget = OwnPicture()
    qtbot.addWidget(widget)
    widget.resize(380, 232)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def draw(qtbot: QtBot, pad: DrawingPad, *shares: tuple[float, float]) -> None:
    """Draw one stroke through places in shares of the ground."""
    area = pad.canvas.area()
    places = [(area.topLeft() + QPointF(x * area.width(), y * area.height())).toPoint() for x, y in shares]
    qtbot.mousePress(pad.canvas, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad.canvas, place)
    qtbot.mouseRelease(pad.canvas, LEFT, pos=places[-1])


def centre(picture: np.ndarray) -> tuple[float, float]:
    """Return the centre of mass of light ink, across and down, in pixels from the corner."""
    ink = picture[..., 0].astype(float)
    return tuple((ink.sum(axis) @ (np.arange(ink.shape[1 - axis]) + 0.5)) / ink.sum() for axis in (0, 1))


def button(widget: DrawingPad | OwnPicture, name: str) -> QAbstractButton:
    return next(one for one in widget.findChildren(QAbstractButton) if name in (one.accessibleName(), one.text()))


def test_a_stroke_lies_where_it_was_drawn(qtbot: QtBot, pad: DrawingPad) -> None:
    pad.set_format(28, 28, 1, dark_ground=True)
    pad.set_centred(False)
    draw(qtbot, pad, (0.1, 0.25), (0.5, 0.25))
    picture = pad.picture()
    assert picture.shape == (28, 28, 1) and picture.dtype == np.uint8
    assert picture[7, 3:14].min() > 200
    assert picture[12:].max() == 0 and picture[:, 18:].max() == 0


def test_edges_are_smooth_and_no_detail_is_lost_to_the_size(qtbot: QtBot, pad: DrawingPad) -> None:
    pad.set_format(64, 64, 1, dark_ground=True)
    draw(qtbot, pad, (0.2, 0.2), (0.5, 0.6), (0.8, 0.7))
    picture = pad.picture()
    assert ((picture > 10) & (picture < 245)).sum() > 20
    assert picture.max() == 255


@pytest.mark.parametrize("corner", [(0.1, 0.1), (0.7, 0.6)])
def test_centring_fits_the_ink_as_in_mnist(qtbot: QtBot, pad: DrawingPad, corner: tuple[float, float]) -> None:
    pad.set_format(28, 28, 1, dark_ground=True)
    x, y = corner
    draw(qtbot, pad, (x, y), (x + 0.1, y), (x + 0.1, y + 0.2))
    picture = pad.picture()
    rows, columns = (np.flatnonzero((picture[..., 0] > 100).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
    assert centre(picture) == pytest.approx((14, 14), abs=0.25)


def test_black_ink_on_white_is_the_negative(qtbot: QtBot, pad: DrawingPad) -> None:
    pictures = []
    for dark in (True, False):
        pad.set_format(28, 28, 1, dark_ground=dark)
        assert pad.is_empty
        draw(qtbot, pad, (0.3, 0.3), (0.6, 0.7))
        pictures.append(pad.picture().astype(int))
    assert np.abs(255 - pictures[1] - pictures[0]).max() <= 2


def test_colours_are_drawn_and_the_ground_rubs_out(qtbot: QtBot, pad: DrawingPad) -> None:
    pad.set_format(32, 32, 3, dark_ground=False)
    pad.set_centred(False)
    qtbot.mouseClick(button(pad, "Blue"), LEFT)
    draw(qtbot, pad, (0.1, 0.5), (0.9, 0.5))
    picture = pad.picture()
    assert picture.shape == (32, 32, 3)
    red, _, blue = picture[15, 16].tolist()
    assert blue > 180 and red < 100
    qtbot.mouseClick(button(pad, "White"), LEFT)
    draw(qtbot, pad, (0.1, 0.5), (0.9, 0.5))
    assert pad.picture().min() > 200


def test_clear_and_undo_by_button_and_key(qtbot: QtBot, pad: DrawingPad) -> None:
    draw(qtbot, pad, (0.2, 0.2), (0.8, 0.2))
    first = pad.picture()
    draw(qtbot, pad, (0.2, 0.8), (0.8, 0.8))
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(pad.picture(), first)
    qtbot.waitUntil(button(pad, "Undo").isEnabled)
    qtbot.mouseClick(button(pad, "Undo"), LEFT)
    assert pad.is_empty and pad.picture().max() == 0
    draw(qtbot, pad, (0.2, 0.2), (0.8, 0.2))
    qtbot.waitUntil(button(pad, "Clear").isEnabled)
    qtbot.mouseClick(button(pad, "Clear"), LEFT)
    assert pad.is_empty
    qtbot.waitUntil(lambda: not button(pad, "Clear").isEnabled())


def test_many_moves_are_told_once(qtbot: QtBot, pad: DrawingPad) -> None:
    qtbot.wait(10)
    told = []
    pad.changed.connect(lambda: told.append(1))
    draw(qtbot, pad, *((0.1 + 0.008 * i, 0.5 + 0.3 * np.sin(i / 5)) for i in range(100)))
    assert len(told) < 20
    qtbot.waitUntil(lambda: bool(told))


def test_a_dot_is_round(qtbot: QtBot, pad: DrawingPad) -> None:
    draw(qtbot, pad, (0.3, 0.3))
    ink = pad.picture()[..., 0] > 128
    assert ink.any(axis=0).sum() == ink.any(axis=1).sum() == 20


def test_the_proportions_of_the_model_are_those_of_the_ground(qtbot: QtBot, pad: DrawingPad) -> None:
    pad.set_format(20, 40, 1, dark_ground=True)
    assert pad.canvas.area().width() == pytest.approx(2 * pad.canvas.area().height(), abs=2)
    draw(qtbot, pad, (0.95, 0.95), (0.99, 0.99))
    assert pad.picture().shape == (20, 40, 1)
    pad.set_centred(False)
    assert pad.picture()[15:, 34:].max() > 200


def pictures(count: int = 4, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 100, (count, 28, 28, channels), dtype=np.uint8)


def page(panel: OwnPicture, index: int) -> None:
    panel.findChild(QTabWidget).setCurrentIndex(index)


def test_a_picture_at_hand_is_chosen_with_a_click(qtbot: QtBot, panel: OwnPicture) -> None:
    shown = pictures()
    assert panel.picture() is None
    with qtbot.waitSignal(panel.chosen) as told:
        panel.set_pictures(shown, ["a", "b", "c", "d"])
    np.testing.assert_array_equal(told.args[0], shown[0])
    with qtbot.waitSignal(panel.chosen) as told:
        place = panel.strip.visualItemRect(panel.strip.item(2)).center()
        qtbot.mouseClick(panel.strip.viewport(), LEFT, pos=place)
    np.testing.assert_array_equal(told.args[0], shown[2])
    with qtbot.assertNotEmitted(panel.chosen):
        panel.set_pictures(shown.copy(), ["a", "b", "c", "d"])
    panel.set_pictures(pictures() // 2, ["a", "b", "c", "d"])
    assert panel.strip.currentRow() == 2
    np.testing.assert_array_equal(panel.picture(), shown[2] // 2)


def test_the_panel_is_no_wider_than_a_narrow_studio(panel: OwnPicture) -> None:
    panel.set_format(32, 32, 3)
    panel.set_pictures(np.zeros((40, 32, 32, 3), np.uint8), [f"a rather long caption {n}" for n in range(40)])
    assert panel.minimumSizeHint().width() <= 380
    assert panel.size() == QSize(380, 232)


def test_a_drawing_is_chosen_as_it_grows_and_has_the_ground_of_the_pictures(qtbot: QtBot, panel: OwnPicture) -> None:
    panel.set_pictures(255 - pictures())
    with qtbot.waitSignal(panel.chosen) as told:
        page(panel, 1)
    assert told.args == [None]
    with qtbot.waitSignal(panel.chosen) as told:
        draw(qtbot, panel.pad, (0.2, 0.2), (0.7, 0.7))
    assert told.args[0].shape == (28, 28, 1)
    assert np.median(panel.picture()) == 255


def png(path: Path, height: int = 60, width: int = 90) -> Path:
    """Write a picture that is red at the left, green in the middle and blue at the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for channel, part in enumerate(np.array_split(np.arange(width), 3)):
        pixels[:, part, channel] = 255
    Image.fromarray(pixels).save(path)
    return path


def test_a_file_is_dropped_and_fitted(qtbot: QtBot, panel: OwnPicture, tmp_path: Path) -> None:
    panel.set_format(30, 30, 3)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(png(tmp_path / "flag.png")))])
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, none)
    panel.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(panel.chosen, check_params_cb=lambda picture: picture is not None) as told:
        panel.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, none))
    assert told.args[0].shape == (30, 30, 3)
    assert told.args[0][15, 15].argmax() == 1 and told.args[0][15, 1, 0] > told.args[0][15, 1, 2]
    crop = panel.file.findChild(QComboBox)
    with qtbot.waitSignal(panel.chosen) as told:
        crop.setCurrentIndex(crop.findData("pad"))
    assert (told.args[0][0] == 255).all()
    with qtbot.waitSignal(panel.chosen) as inverted:
        panel.file.findChild(QCheckBox).setChecked(True)
    np.testing.assert_array_equal(inverted.args[0], 255 - told.args[0])
    assert panel.file.name == "flag.png"


def test_bad_files_are_one_sentence_and_change_nothing(qtbot: QtBot, panel: OwnPicture, tmp_path: Path) -> None:
    with qtbot.waitSignal(panel.chosen, check_params_cb=lambda picture: picture is not None):
        panel.open_file(str(png(tmp_path / "good.png")))
    before = panel.picture()
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:150])
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate((64 << 20) + 1)
    for name in ("text.png", "cut.png", "huge.png", "missing.png", "."):
        with qtbot.waitSignal(panel.failed) as told:
            panel.open_file(str(tmp_path / name))
        assert told.args[0].endswith(".") and "\n" not in told.args[0]
    np.testing.assert_array_equal(panel.picture(), before)


def test_another_format_begins_anew(qtbot: QtBot, panel: OwnPicture) -> None:
    panel.set_pictures(pictures())
    with qtbot.waitSignal(panel.chosen) as told:
        panel.set_format(16, 16, 3)
    assert told.args == [None] and panel.strip.count() == 0
    with pytest.raises(ValueError, match="model"):
        panel.set_pictures(pictures())


def test_a_panel_may_go_while_a_file_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    path = png(tmp_path / "large.png", 1500, 1500)
    before = threading.active_count()
    widget = OwnPicture()
    widget.open_file(str(path))
    widget.deleteLater()
    qtbot.waitUntil(lambda: threading.active_count() <= before)
