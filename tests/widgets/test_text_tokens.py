"""Tokens in the window: tinted in a text, counted in a table, spelled so that one sees them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gendesk.widgets.text.spelling import places_in_qt, safe, visible
from gendesk.widgets.text.token_table import TokenTable
from gendesk.widgets.text.token_text import TokenText
from gendesk.widgets.theme import current_colors

FOX = "\N{FOX FACE}"


@pytest.mark.parametrize(
    ("token", "seen"),
    [
        (" ", "\N{OPEN BOX}"),
        ("\n", "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"),
        (" the", "\N{OPEN BOX}the"),
        ("a b", "a b"),
        ("\r", "\N{SYMBOL FOR CARRIAGE RETURN}"),
        ("", ""),
    ],
)
def test_letters_that_nobody_sees_are_written_so_that_one_does(token: str, seen: str) -> None:
    assert visible(token) == seen


def test_places_are_those_of_qt_and_a_field_swallows_nothing() -> None:
    assert places_in_qt(f"a{FOX}b").tolist() == [0, 1, 3, 4]
    text = "a\r\nb\x00\N{LINE SEPARATOR}c\td"
    assert len(safe(text)) == len(text)
    assert "\r" not in safe(text)
    assert "\n" in safe(text)


def test_neighbouring_tokens_have_different_tints_over_lines_and_emoji(qtbot: QtBot) -> None:
    field = TokenText()
    qtbot.addWidget(field)
    field.show()
    text = f"a{FOX}fox\nran\r\naway qu"
    field.set_tokens(text, [(0, 1), (1, 2), (2, 5), (6, 9), (11, 15)], unknown=[(16, 18)])
    shown = field.toPlainText()
    assert len(shown.encode("utf-16-le")) == len(text.encode("utf-16-le"))
    first, second = field.tint_at(0), field.tint_at(1)
    assert first.alpha() != second.alpha()
    assert field.tint_at(2) == second  # the other half of the fox
    assert field.tint_at(3) == field.tint_at(5) == first
    assert field.tint_at(7) == field.tint_at(9) == second
    assert field.tint_at(12) == first
    unknown = field.tint_at(len(text))  # the fox counts twice
    assert unknown.name() == current_colors().bad.lower()
    field.set_tokens("", ())
    assert field.toPlainText() == ""


def test_the_table_is_sorted_by_a_heading_and_copied(qtbot: QtBot) -> None:
    table = TokenTable()
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.set_tokens([("the", 60), (" ", 30), ("a", 9), ("zebra", 1)], 100)
    model = table.model()

    def column(number: int) -> list[str]:
        return [model.index(row, number).data() for row in range(model.rowCount())]

    assert column(0) == ["the", "\N{OPEN BOX}", "a", "zebra"]
    assert column(2) == ["60.00%", "30.00%", "9.00%", "1.00%"]
    header = table.horizontalHeader()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
    assert "\N{OPEN BOX}" in (column(0)[0], column(0)[-1])  # a space comes before all letters
    place = header.sectionViewportPosition(1) + 20
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 8))
    assert column(1) in (["1", "9", "30", "60"], ["60", "30", "9", "1"])
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t")[1] == column(1)[0]
