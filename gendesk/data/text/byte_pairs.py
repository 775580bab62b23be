"""Byte pairs: bytes that stand together most often become one token, again and again, by Hugging Face's tokenizers.

Method: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units (2016), on bytes as in
GPT-2 (2019), so that nothing is ever unknown.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from tokenizers import Tokenizer as Machine
from tokenizers import decoders, models, pre_tokenizers, trainers

from gendesk.data.dataset import Int32Array
from gendesk.data.text.tokens import Piece

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
    def learnt(cls, text: str, size: int, *, lower: bool = False) -> Self:
        """Join the pairs of a text until there are `size` tokens; 256 are the least."""
        machine = _machine(models.BPE())
        trainer = trainers.BpeTrainer(
            vocab_size=max(_BYTES, size),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        machine.train_from_iterator(text.splitlines(keepends=True), trainer)
        learnt = json.loads(machine.to_str())["model"]
        vocabulary = sorted(learnt["vocab"], key=learnt["vocab"].__getitem__)
        return cls(vocabulary, [" ".join(pair) for pair in learnt["merges"]], lower=lower)

    def encode(self, text: str) -> Int32Array:
        folded = text.lower() if self._lower else text
        parts = self._machine.encode_batch_fast(folded.splitlines(keepends=True), add_special_tokens=False)
        return np.fromiter((token for part in parts for token in part.ids), np.int32)

    def decode(self, tokens: Iterable[int]) -> str:
        return str(self._machine.decode([int(token) for token in tokens], skip_special_tokens=False))

    def spell(self, token: int, before: str = "") -> str:  # noqa: ARG002 (spaces are bytes, too)
        return self.decode([token])

    def pieces(self, text: str) -> list[Piece]:
        found: list[Piece] = []
        start = 0
        for line in text.splitlines(keepends=True):
            folded = line.lower() if self._lower else line
            part = self._machine.encode(folded, add_special_tokens=False)
            places = zip(part.ids, part.offsets, strict=True)
            found += [Piece(token, start + begin, start + end) for token, (begin, end) in places]
            start += len(line)
        return found

    def unknown(self, text: str) -> tuple[str, ...]:  # noqa: ARG002 (every byte is known)
        return ()


def _machine(model: models.BPE) -> Machine:
    machine = Machine(model)
    machine.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    machine.decoder = decoders.ByteLevel()
    return machine
