"""The page Directions on real, small models: directions are added, dragged, kept, named, removed and taken back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMenu

from gendesk.engine.engine import Engine
from gendesk.engine.latent.directions_file import DIRECTIONS_FILE, read_directions
from gendesk.engine.latent.directions_measuring import Trait
from gendesk.studios.latent.studio import LatentStudio
from tests.support.studio_desk import StudioDesk
from tests.support.training import engine_in, small_pictures

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
ONE = Trait(-1, "Class", "1", (1,))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two runs of a few steps on pictures of 12x12 pixels: one that encodes, and one that only decodes."""
    folder = tmp_path_factory.mktemp("directions")
    with engine_in(folder / "data") as engine:
        for recipe in ("vae", "tiny"):
            config = engine.config(recipe, data=str(small_pictures(folder)), steps=12)
            assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def opened(qtbot, engine: Engine) -> Iterator[Any]:
    desks = []

    def open_(reference: str) -> Any:
        run = engine.runs.find(reference)
        data = engine.run_data(run.id)
        desks.append(StudioDesk(engine.load_model(run.id), data))
        studio = LatentStudio()
        qtbot.addWidget(studio)
        studio.said = []
        studio.failed.connect(studio.said.append)
        studio.set_session(desks[-1].session)
        studio.resize(420, 640)
        studio.show()
        page = studio.page("directions")
        studio.tabs.setCurrentWidget(page)
        qtbot.waitUntil(lambda: studio.workspace.picture is not None and page.panel.add.isEnabled(), timeout=WAIT)
        page.folder = data.folder
        return page

    yield open_
    for desk in desks:
        desk.close()
    for path in engine.runs.folder.glob(f"*/{DIRECTIONS_FILE}"):
        path.unlink()


@pytest.fixture
def page(qtbot, opened) -> Any:
    """The page with the direction of a class, and the first principal component."""
    page = opened("0001")
    add(qtbot, page, "Class", "1")
    add(qtbot, page, "Principal Component", "1")
    return page


def add(qtbot, page, *texts: str) -> None:
    """Choose an entry of the menu of the button, and wait for its direction."""
    count = len(page.dials.rows)
    qtbot.waitUntil(lambda: texts[0] in menu_texts(page.panel.add.directions), timeout=WAIT)
    menu = page.panel.add.directions
    for text in texts:
        action = next(action for action in menu.actions() if action.text() == text)
        menu = action.menu()
    action.trigger()
    qtbot.waitUntil(lambda: len(page.dials.rows) == count + 1, timeout=WAIT)


def menu_texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def drag(qtbot, slider, share: float) -> None:
    """Drag a slider to a share of its width, in a few moves."""
    y = slider.height() // 2
    start, end = slider.width() // 2, round(share * slider.width())
    qtbot.mousePress(slider, LEFT, pos=QPoint(start, y))
    for x in np.linspace(start, end, 6).round().astype(int).tolist():
        qtbot.mouseMove(slider, QPoint(x, y))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(end, y))


def undo(page) -> None:
    QTest.keyClick(page.panel.list.rows[0].slider, Qt.Key.Key_Z, CTRL)


def stored(page) -> list[str]:
    return [one.name for one in read_directions(page.folder, page.workspace.survey.latent_size)]


def test_the_direction_of_a_class_is_measured_shown_and_kept_with_the_run(qtbot, opened) -> None:
    page = opened("0001")
    assert page.panel.list._empty.isVisible() and not page.panel.reset.isEnabled()
    add(qtbot, page, "Class", "1")
    (direction,) = page.dials.directions
    assert direction.name == "Class: 1" and np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-6)
    assert (direction.positives, direction.negatives) == (24, 48) and direction.log
    page.panel.tabs.setCurrentIndex(1)
    assert page.panel.details.name.text() == "Class: 1" and page.panel.details.log.rowCount() == len(direction.log)
    assert "24 pictures" in page.panel.details._facts.text()
    qtbot.waitUntil(lambda: page.panel.strip.count == 9, timeout=WAIT)
    qtbot.waitUntil(lambda: stored(page) == ["Class: 1"], timeout=WAIT)
    assert opened("0001").dials.directions[0].log == direction.log


def test_a_drag_leads_along_a_unit_vector_and_is_one_step_of_undo(qtbot, page) -> None:
    rows, start = page.panel.list.rows, page.workspace.code
    first, second = (np.array(one.vector) for one in page.dials.directions)
    with qtbot.waitSignal(page.workspace.pictured, timeout=WAIT):
        drag(qtbot, rows[0].slider, 0.8)
    one = page.dials.rows[0].strength
    assert 1.5 < one < 3.5
    np.testing.assert_allclose(page.workspace.code, start + one * first, atol=1e-5)
    drag(qtbot, rows[1].slider, 0.3)
    two = page.dials.rows[1].strength
    np.testing.assert_allclose(page.workspace.code, start + one * first + two * second, atol=1e-5)
    undo(page)
    np.testing.assert_allclose(page.workspace.code, start + one * first, atol=1e-5)
    assert [row.strength for row in page.dials.rows] == [one, 0]
    undo(page)
    np.testing.assert_allclose(page.workspace.code, start, atol=1e-6)
    assert rows[0].slider.value() == 0


