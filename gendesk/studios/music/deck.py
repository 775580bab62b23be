"""What plays behind a transport: one player and the output that it sends to, driven from one worker thread."""

from collections.abc import Callable
from functools import partial

from gendesk.errors import GendeskError
from gendesk.music.mixing import Mix
from gendesk.music.output import CHANNELS, Output
from gendesk.music.player import Player, Position, State
from gendesk.music.schedule import channels_of
from gendesk.music.score import DRUMS, Score
from gendesk.studios.music.outputs import SilentOutput

Loop = tuple[float, float]

AUDITION = 90
"""The velocity of a key that is held down with the mouse, which cannot tell how hard it is pressed."""


class Deck:
    """Plays for one owner at a time. Everything is called from one thread, one call after the other.

    `report` is called from the player's thread with the owner and where it is. Methods return a sentence where nothing
    can be heard, else "".
    """

    def __init__(self, opens: Callable[[str], Output], report: Callable[[object, Position], None]) -> None:
        self._opens = opens
        self._report = report
        self._player: Player | None = None
        self._output: Output = SilentOutput()
        self._choice = ""
        self._problem = ""
        self._owner: object = None
        self._mix = Mix()
        self._keys: dict[int, int] = {}  # the channel of each pitch that is held down

    def use(self, choice: str) -> str:
        """Send to another output from now on."""
        if choice == self._choice:
            return self._problem
        self.release()
        self._exchange(SilentOutput()).close()  # some systems do not open a port twice
        try:
            opened, self._problem = self._opens(choice), ""
        except GendeskError as error:
            opened, self._problem = SilentOutput(), str(error)
        self._exchange(opened)
        self._choice = choice
        return self._problem

    def _exchange(self, output: Output) -> Output:
        before, self._output = self._output, output
        if self._player is not None:
            self._player.set_output(output)
        return before

    def play(
        self, owner: object, score: Score, choice: str, loop: Loop | None, tempo: float, beat: float | None
    ) -> str:
        """Play a score, from where its owner has paused it or from a beat on."""
        sentence = self.use(choice)
        self.release()
        if self._player is None:
            self._player = Player(self._output, self._told)
            self._player.set_mix(self._mix)
        player = self._player
        if owner is not self._owner or score is not player.score:
            player.stop()
            self._owner = owner
            player.set_score(score)
        player.set_loop(*(loop or ()))
        player.set_tempo_factor(tempo)
        player.play(beat)
        return sentence

    def change(self, score: Score) -> str:
        """Go on as another score at the same beat."""
        return self._with(partial(Player.set_score, score=score))

    def pause(self) -> str:
        return self._with(Player.pause)

    def stop(self) -> str:
        """End the piece and the keys that are held down."""
        self.release()
        return self._with(Player.stop)

    def seek(self, beat: float) -> str:
        return self._with(partial(Player.seek, beat=beat))

    def set_loop(self, loop: Loop | None) -> str:
        start, end = loop or (None, None)
        return self._with(partial(Player.set_loop, start=start, end=end))

    def set_tempo(self, tempo: float) -> str:
        return self._with(partial(Player.set_tempo_factor, factor=tempo))

    def set_mix(self, mix: Mix) -> str:
        self._mix = mix
        return self._with(partial(Player.set_mix, mix=mix))

    def press(self, choice: str, pitch: int, velocity: int, program: int, *, drums: bool) -> str:
        """Let a key sound until `release`, beside a piece that plays, on a channel that this does not use."""
        sentence = self.use(choice)
        self.release(pitch)
        channel = DRUMS if drums else self._free_channel()
        self._keys[pitch] = channel
        self._send(partial(_begin, channel=channel, program=program, pitch=pitch, velocity=velocity))
        return sentence

    def release(self, pitch: int | None = None) -> str:
        """End a key that is held down, or all of them."""
        for key in [key for key in self._keys if pitch in (key, None)]:
            self._send(partial(_end, channel=self._keys.pop(key), pitch=key))
        return self._problem

    def _free_channel(self) -> int:
        if self._player is None or self._player.state is not State.PLAYING:
            return 0
        taken = {DRUMS, *channels_of(self._player.score.tracks)}
        return next((channel for channel in reversed(range(CHANNELS)) if channel not in taken), 0)

    def _send(self, act: Callable[[Output], None]) -> None:
        if self._player is not None:
            self._player.between(act)
        else:
            act(self._output)

    def retry(self, choice: str) -> str:
        """Open an output anew that could not be opened before."""
        self.drop(self._problem)
        return self.use(choice)

    def drop(self, problem: str) -> str:
        """Open the output anew at the next chance, because it has failed."""
        self._choice, self._problem = "", problem
        return problem

    def close(self) -> str:
        """End all notes, the player's thread and the output; it can be used again."""
        self._keys.clear()
        if self._player is not None:
            self._player.close()
        self._player = self._owner = None
        self._output.close()
        self._output, self._choice = SilentOutput(), ""
        return ""

    def _with(self, act: Callable[[Player], None]) -> str:
        if self._player is not None:
            act(self._player)
        return self._problem

    def _told(self, position: Position) -> None:
        self._report(self._owner, position)


def _begin(output: Output, channel: int, program: int, pitch: int, velocity: int) -> None:
    output.program(channel, program)
    output.note_on(channel, pitch, velocity)


def _end(output: Output, channel: int, pitch: int) -> None:
    output.note_off(channel, pitch)
