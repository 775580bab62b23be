"""How a stage is put on its card: words, icons and colours for its state, and what its button says."""

from functools import cache
from time import localtime, strftime

from PySide6.QtCore import QCoreApplication

from gendesk.engine.events import JobState
from gendesk.engine.stages import Stage, StageState
from gendesk.engine.throughput import clock
from gendesk.widgets.stage_card import StageCard, Tone
from gendesk.widgets.translation import translated


def card_of(stage: Stage, number: int, job: JobState | None = None, left: float | None = None) -> StageCard:
    """Return the card of a stage, the `number`-th from 1.

    `job` is the state of its run in this process, which knows of pauses, and `left` the seconds until its end.
    """
    word, icon_name, tone = _states()[stage.state]
    if stage.state is StageState.RUNNING and job in _pauses():
        word, icon_name, tone = _pauses()[job]
    title = translated(stage.title)
    running = stage.state is StageState.RUNNING
    action, action_icon = _action(stage)
    return StageCard(
        key=stage.recipe,
        title=title if title[:1].isdigit() else f"{number}. {title}",
        state=word,
        icon=icon_name,
        tone=tone,
        run=f"{stage.run[:4]}  {stage.preset}".strip(),
        detail=_detail(stage, left),
        reason=stage.reason,
        progress=stage.step / stage.total_steps if running and stage.total_steps else (0.0 if running else None),
        action=action,
        action_icon=action_icon,
        offered=stage.state is not StageState.EMPTY,
        about=_about(stage),
    )


def _detail(stage: Stage, left: float | None) -> str:
    match stage.state:
        case StageState.DONE | StageState.STALE:
            return clock(stage.seconds)
        case StageState.RUNNING if left is not None:
            return _tr("{0} / {1} · {2} left").format(f"{stage.step:,}", f"{stage.total_steps:,}", clock(left))
        case StageState.EMPTY | StageState.READY | StageState.QUEUED:
            return ""
    return f"{stage.step:,} / {stage.total_steps:,}"


def _about(stage: Stage) -> str:
    """Return all that is known of the newest run, for the tooltip."""
    if not stage.run:
        return ""
    when = strftime("%Y-%m-%d %H:%M", localtime(stage.updated))
    words = _tr("{0}: {1} of {2} steps, {3} of training, last change {4}")
    return words.format(stage.run, f"{stage.step:,}", f"{stage.total_steps:,}", clock(stage.seconds), when)


def _action(stage: Stage) -> tuple[str, str]:
    if stage.state in (StageState.QUEUED, StageState.RUNNING):
        return "", "play"
    if stage.resumable:
        return _tr("Resume"), "resume"
    return (_tr("Train Again"), "loop") if stage.run else (_tr("Train"), "play")


def _tr(text: str) -> str:
    return QCoreApplication.translate("StageWords", text)


@cache
def _states() -> dict[StageState, tuple[str, str, Tone]]:
    return {
        StageState.EMPTY: (_tr("Not ready"), "lock", "muted"),
        StageState.READY: (_tr("Ready"), "right", "accent"),
        StageState.QUEUED: (_tr("Queued"), "queued", "muted"),
        StageState.RUNNING: (_tr("Running"), "play", "accent"),
        StageState.STOPPED: (_tr("Stopped"), "stop", "warning"),
        StageState.INTERRUPTED: (_tr("Interrupted"), "warning", "warning"),
        StageState.FAILED: (_tr("Failed"), "error", "bad"),
        StageState.DONE: (_tr("Done"), "check", "good"),
        StageState.STALE: (_tr("Stale"), "reset", "warning"),
    }


@cache
def _pauses() -> dict[JobState | None, tuple[str, str, Tone]]:
    return {
        JobState.PAUSING: (_tr("Pausing"), "pause", "accent"),
        JobState.PAUSED: (_tr("Paused"), "pause", "accent"),
        JobState.STOPPING: (_tr("Stopping"), "stop", "warning"),
    }
