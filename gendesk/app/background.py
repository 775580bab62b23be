"""Training without a window: a process of its own that goes on with the queue when the window is closed."""

import subprocess
import sys
from pathlib import Path


def train_in_background(data_dir: Path) -> None:
    """Start a process that trains what is in the queue and ends with it; what it says goes to logs/background.log.

    Raises OSError if it cannot be started.
    """
    log = data_dir / "logs" / "background.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "gendesk", "--data-dir", str(data_dir), "queue", "run"]
    detached = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    with log.open("w", encoding="utf-8") as file:
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=detached,
        )
