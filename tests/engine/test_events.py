"""Mailboxes lose nothing that counts, keep only the newest of what does not, and a job's last word is its end."""

import sys
import threading
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.events import Event, JobState, Mailbox, Marked, PreviewReady, Progress, Reply, StateChanged
from gendesk.engine.preview import ImagePreview
from tests.support.training import Watcher, engine_in, small_pictures


def mark(step: int, run_id: str = "r") -> Marked:
    return Marked(run_id=run_id, step=step, kind="checkpoint", text="")


def reply(asker: str, stamp: int, run_id: str = "r") -> Reply:
    return Reply(run_id=run_id, asker=asker, stamp=stamp)


def preview(name: str, step: int, run_id: str = "r") -> PreviewReady:
    images = np.zeros((1, 2, 2, 1), dtype=np.uint8)
    return PreviewReady(run_id=run_id, step=step, preview=ImagePreview(name, name, images, 1))


def progress(step: int, run_id: str = "r") -> Progress:
    rates = {"epoch": 0.0, "steps_per_second": 0.0, "samples_per_second": 0.0, "step_seconds": 0.0}
    return Progress(run_id=run_id, step=step, total_steps=9, eta=None, elapsed=0.0, **rates)


def test_lossless_events_come_in_order_and_once() -> None:
    mailbox = Mailbox()
    posted: list[Event] = [mark(1), StateChanged(run_id="r", state=JobState.RUNNING), mark(2), mark(2)]
    for event in posted:
        mailbox.post(event)
    assert mailbox.drain() == posted
    assert mailbox.drain() == []


def test_of_the_others_only_the_newest_of_a_slot_counts() -> None:
    mailbox = Mailbox()
    for step in range(5):
        for event in (
            progress(step),
            progress(step, "other run"),
            preview("samples", step),
            preview("codes", step),
            reply("paint", step),
            reply("map", step),
        ):
            mailbox.post(event)
        mailbox.post(mark(step))
    drained = mailbox.drain()
    assert [event.step for event in drained if isinstance(event, Marked)] == [0, 1, 2, 3, 4]
    assert [event.step for event in drained if isinstance(event, Progress | PreviewReady)] == [4, 4, 4, 4]
    assert [event.stamp for event in drained if isinstance(event, Reply)] == [4, 4]
    assert len(drained) == 5 + 6


def test_replies_can_be_fetched_before_all_else() -> None:
    mailbox = Mailbox()
    for event in (mark(1), reply("paint", 1), progress(1), reply("paint", 2), reply("map", 7)):
        mailbox.post(event)
    assert {(event.asker, event.stamp) for event in mailbox.drain_replies()} == {("paint", 2), ("map", 7)}
    assert mailbox.drain_replies() == []
    assert [type(event) for event in mailbox.drain()] == [Marked, Progress]


def test_a_waiting_reply_wakes_the_reader_at_once_and_nothing_else_does() -> None:
    fetched: list[int] = []
    mailbox = Mailbox(on_reply=lambda: fetched.extend(event.stamp for event in mailbox.drain_replies()))
    for event in (mark(1), progress(1), preview("samples", 1)):
        mailbox.post(event)
    assert fetched == []
    mailbox.post(reply("paint", 5))
    assert fetched == [5]


def test_many_threads_lose_nothing() -> None:
    mailbox = Mailbox()
    threads = [
        threading.Thread(target=lambda name=name: [mailbox.post(mark(step, name)) for step in range(500)])
        for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    events = []
    while any(thread.is_alive() for thread in threads):
        events += mailbox.drain()
    events += mailbox.drain()
    for name in "abcd":
        assert [event.step for event in events if event.run_id == name] == list(range(500))


def test_events_are_frozen_and_timed() -> None:
    first, second = mark(1), mark(2)
    assert first.time <= second.time
    with pytest.raises(FrozenInstanceError):
        first.step = 3  # type: ignore[misc]


def test_a_reader_that_has_left_is_told_nothing(data_dir: Path, tmp_path: Path) -> None:
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        engine.unsubscribe(watcher.mailbox)
        assert engine.start(engine.config("tiny", data=str(small_pictures(tmp_path)), steps=2, device="cpu")).join(30)
        assert watcher.mailbox.drain() == []


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let threads change places as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_a_job_ends_as_finished_however_late_somebody_asks_it_to_stop(
    data_dir: Path, tmp_path: Path, eager_threads: None
) -> None:
    pictures = str(small_pictures(tmp_path))
    with engine_in(data_dir) as engine:
        for _ in range(20):
            job = engine.start(engine.config("tiny", data=pictures, steps=1, device="cpu"))
            while not job.join(0):
                job.stop()
            assert job.state is JobState.FINISHED
            job.resume()
            assert job.state is JobState.FINISHED
        assert engine.active_jobs == []
