"""Joins the mixer of a player's bar with the transport of its window, which keeps the mix from piece to piece."""

from collections.abc import Callable
from functools import partial

from gendesk.music.mixing import TrackSettings
from gendesk.music.score import Score
from gendesk.studios.music.transport import Transport
from gendesk.widgets.music_player.mixer import Strip
from gendesk.widgets.music_player.player_bar import PlayerBar


def join_mixer(bar: PlayerBar, transport: Transport, piece: Callable[[], Score]) -> None:
    """Let the mixer of a bar show, and change, how the voices of a piece are heard; `piece` says which it is."""
    bar.mixer_wanted.connect(partial(_fill, bar, transport, piece))
    bar.mixer.changed.connect(partial(_take, transport))
    bar.mixer.metronome_toggled.connect(transport.set_metronome)


def _fill(bar: PlayerBar, transport: Transport, piece: Callable[[], Score]) -> None:
    strips = []
    for number, track in enumerate(piece().tracks):
        settings = transport.mix.of(number)
        title = track.name or bar.tr("Voice {0}").format(number + 1)
        strips.append(
            Strip(title, settings.muted, settings.solo, settings.program, settings.volume, is_drums=track.is_drums)
        )
    bar.mixer.set_strips(strips)
    bar.mixer.set_metronome(transport.mix.metronome)


def _take(transport: Transport, number: int, strip: Strip) -> None:
    transport.set_track(number, TrackSettings(strip.muted, strip.solo, strip.program, strip.volume))
