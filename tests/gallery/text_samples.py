"""Samples of a text at four temperatures over the steps of a training."""

from collections.abc import Sequence

from gendesk.widgets.text.history import TextHistory
from gendesk.widgets.text.sheet import Texts

_FABLE = (
    " was very hungry and saw a bunch of ripe grapes above the wall. She jumped and jumped, but they hung too high. "
    "At last she turned away and said: They are sour, and I did not want them.\n\nMoral: it is easy to despise what "
    "one cannot get.\n\nA Crow sat upon a tree with a piece of cheese in her beak. "
)


class _Saved:
    def steps(self) -> Sequence[int]:
        return range(0, 2001, 250)

    def frame(self, step: int) -> Texts:
        letters = [chr(97 + (ord(letter) * 7 + step) % 26) if letter != " " else " " for letter in _FABLE]
        known = len(_FABLE) * step // 2000
        text = "".join((*_FABLE[:known], *letters[known:]))
        temperatures = (0.2, 0.5, 1.0, 1.2)
        return Texts(
            tuple(text[number:] * 2 for number in range(4)),
            tuple(f"Temperature {one}" for one in temperatures),
            "Once upon a time a Fox",
        )


def build() -> TextHistory:
    history = TextHistory()
    history.set_source(_Saved())
    history.resize(900, 420)
    return history
