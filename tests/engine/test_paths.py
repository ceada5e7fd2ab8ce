from __future__ import annotations

from pathlib import Path

import pytest

from engine.paths import Profile, default_profile, resources


def test_everything_a_profile_keeps_lies_in_its_folder(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    places = [profile.store, profile.header, profile.matters, profile.models, profile.logs, profile.lock]
    assert all(place.parent == profile.root for place in places)
    assert len(set(places)) == len(places)


def test_naming_places_creates_nothing(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    assert profile.store and profile.matters
    assert list(tmp_path.iterdir()) == []


def test_the_users_own_profile_is_where_programs_keep_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_profile().root.name == "Strongroom"
    assert default_profile().root.is_absolute()


def test_resources_are_those_of_this_checkout() -> None:
    assert (resources() / "tokens.json").is_file() or (resources() / "models").is_dir()


def test_resources_of_an_installed_program_lie_beside_its_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert resources() == tmp_path / "resources"
