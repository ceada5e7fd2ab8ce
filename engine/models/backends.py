"""Which llama.cpp is installed and which backends it came with, told from its files without loading it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_NO_DEVICES = {"base"}  # libraries of its that are no backend


def backends() -> list[str]:
    """Names such as `cpu`, `cuda`, `vulkan`; empty where llama.cpp is not installed."""
    package = importlib.util.find_spec("llama_cpp")
    if package is None or package.origin is None:
        return []
    folder = Path(package.origin).parent
    names = (file.name for place in (folder / "lib", folder.parent / "bin") if place.is_dir() for file in place.iterdir())
    found = {name.split(".")[0].removeprefix("lib").removeprefix("ggml-") for name in names if "ggml-" in name}
    return sorted(found - _NO_DEVICES)
