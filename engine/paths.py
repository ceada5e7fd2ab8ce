"""Where Strongroom's data, models and logs live. Names places; reads, writes and creates nothing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True)
class Profile:
    """A folder that holds everything one user keeps. Two profiles share nothing, not even an entry in the keyring."""

    root: Path

    @property
    def store(self) -> Path:
        """The main store: settings, the list of matters with their wrapped keys, usage events."""
        return self.root / "store.db"

    @property
    def header(self) -> Path:
        """How the store is protected, in clear; holds nothing secret."""
        return self.root / "store.json"

    @property
    def matters(self) -> Path:
        """The folder with one encrypted file for each matter."""
        return self.root / "matters"

    @property
    def models(self) -> Path:
        """The folder of model files that the user added."""
        return self.root / "models"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one process that has the store open; says which."""
        return self.root / "store.lock"


def default_profile() -> Profile:
    """The user's own profile, where the operating system keeps the data of programs."""
    return Profile(Path(platformdirs.user_data_dir("Strongroom", appauthor=False)))


def resources() -> Path:
    """The folder of fonts, icons, tokens and models that comes with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parent.parent) / "resources"
