"""Evolution of a controller's numbers: CMA-ES by the library of its inventor, exactly resumable and without a pickle.

Hansen (2016), "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772. Foster, Generative Deep Learning (1st
edition), section "Training the Controller", begins with zeros and a sigma of 0.5, and learns the whole covariance. For
the average of the means: Shamir and Zhang (2013), "Stochastic Gradient Descent for Non-smooth Optimization",
arXiv:1212.1824.

The library saves itself only as a pickle, and telling it all scores again takes more than a minute for 867 numbers. So
what it has learned is read out and put back field by field; what only its logs and unused options need is left out.
"""

import operator
import warnings
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gendesk.errors import InputError, StoredDataError

Values = NDArray[np.float64]

_LEAST_POPULATION = 4
_LEAST_DEVIATION = 1e-12
"""On an exact optimum steps become smaller for ever; smaller than this they are never."""
_DECAY = 3
"""How fast earlier means are forgotten in their average; Shamir and Zhang call it eta."""
_MOST_CONDITIONED = 1e12
"""The square of how many times longer than wide the distribution may be; more drowns in rounding errors."""

# What changes from generation to generation and what the next one depends on, in the objects of the library.
_NUMBERS = ["sigma", "countiter", "countevals", "adapt_sigma.delta", "adapt_sigma._ps_updated_iteration"]
_ARRAYS = ["mean", "pc", "pc2", "adapt_sigma.ps", "sigma_vec.scaling"]
_NUMBERS_OF_FULL = ["sm.count_tell", "sm.count_eigen", "sm.last_update"]
_ARRAYS_OF_FULL = ["sm.D", "sm.B"]
_POSITIVE = ["sigma", "sigma_vec.scaling", "sm.D"]


