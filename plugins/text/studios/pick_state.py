"""A text that grows pick by pick: what was picked, by whom, and how likely it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gendesk.data.dataset import TextInfo
from gendesk.data.text.tokens import Tokenizer
from gendesk.engine.text.picking import Picked
from gendesk.engine.text.writing import opening, spelled

By = Literal["you", "model"]


@dataclass(frozen=True)
class Pick:
    """One token that was picked."""

    picked: Picked
    by: By


@dataclass(frozen=True)
class PickedText:
    """What can be undone: the beginning and the picks after it."""

    prompt: str = ""
    picks: tuple[Pick, ...] = ()

    def grown(self, added: Sequence[Picked], by: By) -> "PickedText":
        """Return the text with more picks."""
        return replace(self, picks=(*self.picks, *(Pick(one, by) for one in added)))

    def tokens(self, info: TextInfo) -> tuple[int, ...]:
        """Return the whole text as a model reads it."""
        return (*opening(info, self.prompt).tokens, *(pick.picked.token for pick in self.picks))

    def pieces(self, tokenizer: Tokenizer) -> list[str]:
        """Return what each pick adds to the text."""
        return spelled(tokenizer, [pick.picked.token for pick in self.picks], self.prompt)
