"""The energy counter of Intel and AMD processors, as Linux shows it under /sys/class/powercap (RAPL).

Since 2020 most systems let only root read it, and a sandbox, a virtual machine or another system does not have it: then it
is not there, which is no fault. Only whole processors are counted: cores and memory are parts of them, and `psys` is a sum.
"""

from __future__ import annotations

from pathlib import Path

from engine.power.sharing import NS_IN_S

FOLDER = Path("/sys/class/powercap")
MOST_W = 500  # of one processor; a counter that can have gone round more than once tells nothing
SLACK_NS = NS_IN_S  # the counter moves on in steps, so that in no time at all it can have done one


class ProcessorEnergy:
    """Counts from one look to the next. `folder` is where the system shows the counters."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._last: dict[str, int] | None = None

    def used(self, elapsed_ns: int) -> int | None:
        """Microjoules of all processors since the last look, `elapsed_ns` ago; None: not known."""
        domains = [each for each in sorted(self._folder.glob("intel-rapl:*")) if _is_a_processor(each)]
        before, now = self._last, _counters(domains)
        self._last = now
        if not now or before is None or before.keys() != now.keys():
            return None
        return _between(self._folder, before, now, elapsed_ns)


def _between(folder: Path, before: dict[str, int], now: dict[str, int], elapsed_ns: int) -> int | None:
    total = 0
    for name, counter in now.items():
        reach = _number(folder / name / "max_energy_range_uj")
        if reach is None or MOST_W * 1_000_000 * elapsed_ns >= reach * NS_IN_S:
            return None
        difference = counter - before[name]
        difference += reach if difference < 0 else 0
        if not 0 <= difference * NS_IN_S <= MOST_W * 1_000_000 * (elapsed_ns + SLACK_NS):
            return None  # it did not go round but began anew, as it may after the computer has slept
        total += difference
    return total


def _counters(domains: list[Path]) -> dict[str, int] | None:
    """Where each counter stands; None unless all of them can be read: a part would pass for the whole."""
    found = {each.name: _number(each / "energy_uj") for each in domains}
    known = {name: counter for name, counter in found.items() if counter is not None}
    return known if len(known) == len(found) else None


def _is_a_processor(domain: Path) -> bool:
    try:
        return domain.name.count(":") == 1 and (domain / "name").read_text(encoding="ascii").startswith("package")
    except (OSError, ValueError):
        return False


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # mostly PermissionError
        return None
