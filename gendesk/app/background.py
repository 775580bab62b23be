"""Training without a window: a process of its own that goes on with the queue when the window is closed."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess


def train_in_background(data_dir: Path) -> bool:
    """Start a process that trains what is in the queue and ends with it; return whether it could be started.

    What it says goes to logs/background.log.
    """
    log = data_dir / "logs" / "background.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-m", "gendesk", "--data-dir", str(data_dir), "queue", "run"])
    process.setStandardInputFile(QProcess.nullDevice())
    process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
    process.setStandardOutputFile(str(log))
    started = process.startDetached()
    return bool(started[0] if isinstance(started, tuple) else started)
