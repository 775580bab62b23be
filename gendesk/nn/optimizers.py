"""What an optimiser needs beyond PyTorch to be continued exactly."""

from typing import Any

import torch


def load_optimizer(optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """Load a state dict and lay its tensors out in memory as the parameters are.

    A checkpoint holds plain row-major tensors. Parameters in channels-last order beside moments in row-major order
    would be paired wrongly by fused kernels, which walk through both as flat memory.
    """
    optimizer.load_state_dict(state)
    for parameter, values in optimizer.state.items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                values[name] = torch.empty_like(parameter).copy_(value)
