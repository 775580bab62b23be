"""Reads pickles of lists and of numpy arrays of numbers without Python's unpickler, which would run what they say.

The instructions are listed by `pickletools`, which executes nothing, and those that build lists, numbers, strings and
arrays are carried out here; any other one, and any name but those of numpy's arrays, ends the reading.
"""

import math
import pickletools
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_INSTRUCTIONS = 2_000_000
_MOST_ITEMS = 2_000_000
_DEEPEST = 6
_DTYPE, _ARRAY, _REBUILD, _ENCODE = "dtype", "ndarray", "rebuild", "encode"
_NAMES = {
    "numpy dtype": _DTYPE,
    "numpy ndarray": _ARRAY,
    "numpy.core.multiarray _reconstruct": _REBUILD,
    "numpy._core.multiarray _reconstruct": _REBUILD,
    "_codecs encode": _ENCODE,
}
_VALUES = frozenset(
    (
        *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    )
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_KIND = re.compile(r"[iuf][1248]|O8?")


class UnpickledError(Exception):
    """A pickle holds something else; the message is the rest of a sentence that begins with its name."""


@dataclass(frozen=True)
class _Name:
    meaning: str


@dataclass
class _Kind:
    code: str
    order: str = "="


@dataclass
class _Array:
    value: "list[Any] | NDArray[Any] | None" = None


class _Mark:
    pass


def unpickled(data: bytes) -> Any:
    """Return the lists, numbers and arrays (numbers only) of a pickle; raises UnpickledError for anything else.

    Arrays of objects become lists, and tuples lists, too.
    """
    machine = _Machine()
    try:
        for number, (instruction, argument, _) in enumerate(pickletools.genops(data)):
            if number > _MOST_INSTRUCTIONS:
                raise UnpickledError("is a pickle of too many parts")
            machine.step(instruction.name, argument)
        return machine.result()
    except UnpickledError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError, MemoryError) as error:
        raise UnpickledError("is a damaged pickle") from error
    except DeprecationWarning as error:  # of an escape that Python does not know, where warnings are errors
        raise UnpickledError("is a damaged pickle") from error


class _Machine:
    """The stack and the memory of a pickle."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memory: dict[int, Any] = {}
        self._left = _MOST_ITEMS

    def step(self, name: str, argument: Any) -> None:
        """Carry out an instruction."""
        if name in _VALUES:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self._memory[argument] = self._stack[-1]
        elif name == "MEMOIZE":
            self._memory[len(self._memory)] = self._stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self._stack.append(self._memory[argument])
        elif name not in ("PROTO", "FRAME", "STOP"):
            self._build(name, argument)

    def _build(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name == "MARK":
            stack.append(_Mark())
        elif name in ("EMPTY_LIST", "EMPTY_TUPLE"):
            stack.append([])
        elif name in ("LIST", "TUPLE"):
            stack.append(self._since_mark())
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            stack.append([stack.pop() for _ in range(int(name[-1]))][::-1])
        elif name == "APPEND":
            last = stack.pop()
            self._list().append(last)
        elif name == "APPENDS":
            items = self._since_mark()
            self._list().extend(items)
        elif name in ("GLOBAL", "STACK_GLOBAL"):
            stack.append(_named(argument if name == "GLOBAL" else " ".join([stack.pop(), stack.pop()][::-1])))
        elif name == "REDUCE":
            arguments = stack.pop()
            stack.append(_made(stack.pop(), arguments))
        elif name == "BUILD":
            state = stack.pop()
            _fill(stack[-1], state)
        else:
            raise UnpickledError(f"is a pickle that does more than list numbers ({name.lower()})")

    def result(self) -> Any:
        if len(self._stack) != 1:
            raise UnpickledError("is a damaged pickle")
        return self._plain(self._stack[0], 0)

    def _plain(self, value: Any, depth: int) -> Any:
        """Return a value without the stand-ins for arrays; lists that hold themselves are too deep."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise UnpickledError("is a pickle of too many parts")
        if isinstance(value, _Array):
            value = value.value
        if isinstance(value, list):
            return [self._plain(item, depth + 1) for item in value]
        if value is None or isinstance(value, int | float | np.ndarray):
            return value
        raise UnpickledError("is a pickle of something else than numbers")

    def _since_mark(self) -> list[Any]:
        for place in range(len(self._stack) - 1, -1, -1):
            if isinstance(self._stack[place], _Mark):
                items = self._stack[place + 1 :]
                del self._stack[place:]
                return items
        raise UnpickledError("is a damaged pickle")

    def _list(self) -> list[Any]:
        if not isinstance(self._stack[-1], list):
            raise UnpickledError("is a damaged pickle")
        return self._stack[-1]


def _named(name: str) -> _Name:
    if name not in _NAMES:
        raise UnpickledError(f"is a pickle that asks for {name.replace(' ', '.')!r:.60}, which is not given to it")
    return _Name(_NAMES[name])


def _made(function: Any, arguments: list[Any]) -> Any:
    meaning = function.meaning
    if meaning == _REBUILD:
        return _Array()
    if meaning == _DTYPE:
        if not _KIND.fullmatch(arguments[0]):
            raise UnpickledError(f"holds an array of {arguments[0]!r:.20}, which are no numbers")
        return _Kind(arguments[0])
    if meaning == _ENCODE and arguments[1] in ("latin1", "latin-1"):
        return arguments[0].encode("latin-1")
    raise UnpickledError("is a damaged pickle")


def _fill(made: Any, state: list[Any]) -> None:
    if isinstance(made, _Kind):
        made.order = state[1] if state[1] in ("<", ">") else "="
        return
    if not isinstance(made, _Array):
        raise UnpickledError("is a damaged pickle")
    _, shape, kind, fortran, data = state
    if kind.code.startswith("O"):
        if not isinstance(data, list) or len(shape) != 1 or len(data) != shape[0]:
            raise UnpickledError("holds an array of objects that is no list")
        made.value = data
        return
    raw = data.encode("latin-1") if isinstance(data, str) else data  # Python 2 had no bytes beside its strings
    dtype = np.dtype(f"{kind.order}{kind.code}")
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise UnpickledError("holds an array that is not complete")
    made.value = np.frombuffer(raw, dtype).reshape(shape, order="F" if fortran else "C")
