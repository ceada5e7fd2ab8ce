"""What local generations take of electricity: looks at the counters whenever one begins or ends, and shares what passed.

All looking is done on one thread of its own, in the order in which it was asked for: counters, drivers and lists of processes
may take their time, and nobody who waits for an answer waits for them.
"""

from __future__ import annotations

import itertools
import platform
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import psutil

from engine.ledger_records import Energy
from engine.ledger_settings import LedgerSettings
from engine.power.awake import awake_ns
from engine.power.estimates import energy_of
from engine.power.nvidia import GraphicsEnergy
from engine.power.plausible import PlausiblePower, plausible_power
from engine.power.rapl import ProcessorEnergy
from engine.power.sharing import Counted, Sharing, Stretch
from engine.power.worker_time import WorkerTime


class Power:
    """`on_graphics` says whether local models compute on graphics: otherwise a card's counter has nothing to do with them.

    The counters are those of this computer unless others are given. `now_ns` is a clock that nobody sets
    and that stands still while the computer sleeps.
    """

    def __init__(
        self,
        *,
        on_graphics: Callable[[], bool] = lambda: False,
        processor: ProcessorEnergy | None = None,
        graphics: GraphicsEnergy | None = None,
        workers: WorkerTime | None = None,
        now_ns: Callable[[], int] = awake_ns,
    ) -> None:
        self._on_graphics, self._now_ns = on_graphics, now_ns
        self._processor, self._graphics = processor or ProcessorEnergy(), graphics or GraphicsEnergy()
        self._workers = workers or WorkerTime()
        self._sharing = Sharing()
        self._numbers = itertools.count()
        self._last_ns: int | None = None
        self._computer: PlausiblePower | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="power")

    def begin(self) -> int:
        """A generation begins; gives the number to end it with. Raises RuntimeError after `close`."""
        number = next(self._numbers)
        self._thread.submit(self._begin, number)
        return number

    def end(self, number: int, settings: LedgerSettings) -> Future[Energy]:
        """It has ended; gives the energy that it took. Raises RuntimeError after `close`."""
        return self._thread.submit(self._end, number, settings)

    def close(self) -> None:
        """Look no more, once what was asked for before is done."""
        try:
            self._thread.submit(self._graphics.close)
        except RuntimeError:  # closed before
            return
        self._thread.shutdown(wait=False)

    # ------------------------------------------------------------ on the thread
    def _begin(self, number: int) -> None:
        self._look()
        self._sharing.begin(number)

    def _end(self, number: int, settings: LedgerSettings) -> Energy:
        self._look()
        share = self._sharing.end(number)
        assert self._computer is not None
        return energy_of(share, self._sharing.idle(), settings, self._computer)

    def _look(self) -> None:
        if self._computer is None:
            self._computer = this_computer(on_graphics=self._on_graphics())
        now = self._now_ns()
        elapsed = 0 if self._last_ns is None else max(0, now - self._last_ns)
        self._last_ns = now
        counted: dict[Counted, int | None] = {"rapl": self._processor.used(elapsed), "cpu": self._workers.used()}
        if self._computer.graphics:
            counted["nvml"] = self._graphics.used()
        self._sharing.pass_by(Stretch(elapsed, {what: amount for what, amount in counted.items() if amount is not None}))


def this_computer(*, on_graphics: bool) -> PlausiblePower:
    """What is plausible for the computer that this runs on."""
    n_cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    is_apple_chip = sys.platform == "darwin" and platform.machine() == "arm64"
    return plausible_power(n_cores, is_mobile=is_apple_chip or _has_battery(), on_graphics=on_graphics)


def _has_battery() -> bool:
    try:
        return hasattr(psutil, "sensors_battery") and psutil.sensors_battery() is not None
    except (OSError, ValueError, RuntimeError):
        return False
