"""How many watts a computer of this kind is likely to take, where nothing measures them. Pure; assumptions, each with its reason.

Real computers differ by more than any list of models could help with, so a figure made of these is said with a wide range
(engine/power/estimates) and named a model of the computer.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Milliwatts that one busy core adds. Notebook processors are sold for 15 to 45 W with 4 to 14 cores; those of desktops for
#: 65 to 125 W with 6 to 16.
MOBILE_CORE_MW, DESKTOP_CORE_MW = 4_000, 8_000
#: Milliwatts that a whole processor adds at most: many cores are clocked lower, to stay within what the cooling can take.
MOBILE_PROCESSOR_MW, DESKTOP_PROCESSOR_MW = 45_000, 250_000
#: Milliwatts that graphics add while a model computes on them: a chip within the processor, or a card of 200 to 350 W, which
#: waits for its memory most of the time and so stays below what is printed on it.
MOBILE_GRAPHICS_MW, DESKTOP_GRAPHICS_MW = 25_000, 200_000
#: Milliwatts of the idle computer without its screen, at the wall.
MOBILE_IDLE_MW, DESKTOP_IDLE_MW = 8_000, 45_000


@dataclass(frozen=True)
class PlausiblePower:
    """Milliwatts: `core` for each busy core and `graphics` while a model computes there, both beyond `idle`."""

    n_cores: int
    core: int
    graphics: int
    idle: int


def plausible_power(n_cores: int, *, is_mobile: bool, on_graphics: bool) -> PlausiblePower:
    """A computer with so many cores. `is_mobile`: its processor is made for batteries. `on_graphics`: models compute there."""
    n = max(1, n_cores)
    core, whole = (MOBILE_CORE_MW, MOBILE_PROCESSOR_MW) if is_mobile else (DESKTOP_CORE_MW, DESKTOP_PROCESSOR_MW)
    graphics = MOBILE_GRAPHICS_MW if is_mobile else DESKTOP_GRAPHICS_MW
    idle = MOBILE_IDLE_MW if is_mobile else DESKTOP_IDLE_MW
    return PlausiblePower(n, min(core, whole // n), graphics if on_graphics else 0, idle)
