"""Starts the application: as little as possible before the first paint, everything else after it."""

import gc
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gendesk import __version__
from gendesk.app import build_window
from gendesk.app.error_report import ErrorReporter, log_qt_messages
from gendesk.arguments import WindowArguments
from gendesk.logs import install_hooks, start_logging
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import apply_theme

_PAINTED_MS = 1000


def open_window(arguments: WindowArguments) -> int:
    """Open the main window and run until it is closed; return the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("gendesk")
    app.setApplicationDisplayName("gendesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("gendesk")
    app.setWindowIcon(icon("app"))
    apply_theme(app)
    window = build_window(arguments.data_dir or None)
    start_logging(window.data_dir / "logs")
    log_qt_messages()
    install_hooks(ErrorReporter(window).report)
    if arguments.tab:
        window.open_tab(arguments.tab)
    window.show()
    # Python sees signals only between two of its own instructions, so the event loop must come by now and then.
    signal.signal(signal.SIGINT, lambda *_: window.leave())
    signal.signal(signal.SIGTERM, lambda *_: window.leave())
    app.commitDataRequest.connect(lambda _manager: window.leave())
    heartbeat = QTimer(window)
    heartbeat.start(250)
    heartbeat.timeout.connect(lambda: None)
    QTimer.singleShot(_PAINTED_MS, gc.enable)
    return app.exec()
