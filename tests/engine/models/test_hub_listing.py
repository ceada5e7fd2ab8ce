"""What a hub's answers mean, as values. The same with a real library and a hostile hub: test_hub, test_hostile_hub."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import NameRefused
from engine.model_records import Licence
from engine.models.hub_listing import (
    NotAListing,
    checked_repository,
    checked_revision,
    found_repository,
    listing,
    offered,
)

COMMIT = "0123456789" * 4
UPDATED = datetime(2026, 3, 5, 7, tzinfo=UTC)


def said(**changed: Any) -> SimpleNamespace:
    """A repository as the library describes it."""
    card = SimpleNamespace(language=["en", "de", "en", 5, "Klingon"], license="apache-2.0")
    large = SimpleNamespace(size=1000, sha256="a" * 64)
    siblings = [
        SimpleNamespace(rfilename="t-Q4_K_M.gguf", size=134, lfs=large),
        SimpleNamespace(rfilename="README.md", size=5, lfs=None),
    ]
    usual = {
        "id": "acme/Tiny-4B-GGUF", "sha": COMMIT, "siblings": siblings, "tags": ["gguf", "license:apache-2.0"], "card_data": card,
        "gguf": {"total": 4_000_000_000, "architecture": "qwen3", "context_length": 40_960}, "pipeline_tag": "text-generation",
        "gated": False, "downloads": 12, "last_modified": UPDATED,
    }  # fmt: skip
    return SimpleNamespace(**{**usual, **changed})


def licence(**changed: Any) -> Licence | None:
    return listing(said(**changed)).licence


def test_a_sound_answer_is_taken_over() -> None:
    model = offered(listing(said()))
    assert (model.id, model.name, model.publisher, model.purpose) == ("acme/Tiny-4B-GGUF", "Tiny-4B", "acme", "chat")
    assert (model.n_parameters, model.architecture, model.context_length) == (4_000_000_000, "qwen3", 40_960)
    assert (model.languages, model.released, model.gated, model.sees) == (("en", "de"), "2026-03", False, None)
    (size,) = listing(said()).sizes
    assert size.is_confirmed and size.n_bytes == 1000 and size.revision == COMMIT


def test_what_is_not_said_is_unknown() -> None:
    bare = listing(
        said(siblings=None, tags=None, card_data=None, gguf=None, pipeline_tag=None, downloads=None, last_modified=None)
    )
    assert (bare.sizes, bare.licence, bare.n_files, bare.updated, bare.n_downloads) == ((), None, 0, None, 0)
    model = offered(bare)
    assert (model.n_parameters, model.context_length, model.languages, model.released) == (None, None, (), "")
    assert model.purpose == "unknown"


def test_the_licence_is_that_of_the_card_and_else_of_the_tags() -> None:
    by_tag = licence(card_data=None, tags=["license:mit"])
    assert by_tag is not None and by_tag.id == "MIT"
    other = SimpleNamespace(license="other", license_name="gemma")
    named = licence(card_data=other, tags=["license:other"])
    assert named is not None and "gemma" in named.name.lower()
    unnamed = licence(card_data=SimpleNamespace(license="other"), tags=["license:other"])
    assert unnamed is not None and unnamed.at_work == "ask_lawyer"
    assert licence(card_data=None, tags=[]) is None


@pytest.mark.parametrize("changed", [{"id": None}, {"id": "../x"}, {"sha": None}, {"sha": "main"}, {"sha": COMMIT.upper() + "x"}])
def test_without_a_name_and_a_commit_it_is_no_listing(changed: dict[str, Any]) -> None:
    with pytest.raises(NotAListing):
        listing(said(**changed))


def test_a_time_without_a_zone_is_no_time() -> None:
    found = found_repository(said(last_modified=datetime(2026, 3, 5)))
    assert found is not None and found.updated is None


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B-GGUF", "a/b", "gpt2", "TheBloke/Mistral-7B-v0.1_x"])
def test_names_of_repositories(name: str) -> None:
    assert checked_repository(name) == name


@pytest.mark.parametrize("revision", ["main", COMMIT, "v1.0"])
def test_names_of_revisions(revision: str) -> None:
    assert checked_revision(revision) == revision


@pytest.mark.parametrize("revision", ["", "refs/pr/1", "a..b", "-x", "a b", "a?b", "x" * 200, "ä"])
def test_what_is_no_revision(revision: str) -> None:
    with pytest.raises(NameRefused):
        checked_revision(revision)
