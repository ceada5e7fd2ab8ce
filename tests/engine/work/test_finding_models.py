"""Which files a choice means: the catalogue's, at the commit that still has them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import FileChanged, NotFound
from engine.model_records import ModelSize
from engine.models.catalogue import bundled_file
from engine.models.hub import Hub
from engine.records import Fit
from engine.work.finding_models import FindingModels, split_choice
from tests.loopback_hub import LoopbackHub
from tests.open_door import open_door

REPOSITORY, FILE = "acme/tiny-GGUF", "tiny-Q4_K_M.gguf"
OLD, NEW = b"GGUF" + bytes(3000), b"GGUF" + bytes(4000)


class NoAdvice:
    """Judges nothing, so that only the choice of files is looked at."""

    async def judge(self):
        return lambda facts, n_bytes=None, **_: Fit("unknown", None, 0)


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: OLD})
        yield hub


@pytest.fixture
def finding(hub: LoopbackHub, tmp_path: Path) -> FindingModels:
    """Offers one model, whose file and the beginning of its commit are those that the hub has at first."""
    content = json.loads(bundled_file().read_bytes())
    entry = next(each for each in content["models"] if each["id"] == "qwen3-8b")
    size = next(each for each in entry["sizes"] if each["files"][0]["sha256"])
    revision = hub.repositories[REPOSITORY].revision
    size |= {
        "repository": REPOSITORY,
        "revision_hint": revision[:8],
        "files": [{"path": FILE, "n_bytes": len(OLD), "sha256": hashlib.sha256(OLD).hexdigest()}],
    }
    entry |= {"sizes": [size]}
    (tmp_path / "catalogue.json").write_text(json.dumps(content | {"models": [entry], "edition": "2099-01-01"}))
    door, _ = open_door(hub.url, hub.cdn_url)
    return FindingModels(
        advice=NoAdvice(),  # type: ignore[arg-type]
        hub=lambda: Hub(door, hub.url, lambda: None),
        installed=list,
        folder=tmp_path,
    )


async def confirmed(finding: FindingModels) -> ModelSize:
    return await finding.confirmed(*await finding.chosen("qwen3-8b"))


async def test_the_newest_commit_is_taken_while_it_has_the_file(finding: FindingModels, hub: LoopbackHub) -> None:
    hub.add(REPOSITORY, {FILE: OLD, "README.md": b"# more words"})
    size = await confirmed(finding)
    assert size.is_confirmed and size.revision == hub.repositories[REPOSITORY].revision


async def test_a_replaced_file_is_taken_from_the_commit_that_had_it(finding: FindingModels, hub: LoopbackHub) -> None:
    first = hub.repositories[REPOSITORY].revision
    hub.add(REPOSITORY, {FILE: NEW})
    size = await confirmed(finding)
    assert (size.revision, size.files[0].sha256) == (first, hashlib.sha256(OLD).hexdigest())


async def test_a_file_that_no_commit_has_is_refused(finding: FindingModels, hub: LoopbackHub) -> None:
    hub.add(REPOSITORY, {FILE: NEW})
    hub.repositories[REPOSITORY].older.clear()
    with pytest.raises(FileChanged):
        await confirmed(finding)


async def test_a_model_that_nobody_offers_is_not_found(finding: FindingModels) -> None:
    with pytest.raises(NotFound):
        await finding.chosen("qwen3-8b:Q2_K")
    with pytest.raises(NotFound):
        await finding.chosen("no such model")


@pytest.mark.parametrize(
    ("text", "meant"), [("a", ("a", None)), ("a:Q4_K_M", ("a", "Q4_K_M")), ("o/n:x.gguf", ("o/n", "x.gguf")), ("a:", ("a", None))]
)
def test_a_choice_is_a_model_and_a_size(text: str, meant: tuple[str, str | None]) -> None:
    assert split_choice(text) == meant
