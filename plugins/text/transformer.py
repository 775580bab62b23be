"""The decoder-only transformer as a writer of texts."""

from torch import Tensor, nn

from gendesk.data.dataset import TextInfo
from gendesk.nn.transformer import Reading, Transformer

from .config import GptConfig
from .models import Writer


class Gpt(Writer):
    """A transformer, told of tokens by their numbers."""

    def __init__(self, config: GptConfig, info: TextInfo) -> None:
        super().__init__(info)
        self.context = config.window
        self.network = Transformer(config.shape(len(info.vocabulary), config.window))

    @property
    def body(self) -> nn.ModuleList:
        return self.network.blocks

    def hidden(self, tokens: Tensor) -> Tensor:
        return self.network.hidden(tokens)

    def head(self, hidden: Tensor) -> Tensor:
        return self.network.head(hidden)

    def begin(self, count: int) -> Reading:
        return self.network.begin(count)

    def advance(self, tokens: Tensor, state: Reading) -> tuple[Tensor, Reading]:
        return self.network.advance(tokens, state)

    def embedding(self) -> Tensor:
        return self.network.tokens.weight

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        return self.network.insides(tokens)
