"""The mosaic of pictures: crisp pixels, layout, keyboard and mouse, files."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from gendesk.errors import InputError
from gendesk.gif import write_gif
from gendesk.widgets.pictures.dialog import PictureDialog
from gendesk.widgets.pictures.files import write_png
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.mosaic import MosaicLayout, arrange, compose, near_square
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.pictures.view import PictureView

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def pictures(count: int, height: int = 8, width: int = 8, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def pixels(image: QImage) -> np.ndarray:
    """Return uint8 (height, width, 3) of a QImage."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


@pytest.fixture
def grid(qtbot: QtBot) -> ImageGrid:
    widget = ImageGrid()
    qtbot.addWidget(widget)
    widget.resize(420, 360)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def center(grid: ImageGrid, index: int) -> QPoint:
    return (QPointF(grid.view.tile_rect(index).center()) / grid.devicePixelRatioF()).toPoint()


@pytest.mark.parametrize("channels", [1, 3])
def test_every_pixel_becomes_an_exact_block(grid: ImageGrid, channels: int) -> None:
    images = pictures(12, channels=channels)
    grid.set_images(images, columns=4)
    zoom = grid.view.scale
    assert zoom == int(zoom) > 1
    seen = pixels(grid.view.viewport().grab().toImage())
    for index in (0, 5, 11):
        tile = grid.view.tile_rect(index)
        shown = seen[tile.top() : tile.bottom() + 1, tile.left() : tile.right() + 1]
        expected = np.broadcast_to(images[index], (8, 8, 3)).repeat(int(zoom), 0).repeat(int(zoom), 1)
        np.testing.assert_array_equal(shown, expected)


def test_zoom_is_the_largest_that_fits() -> None:
    layout, scale = arrange(10, (28, 28), 5, (600, 400), gap=2)
    width, height = layout.size
    assert width * scale <= 600 and height * scale <= 400
    larger = MosaicLayout(10, 5, 28, 28, 1).size
    assert larger[0] * (scale + 1) > 600 or larger[1] * (scale + 1) > 400


def test_without_columns_the_mosaic_takes_the_shape_of_the_window() -> None:
    wide, _ = arrange(36, (28, 28), None, (1200, 300), gap=2)
    tall, _ = arrange(36, (28, 28), None, (300, 1200), gap=2)
    square, _ = arrange(36, (28, 28), None, (600, 600), gap=2)
    assert wide.columns > square.columns == 6 > tall.columns


@pytest.mark.parametrize("count", [1, 2, 3, 17, 1000])
def test_any_number_of_pictures_fits_any_window(count: int) -> None:
    for area in ((1, 1), (30, 900), (640, 480)):
        layout, scale = arrange(count, (64, 48), None, area, gap=4, band=30, head=20)
        assert layout.rows * layout.columns >= count
        assert scale > 0


def test_large_pictures_are_shrunk_and_a_chosen_zoom_scrolls(grid: ImageGrid) -> None:
    grid.set_images(pictures(2, 700, 900), columns=2)
    assert grid.view.scale < 1
    assert grid.view.horizontalScrollBar().maximum() == 0
    grid.view.set_zoom(1)
    assert grid.view.scale == 1
    assert grid.view.horizontalScrollBar().maximum() > 0