def test_reset_goes_back_to_the_base_and_other_pages_begin_a_new_one(qtbot, page) -> None:
    drag(qtbot, page.panel.list.rows[0].slider, 0.9)
    qtbot.mouseClick(page.panel.reset, LEFT)
    np.testing.assert_allclose(page.workspace.code, 0, atol=1e-6)
    undo(page)
    assert page.dials.rows[0].strength > 2
    elsewhere = np.full_like(page.workspace.code, 0.5)
    page.workspace.end_step()
    page.workspace.move_to(elsewhere)
    assert [row.strength for row in page.dials.rows] == [0, 0] and page.panel.list.rows[0].slider.value() == 0
    drag(qtbot, page.panel.list.rows[0].slider, 0.9)
    qtbot.mouseClick(page.panel.reset, LEFT)
    np.testing.assert_allclose(page.workspace.code, elsewhere, atol=1e-6)


def test_the_strip_shows_nine_strengths_and_a_click_goes_there(qtbot, page) -> None:
    strip = page.panel.strip
    page._choose(0)
    qtbot.waitUntil(lambda: strip.count == 9, timeout=WAIT)
    qtbot.mouseClick(strip, LEFT, pos=strip.cell(6).center())
    assert page.dials.rows[0].strength == 2
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert page.dials.rows[0].strength == 1
    result = page._result()
    assert result.frames.shape[0] == 9 and result.settings["direction"] == "Class: 1" and result.current == 5
    np.testing.assert_allclose(result.code, page.workspace.code, atol=1e-5)


def test_a_lock_takes_what_is_kept_out_of_the_others(qtbot, page) -> None:
    kept = np.array(page.dials.directions[1].vector)
    qtbot.mouseClick(page.panel.list.rows[1].lock, LEFT)
    drag(qtbot, page.panel.list.rows[0].slider, 0.9)
    assert abs(page.workspace.code @ kept) < 1e-5 and np.linalg.norm(page.workspace.code) > 2
    page.panel.tabs.setCurrentIndex(2)
    np.testing.assert_allclose(page.panel.cosines.values, np.eye(2), atol=1e-5)
    page.panel.tabs.setCurrentIndex(0)
    undo(page)
    undo(page)
    assert not page.dials.rows[1].kept and not page.panel.list.rows[1].lock.isChecked()
    assert abs(page.panel.cosines.values[0, 1]) > 1e-3


def test_names_and_removals_are_kept_and_taken_back(qtbot, page) -> None:
    drag(qtbot, page.panel.list.rows[0].slider, 0.9)
    where = page.workspace.code
    page._choose(0)
    page.panel.tabs.setCurrentIndex(1)
    name = page.panel.details.name
    name.selectAll()
    qtbot.keyClicks(name, "Roundness")
    QTest.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored(page) == ["Roundness", "Component 1"], timeout=WAIT)
    page.panel.tabs.setCurrentIndex(0)
    QTest.keyClick(page.panel.list.rows[0].name, Qt.Key.Key_Delete)
    assert page.dials.names == ("Component 1",)
    np.testing.assert_allclose(page.workspace.code, where, atol=1e-6)
    qtbot.waitUntil(lambda: stored(page) == ["Component 1"], timeout=WAIT)
    undo(page)
    assert page.dials.names == ("Roundness", "Component 1") and page.dials.rows[0].strength > 2
    undo(page)
    assert page.dials.names[0] == "Class: 1"
    qtbot.waitUntil(lambda: stored(page) == ["Class: 1", "Component 1"], timeout=WAIT)


def test_a_measurement_can_be_stopped_and_done_again(qtbot, page) -> None:
    page.finder.reading.read(ONE)
    assert page.panel._stop.isVisible()
    qtbot.mouseClick(page.panel._stop, LEFT)
    assert page.finder.reading.current is None and not page.panel._stop.isVisible()
    drag(qtbot, page.panel.list.rows[0].slider, 0.9)
    where, before = page.workspace.code, page.dials.directions[0]
    page.finder.reading.read(ONE)
    qtbot.waitUntil(lambda: page.finder.reading.current is None, timeout=WAIT)
    assert len(page.dials.rows) == 2 and page.dials.directions[0].vector == before.vector
    np.testing.assert_allclose(page.workspace.code, where, atol=1e-6)


