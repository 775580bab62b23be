"""Moving averages of weights, kept in buffers beside a network: calmer than the network itself, and saved with it."""

import torch
from torch import Tensor, nn


class Average:
    """An average of all that a network's state dict holds, in buffers of `owner`, which is the model around it.

    The network itself is the one that trains; `weights` are for `torch.func.functional_call`.
    """

    def __init__(self, owner: nn.Module, network: nn.Module, *, kept: bool = True) -> None:
        """With `kept` false there is none: no buffer is made, and `weights` are those of the network."""
        self._names = tuple(network.state_dict()) if kept else ()
        for name in self._names:
            owner.register_buffer(_average_of(name), network.state_dict()[name].clone())

    def weights(self, owner: nn.Module) -> dict[str, Tensor]:
        """Return the averages by the names of the weights, none where nothing is kept."""
        return {name: owner.get_buffer(_average_of(name)) for name in self._names}

    @torch.no_grad()
    def follow(self, owner: nn.Module, network: nn.Module, decay: float, steps: int) -> None:
        """Move the average towards the network, faster in the first `steps`, when it has little worth keeping."""
        if not self._names:
            return
        weight = 1 - min(decay, (1 + steps) / (10 + steps))
        for name, newest in network.state_dict().items():
            average = owner.get_buffer(_average_of(name))
            if average.is_floating_point():
                average.lerp_(newest, weight)
            else:
                average.copy_(newest)


def _average_of(name: str) -> str:
    """Return the name of the buffer that holds the average of a weight; such names know no dots."""
    return f"{name.replace('.', '_')}_average"
