"""The first hour of a user at the real window, twice: once in light at full size, once in dark at the smallest size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
STEPS = (
    "0-first-start", "1-started", "2-reading", "3-read", "4-writing", "5-stopped", "6-answered", "7-source", "8-jump",
    "9-found-again",
)  # fmt: skip


@pytest.mark.timeout(500)
@pytest.mark.parametrize(("theme", "size"), [("light", "1440x900"), ("dark", "1024x640")])
def test_ask_a_long_document_and_find_the_answer_again(
    theme: str, size: str, tmp_path: Path, policy_pdf: Path, starter_model: Path, xvfb: str
):
    pictures = HERE / "pictures" / f"{theme}-{size}"
    environment = {**os.environ, "DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(CHECKOUT)}
    for part in ("first", "second"):
        command = [sys.executable, str(HERE / "first_light.py"), str(tmp_path / "profile"), str(pictures), str(policy_pdf)]
        walked = subprocess.run([*command, theme, size, part], env=environment, capture_output=True, text=True, timeout=240)
        assert walked.returncode == 0, f"{walked.stderr}\nThe last picture is in {pictures}."
        assert "fault" not in walked.stderr, walked.stderr
    shown = [QImage(str(pictures / f"{step}.png")) for step in STEPS]
    assert not any(picture.isNull() for picture in shown)

    is_dark = shown[-1].pixelColor(700, 500).lightness() < 128
    assert is_dark == (theme == "dark")
