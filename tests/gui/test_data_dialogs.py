"""The check of own pictures and the window of all data sets, with real files and a real library."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from gendesk.app.data.browser import DatasetBrowser
from gendesk.app.data.check_dialog import CheckDialog
from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from tests.support.training import small_pictures

WAIT = 20_000


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    return DataLibrary(tmp_path / "datasets")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of two classes, in several modes and sizes, and a file that is none."""
    root = tmp_path / "mixed"
    rng = np.random.default_rng(2)
    for number in range(12):
        place = root / ("cats" if number % 3 else "dogs")
        place.mkdir(parents=True, exist_ok=True)
        pixels = (rng.random((20 + number, 24, 3)) * 255).astype(np.uint8)
        Image.fromarray(pixels).convert(("RGB", "L", "CMYK")[number % 3]).save(place / f"{number}.tif")
    (root / "cats" / "broken.png").write_bytes(b"no picture")
    return root


def shown(qtbot, dialog: CheckDialog) -> None:
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)


def test_the_check_tells_what_is_there_and_what_is_left_out(qtbot, library, folder):
    dialog = CheckDialog(library, str(folder))
    qtbot.addWidget(dialog)
    dialog.open()
    shown(qtbot, dialog)
    assert "12 pictures" in dialog.sentence
    assert "1 files left out" in dialog.sentence
    assert dict(dialog.report.classes) == {"cats": 8, "dogs": 4}
    assert dict(dialog.report.modes) == {"colour": 4, "grey": 4, "CMYK": 4}
    assert dialog.report.skipped[0].examples == ("cats/broken.png",)
    assert dialog.report.pictures.shape[1:] == (64, 64, 3)


def test_attributes_beside_the_pictures_are_counted_and_what_is_wrong_with_them_is_told(qtbot, library, folder):
    rows = [
        f"{'cats' if number % 3 else 'dogs'}/{number}.tif,{('red', 'blue')[number % 2]},{number / 2}"
        for number in range(10)
    ]
    (folder / "attributes.csv").write_text("\n".join(["file,hair_color,age", *rows, "nobody.tif,red,3"]))
    dialog = CheckDialog(library, str(folder))
    qtbot.addWidget(dialog)
    dialog.open()
    shown(qtbot, dialog)
    tree = dialog.facts.tree
    groups = {tree.topLevelItem(index).text(0): tree.topLevelItem(index) for index in range(tree.topLevelItemCount())}
    attributes = groups["Attributes (2)"]
    lines = {attributes.child(index).text(0): attributes.child(index).text(1) for index in range(2)}
    assert lines == {"hair color": "blue (5), red (5), unknown (2)", "age": "0 to 4.5, unknown (2)"}
    assert attributes.isExpanded()
    assert "attributes.csv has 1 row about pictures that are not here" in dialog.facts.notes.text()
    assert dialog.use.isEnabled()

    (folder / "attributes.csv").write_text("file\nnobody.tif\n")
    dialog.options.set_values({"image_size": 16})
    dialog.options.changed.emit(dialog.options.values())
    qtbot.waitUntil(lambda: dialog.report is not None and dialog.report.info.width == 16, timeout=WAIT)
    titles = [tree.topLevelItem(index).text(0) for index in range(tree.topLevelItemCount())]
    assert not any(title.startswith("Attributes") for title in titles)


def test_an_option_checks_again_and_is_handed_on(qtbot, library, folder):
    dialog = CheckDialog(library, str(folder))
    qtbot.addWidget(dialog)
    dialog.open()
    shown(qtbot, dialog)
    dialog.options.set_values({"image_size": 16, "color": "grey"})
    dialog.options.changed.emit(dialog.options.values())
    qtbot.waitUntil(lambda: dialog.report is not None and dialog.report.info.width == 16, timeout=WAIT)
    assert dialog.report.info.channels == 1
    with qtbot.waitSignal(dialog.accepted_data, timeout=WAIT) as answer:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    reference, options = answer.args
    assert reference == str(folder)
    assert ImageOptions().with_values(options).image_size == 16


@pytest.mark.parametrize("name", ["nothing-here", "empty"])
def test_data_that_cannot_be_used_are_refused_in_the_dialog(qtbot, library, tmp_path, name):
    (tmp_path / "empty").mkdir()
    dialog = CheckDialog(library, str(tmp_path / name))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.checked, timeout=WAIT):
        dialog.open()
    assert name in dialog.sentence
    assert not dialog.use.isEnabled()


def test_closing_ends_a_check(qtbot, library):
    dialog = CheckDialog(library, "glyphs")
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.reject()
    assert not dialog.isVisible()


def test_the_browser_shows_pictures_by_class_and_removes_what_is_prepared(qtbot, library, tmp_path):
    library.open(str(small_pictures(tmp_path)))
    browser = DatasetBrowser(library)
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.shown, timeout=WAIT):
        browser.open()
    assert browser.list.currentItem().text().startswith("small.npz")
    assert browser.classes.count() == 4
    browser.classes.setCurrentIndex(2)
    with qtbot.waitSignal(browser.shown, timeout=WAIT):
        browser.classes.activated.emit(2)
    assert "24" in browser._place.text()
    browser.remove.click()
    question = browser.findChild(QMessageBox)
    (yes,) = [one for one in question.findChildren(QPushButton) if one.text() == "Remove"]
    with qtbot.waitSignal(browser.listed, timeout=WAIT):
        yes.click()
    assert list((tmp_path / "datasets").glob("small-*")) == []


def test_the_browser_prepares_what_is_not_there_yet(qtbot, library):
    browser = DatasetBrowser(library)
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.listed, timeout=WAIT):
        browser.open()
    assert browser.get.text() == "Prepare"
    with qtbot.waitSignal(browser.shown, timeout=WAIT):
        browser.get.click()
    assert browser.classes.count() == 11
    with qtbot.waitSignal(browser.use_wanted) as wish:
        browser.use.click()
    assert wish.args == ["glyphs"]
