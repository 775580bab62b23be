"""The page of the first start says what is wanted, by mouse and by keyboard, at any size and in both themes."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCommandLinkButton, QPushButton

from gendesk.app.first_run import FirstRunPage
from gendesk.engine.families import Families, find_families
from gendesk.widgets.theme import apply_theme


@pytest.fixture
def page(qtbot):
    made = FirstRunPage(find_families())
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def button(page: FirstRunPage, title: str) -> QAbstractButton:
    return next(one for one in page.findChildren(QAbstractButton) if one.accessibleName() == title)


@pytest.mark.parametrize(
    ("title", "signal"),
    [
        ("Train Your First Model", "start_wanted"),
        ("Use Your Own Pictures", "own_data_wanted"),
        ("Open a Run", "open_run_wanted"),
        ("Read the Guide", "guide_wanted"),
        ("Go to the Workbench", "dismissed"),
    ],
)
def test_each_button_says_what_is_wanted(qtbot, page, title, signal):
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.mouseClick(button(page, title), Qt.MouseButton.LeftButton)


def test_one_button_is_the_big_one_and_has_the_keyboard(qtbot, page):
    primary = [one for one in page.findChildren(QPushButton) if one.property("role") == "primary"]
    assert primary == [page.start]
    assert page.start.height() > button(page, "Read the Guide").height() * 1.5
    page.setFocus()
    assert page.focusProxy() is page.start
    with qtbot.waitSignal(page.start_wanted):
        qtbot.keyClick(page.start, Qt.Key.Key_Space)


def test_one_family_is_shown_at_once_and_more_are_offered(qtbot):
    family = next(iter(find_families()))
    alone = FirstRunPage(Families((family,)))
    qtbot.addWidget(alone)
    with qtbot.waitSignal(alone.family_wanted) as wanted:
        qtbot.mouseClick(button(alone, "See What Each Family Does"), Qt.MouseButton.LeftButton)
    assert wanted.args == [family.id]
    others = [dataclasses.replace(family, id="other", title="Others"), dataclasses.replace(family, id="no", error="x")]
    several = FirstRunPage(Families((family, *others)))
    qtbot.addWidget(several)
    look = button(several, "See What Each Family Does")
    assert isinstance(look, QCommandLinkButton)
    offered = look.menu().actions()
    assert [action.text() for action in offered] == [family.title, "Others"]
    with qtbot.waitSignal(several.family_wanted) as wanted:
        offered[1].trigger()
    assert wanted.args == ["other"]


def test_a_narrow_window_shows_the_words_and_no_picture(qtbot, page):
    assert page.plane.isVisible()
    page.resize(700, 500)
    assert not page.plane.isVisible()
    for title in ("Train Your First Model", "Open a Run"):
        one = button(page, title)
        left = one.mapTo(page, one.rect().topLeft()).x()
        assert left >= 0
        assert left + one.width() <= page.width()


def test_the_picture_takes_the_colours_of_the_theme(qtbot, qapp, page):
    def ground() -> int:
        return int(page.grab().toImage().pixelColor(2, 2).lightness())

    apply_theme(qapp, "light")
    qtbot.waitUntil(lambda: ground() > 200)
    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: ground() < 100)
    dark = page.plane.grab().toImage()
    apply_theme(qapp, "light")
    inks = {dark.pixelColor(x, y).name() for x in range(0, dark.width(), 4) for y in range(0, dark.height(), 4)}
    assert len(inks) > 100
