"""How the parts of the daemon are: what liveness and readiness are answered from."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How one part is."""

    STARTING = "starting"
    OK = "ok"
    DEGRADED = "degraded"
    """It works, and somebody should look."""
    STOPPED = "stopped"
    """It stopped the line on purpose; a restart would not help."""
    STALLED = "stalled"
    """It does not move although it should; a restart helps."""


@dataclass(slots=True)
class Health:
    """The state of every part, by name, with a sentence for people."""

    parts: dict[str, tuple[State, str]] = field(default_factory=dict)

    def set(self, part: str, state: State, detail: str = "") -> None:
        """Say how a part is."""
        self.parts[part] = (state, detail)

    @property
    def live(self) -> bool:
        """False only when a restart would help."""
        return all(state is not State.STALLED for state, _ in self.parts.values())

    @property
    def ready(self) -> bool:
        """True when every part does its work."""
        return bool(self.parts) and all(state in (State.OK, State.DEGRADED) for state, _ in self.parts.values())

    @property
    def trouble(self) -> str:
        """The worst part in a line; "" while every part is well."""
        worst = self.lines()[:1]
        return "" if not worst or all(state is State.OK for state, _ in self.parts.values()) else worst[0]

    def lines(self) -> list[str]:
        """`part: state, detail`, worst first."""
        order = list(reversed(State))
        rows = sorted(self.parts.items(), key=lambda row: (order.index(row[1][0]), row[0]))
        return [f"{part}: {state.value}{', ' + detail if detail else ''}" for part, (state, detail) in rows]
