"""V, M and C at the wheel: many races at once, in the paper's order or in that of the book's code.

Ha and Schmidhuber, World Models (2018): C acts on what V sees and M remembers, then M is told the action. In the code
of Foster, Generative Deep Learning (1st edition), M is told the action before the last one first, and C acts on what M
remembers then, though M has been trained in the paper's order.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.engine.batches import to_tensor

from .models import DrivingModel
from .networks.controller import act
from .networks.vision import seen_codes


class Driver:
    """Drives races side by side, each with the numbers of a candidate and with chance of its own."""

    def __init__(self, model: DrivingModel) -> None:
        self._model, self._order = model, model.shape.order
        self.begin(model.driver[None], [np.random.default_rng(0)])

    def begin(self, candidates: Tensor, random: list[np.random.Generator]) -> None:
        """Begin races with a candidate (races, parameters) and all the chance that there is for each."""
        self._candidates, self._random = candidates, random
        self.state = self._model.empty_state(len(random))
        self.codes = candidates.new_zeros(len(random), self._model.latent_size)
        self._actions = candidates.new_zeros(len(random), 3)

    def keep(self, going_on: list[int]) -> None:
        """Go on with these races only, by their places among those that there are now."""
        self._candidates, self._actions = self._candidates[going_on], self._actions[going_on]
        self.state = (self.state[0][:, going_on], self.state[1][:, going_on])
        self._random = [self._random[place] for place in going_on]

    @torch.inference_mode()
    def act(self, observations: NDArray[np.uint8], rewards: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return actions (races, 3) for what is seen, uint8 (races, 64, 64, 3), and the rewards of the steps before.

        Draws each race's code from its own chance, so that a race does not depend on those beside it.
        """
        mu, log_var = self._model.vision.encode(to_tensor(observations))
        self.codes = seen_codes(mu, log_var, self._model.shape.sees, self._random)
        gained = torch.from_numpy((rewards > 0).astype(np.float32))
        if self._order == "book":
            self._remember(gained)
        remembered = self.state[0][0]
        self._actions = act(self._model.shape, self._candidates, self.codes[:, None], remembered[:, None])[:, 0]
        if self._order == "paper":
            self._remember(gained)
        return self._actions.numpy()

    def _remember(self, gained: Tensor) -> None:
        """Tell M the code, the newest action that is known, and whether there was a reward before."""
        self.state = self._model.memory.step(self.codes, self._actions, gained, self.state)
