"""The energy counters of NVIDIA cards, through the driver's own library (NVML). The one module that knows the package pynvml.

Cards since Volta have them. Without a driver, a card or such a counter they are not there, which is no fault.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

MICRO_IN_MILLI = 1000


def installed() -> ModuleType:
    """The package that speaks to the driver; it is large, so it is imported when it is wanted. Raises ImportError."""
    import pynvml  # type: ignore[import-untyped]  # it comes without types

    return pynvml


class GraphicsEnergy:
    """Counts from one look to the next. `library` gives a module like pynvml."""

    def __init__(self, library: Callable[[], Any] = installed) -> None:
        self._get_library = library
        self._library: Any = None
        self._cards: list[Any] | None = None
        self._last: list[int] | None = None

    def used(self) -> int | None:
        """Microjoules of all cards since the last look; None: not known."""
        if self._cards is None:
            self._cards = self._found()
        before, self._last = self._last, self._counters(self._cards)
        if before is None or self._last is None:
            return None
        differences = [now - then for then, now in zip(before, self._last, strict=True)]
        return None if min(differences) < 0 else sum(differences) * MICRO_IN_MILLI  # a driver loaded anew counts from nothing

    def close(self) -> None:
        """Let go of the driver."""
        if self._cards:
            self._cards = []
            try:
                self._library.nvmlShutdown()
            except self._library.NVMLError:
                return

    def _found(self) -> list[Any]:
        try:
            self._library = self._get_library()
        except (ImportError, OSError):
            return []
        nvml = self._library
        try:
            nvml.nvmlInit()
            return [nvml.nvmlDeviceGetHandleByIndex(each) for each in range(nvml.nvmlDeviceGetCount())]
        except (nvml.NVMLError, OSError):
            return []

    def _counters(self, cards: list[Any]) -> list[int] | None:
        """Where each counter stands, in millijoules; None unless all have one: a part would pass for the whole."""
        if not cards:
            return None
        try:
            return [int(self._library.nvmlDeviceGetTotalEnergyConsumption(each)) for each in cards]
        except self._library.NVMLError:
            return None
