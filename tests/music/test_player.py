"""The player: notes at their moments, and none that hangs, whatever a listener does meanwhile."""

import statistics
import threading
import time

import pytest

from gendesk.errors import GendeskError
from gendesk.music.mixing import Mix, TrackSettings
from gendesk.music.player import Player, State
from gendesk.music.schedule import METRONOME, Kind, channels_of, schedule
from gendesk.music.score import Control, Meter, Note, Score, Tempo, Track
from tests.support.outputs import RecordingOutput


def line(count=8, step=0.25, pitch=60, **values) -> Track:
    return Track(tuple(Note(index * step, pitch + index, step) for index in range(count)), **values)


def piece(*tracks: Track, bpm=600.0) -> Score:
    return Score(tracks or (line(),), tempos=(Tempo(0.0, bpm),))


@pytest.fixture
def output() -> RecordingOutput:
    return RecordingOutput()


@pytest.fixture
def player(output):
    with Player(output) as player:
        yield player


def test_messages_of_a_score_come_in_order_with_ends_before_beginnings():
    track = Track((Note(0, 60, 1), Note(1, 60, 0), Note(2, 62, 4), Note(3, 62, 1)), controls=(Control(1, 64, 127),))
    messages = schedule(piece(track, bpm=60)).messages
    assert [(m.seconds, m.kind, m.first) for m in messages] == [
        (0, Kind.NOTE_ON, 60),
        (1, Kind.NOTE_OFF, 60),
        (1, Kind.CONTROL, 64),
        (1, Kind.NOTE_ON, 60),
        (1 + 1 / 480, Kind.NOTE_OFF, 60),  # a note without a length sounds for a tick
        (2, Kind.NOTE_ON, 62),
        (3, Kind.NOTE_OFF, 62),  # the key has to go up before it can go down again
        (3, Kind.NOTE_ON, 62),
        (4, Kind.NOTE_OFF, 62),
    ]


def test_tracks_have_channels_of_their_own_as_far_as_they_reach():
    drums = Track(channel=9)
    assert channels_of((Track(), drums, Track(), Track(channel=1))) == (0, 9, 2, 1)
    many = channels_of([Track()] * 20)
    assert len(set(many)) == 15 and 9 not in many and many[0] == 0


def test_metronome_accents_the_bars_of_each_metre():
    score = Score((line(12, 0.5),), meters=(Meter(0.0, 3, 4), Meter(3.0, 6, 8)))
    beats = [(m.seconds * 2, m.second) for m in schedule(score, True).messages if (m.track, m.kind) == (METRONOME, 2)]
    assert [beat for beat, _ in beats] == [0, 1, 2, 3, 3.5, 4, 4.5, 5, 5.5]
    assert [beat for beat, velocity in beats if velocity > 100] == [0, 3]


def test_notes_come_at_their_moments_and_end(player, output):
    player.set_score(piece(line(40, program=19)))
    player.play()
    assert player.wait(5)
    assert output.named("on") == [(0, 60 + index, 80) for index in range(40)]
    assert not output.sounding
    assert output.named("program") == [(0, 19)]
    times = output.times()
    late = [time - number * 0.025 for number, time in enumerate(times)]
    assert statistics.median(late[20:]) == pytest.approx(statistics.median(late[:20]), abs=0.02)


def test_position_is_told_thirty_times_a_second(output):
    told = []
    with Player(output, told.append) as player:
        player.set_score(piece(line(4), bpm=120))
        player.play()
        assert player.wait(5)
        assert player.position.beat == 0
    playing = [position for position in told if position.state is State.PLAYING]
    assert 4 <= len(playing) <= 24  # half a second
    assert [p.beat for p in playing] == sorted(p.beat for p in playing)
    assert told[-1].state is State.STOPPED


def test_pause_keeps_the_place_and_stop_goes_back(player, output):
    player.set_score(piece(Track((Note(0, 60, 400), Note(2, 62, 1)))))
    player.play()
    output.wait_for("on", 2)
    player.pause()
    assert not output.sounding
    place = player.position.beat
    assert place >= 2 and player.state is State.PAUSED
    assert player.position.beat == place
    player.play()
    assert player.position.beat >= place
    player.stop()
    assert player.position.beat == 0 and player.state is State.STOPPED and not output.sounding


def test_seeking_ends_what_sounds_and_chases_controllers(player, output):
    track = Track((Note(0, 60, 200), Note(300, 64, 1)), controls=(Control(200, 10, 20), Control(100, 64, 127)))
    player.set_score(piece(track))
    player.play()
    output.wait_for("on", 1)
    player.seek(299.5)
    output.wait_for("on", 2)
    assert (0, 60) not in output.sounding
    assert (0, 10, 20) in output.named("control") and (0, 64, 127) in output.named("control")


def test_a_loop_repeats_without_drift(player, output):
    player.set_score(piece(line(16)))
    player.set_loop(1.0, 3.0)  # notes 4 to 11, of 25 ms each
    player.play(1.0)
    output.wait_for("on", 40)
    player.set_loop()
    assert player.wait(5)
    times = output.times()
    assert [pitch for _, pitch, _ in output.named("on")[:40]] == [*range(64, 72)] * 5
    late = [time - number * 0.025 for number, time in enumerate(times[:40])]
    # A busy machine makes single notes late, and no drift goes away again.
    assert statistics.median(late[20:]) == pytest.approx(statistics.median(late[:20]), abs=0.02)
    assert output.named("on")[-1][1] == 75 and not output.sounding


