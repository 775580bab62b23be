"""What a health check says, and what it is given to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Finding:
    """What a check has seen, and what a person can try.

    `kind` is a stable name with hyphens, such as "overfitting"; one kind is told once in a run's life. `explanation`
    says in a short paragraph what it means; the kinds of the catalogue have one. `changes` are settings for a new run,
    by field.
    """

    text: str
    advice: str
    kind: str = ""
    explanation: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


class HealthCheck(Protocol):
    """Looks at numbers as they come, by name.

    Training metrics have their own names, those of held-out data are called `validation/NAME`. Now and then come the
    measurements of `gendesk.engine.health.probe`: `gradient`, `gradient/LAYER` and `dead/LAYER`.
    """

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None: ...
