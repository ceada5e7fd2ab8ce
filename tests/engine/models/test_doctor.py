"""The doctor: a real sealed worker for the sandbox, real files for the rest, and plain words for what is wrong."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from engine.errors import WorkerDied
from engine.models import doctor
from engine.models.library import Library
from engine.records import Seal
from engine.sealed_process import SealedProcess

SECURE = {"secure": True, "backend": "test"}
SEALED = Seal("enforced", "enforced", "test")


async def test_a_sound_installation_has_no_problems(starter_model: Path) -> None:
    models = await Library([starter_model.parent]).installed()
    report = await doctor.examine(store={"encrypted": True}, keyring=SECURE, models=models, folder=starter_model.parent)
    assert json.loads(json.dumps(dataclasses.asdict(report)))["store"] == {"encrypted": True}
    assert (report.sandbox["network"], report.sandbox["files"]) == ("enforced", "enforced")
    assert "Landlock" in str(report.sandbox["detail"])
    assert report.engine["backends"] and report.engine["llama_cpp_python"] == report.libraries["llama-cpp-python"]
    assert [problem for problem in report.problems if "memory" not in problem and "disk" not in problem] == []


async def test_the_computer_is_described_in_plain_values_under_names_that_stay() -> None:
    """Scripts read these names; more may come, none may go."""
    report = await doctor.examine(store={}, keyring=SECURE, models=[])
    assert json.loads(json.dumps(report.hardware)) == report.hardware
    assert {
        "system", "processor", "cores", "threads", "vector_extensions", "memory_total", "memory_free", "disk_free",
        "memory_bytes_per_s", "gpus", "disk_encrypted", "on_mains", "battery_percent", "unread",
    } <= report.hardware.keys()  # fmt: skip
    assert isinstance(report.hardware["memory_bytes_per_s"], float)


async def test_what_a_running_model_told_is_in_the_report() -> None:
    report = await doctor.examine(store={}, keyring=SECURE, models=[], engine={"system": "AVX512 = 1"})
    assert report.engine["system"] == "AVX512 = 1"
    assert report.engine["models"] == []


async def test_a_worker_that_cannot_start_is_no_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*arguments: object, **settings: object) -> None:
        raise WorkerDied("inspect", -9)

    monkeypatch.setattr(SealedProcess, "start", fails)
    seal = await doctor.sealed_probe()
    assert (seal.network, seal.files) == ("not_enforced", "not_enforced")


def problems_of(
    computer: dict[str, object] | None = None, *, backends: object = ("cpu",), seal: Seal = SEALED, secure: bool = True
) -> list[str]:
    return doctor.problems(computer or {}, {"backends": backends}, seal, {"secure": secure}, [])


def test_each_thing_that_is_wrong_is_said() -> None:
    base = problems_of()
    assert [problem for problem in base if "missing" in problem] == base and len(base) == 2  # the two models
    for wrong, word in (
        (problems_of({"memory_free": 1}), "memory"),
        (problems_of({"disk_free": 1}), "disk"),
        (problems_of(backends=[]), "llama.cpp"),
        (problems_of(seal=Seal("not_enforced", "enforced", "why")), "network"),
        (problems_of(seal=Seal("enforced", "not_enforced", "why")), "files"),
        (problems_of(secure=False), "keyring"),
    ):
        new = [problem for problem in wrong if problem not in base]
        assert len(new) == 1 and word in new[0], wrong


def test_an_engine_that_is_not_installed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert doctor.engine_files() == {"llama_cpp_python": None, "backends": []}