class Evolution:
    """A normal distribution that moves to where scores are high: ask for candidates, tell their scores."""

    def __init__(
        self,
        parameters: int,
        population: int,
        sigma: float,
        seed: int,
        mean: ArrayLike | None = None,
        diagonal: bool = False,
    ) -> None:
        """Begin around `mean` (parameters,), or zeros, with the standard deviation `sigma` in every direction.

        A diagonal covariance takes memory and time in proportion to `parameters` instead of its square, but knows of no
        two numbers that should change together. Raises InputError for less than 2 parameters, less than 4 candidates, a
        sigma that is not positive, and a mean of another size or that is not finite.
        """
        start = np.zeros(max(parameters, 0)) if mean is None else np.array(mean, np.float64)
        _check(parameters, population, sigma, start)
        self.parameters, self.population, self.diagonal = parameters, population, diagonal
        self._first_sigma = float(sigma)
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._strategy = _new_strategy(start, self._first_sigma, population, diagonal, self._normal)
        self._average = start.copy()
        self._asked: Values | None = None
        self._random_before = self._generator.bit_generator.state

    @property
    def mean(self) -> Values:
        """The centre of the distribution (parameters,), which is what it holds to be best."""
        return np.array(self._strategy.mean, np.float64)

    @property
    def average(self) -> Values:
        """The average of the means of all generations (parameters,), where generation n weighs n (n + 1) (n + 2).

        Scores that depend on luck move the mean about the place where it should be, and their average stays there.
        """
        return self._average.copy()

    @property
    def sigma(self) -> float:
        """The overall step size, which the shape of the distribution comes on top of."""
        return float(self._strategy.sigma)

    @property
    def covariance(self) -> Values:
        """What the next candidates are drawn with, step size and all (parameters, parameters)."""
        scaling = self.sigma * np.broadcast_to(self._strategy.sigma_vec.scaling, self.parameters)
        shape = np.eye(self.parameters) if self.diagonal else self._strategy.sm.C
        return np.array(shape * np.outer(scaling, scaling), np.float64)

    @property
    def generation(self) -> int:
        """How many populations have been told about."""
        return int(self._strategy.countiter)

    def ask(self) -> Values:
        """Return the generation's candidates (population, parameters): the same ones until their scores are told."""
        if self._asked is None:
            self._random_before = self._generator.bit_generator.state
            if not self.diagonal:
                _decompose(self._strategy.sm)
            self._asked = np.array(self._strategy.ask(), np.float64)
        return self._asked.copy()

    def tell(self, scores: ArrayLike) -> None:
        """Learn from the scores (population,) of the candidates that `ask` returns; larger is better.

        Raises InputError for another number of scores, and for such that are not finite.
        """
        costs = -np.asarray(scores, np.float64)
        if costs.shape != (self.population,):
            raise InputError(f"{self.population} candidates need as many scores, but {costs.size} were given.")
        if not np.isfinite(costs).all():
            place = int(np.flatnonzero(~np.isfinite(costs))[0])
            raise InputError(f"The score of candidate {place + 1} is {-costs[place]:g}, which is no finite number.")
        self._strategy.tell(list(self.ask()), costs.tolist(), check_points=False)
        if not self.diagonal:
            sampler = self._strategy.sm
            sampler.C = (sampler.C + sampler.C.T) / 2  # rounding makes it a little lopsided, and a half of it is saved
        self._average += (self.mean - self._average) * (_DECAY + 1) / (self.generation + _DECAY)
        self._asked = None
        self._random_before = self._generator.bit_generator.state

    def state(self) -> dict[str, Any]:
        """Return all that `from_state` needs: "numbers", which JSON can hold, and "arrays" of float64 by name.

        It may be taken at any time; between `ask` and `tell` it is one that asks the same candidates again. The arrays
        of 867 parameters with their whole covariance are 9 MB.
        """
        numbers = {name: _get(self._strategy, name) for name in self._names(_NUMBERS, _NUMBERS_OF_FULL)}
        arrays = {name: np.array(_get(self._strategy, name)) for name in self._names(_ARRAYS, _ARRAYS_OF_FULL)}
        if self.diagonal:  # until the first time that it learns it is one number for all
            arrays["sigma_vec.scaling"] = np.broadcast_to(arrays["sigma_vec.scaling"], self.parameters).copy()
        if not self.diagonal:
            arrays["half"] = self._strategy.sm.C[np.triu_indices(self.parameters)]
        arrays["average"] = self.average
        own = {name: getattr(self, name) for name in ("parameters", "population", "diagonal")}
        own |= {"first_sigma": self._first_sigma, "random": self._random_before}
        return {"numbers": own | {name: _plain(number) for name, number in numbers.items()}, "arrays": arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return an evolution that goes on bit for bit where `state` was taken; raises StoredDataError if it cannot."""
        try:
            numbers, arrays = dict(state["numbers"]), dict(state["arrays"])
            parameters, population = (operator.index(numbers[name]) for name in ("parameters", "population"))
            sigma, diagonal = float(numbers["first_sigma"]), numbers["diagonal"] is True
            if not diagonal:  # before there is room made for so many
                _shaped(arrays["half"], (parameters * (parameters + 1) // 2,), "half")
            evolution = cls(parameters, population, sigma, 0, np.asarray(arrays["mean"]), diagonal)
            evolution._restore(numbers, arrays)
        except (InputError, LookupError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise StoredDataError(f"The saved evolution is damaged ({error}); begin a new one.") from error
        return evolution

    def _restore(self, numbers: dict[str, Any], arrays: dict[str, Any]) -> None:
        strategy = self._strategy
        for name in self._names(_NUMBERS, _NUMBERS_OF_FULL):
            _shaped(numbers[name], (), name)
            # As it was saved: what begins as the whole number 0 may have become a fraction.
            _set(strategy, name, _plain(numbers[name]))
        for name in self._names(_ARRAYS, _ARRAYS_OF_FULL):
            scale = name == "sigma_vec.scaling" and not self.diagonal
            shape = () if scale else (self.parameters,) * (2 if name == "sm.B" else 1)
            _set(strategy, name, _shaped(arrays[name], shape, name))
        # Runs from before there was an average go on, and begin one with their mean.
        self._average = _shaped(arrays.get("average", arrays["mean"]), (self.parameters,), "average")
        strategy.mean_old = strategy.mean  # `tell` looks at it before it renews it
        strategy.sigma_vec.is_identity = bool(np.all(strategy.sigma_vec.scaling == 1))
        if not self.diagonal:
            places = np.triu_indices(self.parameters)
            covariance = np.empty((self.parameters, self.parameters))
            covariance[places] = arrays["half"]
            covariance.T[places] = covariance[places]
            strategy.sm.C = covariance
        self._generator.bit_generator.state = numbers["random"]
        self._random_before = self._generator.bit_generator.state

    def _names(self, always: list[str], of_full: list[str]) -> list[str]:
        return always if self.diagonal else always + of_full

    def _normal(self, rows: int, columns: int) -> Values:
        return self._generator.standard_normal((rows, columns))


def population_plane(candidates: ArrayLike, mean: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where candidates (n, parameters) lie in the plane in which they differ most, and its axes (2, parameters).

    The points (n, 2) are relative to `mean` (parameters,), which lies at 0, 0; the first axis is the one of the largest
    deviation from it. Each axis points to where its largest number is positive, so that pictures of similar populations
    are not mirrored. Where all candidates lie on a line, or are the mean, an axis is zero.
    """
    away = np.atleast_2d(np.asarray(candidates, np.float64)) - np.asarray(mean, np.float64)
    _, lengths, directions = np.linalg.svd(away, full_matrices=False)
    axes = np.zeros((2, away.shape[1]))
    count = min(2, int((lengths > 1e-12 * lengths.max(initial=0.0)).sum()))
    axes[:count] = directions[:count]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], 1)
    axes *= np.where(largest < 0, -1, 1)
    return (away @ axes.T).astype(np.float32), axes.astype(np.float32)


