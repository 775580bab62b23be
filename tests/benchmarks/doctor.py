"""The training doctor of the GANs, calibrated: what it says of runs that are well, and of runs spoilt on purpose.

    python tests/benchmarks/doctor.py [--quick] [--keep FOLDER] [--only NAME]

Trains small networks on pictures of 28 px, a few hundred steps each, one run after the other: ten of several recipes,
objectives and data that should be left alone, and ten with one setting each that a card of the failure gallery, or its
cause, names. With --quick it is one of both, with --keep the runs stay where they can be looked at. Each line is JSON:
`found` are the kinds of all findings with their steps, `wanted` are those of which one counts as a hit. A note, as that
of a loss that says nothing, is no alarm. The last line counts hits and false alarms.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

NOTES = {"uninformative-loss"}
"""Findings that explain what is seen, and do not say that anything is wrong."""

SMALL_CRITIC = [
    {"filters": 16, "kernel": 3, "stride": 2, "padding": "same"},
    {"filters": 32, "kernel": 3, "stride": 2, "padding": "same"},
    {"filters": 32, "kernel": 3, "stride": 2, "padding": "same"},
]


def growing(*, upsampling: bool = True, kernel: int = 3) -> list[dict[str, Any]]:
    """Return the layers of a small generator of pictures of 28 px."""
    common = {"padding": "same", "upsampling": upsampling}
    sizes = ((32, kernel, 2), (16, kernel, 2)) if upsampling else ((32, kernel, 2), (1, kernel, 2))
    layers = [{"filters": filters, "kernel": side, "stride": stride, **common} for filters, side, stride in sizes]
    return [*layers, {"filters": 1, "kernel": 3, "stride": 1, **common}] if upsampling else layers


SMALL: dict[str, Any] = {
    "critic_layers": SMALL_CRITIC,
    "generator_layers": growing(),
    "first_filters": 32,
    "latent_size": 32,
    "batch_size": 32,
    "image_size": 28,
    "color": "grey",
    "validate_every": 100,
    "preview_every": 100_000,
    "steps": 600,
    "threads": 1,
}


@dataclass(frozen=True)
class Case:
    """One run; `wanted` is empty where nothing is wrong."""

    name: str
    recipe: str
    data: str
    values: dict[str, Any] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()


LEAST_SQUARES = {"objective": "least-squares"}
BOUNDED = {"objective": "hinge", "regulariser": "spectral-norm"}
HEALTHY = (
    Case("gan, glyphs", "gan", "glyphs"),
    Case("wgan-gp, glyphs", "wgan-gp", "glyphs"),
    Case("wgan, glyphs", "wgan", "glyphs"),
    Case("gan, doodles", "gan", "doodles", {"seed": 2}),
    Case("gan, least squares, glyphs", "gan", "glyphs", {**LEAST_SQUARES, "seed": 3}),
    Case("gan, hinge and spectral norm, glyphs", "gan", "glyphs", {**BOUNDED, "seed": 4}),
    Case("wgan, doodles", "wgan", "doodles", {"seed": 5}),
    Case("wgan-gp, doodles", "wgan-gp", "doodles", {"seed": 6}),
    Case("acgan, glyphs", "acgan", "glyphs", {"seed": 7}),
    Case("dcgan, glyphs", "dcgan", "glyphs", {"seed": 8}),
)
ALONE = {"generator_steps": 20, "steps": 320}
FAST = {"critic_learning_rate": 0.008, "generator_learning_rate": 0.008}
FASTER = {"critic_learning_rate": 0.04, "generator_learning_rate": 0.04}
BANG = {"clip": 0.01, "critic_learning_rate": 0.006}
WILD = ("oscillation", "mode-collapse", "critic-too-strong", "unbounded-critic", "gradient-penalty")
CHECKERED = {"generator_layers": growing(upsampling=False, kernel=3), "generator_norm": "none"}
PROVOKED = (
    Case("learning rate x100, gan", "gan", "glyphs", FASTER, WILD),
    Case("learning rate x20, wgan-gp", "wgan-gp", "glyphs", FAST, WILD),
    Case("no clipping, wgan", "wgan", "glyphs", {"clip": 100.0}, ("unbounded-critic",)),
    Case("no penalty, wgan-gp", "wgan-gp", "glyphs", {"penalty": 0.0}, ("unbounded-critic", "gradient-penalty")),
    Case("steps as wide as the clip, wgan", "wgan", "glyphs", BANG, ("clip-saturation",)),
    Case("clipped at 0.0005, wgan", "wgan", "glyphs", {"clip": 0.0005}, ("critic-too-weak",)),
    Case(
        "critic too strong, bce",
        "gan",
        "doodles",
        {"objective": "bce", "critic_learning_rate": 0.004, "critic_dropout": 0.0},
        ("critic-too-strong",),
    ),
    Case("critic too slow, gan", "gan", "doodles", {"critic_learning_rate": 0.000004}, ("critic-too-weak",)),
    Case("checkerboard, gan", "gan", "doodles", CHECKERED, ("checkerboard",)),
    Case("generator alone, gan", "gan", "glyphs", ALONE, ("mode-collapse", "critic-too-weak")),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    count = 1 if arguments.quick else None
    cases = [case for case in (*HEALTHY[:count], *PROVOKED[:count]) if arguments.only in case.name]
    with tempfile.TemporaryDirectory() as folder:
        rows = examined(cases, arguments.keep or Path(folder))
    ill = [row for row in rows if row["wanted"]]
    well = [row for row in rows if not row["wanted"]]
    counts = {"provoked": len(ill), "hits": sum(row["right"] for row in ill)}
    print(json.dumps({**counts, "healthy": len(well), "false_alarms": sum(not row["right"] for row in well)}))


def examined(cases: list[Case], folder: Path) -> list[dict[str, Any]]:
    """Train the runs of all cases, print what the doctor says of each, and return it."""
    from gendesk.engine.engine import Engine
    from gendesk.engine.threads import tune_allocator

    tune_allocator()
    engine = Engine(folder)
    rows = []
    try:
        for case in cases:
            rows.append(_row(engine, case))
            print(json.dumps(rows[-1]), flush=True)
    finally:
        engine.close()
    return rows


def _row(engine: Any, case: Case) -> dict[str, Any]:
    from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings

    began = time.perf_counter()
    job = engine.start(engine.config(case.recipe, "quick", case.data, name=case.name, **{**SMALL, **case.values}))
    job.join()
    found = [(warning.kind, warning.step) for warning in read_warnings(job.run.folder / WARNINGS_FILE)]
    alarms = {kind for kind, _ in found} - NOTES
    return {
        "name": case.name,
        "found": found,
        "wanted": case.wanted,
        "right": bool(alarms & set(case.wanted)) if case.wanted else not alarms,
        "steps": job.run.record.step,
        "diversity": round(float(np.float32(job.run.record.metrics.get("validation/diversity", np.nan))), 3),
        "seconds": round(time.perf_counter() - began, 1),
    }


if __name__ == "__main__":
    main()
