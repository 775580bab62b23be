"""Recurrent layers that begin as Keras begins them, and a look at what goes on inside while they read.

Keras gives LSTM and plain cells one bias where PyTorch adds two, so the second is fixed at zero here and is no
parameter. In PyTorch's GRU the second bias stands inside the reset gate and does something of its own; it stays, which
makes `3 * units` parameters more than the books count.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

Cell = Literal["lstm", "gru", "rnn"]
RecurrentState = Tensor | tuple[Tensor, Tensor]
"""(1, count, units): what a layer remembers, and for an LSTM the cell state beside it."""

_KINDS: dict[Cell, Callable[..., nn.RNNBase]] = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def recurrent(cell: Cell, inputs: int, units: int) -> nn.RNNBase:
    """Make one layer for sequences (batch, length, inputs).

    As in Keras: Glorot-uniform kernels, orthogonal recurrent ones, biases 0, and 1 at an LSTM's forget gate.
    """
    layer = _KINDS[cell](inputs, units, batch_first=True)
    kernel, recurrent_kernel, bias, second_bias = layer.all_weights[0]
    nn.init.xavier_uniform_(kernel)
    nn.init.orthogonal_(recurrent_kernel)
    nn.init.zeros_(bias)
    nn.init.zeros_(second_bias)
    if cell == "gru":
        return layer
    if cell == "lstm":
        nn.init.ones_(bias.data[units : 2 * units])
    del layer.bias_hh_l0
    layer.register_buffer("bias_hh_l0", second_bias.data)
    layer._init_flat_weights()  # noqa: SLF001 (they are looked up by name, and one name means another tensor now)
    return layer


def empty_state(layer: nn.RNNBase, count: int) -> RecurrentState:
    """Return the state before anything has been read."""
    zeros = layer.all_weights[0][0].new_zeros(1, count, layer.hidden_size)
    return (zeros, zeros) if isinstance(layer, nn.LSTM) else zeros


def unrolled(layer: nn.RNNBase, sequence: Tensor) -> dict[str, Tensor]:
    """Read a sequence (length, inputs) from the beginning and return everything on the way, each (length, units).

    Of an LSTM the output h, the cell state c, the gates i, f and o in 0..1 and the candidate g in -1..1; of a GRU the
    output h, the gates r and z and the candidate n; of a plain cell the output h. The names are those of PyTorch.
    """
    step = {"LSTM": _lstm_step, "GRU": _gru_step, "RNN_TANH": _plain_step}[layer.mode]
    kernel, recurrent_kernel, bias, second_bias = layer.all_weights[0]
    from_inputs = sequence @ kernel.T + bias
    now = {"h": sequence.new_zeros(layer.hidden_size), "c": sequence.new_zeros(layer.hidden_size)}
    seen: list[dict[str, Tensor]] = []
    for given in from_inputs:
        now = step(given, recurrent_kernel @ now["h"] + second_bias, now)
        seen.append(now)
    return {name: torch.stack([moment[name] for moment in seen]) for name in now} if seen else {}


def _lstm_step(given: Tensor, kept: Tensor, before: dict[str, Tensor]) -> dict[str, Tensor]:
    i, f, g, o = (given + kept).chunk(4)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = f * before["c"] + i * g
    return {"h": o * c.tanh(), "c": c, "i": i, "f": f, "o": o, "g": g}


def _gru_step(given: Tensor, kept: Tensor, before: dict[str, Tensor]) -> dict[str, Tensor]:
    (given_r, given_z, given_n), (kept_r, kept_z, kept_n) = given.chunk(3), kept.chunk(3)
    r, z = (given_r + kept_r).sigmoid(), (given_z + kept_z).sigmoid()
    n = (given_n + r * kept_n).tanh()
    return {"h": (1 - z) * n + z * before["h"], "r": r, "z": z, "n": n}


def _plain_step(given: Tensor, kept: Tensor, _before: dict[str, Tensor]) -> dict[str, Tensor]:
    return {"h": (given + kept).tanh()}