def test_keys_zoom_in_out_and_fit(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_images(pictures(4))
    fitting = grid.view.scale
    qtbot.keyClick(grid.view, Qt.Key.Key_Minus)
    assert grid.view.scale < fitting
    qtbot.keyClick(grid.view, Qt.Key.Key_Plus)
    qtbot.keyClick(grid.view, Qt.Key.Key_Plus)
    assert grid.view.scale > grid.view.zoom / 2 > 0
    qtbot.keyClick(grid.view, Qt.Key.Key_0)
    assert grid.view.zoom is None and grid.view.scale == fitting


def test_captions_and_titles_never_lie_on_pictures(grid: ImageGrid) -> None:
    images = np.zeros((6, 28, 28, 1), np.uint8)
    grid.resize(420, 400)
    captions = [f"a caption that is too long for its picture {number}" for number in range(6)]
    grid.set_images(images, 3, captions, ("Original", "Reconstruction"))
    assert grid.view.layout_shown.band > 0
    seen = pixels(grid.view.viewport().grab().toImage())
    for index in range(6):
        tile = grid.view.tile_rect(index)
        assert not seen[tile.top() + 3 : tile.bottom() - 2, tile.left() + 3 : tile.right() - 2].any()
    below = grid.view.tile_rect(0).bottom() + 3
    band = seen[
        below : grid.view.tile_rect(3).top() - 3, grid.view.tile_rect(0).left() : grid.view.tile_rect(2).right()
    ]
    assert band.std() > 0


def test_a_click_opens_the_picture_and_arrows_leaf(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_images(pictures(6), columns=3, captions=[f"number {n}" for n in range(6)])
    qtbot.mouseClick(grid.view.viewport(), Qt.MouseButton.LeftButton, pos=center(grid, 4))
    dialog = grid.findChild(PictureDialog)
    assert dialog is not None and dialog.isVisible() and not dialog.isModal()
    assert dialog.index == 4
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.index == 5
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.index == 5
    qtbot.keyClick(dialog, Qt.Key.Key_Home)
    assert dialog.index == 0
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_keyboard_alone_opens_a_picture(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_images(pictures(6), columns=3)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(grid.view, key)
    dialog = grid.findChild(PictureDialog)
    assert dialog is not None and dialog.index == 4


def test_an_open_large_view_follows_the_training(grid: ImageGrid) -> None:
    grid.set_images(pictures(3))
    grid.open_picture(1)
    newer = pictures(3)[::-1].copy()
    grid.set_images(newer)
    dialog = grid.findChild(PictureDialog)
    assert dialog is not None
    dialog.copy()
    np.testing.assert_array_equal(pixels(QGuiApplication.clipboard().image()), newer[1])


def test_a_saved_mosaic_is_exact_and_says_where_it_comes_from(grid: ImageGrid, tmp_path: Path) -> None:
    images = pictures(5, 6, 4)
    grid.set_images(images, columns=3)
    path = tmp_path / "mosaic.png"
    grid.save_png(path, scale=2, metadata={"run": "vae-1", "note": "Größe ∞"})
    with Image.open(path) as file:
        assert file.text == {"run": "vae-1", "note": "Größe ∞"}
        saved = np.asarray(file)
    mosaic = grid.mosaic()
    np.testing.assert_array_equal(saved[::2, ::2], mosaic)
    layout = MosaicLayout(5, 3, 4, 6)
    for index in range(5):
        x, y = layout.origin(index)
        np.testing.assert_array_equal(mosaic[y : y + 6, x : x + 4], images[index])
    assert [entry.name for entry in tmp_path.iterdir()] == ["mosaic.png"]


def test_what_cannot_be_saved_is_said_in_one_sentence(grid: ImageGrid, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pictures"):
        grid.save_png(tmp_path / "nothing.png")
    grid.set_images(pictures(1))
    with pytest.raises(InputError, match="Cannot write"):
        grid.save_png(tmp_path / "missing" / "mosaic.png")


@pytest.mark.parametrize(
    "images", [np.zeros((2, 8, 8)), np.zeros((2, 8, 8, 2), np.uint8), np.zeros((8, 8, 3), np.uint8)]
)
def test_wrong_arrays_are_refused(grid: ImageGrid, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Pictures are uint8"):
        grid.set_images(images)


def test_the_empty_state_says_what_will_appear(grid: ImageGrid) -> None:
    before = pixels(grid.view.viewport().grab().toImage())
    assert before.std() > 0
    grid.set_empty_text("")
    assert pixels(grid.view.viewport().grab().toImage()).std() == 0


def test_tiles_are_found_where_they_are_drawn() -> None:
    layout = MosaicLayout(7, 3, 10, 6, gap=2, band=4, head=3)
    mosaic = compose(np.full((7, 6, 10, 1), 200, np.uint8), layout, 0)
    assert mosaic.shape[:2] == layout.size[::-1]
    for y, x in np.argwhere(mosaic[..., 0] == 200)[::7]:
        index = layout.index_at(x, y)
        assert index is not None
        left, top = layout.origin(index)
        assert left <= x < left + 10 and top <= y < top + 6
    assert layout.index_at(0, 0) is None
    assert layout.index_at(*np.add(layout.origin(5), (0, 2 * layout.pitch[1]))) is None
    assert near_square(10) == 4


def test_a_gif_keeps_every_frame_its_greys_and_its_pace(tmp_path: Path) -> None:
    frames = [np.full((6, 9, 1), shade, np.uint8) for shade in (0, 100, 100, 255)]
    path = tmp_path / "shades.gif"
    write_gif(path, frames, milliseconds=50)
    with Image.open(path) as file:
        assert file.n_frames == 4 and file.info["loop"] == 0
        for number, frame in enumerate(frames):
            file.seek(number)
            assert file.info["duration"] == 50
            np.testing.assert_array_equal(np.asarray(file.convert("L"))[..., None], frame)


def test_a_failed_file_leaves_nothing_behind_and_spares_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(b"old")

    def frames():
        yield np.zeros((4, 4, 3), np.uint8)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        write_gif(path, frames())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_png(path.with_suffix(".png"), np.full((2, 3, 1), 7, np.uint8))
    with Image.open(path.with_suffix(".png")) as file:
        assert file.mode == "L" and file.size == (3, 2)


def test_screen_pictures_do_not_depend_on_their_array(qapp: object) -> None:
    array = np.full((5, 7, 3), 50, np.uint8)
    image = to_qimage(array)
    array[:] = 0
    assert image.size() == QSize(7, 5) and image.pixelColor(3, 3) == QColor(50, 50, 50)
    strided = pictures(1, 10, 10)[0][::2, ::3]
    np.testing.assert_array_equal(pixels(to_qimage(strided)), strided)


def test_a_small_view_shrinks_and_a_large_one_enlarges_by_whole_numbers(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(100, 90)
    view.set_picture(np.full((40, 40, 1), 255, np.uint8))
    white = (pixels(view.grab().toImage()) == 255).all(axis=2)
    assert white.sum() == 80 * 80