def _check(parameters: int, population: int, sigma: float, mean: Values) -> None:
    if parameters < 2:
        raise InputError(f"{parameters} parameters cannot evolve; the least is 2.")
    if population < _LEAST_POPULATION:
        raise InputError(f"A population of {population} is too small; the least is {_LEAST_POPULATION}.")
    if not 0 < sigma < np.inf:
        raise InputError(f"The standard deviation {sigma:g} cannot be drawn with; it has to be above 0.")
    if mean.shape != (parameters,):
        raise InputError(f"The mean has {mean.size} numbers instead of {parameters}.")
    if not np.isfinite(mean).all():
        raise InputError("The mean holds something that is no finite number.")


def _new_strategy(
    mean: Values, sigma: float, population: int, diagonal: bool, normal: Callable[[int, int], Values]
) -> Any:
    """Return the library's own object; it prints nothing, writes nothing and leaves numpy's random numbers alone."""
    with warnings.catch_warnings():  # it warns if there is no matplotlib, and changes the filters of warnings
        warnings.simplefilter("ignore")
        import cma  # here, because it takes half a second

        options = {
            "popsize": population,
            "CMA_diagonal": diagonal,
            "randn": normal,
            "seed": np.nan,  # any other is given to numpy's global generator
            # By itself it changes to two-point adaptation above 300 parameters: one comparison of two candidates a
            # generation, which scores that depend on luck make worthless. The path of all means forgives them.
            "AdaptSigma": cma.sigma_adaptation.CMAAdaptSigmaCSA,
            "CMA_mirrors": 0,  # with less than 6 candidates it would remember some for the next generation
            "conditioncov_alleviate": False,  # it would change coordinates; `_decompose` does without
            "mindx": _LEAST_DEVIATION,
            "verbose": -9,
            "verb_log": 0,
            "verb_disp": 0,
        }
        strategy = cma.CMAEvolutionStrategy(mean, sigma, options)
        strategy.timer = cma.utilities.utils.ElapsedWCTime()  # else only the first generation of all would make it
        return strategy


def _decompose(sampler: Any) -> None:
    """Find the axes of the covariance if it is time to, as drawing would do, and keep them sound."""
    before = sampler.count_eigen
    sampler.update_now()
    if sampler.count_eigen > before:
        sampler.limit_condition(_MOST_CONDITIONED)
    sampler.B = np.ascontiguousarray(sampler.B)  # a product's last bits depend on the order in memory


def _get(strategy: Any, name: str) -> Any:
    return operator.attrgetter(name)(strategy)


def _set(strategy: Any, name: str, value: Any) -> None:
    owner, _, field = name.rpartition(".")
    setattr(_get(strategy, owner) if owner else strategy, field, value)


def _plain(number: Any) -> int | float:
    """Return a number of Python's own, which JSON can hold exactly."""
    return number if isinstance(number, int) else float(number)


def _shaped(values: ArrayLike, shape: tuple[int, ...], name: str) -> Values:
    """Return a copy of what was saved under a name; raises ValueError if it cannot have been."""
    array = np.array(values, np.float64, order="C")
    if array.shape != shape or not np.isfinite(array).all() or (name in _POSITIVE and not (array > 0).all()):
        raise ValueError(f"{name} does not fit")
    return array
