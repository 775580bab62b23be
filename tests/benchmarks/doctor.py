"""The training doctor of the GANs, calibrated: what it says of runs that are well, and of runs spoilt on purpose.

    python tests/benchmarks/doctor.py [--quick] [--keep FOLDER] [--only NAME] [--half 0|1] [--seed N]

Trains quick presets one run after the other: ten of several recipes, objectives and data that should be left alone, and
eleven that a card of the failure gallery has spoilt, with the very settings that its button sends off. With --quick it
is one of both, with --keep the runs stay where they can be looked at, --half takes every second case, so that two
processes can share the work, and --seed makes other runs of the same cases. Each line is JSON: `found` are the kinds of
all findings with their steps, `wanted` are those of which one counts as a hit, and `named` says whether it was the
card's own. A note, as that of a loss that says nothing, is no alarm. The last line counts hits and false alarms.
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

COMMON: dict[str, Any] = {"steps": 1000, "validate_every": 100, "preview_every": 100_000, "threads": 1}
SMALL: dict[str, Any] = {"image_size": 28, "color": "grey"}
BOUNDED = {"objective": "hinge", "regulariser": "spectral-norm", "critic_norm": False, "real_label": 1.0}
SQUARES = {"objective": "least-squares", "real_label": 1.0}


@dataclass(frozen=True)
class Case:
    """One run; `card` is the kind of the failure that spoils it, empty where nothing is wrong."""

    recipe: str
    data: str
    card: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        more = (str(value) for key, value in self.values.items() if key == "objective")
        return ", ".join([self.card or "healthy", self.recipe, self.data, *more])

    @property
    def wanted(self) -> tuple[str, ...]:
        return (self.card, *self.also) if self.card else ()


HEALTHY = (
    Case("gan", "glyphs"),
    Case("gan", "doodles"),
    Case("gan", "glyphs", values=SQUARES),
    Case("gan", "glyphs", values=BOUNDED),
    Case("wgan", "glyphs", values=SMALL),
    Case("wgan", "doodles", values=SMALL),
    Case("wgan-gp", "glyphs", values=SMALL),
    Case("wgan-gp", "avatars"),
    Case("acgan", "glyphs"),
    Case("dcgan", "avatars"),
)
WILD = ("mode-collapse", "critic-too-strong", "critic-too-weak", "unbounded-critic", "gradient-penalty")
PROVOKED = (
    Case("gan", "glyphs", "oscillation", also=WILD),
    Case("gan", "glyphs", "mode-collapse", also=("critic-too-weak",)),
    Case("gan", "glyphs", "critic-too-strong", also=("mode-collapse",)),
    Case("gan", "doodles", "critic-too-weak", also=("mode-collapse",)),
    Case("wgan", "glyphs", "unbounded-critic", SMALL),
    Case("wgan", "glyphs", "clip-saturation", SMALL, also=("critic-too-weak", "oscillation")),
    Case("wgan-gp", "glyphs", "gradient-penalty", SMALL, also=("unbounded-critic",)),
    Case("gan", "doodles", "checkerboard"),
    Case("gan", "glyphs", "memorisation"),
    Case("wgan-gp", "glyphs", "oscillation", SMALL, also=WILD),
    Case("dcgan", "avatars", "critic-too-strong", also=("mode-collapse",)),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    count = 1 if arguments.quick else None
    cases = [case for case in (*HEALTHY[:count], *PROVOKED[:count]) if arguments.only in case.name]
    if arguments.half is not None:
        cases = cases[arguments.half :: 2]
    with tempfile.TemporaryDirectory() as folder:
        rows = examined(cases, arguments.keep or Path(folder), arguments.seed, 300 if arguments.quick else 10_000)
    ill = [row for row in rows if row["wanted"]]
    well = [row for row in rows if not row["wanted"]]
    counts = {"provoked": len(ill), "hits": sum(row["right"] for row in ill)}
    print(json.dumps({**counts, "healthy": len(well), "false_alarms": sum(not row["right"] for row in well)}))


def examined(cases: list[Case], folder: Path, seed: int, most: int) -> list[dict[str, Any]]:
    """Train the runs of all cases, `most` steps at most, print what the doctor says of each, and return it."""
    from gendesk.engine.engine import Engine
    from gendesk.engine.threads import tune_allocator

    tune_allocator()
    engine = Engine(folder)
    rows = []
    try:
        for case in cases:
            rows.append(_row(engine, case, seed, most))
            print(json.dumps(rows[-1]), flush=True)
    finally:
        engine.close()
    return rows


def _row(engine: Any, case: Case, seed: int, most: int) -> dict[str, Any]:
    from gendesk.plugins.gan.doctor.failures import changes_of

    from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings

    began = time.perf_counter()
    recipe = engine.families.recipe(case.recipe).load()
    config = engine.config(case.recipe, "quick", case.data, case.name, **{**COMMON, **case.values, "seed": seed})
    if case.card:
        config = config.with_values(recipe.Config, changes_of(config.config)[case.card])
    config = config.with_values(recipe.Config, {"steps": min(most, config.settings.steps)})
    job = engine.start(config, at_once=True)
    job.join()
    if job.error:
        sys.exit(job.error)
    found = [(warning.kind, warning.step) for warning in read_warnings(job.run.folder / WARNINGS_FILE)]
    alarms = {kind for kind, _ in found} - NOTES
    metrics = job.run.record.metrics
    return {
        "name": case.name,
        "found": found,
        "wanted": case.wanted,
        "right": bool(alarms & set(case.wanted)) if case.wanted else not alarms,
        "named": case.card in alarms,
        "steps": job.run.record.step,
        **{name: round(float(metrics.get(f"validation/{name}", np.nan)), 3) for name in ("distance", "diversity")},
        "seconds": round(time.perf_counter() - began, 1),
    }


if __name__ == "__main__":
    main()
