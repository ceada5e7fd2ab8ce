"""The design tokens, read once from resources/tokens.json into typed lookups.

Holds values only: no fonts, no palette, no widgets. Sizes are design pixels at 100 % text size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def resource(name: str) -> Path:
    """A file that came with the program, by its path under resources/."""
    return RESOURCES / name


@dataclass(frozen=True)
class TypeStyle:
    """One step of the type scale; `size` and `line` in design pixels."""

    family: str
    size: int
    line: int
    weight: int


@dataclass(frozen=True)
class Tokens:
    """All tokens. `colors` maps a theme name (light, dark) to colour names and their hex values."""

    colors: dict[str, dict[str, str]]
    types: dict[str, TypeStyle]
    sizes: dict[str, int]
    radii: dict[str, int]
    durations: dict[str, int]
    opacities: dict[str, float]
    families: dict[str, str]
    display_spacing: float
    icon_stroke: float
    icon_stroke_small: float


@cache
def tokens(resources: Path = RESOURCES) -> Tokens:
    """Read the tokens; raises OSError or ValueError where the installation is incomplete."""
    raw: dict[str, Any] = json.loads((resources / "tokens.json").read_text(encoding="utf-8"))
    scale = raw["type"]["scale"]
    return Tokens(
        colors=raw["color"],
        types={name: TypeStyle(step["family"], step["size"], step["line"], step["weight"]) for name, step in scale.items()},
        sizes={name: value for name, value in raw["size"].items() if isinstance(value, int)},
        radii={name: value for name, value in raw["radius"].items() if isinstance(value, int)},
        durations={name.removesuffix("_ms"): value for name, value in raw["motion"].items() if isinstance(value, int)},
        opacities=raw["opacity"],
        families=raw["type"]["families"],
        display_spacing=raw["type"]["display_letter_spacing_percent"],
        icon_stroke=raw["icons"]["stroke"],
        icon_stroke_small=raw["icons"]["stroke_small"],
    )
