"""What a person sees of errors: a bar that keeps them in view, and a window for those that nobody expected."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, Qt, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QToolButton, QWidget

from gendesk.app.error_report import ErrorDialog, ErrorReporter, log_qt_messages
from gendesk.logs import described, install_hooks
from gendesk.widgets.details import DetailsDialog
from gendesk.widgets.message_bar import BarAction, MessageBar


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return described(caught, caught.__traceback__, "In MainThread")


def named(widget, text):
    return next(found for found in widget.findChildren(QPushButton) if found.text() == text)


# The bar


@pytest.fixture
def bar(qtbot):
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def close(bar):
    bar.findChild(QToolButton).click()


def test_an_error_stays_until_it_is_closed_and_the_newest_note_comes_after_it(bar):
    bar.show_message("It failed.", "error")
    bar.show_message("An old note.")
    bar.show_message("A newer note.", "warning")
    assert bar.text == "It failed."
    close(bar)
    assert bar.text == "A newer note."
    close(bar)
    assert bar.text == ""


def test_a_newer_error_replaces_one_and_hide_forgets_what_waits(bar):
    bar.show_message("First.", "error")
    bar.show_message("Second.", "error")
    assert bar.text == "Second."
    bar.show_message("Note.")
    bar.hide()
    assert bar.text == ""
    bar.show_message("Later.")
    close(bar)
    assert bar.text == ""


def test_copy_takes_sentence_details_and_versions(qtbot, bar):
    bar.show_message("It failed.", "error", "Traceback ...")
    named(bar, "Copy").click()
    text = QGuiApplication.clipboard().text()
    for part in ("It failed.", "Traceback ...", "gendesk ", "torch "):
        assert part in text


def test_a_plain_note_has_no_buttons(bar):
    bar.show_message("Saved.")
    assert [found.text() for found in bar.findChildren(QPushButton) if not found.isHidden()] == []


def test_an_action_is_offered_and_told_by_its_name(qtbot, bar):
    bar.show_message("3 runs wait.", action=BarAction("run-queue", "Run Queue", "Train what waits"))
    with qtbot.waitSignal(bar.action_clicked) as told:
        named(bar, "Run Queue").click()
    assert told.args == ["run-queue"]
    assert bar.text == ""


def test_details_open_in_a_window_of_their_own(qtbot, bar):
    bar.show()
    bar.show_message("It failed.", "error", "Traceback\n  line 3")
    named(bar, "Details").click()
    dialog = bar.findChild(DetailsDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert dialog.findChild(QPlainTextEdit).toPlainText() == "Traceback\n  line 3"
    named(dialog, "Copy").click()
    assert "line 3" in QGuiApplication.clipboard().text()
    dialog.close()


def test_a_sentence_is_never_read_as_markup(bar):
    bar.show_message("<b>cats</b>.zip cannot be read.", "error")
    assert bar._label.textFormat() == Qt.TextFormat.PlainText


# What nobody expected


@pytest.fixture
def reporter(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = ErrorReporter(window)
    made.host = window
    return made


def dialogs(reporter):
    QCoreApplication.sendPostedEvents(None, 52)  # deferred deletion
    return reporter.host.findChildren(ErrorDialog)


def test_a_kind_of_error_is_shown_once(qtbot, reporter):
    error = raised(ValueError("no such layer"))
    for _ in range(3):
        reporter.report(error)
    qtbot.waitUntil(lambda: len(dialogs(reporter)) == 1)
    dialogs(reporter)[0].close()
    reporter.report(error)
    QCoreApplication.processEvents()
    assert dialogs(reporter) == []


def test_another_kind_waits_until_the_first_window_is_closed(qtbot, reporter):
    first, second = raised(ValueError("first")), raised(OSError("second"))
    second = type(second)("another", second.sentence, second.where, second.traceback)
    reporter.report(first)
    reporter.report(second)
    qtbot.waitUntil(lambda: len(dialogs(reporter)) == 1)
    assert dialogs(reporter)[0]._error is first
    dialogs(reporter)[0].close()
    assert dialogs(reporter)[0]._error is second
    dialogs(reporter)[0].close()


def test_errors_of_any_thread_arrive_in_the_window(qtbot, reporter, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    undo = install_hooks(reporter.report)
    try:
        thread = threading.Thread(target=lambda: {}["missing"], name="reader")
        thread.start()
        thread.join()
    finally:
        undo()
    qtbot.waitUntil(lambda: len(dialogs(reporter)) == 1)
    dialog = dialogs(reporter)[0]
    assert dialog._error.where == "In reader"
    assert not dialog.isModal()
    dialog.close()


def test_errors_in_slots_arrive_in_the_window(qtbot, reporter, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", lambda *_arguments: None)
    undo = install_hooks(reporter.report)
    button = QPushButton(reporter.host)
    button.clicked.connect(lambda: {}["missing"])
    try:
        button.click()
    finally:
        undo()
    qtbot.waitUntil(lambda: len(dialogs(reporter)) == 1)
    assert dialogs(reporter)[0]._error.sentence == "KeyError: 'missing'"
    dialogs(reporter)[0].close()


@pytest.fixture
def dialog(qtbot):
    made = ErrorDialog(raised(ValueError("no such layer")))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_traceback_is_shown_on_demand(qtbot, dialog):
    text = dialog.findChild(QPlainTextEdit)
    assert not text.isVisible()
    named(dialog, "Details").click()
    assert text.isVisible()
    assert "ValueError: no such layer" in text.toPlainText()
    named(dialog, "Details").click()
    assert not text.isVisible()


def test_the_report_is_copied_and_saved(qtbot, dialog, tmp_path):
    named(dialog, "Copy").click()
    assert "numpy: " in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(dialog._export.ended):
        dialog.save(tmp_path / "report.txt")
    assert "ValueError: no such layer" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "report.txt" in dialog._state.text()
    with qtbot.waitSignal(dialog._export.ended):
        dialog.save(tmp_path / "missing" / "report.txt")
    assert "cannot be written" in dialog._state.text()


def test_messages_of_qt_go_to_the_log(qtbot, caplog, capsys):
    before = qInstallMessageHandler(None)
    try:
        log_qt_messages()
        with caplog.at_level(logging.INFO, "gendesk"):
            qWarning("a widget without a parent")
    finally:
        qInstallMessageHandler(before)
    assert [record.name for record in caplog.records] == ["gendesk.qt"]
    assert "a widget without a parent" in caplog.text
    assert "a widget without a parent" in capsys.readouterr().err
