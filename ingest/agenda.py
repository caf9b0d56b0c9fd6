"""What is due, and which hosts are free: a heap of feeds by due time, and a gate before every host.

A host gets one request at a time, and the next one not before a gap has passed. Pure bookkeeping: times are given,
nothing waits here. A host's gate is the only thing that may hold a due feed back.
"""

import heapq
import itertools
from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Gate:
    """One host: whether a request is under way, from when the next may start, and who waits for it."""

    busy: bool = False
    opens: float = 0.0
    waiting: deque[str] = field(default_factory=deque)


class Agenda:
    """Feeds by due time, one look a host at a time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._current: dict[str, tuple[int, str]] = {}
        self._gates: dict[str, _Gate] = {}
        self._count = itertools.count()

    def __len__(self) -> int:
        return len(self._current)

    def plan(self, url: str, host: str, at: float) -> None:
        """Look at a feed at a time; an earlier plan for it no longer holds."""
        turn = next(self._count)
        self._current[url] = (turn, host)
        heapq.heappush(self._heap, (at, turn, url))
        if len(self._heap) > 64 + 4 * len(self._current):
            self._heap = [entry for entry in self._heap if self._holds(entry)]
            heapq.heapify(self._heap)

    def forget(self, url: str) -> None:
        """Do not look at a feed any more."""
        self._current.pop(url, None)

    def _holds(self, entry: tuple[float, int, str]) -> bool:
        known = self._current.get(entry[2])
        return known is not None and known[0] == entry[1]

    def take(self, now: float) -> tuple[str, str] | None:
        """The next feed that is due and whose host is free, with the host, which is busy from now on."""
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)
            if not self._holds(entry):
                continue
            url, host = entry[2], self._current[entry[2]][1]
            gate = self._gates.setdefault(host, _Gate())
            if gate.busy:
                gate.waiting.append(url)
            elif gate.opens > now:
                self._put_off(url, host, gate.opens)
            else:
                gate.busy = True
                return url, host
        return None

    def _put_off(self, url: str, host: str, until: float) -> None:
        turn = next(self._count)
        self._current[url] = (turn, host)
        heapq.heappush(self._heap, (until, turn, url))

    def release(self, host: str, opens: float) -> None:
        """The request to a host has ended; the next one may start at `opens`."""
        gate = self._gates.setdefault(host, _Gate())
        gate.busy, gate.opens = False, max(gate.opens, opens)
        while gate.waiting:
            url = gate.waiting.popleft()
            known = self._current.get(url)
            if known is not None:
                self._put_off(url, known[1], gate.opens)
                return

    def claim(self, host: str, now: float) -> float:
        """Take a host for a request that is no look: 0 when it was free, else seconds after which to ask again."""
        gate = self._gates.setdefault(host, _Gate())
        if gate.busy:
            return 1.0
        gate.busy = gate.opens <= now
        return max(gate.opens - now, 0.0)

    def hold(self, host: str, until: float) -> None:
        """The host has asked to be left alone until then."""
        gate = self._gates.setdefault(host, _Gate())
        gate.opens = max(gate.opens, until)

    def next_at(self) -> float | None:
        """When to look here again: the earliest due time, None when nothing is planned."""
        while self._heap and not self._holds(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def tidy(self, now: float) -> None:
        """Forget gates that hold nobody back any more."""
        idle = [host for host, gate in self._gates.items() if not gate.busy and not gate.waiting and gate.opens <= now]
        for host in idle:
            del self._gates[host]