def test_the_tempo_factor_keeps_the_place(player):
    player.set_score(piece(line(100), bpm=60))
    player.play(20.0)
    player.set_tempo_factor(0.01)
    assert player.position.beat == pytest.approx(20, abs=2)
    with pytest.raises(ValueError):
        player.set_tempo_factor(0)


def test_muting_ends_notes_at_once_and_solo_leaves_one(player, output):
    long = Track((Note(0, 60, 400),))
    tracks = long, long.with_notes([Note(0, 64, 400)]), long.with_notes([Note(0, 67, 400)])
    player.set_score(piece(*tracks))
    player.play()
    output.wait_for("on", 3)
    muted = Mix().with_track(0, TrackSettings(muted=True))
    player.set_mix(muted)
    assert output.sounding == {(1, 64), (2, 67)}
    player.set_mix(muted.with_track(2, TrackSettings(solo=True, program=40, volume=0.5)))
    assert output.sounding == {(2, 67)}
    assert (2, 40) in output.named("program") and (2, 7, 50) in output.named("control")


def test_a_changed_score_is_heard_at_once_and_kept_notes_go_on(player, output):
    kept, gone, new = Note(0, 60, 400), Note(0, 64, 400), Note(30, 67, 1)
    player.set_score(piece(Track((kept, gone))))
    player.play()
    output.wait_for("on", 2)
    player.set_score(piece(Track((kept, new))))
    assert output.sounding == {(0, 60)}
    assert output.named("off") == [(0, 64)]
    player.seek(29.9)
    output.wait_for("on", 4)
    assert [pitch for _, pitch, _ in output.named("on")] == [60, 64, 60, 67]


def test_what_is_overdue_is_heard_before_another_score_or_tempo(player, output):
    player.set_score(piece(line(4, step=1.0)))
    player.play()
    output.wait_for("on", 1)

    def late(_output) -> None:  # nothing is sent meanwhile, as on a busy computer
        time.sleep(0.25)
        player.set_score(piece(line(6, step=1.0)))
        time.sleep(0.15)
        player.set_tempo_factor(2.0)

    player.between(late)
    assert player.wait(5)
    assert [pitch for _, pitch, _ in output.named("on")] == [60, 61, 62, 63, 64, 65]
    assert not output.sounding


def test_the_metronome_clicks_only_when_it_is_on(player, output):
    player.set_score(piece(line(16)))
    player.play()
    assert player.wait(5)
    assert not [note for note in output.named("on") if note[0] == 9]
    player.set_mix(Mix(metronome=True))
    player.play()
    assert player.wait(5)
    assert [note[1] for note in output.named("on") if note[0] == 9] == [76, 77, 77, 77]


def test_a_silent_metronome_takes_no_wood_block_from_a_piece(player, output):
    player.set_score(piece(Track((Note(0.0, 76, 0.1, 99), Note(1.0, 77, 0.05, 98)), channel=9)))
    player.play()
    assert player.wait(5)
    assert output.named("on") == [(9, 76, 99), (9, 77, 98)]


def test_a_long_note_sounds_when_its_middle_is_sought_and_a_drum_does_not(player, output):
    long, drum = Track((Note(0.0, 48, 40.0, 70),)), Track((Note(0.0, 36, 40.0),), channel=9)
    player.set_score(piece(long, Track((Note(20.0, 72, 1.0),), channel=1), drum, bpm=300))
    player.play(10.0)
    output.wait_for("on", 1)
    assert output.named("on") == [(0, 48, 70)]
    player.pause()
    assert not output.sounding
    player.play()
    output.wait_for("on", 2)
    player.seek(39.95)  # a fiftieth of a second before its end is not worth it
    assert output.named("on") == [(0, 48, 70)] * 2 and not output.sounding
    player.set_loop(19.0, 21.0)
    player.play(19.0)
    output.wait_for("on", 7)
    player.stop()
    assert output.named("on")[2:6] == [(0, 48, 70), (1, 72, 80)] * 2
    assert not output.sounding


def test_many_commands_at_once_leave_no_note(player, output):
    tracks = [line(200, 0.05, 20, channel=index) for index in range(4)]
    player.set_score(piece(*[track.with_notes(n for n in track.notes if n.pitch < 128) for track in tracks]))

    def disturb(seed: int) -> None:
        for number in range(40):
            player.seek((number * 7 + seed) % 9)
            player.play()
            player.set_mix(Mix().with_track(seed, TrackSettings(muted=bool(number % 2))))

    threads = [threading.Thread(target=disturb, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    player.stop()
    assert not output.sounding
    count = len(output.messages)
    player.close()
    player.close()
    assert {message[1] for message in output.messages[count:]} <= {"all_off"}


def test_a_broken_output_stops_it_with_a_sentence():
    class Broken(RecordingOutput):
        def note_on(self, channel, pitch, velocity):
            raise GendeskError("The cable is out.")

    told = []
    with Player(Broken(), told.append) as player:
        player.set_score(piece())
        player.play()
        assert player.wait(5)
        assert player.position.problem == "The cable is out."


def test_another_output_takes_over(player, output):
    player.set_score(piece(line(200, 0.25, -70 + 70)))
    player.play()
    output.wait_for("on", 2)
    second = RecordingOutput()
    assert player.set_output(second) is output
    assert not output.sounding
    second.wait_for("on", 2)
    assert second.named("program")
