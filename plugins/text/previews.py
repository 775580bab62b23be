"""What the network writes from one fixed beginning, and what it thinks comes next."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gendesk.data.dataset import TextDataset, TextInfo
from gendesk.data.text.tokens import Tokenizer, tokenizer_of
from gendesk.engine.preview import Preview, TablePreview, TextPreview
from gendesk.engine.recipe import Context

from .models import Writer

TEMPERATURES = (0.2, 0.5, 1.0, 1.2)
_WRITTEN = {"characters": 300, "byte pairs": 80, "words": 60}
_PROMPT = {"characters": 60, "byte pairs": 20, "words": 12}
_SEARCHED = 400
_NEXT = 10
_SAMPLES = (
    "What the network writes after the same beginning, token by token, at four temperatures. The beginning is from the "
    "held-out text. At 0.2 it takes almost always what is likeliest and repeats itself; at 1.0 it draws from what it "
    "has learnt as it is; at 1.2 unlikely tokens come up, and with them inventions. First it finds spaces and frequent "
    "letters, then words, then sentences; if 0.5 still reads like noise, there is more to learn."
)
_LIKELIEST = (
    "The ten tokens that the network finds likeliest after that beginning, and how sure it is of each. Before training "
    "all are about equally likely; later few are left where the beginning decides, and many where a new word may come."
)


class Prompter:
    """Keeps the beginning and the tokenizer of one training."""

    def __init__(self, data: TextDataset) -> None:
        self._tokenizer = tokenizer_of(data.info)
        self._info = data.info
        self._prompt = beginning(data, self._tokenizer)

    def previews(self, model: Writer, context: Context) -> Iterator[Preview]:
        tokens = torch.tensor(self._prompt, dtype=torch.int64, device=context.device)
        prompt = self._tokenizer.decode(self._prompt)
        written = write(model, tokens, _WRITTEN[self._info.unit], TEMPERATURES, context.fixed_generator())
        texts = tuple(self._tokenizer.decode([*self._prompt, *row])[len(prompt) :] for row in written.tolist())
        captions = tuple(f"Temperature {temperature}" for temperature in TEMPERATURES)
        yield TextPreview("samples", "Samples", texts, captions, prompt, _SAMPLES)
        yield self._likeliest(model, tokens)

    def _likeliest(self, model: Writer, tokens: Tensor) -> TablePreview:
        logits, _ = model.advance(tokens[None], model.begin(1))
        found = logits[0].float().softmax(0).topk(min(_NEXT, model.vocabulary_size))
        pairs = zip(found.indices.tolist(), found.values.tolist(), strict=True)
        rows = tuple((shown(self._tokenizer.spell(token)), f"{share:.1%}") for token, share in pairs)
        return TablePreview("next", "What comes next", ("Token", "Probability"), rows, _LIKELIEST)


def beginning(data: TextDataset, tokenizer: Tokenizer) -> list[int]:
    """Return the tokens that previews begin with: held-out ones, from behind a line end or a story mark if one is near.

    A space or a full stop serves where there is neither.
    """
    source = data.test if len(data.test) >= _PROMPT[data.info.unit] else data.train
    near: list[int] = source[:_SEARCHED].tolist()
    length = _PROMPT[data.info.unit]
    last = max(0, len(near) - length)
    for separators in (_ends(data.info), " ", "."):
        found = [at for at in range(last) if tokenizer.spell(near[at]) in separators]
        if found:
            return near[found[0] + 1 : found[0] + 1 + length]
    return near[:length]


def _ends(info: TextInfo) -> tuple[str, ...]:
    return ("\n", info.mark) if info.mark else ("\n",)


def write(
    model: Writer, prompt: Tensor, length: int, temperatures: tuple[float, ...], random: torch.Generator
) -> Tensor:
    """Return tokens int64 (temperatures, length) that follow the prompt int64 (count,), a text for each temperature."""
    scales = torch.tensor(temperatures, device=prompt.device)[:, None]
    logits, state = model.advance(prompt.expand(len(temperatures), -1), model.begin(len(temperatures)))
    written: list[Tensor] = []
    while True:
        shares = (logits.float() / scales).softmax(1)
        # The first of events whose rates are the shares: as good as torch.multinomial, in a quarter of the time.
        waits = torch.empty_like(shares).exponential_(generator=random)
        written.append((shares / waits).argmax(1, keepdim=True))
        if len(written) == length:
            return torch.cat(written, 1)
        logits, state = model.advance(written[-1], state)


def shown(token: str) -> str:
    """Return a token as a table shows it: white space by name, the rest as it is."""
    names = {" ": "space", "\n": "line end", "\t": "tabulator", "": "nothing"}
    return names.get(token, token)
