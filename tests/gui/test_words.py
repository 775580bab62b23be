"""Every word of the window goes through Qt's translation, and every control says what it is."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from gendesk.app import build_window
from tests.support.training import small_pictures

WAIT = 60_000
MARK = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}"
WORD = re.compile(r"[A-Za-z]{3,}")


class PseudoTranslator(QTranslator):
    """Puts every text that is asked for in brackets, so that one without them has not been asked for."""

    def isEmpty(self) -> bool:  # noqa: N802 (Qt's name)
        return False

    def translate(self, context: str, source: str, disambiguation: str = "", n: int = -1) -> str:
        return f"{MARK}{source}\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"


@pytest.fixture
def foreign(qapp):
    translator = PseudoTranslator()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def words_of(root: QWidget) -> dict[str, str]:
    """Return every text that a person can see or hear in a window, with where it is."""
    found: dict[str, str] = {}
    for widget in [root, *root.findChildren(QWidget)]:
        for kind, text in _texts_of(widget):
            if text:
                found.setdefault(text, f"{kind} of {type(widget).__name__}")
    for action in root.findChildren(QAction):
        found.setdefault(action.text(), "action")
    return found


def _texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "tool tip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QGroupBox | QMenu):
        yield "title", widget.title()
    if isinstance(widget, QDockWidget) or widget.isWindow():
        yield "window title", widget.windowTitle()
    if isinstance(widget, QComboBox):
        yield from (("item", widget.itemText(index)) for index in range(widget.count()))
    if isinstance(widget, QTabWidget):
        yield from (("tab", widget.tabText(index)) for index in range(widget.count()))
    if isinstance(widget, QHeaderView):
        sections = (widget.model().headerData(number, widget.orientation()) for number in range(widget.count()))
        yield from (("heading", section) for section in sections if isinstance(section, str))


# What is the same in every language: names of presets, devices, formats, values, the program and its data.
SAME_EVERYWHERE = re.compile(
    r"^(gendesk|quick|book|auto|cpu|cuda(:\d+)?|mps|exact|fast|grey|rgb|system|light|dark|qt_.*|\d.*|.*\.npz|/.*)$"
)
# The engine, which knows no Qt, speaks English on the command line and in the window alike: names of runs, sentences.
OF_THE_ENGINE = re.compile(r"^Variational autoencoder, quick$|^Training is complete\.$|torch found no GPU")
VALUES = "item of ChoiceBox"


@pytest.fixture
def window(qtbot, data_dir, tmp_path, foreign):
    made = build_window(data_dir)
    made.open_tab("autoencoder")
    made.show()
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    made.current_tab.choices.use_data(small_pictures(tmp_path))
    made.current_tab.form.set_values({"epochs": 2.0, "preview_every": 5})
    made.current_tab.bar.start.click()
    qtbot.waitUntil(lambda: bool(made.current_tab.run_id) and not made.engine.active_jobs, timeout=WAIT)
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def test_every_word_goes_through_the_translation(qtbot, window):
    untranslated = {
        f"{text!r} ({place})"
        for text, place in words_of(window).items()
        if WORD.search(text)
        and MARK not in text
        and not SAME_EVERYWHERE.match(text)
        and not OF_THE_ENGINE.search(text)
        and place != VALUES
    }
    assert not untranslated, "\n".join(sorted(untranslated))


def test_every_control_has_a_tool_tip(qtbot, window):
    kinds = (QAbstractButton, QComboBox, QSlider, QLineEdit, QAbstractSpinBox)
    silent = {
        f"{type(widget).__name__} {widget.accessibleName()!r} in {type(widget.parent()).__name__}"
        for kind in kinds
        for widget in window.findChildren(kind)
        if widget.isVisible()
        and not widget.toolTip()
        and not isinstance(widget.parent(), QAbstractSpinBox | QLineEdit | QComboBox | QTabBar)
        and "qt_" not in widget.objectName()
    }
    assert not silent, "\n".join(sorted(silent))


def test_nothing_is_left_of_the_pseudo_language(qapp):
    assert QApplication.translate("gendesk", "Data") == "Data"
