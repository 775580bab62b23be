"""The network that answers a phrase with a phrase: an encoder, and a decoder that attends to what it has read.

Source: Foster, Generative Deep Learning (2019), figures 7.11 to 7.13, which give no sizes; attention as in Bahdanau,
Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and Translate (2015).
"""

import torch
from torch import Tensor, nn

from gendesk.data.dataset import Int32Array, ScoreInfo
from gendesk.nn.recurrent import RecurrentState, empty_state, recurrent

from .config import Seq2SeqConfig
from .models import Forecast, Foretell, LineModel, padded


class PhraseAttention(nn.Module):
    """Scores each place of a phrase by what the decoder has in mind: v tanh(W h + U s)."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.of_places = nn.Linear(units, units)
        self.of_state = nn.Linear(units, units, bias=False)
        self.score = nn.Linear(units, 1, bias=False)
        for layer in (self.of_places, self.of_state, self.score):
            nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(self.of_places.bias)

    def forward(self, places: Tensor, prepared: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return the sum of places (count, length, units) for a state (count, units), and their shares (count, length).

        `prepared` are the places after `of_places`, which are the same for every state.
        """
        scores = self.score(torch.tanh(prepared + self.of_state(state)[:, None]))[..., 0]
        shares = scores.softmax(1)
        return (shares[..., None] * places).sum(1), shares


class AttentionSeq2Seq(LineModel):
    """A window is a phrase and, but for its last event, the one that is foretold.

    The decoder begins with nothing in mind, reads at each step what it attended to and the event before, and puts out
    what stands for the next one.
    """

    def __init__(self, config: Seq2SeqConfig, info: ScoreInfo) -> None:
        super().__init__(config, info, 2 * config.phrase - 1, config.phrase)
        self.encoder = recurrent("lstm", 2 * config.embedding, config.units)
        self.attention = PhraseAttention(config.units)
        self.decoder = recurrent("lstm", config.units + 2 * config.embedding, config.units)

    @property
    def body(self) -> nn.Module:
        return nn.ModuleList([self.encoder, self.attention, self.decoder])

    def hidden(self, tokens: Tensor) -> tuple[Tensor, Tensor | None]:
        """Foretell what follows the rows from the end of the phrase on; fewer rows than a phrase are the phrase.

        The shares stand at the rows of the phrase, and are 0 behind it.
        """
        phrase = min(self.foretold, tokens.shape[1])
        values = self.embedded(tokens)
        places, _ = self.encoder(values[:, :phrase])
        prepared = self.attention.of_places(places)
        state = empty_state(self.decoder, len(tokens))
        found = []
        shares = places.new_empty(0)
        for step in range(phrase - 1, tokens.shape[1]):
            out, shares, state = self.answered(places, prepared, values[:, step], state)
            found.append(out)
        behind = shares.new_zeros(len(tokens), tokens.shape[1] - phrase)
        return torch.cat(found, 1), torch.cat([shares, behind], 1)

    def answered(
        self, places: Tensor, prepared: Tensor, before: Tensor, state: RecurrentState
    ) -> tuple[Tensor, Tensor, RecurrentState]:
        """Go on by one event: what the decoder puts out (count, 1, units), the shares (count, length), its new state.

        `before` is what stands for the event before (count, 2 * embedding).
        """
        context, shares = self.attention(places, prepared, state[0][0])
        out, state = self.decoder(torch.cat([context, before], 1)[:, None], state)
        return out, shares, state

    def reader(self) -> Foretell:
        return _Answering(self)


class _Answering:
    """Answers each whole phrase of a piece, keeping in mind how far the answer has come."""

    def __init__(self, model: AttentionSeq2Seq) -> None:
        self._model = model
        self._places = self._prepared = torch.empty(0)
        self._state = empty_state(model.decoder, 1)
        self._known = -1

    def __call__(self, tokens: Int32Array) -> Forecast:
        model, phrase = self._model, self._model.foretold
        inside = len(tokens) % phrase
        with torch.inference_mode():
            rows = model.embedded(model.tensor(padded(tokens, phrase + inside))[None])
            if self._known != len(tokens) - 1 or not inside:
                self._places, _ = model.encoder(rows[:, :phrase])
                self._prepared = model.attention.of_places(self._places)
                self._state = empty_state(model.decoder, 1)
                new = range(phrase - 1, phrase + inside)
            else:
                new = range(phrase + inside - 1, phrase + inside)
            for step in new:
                out, shares, self._state = model.answered(self._places, self._prepared, rows[:, step], self._state)
            self._known = len(tokens)
            behind = shares.new_zeros(1, inside)
            return model.forecast(out[0, 0], torch.cat([shares, behind], 1))
