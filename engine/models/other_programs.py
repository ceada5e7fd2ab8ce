"""Where other programs keep their model files, on each system. Looks at a few settings of theirs; lists no folder.

Taken from what the programs document and do: LM Studio, Jan, GPT4All, Ollama and the cache of Hugging Face's libraries.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Program = Literal["lm_studio", "jan", "gpt4all", "ollama", "hugging_face"]

#: What people call them; names of products, the same in every language.
NAMES: dict[str, str] = {
    "lm_studio": "LM Studio",
    "jan": "Jan",
    "gpt4all": "GPT4All",
    "ollama": "Ollama",
    "hugging_face": "Hugging Face",
}
_LARGEST_SETTINGS = 1 << 20


@dataclass(frozen=True)
class Surroundings:
    """The user's home, environment and system, as far as they say where programs keep things."""

    home: Path = field(default_factory=lambda: Path.home())
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    system: str = sys.platform

    def folder(self, variable: str, otherwise: str) -> Path:
        """What the variable names if that is a whole path, else a folder of the home."""
        named = self.environment.get(variable, "")
        return Path(named) if named and Path(named).is_absolute() else self.home / otherwise


def places(around: Surroundings | None = None) -> list[tuple[Program, Path]]:
    """The folders to look into, each with the program they belong to; they need not be there."""
    around = around or Surroundings()
    found: list[tuple[Program, Path]] = []
    found += [("lm_studio", folder) for folder in _lm_studio(around)]
    found += [("jan", folder) for folder in _jan(around)]
    found += [("gpt4all", folder) for folder in _gpt4all(around)]
    found += [("ollama", folder) for folder in _ollama(around)]
    found += [("hugging_face", folder) for folder in _hugging_face(around)]
    return list(dict.fromkeys(found))


def _data(around: Surroundings, *, windows: str = "APPDATA") -> Path:
    if around.system == "darwin":
        return around.home / "Library/Application Support"
    if around.system == "win32":
        return around.folder(windows, "AppData/Roaming" if windows == "APPDATA" else "AppData/Local")
    return around.folder("XDG_DATA_HOME", ".local/share")


def _lm_studio(around: Surroundings) -> list[Path]:
    homes = [around.home / ".lmstudio", around.home / ".cache/lm-studio"]
    if (moved := _path_in(around.home / ".lmstudio-home-pointer")) is not None:
        homes.insert(0, moved)
    chosen = [folder for home in homes if (folder := _downloads_folder(home / "settings.json")) is not None]
    return [*chosen, *(home / "models" for home in homes)]


def _jan(around: Surroundings) -> list[Path]:
    roots = [_data(around) / "Jan/data", around.home / "jan", around.home / "cortexcpp"]
    if around.system not in ("darwin", "win32"):
        roots.append(around.folder("XDG_CONFIG_HOME", ".config") / "Jan/data")
    return [root / folder for root in roots for folder in ("llamacpp/models", "models")]


def _gpt4all(around: Surroundings) -> list[Path]:
    return [_data(around, windows="LOCALAPPDATA") / "nomic.ai/GPT4All", around.home / ".cache/gpt4all"]


def _ollama(around: Surroundings) -> list[Path]:
    own = around.folder("OLLAMA_MODELS", ".ollama/models")
    if around.system in ("darwin", "win32"):
        return [own, around.home / ".ollama/models"]
    # As a service it is a user of its own.
    return [own, around.home / ".ollama/models", Path("/usr/share/ollama/.ollama/models"), Path("/var/lib/ollama")]


def _hugging_face(around: Surroundings) -> list[Path]:
    cache = around.folder("XDG_CACHE_HOME", ".cache") / "huggingface"
    home = Path(around.environment["HF_HOME"]) if around.environment.get("HF_HOME") else cache
    named = [around.environment.get(name, "") for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")]
    return [folder for folder in (*map(Path, filter(None, named)), home / "hub", cache / "hub") if folder.is_absolute()]


def _downloads_folder(settings: Path) -> Path | None:
    text = _text(settings)
    try:
        said = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    folder = said.get("downloadsFolder") if isinstance(said, dict) else None
    return Path(folder) if isinstance(folder, str) and "\0" not in folder and Path(folder).is_absolute() else None


def _path_in(pointer: Path) -> Path | None:
    text = _text(pointer).strip()
    return Path(text) if text and "\0" not in text and "\n" not in text and Path(text).is_absolute() else None


def _text(file: Path) -> str:
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST_SETTINGS:
            return ""
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
