"""Which files make up a run folder, and how large they may be: what is exported, and all that is ever imported."""

import re

MIB = 1 << 20
_TOP = {
    "run.json": 4 * MIB,
    "labels.json": MIB,
    "warnings.jsonl": 16 * MIB,
    "metrics.csv": 8192 * MIB,
    "quiz.json": MIB,
    "directions.safetensors": 64 * MIB,
}
_STEP = re.compile(r"[0-9]{8,12}")
_SAMPLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}\.(png|npy|txt|mid|json|csv|wav)")
_CHECKPOINT = re.compile(r"[0-9]{8,12}\.safetensors")
# Windows opens devices by these names, whatever follows a dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LARGEST_SAMPLE = 256 * MIB
_LARGEST_CHECKPOINT = 1 << 40


def largest(parts: tuple[str, ...]) -> int:
    """Return how many bytes the file at this place in a run folder may have, 0 if it does not belong to a run."""
    match parts:
        case (name,):
            return _TOP.get(name, 0)
        case ("samples", step, name):
            belongs = _STEP.fullmatch(step) and _SAMPLE.fullmatch(name) and not _DEVICES.fullmatch(name)
            return _LARGEST_SAMPLE if belongs else 0
        case ("checkpoints", name):
            return _LARGEST_CHECKPOINT if _CHECKPOINT.fullmatch(name) else 0
    return 0
