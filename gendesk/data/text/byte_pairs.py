"""Byte pairs: bytes that stand together most often become one token, again and again, by Hugging Face's tokenizers.

Method: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units (2016), on bytes as in
GPT-2 (2019), so that nothing is ever unknown.
"""

import functools
import json
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from tokenizers import Tokenizer as Machine
from tokenizers import decoders, models, pre_tokenizers, trainers

from gendesk.data.dataset import Int32Array
from gendesk.data.text.tokens import MARK, Piece, fold

_BYTES = 256


class BytePairs:
    """A token is a group of bytes; `vocabulary` spells bytes as GPT-2 does, with a letter for each."""

    def __init__(self, vocabulary: Sequence[str], merges: Sequence[str], *, lower: bool = False) -> None:
        """`merges` are the two parts of each joined pair with a space between, in order."""
        self.vocabulary = tuple(vocabulary)
        self.merges = tuple(merges)
        self._lower = lower
        pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in self.merges)]
        self._machine = _machine(models.BPE({token: at for at, token in enumerate(self.vocabulary)}, pairs))

    @classmethod
    def learnt(cls, pieces: Iterable[str], size: int, *, lower: bool = False) -> Self:
        """Join the pairs of the pieces of a text until there are `size` tokens; 256 are the least."""
        machine = _machine(models.BPE())
        trainer = trainers.BpeTrainer(
            vocab_size=max(_BYTES, size),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        machine.train_from_iterator((_lines(piece) for piece in pieces), trainer)
        learnt = json.loads(machine.to_str())["model"]
        vocabulary = sorted(learnt["vocab"], key=learnt["vocab"].__getitem__)
        return cls(vocabulary, [" ".join(pair) for pair in learnt["merges"]], lower=lower)

    def encode(self, text: str) -> Int32Array:
        parts = self._machine.encode_batch_fast(_lines(self._folded(text)), add_special_tokens=False)
        return np.fromiter((token for part in parts for token in part.ids), np.int32)

    def decode(self, tokens: Iterable[int]) -> str:
        return str(self._machine.decode([int(token) for token in tokens], skip_special_tokens=False))

    def spell(self, token: int, before: str = "") -> str:  # noqa: ARG002 (spaces are bytes, too)
        return self.decode([token])

    def pieces(self, text: str) -> list[Piece]:
        found: list[Piece] = []
        start = 0
        for line in _lines(self._folded(text)):
            part = self._machine.encode(line, add_special_tokens=False)
            places = zip(part.ids, part.offsets, strict=True)
            found += [Piece(token, start + begin, start + end) for token, (begin, end) in places]
            start += len(line)
        return found

    def unknown(self, text: str) -> tuple[str, ...]:  # noqa: ARG002 (every byte is known)
        return ()

    def _folded(self, text: str) -> str:
        return fold(text) if self._lower else text


def bytes_of(token: str) -> bytes:
    """Return the bytes of a token of a vocabulary of byte pairs."""
    return bytes(_letters()[letter] for letter in token)


@functools.cache
def _letters() -> dict[str, int]:
    """Return which byte each letter of a vocabulary stands for: itself if it can be seen, else the next from 256 on."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(_BYTES) if byte not in seen]
    return {chr(byte): byte for byte in seen} | {chr(_BYTES + at): byte for at, byte in enumerate(hidden)}


def _lines(text: str) -> list[str]:
    """Cut where no token may reach over; half of a surrogate pair, which no bytes can spell, is put out of the way."""
    return text.encode("utf-8", "replace").decode().splitlines(keepends=True)


def _machine(model: models.BPE) -> Machine:
    machine = Machine(model)
    # The mark of stories stays a token of its own, or nobody could wait for it.
    machine.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(MARK, "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    machine.decoder = decoders.ByteLevel()
    return machine