def test_two_groups_are_chosen_by_clicks_and_keys(qtbot, page) -> None:
    page.panel.add.groups_wanted.emit()
    dialog = page.finder._dialog
    ok = dialog._buttons.button(QDialogButtonBox.StandardButton.Ok)
    pictures = dialog.list

    def click(index: int) -> None:
        qtbot.mouseClick(pictures.viewport(), LEFT, pos=pictures.visualItemRect(pictures.item(index)).center())

    qtbot.waitUntil(lambda: pictures.visualItemRect(pictures.item(4)).width() > 0, timeout=WAIT)
    for index in (0, 1, 2):
        click(index)
    click(2)  # out again
    assert not ok.isEnabled()
    qtbot.mouseClick(dialog.group.button(1), LEFT, pos=QPoint(8, dialog.group.button(1).height() // 2))
    click(3)
    pictures.setCurrentRow(4)
    QTest.keyClick(pictures, Qt.Key.Key_B)
    groups = [one.group for one in dialog._pictures[:5]]
    assert groups == [0, 0, None, 1, 1] and ok.isEnabled()
    qtbot.mouseClick(dialog.seed_box.button, LEFT)
    qtbot.waitUntil(lambda: len(dialog._pictures) == 24 + 24, timeout=WAIT)
    assert [one.group for one in dialog._pictures[24:29]] == groups
    dialog._add_own(page.workspace.survey.pictures[5])
    assert dialog._pictures[0].group == 1
    codes = page.workspace.survey.codes
    qtbot.mouseClick(ok, LEFT)
    qtbot.waitUntil(lambda: len(page.dials.rows) == 3, timeout=WAIT)
    direction = page.dials.directions[2]
    expected = codes[[0, 1]].mean(0) - codes[[3, 4, 5]].mean(0)
    np.testing.assert_allclose(direction.vector, expected / np.linalg.norm(expected), atol=1e-4)
    assert (direction.name, direction.positives, direction.negatives) == ("A without B", 2, 3)


def test_pictures_and_seeds_are_places_to_begin(qtbot, page) -> None:
    with qtbot.waitSignal(page.workspace.moved, timeout=WAIT):
        qtbot.mouseClick(page.panel.seed_box.button, LEFT)
    assert np.abs(page.workspace.code).max() > 0
    survey = page.workspace.survey
    page._start_from(survey.pictures[3])
    qtbot.waitUntil(lambda: np.allclose(page.workspace.code, survey.codes[3], atol=1e-5), timeout=WAIT)


def test_a_decoder_alone_offers_directions_of_its_first_layer(qtbot, opened) -> None:
    page = opened("0002")
    assert menu_texts(page.panel.add.directions)[-1] == "Component of the Decoder"
    add(qtbot, page, "Component of the Decoder", "1")
    assert page.dials.names == ("Decoder component 1",)
    drag(qtbot, page.panel.list.rows[0].slider, 0.75)
    assert np.linalg.norm(page.workspace.code) == pytest.approx(abs(page.dials.rows[0].strength), abs=1e-4)


def test_a_damaged_file_is_told_and_the_page_works_on(qtbot, engine: Engine, opened) -> None:
    folder = engine.runs.find("0001").folder
    (folder / DIRECTIONS_FILE).write_bytes(b"no such thing")
    page = opened("0001")
    assert any("cannot be read" in sentence for sentence in page.window().said)
    add(qtbot, page, "Principal Component", "1")
    qtbot.waitUntil(lambda: stored_or_none(page) == ["Component 1"], timeout=WAIT)


def stored_or_none(page) -> list[str] | None:
    try:
        return stored(page)
    except Exception:  # noqa: BLE001 (the damaged file is still there)
        return None


def test_what_was_found_on_an_older_state_is_marked_and_found_again(qtbot, page) -> None:
    page.panel.list.rows[0].chosen.emit()
    page._rename("bright")
    assert page.panel.details.stale.isHidden()
    assert [one.step for one in page.dials.directions] == [12, 12]
    page.workspace.survey = replace(page.workspace.survey, step=20)
    page.workspace.renewed.emit()
    assert page.panel.details.stale.text() == "Found at step 12; the model has been trained to step 20."
    assert all("older" in row.name.accessibleDescription() for row in page.panel.list.rows)
    page._choose(1)
    page.panel.tabs.setCurrentIndex(1)
    qtbot.mouseClick(page.panel.details.again, LEFT)
    assert [one.step for one in page.dials.directions] == [12, 20]
    assert not page.panel.list.rows[1].name.accessibleDescription() and page.panel.details.again.isHidden()
    page._choose(0)
    page._find_again()
    qtbot.waitUntil(lambda: page.finder.reading.current is None, timeout=WAIT)
    assert page.dials.names == ("bright", "Component 1")
