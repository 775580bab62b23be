"""The sides of a benchmark: processes of its own script that take turns, so that all meet the same machine."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def start_side(script: str, side: str, *arguments: str) -> Any:
    """Start `script --side SIDE ARGUMENTS...` and return its process once it has said "ready"; raises SystemExit."""
    command = [sys.executable, script, "--side", side, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )
    while worker.stdout is not None and (line := worker.stdout.readline()):
        if line.strip() == "ready":
            return worker
    raise SystemExit(f"The side {side} did not start.")


def seconds_of(worker: Any, steps: int) -> float:
    """Let a side do some steps, and return the seconds that it says it took."""
    worker.stdin.write(f"{steps}\n")
    worker.stdin.flush()
    return float(worker.stdout.readline())
