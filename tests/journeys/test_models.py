"""A user's first model at the real window, from a hub on the loopback address: in light at full size, in dark at the smallest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine.models.provenance import PART_BYTES
from tests.journeys.models_story import REPOSITORY, damage
from tests.loopback_hub import Fault, LoopbackHub
from tests.model_shapes import SHAPES
from tests.random_models import write_random_model

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
SIZES = ("Q4_0", "Q8_0")
FILE = "tiny-clerk.Q4_0.gguf"


@pytest.fixture(scope="module")
def model_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One small model in two sizes, by the names of their files."""
    folder = tmp_path_factory.mktemp("published")
    shapes = [replace(SHAPES[1], name="clerk", stored=stored) for stored in SIZES]
    return {f"tiny-clerk.{one.stored}.gguf": write_random_model(one, folder / f"{one.stored}.gguf") for one in shapes}


@pytest.fixture
def hub(model_files: dict[str, Path]) -> Iterator[LoopbackHub]:
    """It serves files slowly enough to be seen, and paused, while they come."""
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, model_files)
        for name in model_files:
            hub.fault(f"{REPOSITORY}/{name}", Fault(bytes_per_s=9_000_000))
        yield hub


@pytest.mark.timeout(500)
@pytest.mark.parametrize(("theme", "size"), [("light", "1440x900"), ("dark", "1024x640")])
def test_fetch_a_model_mend_it_and_remove_it(
    theme: str, size: str, tmp_path: Path, starter_model: Path, embedding_model: Path, hub: LoopbackHub, xvfb: str
):
    profile, pictures = tmp_path / "profile", HERE / "pictures" / f"{theme}-{size}"
    environment = {**os.environ, "DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(CHECKOUT)}
    for part in ("first", "second"):
        command = [sys.executable, str(HERE / "models_story.py"), str(profile), str(pictures), theme, size, part]
        walked = subprocess.run(
            [*command, hub.url, hub.cdn_url], env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert walked.returncode == 0, f"{walked.stderr}\nThe last picture is in {pictures}."
        assert "fault" not in walked.stderr, walked.stderr
        if part == "first":
            before = hub.bytes_served(f"{REPOSITORY}/{FILE}")
            damage(profile / "models" / FILE)
    assert hub.requests[0].path == "/api/models", "something was asked before somebody searched"
    assert all(request.path == "/api/models" or REPOSITORY in request.path for request in hub.requests)
    assert hub.bytes_served(f"{REPOSITORY}/{FILE}") - before <= PART_BYTES, "a repair fetches the damaged part only"
    taken = [QImage(str(picture)) for picture in sorted(pictures.glob("models-*.png"))]
    assert len(taken) == 19
    assert not any(picture.isNull() for picture in taken)
    is_dark = taken[-1].pixelColor(700, 500).lightness() < 128
    assert is_dark == (theme == "dark")
