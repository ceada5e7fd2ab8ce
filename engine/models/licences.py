"""Licences of models in plain words: what a clerk may do with one at work.

The words are Strongroom's reading, kept in resources/catalogue/licences.json, and no legal advice. Knows nothing of
which model has which licence.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model_records import AtWork, Licence
from engine.paths import resources

_SHORT = Annotated[str, Field(min_length=1, max_length=100)]
_LONGEST_TAG = 100


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: _SHORT
    name: _SHORT
    at_work: AtWork
    plain: Annotated[str, Field(min_length=1, max_length=400)]
    url: Annotated[str, Field(max_length=200, pattern=r"^(https://[^\s]+)?$")]
    tags: Annotated[list[_SHORT], Field(max_length=50)]


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format: Annotated[int, Field(ge=1, le=1)]
    licences: Annotated[list[_Entry], Field(min_length=1, max_length=500)]


class Licences:
    """The licences that are known, by their own name and by the tags that model hubs use for them."""

    def __init__(self, licences: dict[str, Licence], by_tag: dict[str, Licence]) -> None:
        self.by_id = licences
        self._by_tag = by_tag

    def for_tag(self, tag: str | None) -> Licence | None:
        """The licence that a hub names, with or without `license:` before it; None if it names none.

        For a name that is not known the answer is to ask a lawyer, never a guess.
        """
        name = "".join(letter for letter in tag or "" if letter.isprintable()).removeprefix("license:").strip()[:_LONGEST_TAG]
        if name.lower() in {"", "unknown", "none"}:
            return None
        known = self._by_tag.get(name.lower())
        return known or Licence(name, name, "ask_lawyer", "Strongroom does not know this licence. Ask your lawyer to read it.")


def read_licences(file: Path) -> Licences:
    """Read a file of licences. Raises ValueError if it is not one, or if two licences share a name or a tag."""
    try:
        entries = _File.model_validate_json(file.read_bytes()).licences
    except ValidationError as error:
        raise ValueError(f"{file.name} is no file of licences") from error
    by_id: dict[str, Licence] = {}
    by_tag: dict[str, Licence] = {}
    for entry in entries:
        licence = Licence(entry.id, entry.name, entry.at_work, entry.plain, entry.url)
        tags = {entry.id.lower(), *(tag.lower() for tag in entry.tags)}
        if entry.id in by_id or not tags.isdisjoint(by_tag):
            raise ValueError(f"{file.name} names {entry.id} twice")
        by_id[entry.id] = licence
        by_tag |= dict.fromkeys(tags, licence)
    return Licences(by_id, by_tag)


@cache
def known_licences() -> Licences:
    """The licences that came with the program."""
    return read_licences(resources() / "catalogue" / "licences.json")


def licence_for(tag: str | None) -> Licence | None:
    """The licence that a hub names, in plain words; None if it names none."""
    return known_licences().for_tag(tag)
