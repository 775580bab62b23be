"""The weights of Inception for FID, read from the file that a person gives: it cannot come with gendesk."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gendesk.errors import InputError
from gendesk.nn.inception import FidInception

FILE_NAME = "pt_inception-2015-12-05-6726825d.pth"
"""As `pytorch-fid` publishes it; `torch-fidelity` calls the same file weights-inception-2015-12-05-6726825d.pth."""
SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"

_MOST_BYTES = 128 << 20
_COUNTER = ".num_batches_tracked"  # of batch normalisation in training; not in every copy of the weights, and unused


def load_inception(path: Path, sha256: str = SHA256) -> FidInception:
    """Return the network with the weights in the file; raises InputError if it is another file than FID's."""
    content = _read(path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise InputError(
            f"{path.name} is not {FILE_NAME}, the weights that FID is defined on: its SHA-256 begins with "
            f"{digest[:8]} in place of {sha256[:8]}."
        )
    try:
        # The one file of this kind that is ever read: its hash says what is in it, and torch makes tensors of it only.
        weights = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises almost anything over what is no file of its own
        raise InputError(f"{path.name} cannot be read as the weights of a network.") from error
    # On the meta device nothing is initialised, so no random number is taken from a run that is training beside us.
    with torch.device("meta"):
        network = FidInception()
    network.load_state_dict(_fitting(path, weights, network.state_dict()), assign=True)
    return network.eval().requires_grad_(requires_grad=False)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError(f"{path} is no file; give {FILE_NAME}, the weights that FID is defined on.")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > _MOST_BYTES:
        raise InputError(f"{path.name} is too large to be {FILE_NAME}, the weights that FID is defined on.")
    return content


def _fitting(path: Path, weights: Any, wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights, complete and of the right shapes, with what no copy needs to have."""
    found = weights if isinstance(weights, dict) else {}
    fitting = {}
    for name, like in wanted.items():
        tensor = torch.zeros((), dtype=like.dtype) if name.endswith(_COUNTER) else found.get(name)
        if not isinstance(tensor, Tensor) or tensor.shape != like.shape or tensor.dtype != like.dtype:
            raise InputError(f"{path.name} holds no weights of Inception v3 for FID: {name} is missing or has no fit.")
        fitting[name] = tensor.detach()
    return fitting
