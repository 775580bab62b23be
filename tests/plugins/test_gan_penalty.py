"""The gradient penalty trains the critic by the same gradients as PyTorch's own second derivatives."""

import pytest
import torch
from torch import nn

from gendesk.nn import keras
from gendesk.nn.regularisers import gradient_norms


@pytest.mark.parametrize("activation", [nn.ReLU(), nn.LeakyReLU(0.2)])
def test_gradients_of_the_norms_are_those_of_plain_autograd(activation: nn.Module) -> None:
    torch.manual_seed(1)
    layers = keras.SameConv2d(2, 4, 5, 2), activation, keras.SameConv2d(4, 3, 3, 2), activation, nn.Flatten()
    critic = nn.Sequential(*layers, nn.Linear(12, 1))
    pictures = torch.randn(3, 2, 8, 8)
    weights = [weight for name, weight in critic.named_parameters() if name.endswith("weight")]
    norms = gradient_norms(critic, pictures, differentiable=True)
    asked = pictures.clone().requires_grad_()
    (gradients,) = torch.autograd.grad(critic(asked).sum(), asked, create_graph=True)
    expected = gradients.flatten(1).norm(dim=1)
    torch.testing.assert_close(norms, expected)
    mine, theirs = (torch.autograd.grad(values.square().sum(), weights) for values in (norms, expected))
    torch.testing.assert_close(mine, theirs)
