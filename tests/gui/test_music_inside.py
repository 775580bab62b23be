"""Looking inside networks that compose: real mouse and keys, answers from the live worker, notes that really sound."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gendesk.plugins.music.studios.inside.studio import InsideStudio
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.music.midi_writing import write_midi
from gendesk.studios.music.transport import Transport
from tests.support.composers import composer, run_data, scores
from tests.support.dropping import drop_file
from tests.support.music_window import training_window
from tests.support.outputs import RecordingOutput
from tests.support.studio_desk import WAIT, StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
PITCHES, ATTENTION, SURPRISE, MAP = range(4)
Opened = Callable[..., InsideStudio]


class Sounding:
    """What the studios of a test play on."""

    def __init__(self) -> None:
        self.output = RecordingOutput()

    def ons(self) -> list[int]:
        return [pitch for _, pitch, _ in self.output.named("on")]


@pytest.fixture
def sound() -> Sounding:
    return Sounding()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, sound: Sounding) -> Iterator[Opened]:
    """Open the studio on a small network, and wait until it has read the first held-out piece."""
    desks: list[StudioDesk] = []

    def open_(kind: str, size: tuple[int, int] = (380, 560), *, known: bool = True, **changes: object) -> InsideStudio:
        model, data = composer(kind, **changes)
        desks.append(StudioDesk(model, run_data(tmp_path, data if known else None)))
        studio = InsideStudio()
        qtbot.addWidget(studio)
        Transport(studio, lambda _choice: sound.output)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        qtbot.waitUntil(lambda: studio.looked is not None and bool(studio.sounds.map.texts), timeout=WAIT)
        QApplication.processEvents()
        return studio

    yield open_
    for desk in desks:
        desk.close()


def cell(chart: Any, row: int, column: int) -> QPoint:
    chart.grab()  # where cells lie is known when they have been painted
    return chart.area_of((row, column)).center().toPoint()


def test_the_map_shows_chances_with_frames_and_the_likeliest_of_a_step(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("line")
    looked, panel = studio.looked, studio.pitches
    assert looked is not None
    assert studio.source.pieces.currentText() == "Tune 5"
    chart = panel.paged.map
    assert chart.rows[0] == "C5" and "C4" in chart.rows
    step = 4
    row = next(row for row, column in chart.outlined if column == step)
    pitch = looked.notes[step][0].pitch
    assert float(chart.values[row, step]) == pytest.approx(float(looked.pitches[pitch, step]))
    qtbot.mouseMove(chart, cell(chart, row, step))
    qtbot.waitUntil(lambda: panel.step == step, timeout=WAIT)
    assert chart.marked == step
    assert "was played" in chart.readout
    assert len(panel.bars.tokens) == 8 and panel.bars.tokens.count("end") == 1
    best = int(chart.values[:, step].argmax())
    assert panel.bars.tokens[0] == chart.rows[best]
    bits = -np.log2(looked.chances[step])
    assert panel.words.text().startswith("Step 5 of 20: ") and f"{bits:.1f} bits" in panel.words.text()
    chart.setFocus()
    qtbot.mouseClick(chart, LEFT, pos=cell(chart, row, step))
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert panel.step == step + 1


def test_the_playhead_takes_the_map_along_and_stops_without_a_note(
    qtbot: QtBot, opened: Opened, sound: Sounding
) -> None:
    studio = opened("line", (1500, 900))
    qtbot.mouseClick(studio.deck.bar.play, LEFT)
    qtbot.waitUntil(lambda: (studio.pitches.step or 0) >= 3, timeout=WAIT)
    assert studio.pitches.paged.map.marked is not None
    qtbot.mouseClick(studio.deck.bar.stop, LEFT)
    qtbot.waitUntil(lambda: not sound.output.sounding, timeout=WAIT)
    assert studio.looked is not None
    expected = [note.pitch for notes in studio.looked.notes for note in notes]
    assert sound.ons() == expected[: len(sound.ons())]


def test_a_pitch_among_the_likeliest_can_be_heard(qtbot: QtBot, opened: Opened, sound: Sounding) -> None:
    studio = opened("line")
    studio.pitches.show_step(0)
    bars = studio.pitches.bars
    qtbot.mouseClick(bars, LEFT, pos=bars.row_rect(2).center().toPoint())
    qtbot.waitUntil(lambda: len(sound.ons()) == 1, timeout=WAIT)
    assert studio.looked is not None
    assert sound.ons() == [*(studio.looked.likeliest[0][2][0] or ())]
    qtbot.waitUntil(lambda: not sound.output.sounding, timeout=WAIT)


@pytest.mark.parametrize("kind", ["line", "phrase", "events"])
def test_columns_of_attention_sum_to_one_and_say_who_looks_where(qtbot: QtBot, opened: Opened, kind: str) -> None:
    studio = opened(kind)
    studio.panels.choose(ATTENTION)
    panel = studio.attention
    chart = panel.paged.map
    np.testing.assert_allclose(np.nansum(chart.values, 0), 1, atol=1e-5)
    panel.paged.bar.setValue(panel.paged.bar.maximum())  # what lies before the page is added up
    np.testing.assert_allclose(np.nansum(chart.values, 0), 1, atol=1e-5)
    panel.paged.bar.setValue(0)
    looked = studio.looked
    assert looked is not None and looked.looks is not None
    place = cell(chart, 3, 5)
    qtbot.mouseMove(chart, place)
    one, other, share = looked.names[5], looked.names[2], 100 * float(looked.looks[3, 5])
    qtbot.waitUntil(lambda: chart.readout == f"{one} looks at {other}: {share:.0f} %", timeout=WAIT)
    assert panel.words.text().startswith(f"{one} (step 6) looks at ")
    assert studio.deck.roll.isVisible()
    values = studio.deck.roll.canvas.look.values
    assert looked.notes[2][0] in values and looked.notes[7][0] not in values
    assert max(values.values()) == pytest.approx(1)
    qtbot.mouseMove(chart, cell(chart, 6, 3))
    qtbot.waitUntil(lambda: "cannot look at what comes later" in chart.readout, timeout=WAIT)


def test_a_transformer_has_layers_and_heads_to_choose(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("events")
    studio.panels.choose(ATTENTION)
    panel, looked = studio.attention, studio.looked
    assert looked is not None and looked.heads is not None
    assert (panel.layer.count(), panel.head.count()) == (3, 3)
    for box in (panel.layer, panel.head):
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Down)
    np.testing.assert_array_equal(panel.table, looked.heads[0, 0])
    np.testing.assert_allclose(np.nansum(panel.paged.map.values, 0), 1, atol=1e-5)
    qtbot.keyClick(panel.head, Qt.Key.Key_Up)
    np.testing.assert_allclose(panel.table, looked.heads[0].mean(0), atol=1e-6)


def test_a_network_without_attention_says_so(opened: Opened) -> None:
    studio = opened("line", attention=False)
    studio.panels.choose(ATTENTION)
    assert studio.attention.paged.map.is_empty
    assert "has no attention" in studio.attention.paged.map._empty_text
    assert studio.attention.layer.isHidden() or not studio.attention.layer.isVisible()


def test_the_hardest_steps_are_marked_and_a_click_plays_from_there(
    qtbot: QtBot, opened: Opened, sound: Sounding
) -> None:
    studio = opened("line")
    studio.panels.choose(SURPRISE)
    looked, chart = studio.looked, studio.surprise.chart
    assert looked is not None
    hardest = int(looked.nats.argmax())
    assert chart.hardest[0] == hardest
    assert f"{looked.names[hardest]} at step {hardest + 1}" in studio.surprise.words.text()
    chart.grab()
    step = 7
    bar = chart.panels[0].slot(step)
    qtbot.mouseClick(chart, LEFT, pos=QPointF(bar.center().x(), bar.bottom() - 4).toPoint())
    qtbot.waitUntil(lambda: bool(sound.ons()), timeout=WAIT)
    assert sound.ons()[0] == looked.notes[step][0].pitch
    qtbot.mouseClick(studio.deck.bar.stop, LEFT)
    qtbot.waitUntil(lambda: not sound.output.sounding, timeout=WAIT)


def test_pitches_lie_in_a_plane_by_either_method(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("line")
    studio.panels.choose(MAP)
    panel = studio.sounds
    assert "C4" in panel.map.texts
    assert panel.bars.charts[0].labels[6] == "P5"
    before = panel.map.pixels()
    panel.method.setFocus()
    qtbot.keyClick(panel.method, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not np.array_equal(panel.map.pixels(), before), timeout=WAIT)
    assert "neighbours are alike" in panel.words.text()


def test_a_piece_is_composed_again_by_its_seed_and_read_with_newer_weights(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("line", known=False)  # without data it composes at once
    assert studio.looked is not None
    assert studio.source.pieces.currentText() == ""
    first = studio.looked
    qtbot.mouseClick(studio.source.seed.button, LEFT)
    qtbot.waitUntil(lambda: studio.looked is not first, timeout=WAIT)
    assert studio.looked.names != first.names
    second = studio.looked
    studio.model_changed()
    qtbot.waitUntil(lambda: studio.looked is not second, timeout=WAIT)
    assert studio.looked.names == second.names
    studio.source.notes.setValue(0.0)
    studio.source.rhythm.setValue(0.0)
    before = studio.looked
    qtbot.mouseClick(studio.source.new, LEFT)
    qtbot.waitUntil(lambda: studio.looked is not before, timeout=WAIT)
    sure = studio.looked
    qtbot.mouseClick(studio.source.seed.button, LEFT)
    qtbot.waitUntil(lambda: studio.looked is not sure, timeout=WAIT)
    assert studio.looked.names == sure.names  # the likeliest is the same for all seeds


def test_a_midi_file_can_be_dropped_and_a_broken_one_is_told(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    studio = opened("line")
    good, broken = tmp_path / "tune.mid", tmp_path / "broken.mid"
    write_midi(scores("line")[0], good)
    broken.write_bytes(b"MThd\x00")
    before = studio.looked
    drop_file(studio, good)
    qtbot.waitUntil(lambda: studio.looked is not before, timeout=WAIT)
    assert studio.looked is not None and studio.looked.score.title == "Tune 1"
    assert studio.source.pieces.placeholderText() == "tune.mid"
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        drop_file(studio, broken)
    assert "broken.mid" in told.args[0]
    assert studio.note.text() == told.args[0]
    assert studio.looked.score.title == "Tune 1"


def test_it_fits_a_narrow_panel_and_closes_with_its_session(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("events")
    for page in range(4):
        studio.panels.choose(page)
        QApplication.processEvents()
        assert (studio.width(), studio.height()) == (380, 560)
    studio.resize(1500, 900)
    assert studio.panels.is_wide and studio.deck.roll.isVisible()
    studio.set_session(None)
    assert studio.looked is None
    assert studio.pitches.paged.map.is_empty and not studio.sounds.map.texts
    assert not studio.deck.bar.play.isEnabled()


def test_the_same_piece_is_seen_by_a_network_that_trains_on(qtbot: QtBot, tmp_path: Path) -> None:
    with training_window(qtbot, tmp_path, preview_every=20) as window:
        studios = window.current_tab.view.studios
        studios.choose("inside")
        studio = studios.current
        assert isinstance(studio, InsideStudio)
        qtbot.waitUntil(lambda: studio.looked is not None, timeout=3 * WAIT)
        first = studio.looked
        qtbot.waitUntil(lambda: not np.allclose(studio.looked.chances, first.chances), timeout=3 * WAIT)
        assert studio.looked.names == first.names and studio.looked.piece is first.piece
        qtbot.waitUntil(lambda: not studio.surprise.chart.is_empty, timeout=WAIT)
