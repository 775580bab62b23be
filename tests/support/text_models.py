"""Small models that write, with random weights or a table of pairs."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gendesk.data.dataset import TextDataset, TextInfo
from gendesk.data.text.tokens import learn
from gendesk.engine.recipe import Model

SENTENCES = (
    'The fox said, "Good day, 12 crows!" and ran.\n',
    'A crow sat (alone) on a tree. "Sing for me," said the fox.\n',
    "Then the cheese fell, and nobody sang. The Lion slept for 9 days.\n",
)


def text_data(text: str = "".join(SENTENCES) * 12, unit: str = "characters", mark: str = "") -> TextDataset:
    """Return a text as a data set, its last tenth held out."""
    tokenizer = learn(text, unit, 300 if unit == "byte pairs" else 0)
    tokens = tokenizer.encode(text)
    cut = len(tokens) * 9 // 10
    info = TextInfo(
        name="text",
        title="Text",
        fingerprint="1",
        train_count=cut,
        test_count=len(tokens) - cut,
        unit=unit,
        vocabulary=tokenizer.vocabulary,
        merges=getattr(tokenizer, "merges", ()),
        mark=mark,
        train_characters=len(text) * 9 // 10,
        test_characters=len(text) - len(text) * 9 // 10,
    )
    return TextDataset(info, tokens[:cut], tokens[cut:])


class Pairs(Model):
    """Knows how often each token follows each other one in a text; `logits` may be replaced."""

    context = 1

    def __init__(self, data: TextDataset) -> None:
        super().__init__()
        self.text = data.info
        size = len(data.info.vocabulary)
        counts = np.full((size, size), 0.01)
        np.add.at(counts, (data.train[:-1], data.train[1:]), 1)
        self.logits = nn.Parameter(torch.from_numpy(np.log(counts / counts.sum(1, keepdims=True))).float())

    def begin(self, count: int) -> Any:
        return None

    def advance(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        return self.logits[tokens[:, -1]], None

    def read(self, tokens: Tensor) -> Tensor:
        return self.logits[tokens]

    def embedding(self) -> Tensor:
        return self.logits


class SmallRecurrent(Pairs):
    """An untrained LSTM that opens itself, beside the table of pairs that it writes by."""

    def __init__(self, data: TextDataset, units: int = 12) -> None:
        super().__init__(data)
        torch.manual_seed(3)
        self.places = nn.Embedding(len(data.info.vocabulary), 6)
        self.layer = nn.LSTM(6, units, batch_first=True)

    def embedding(self) -> Tensor:
        return self.places.weight

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        hidden = self.layer(self.places(tokens[None]))[0][0]
        scores = hidden @ hidden.T
        mask = torch.ones_like(scores).tril() == 0
        looks = torch.stack([(scores * sharp).masked_fill(mask, -torch.inf).softmax(1) for sharp in (1.0, 4.0)])
        gates = {f"{name} 1": torch.sigmoid(hidden * (number + 1)) for number, name in enumerate("ifo")}
        return {"h 1": hidden, **gates, "attention": looks[None]}
