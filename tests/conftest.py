"""What every test stands on: the real models, a long real document, a display, and no tolerated warnings.

Nothing here skips. A missing file fails the test with the one command that brings it, because a suite
that quietly leaves out what it cannot run says "passed" about things it never looked at.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: timings belong to tests/bench. CI plays the same examples every time, so
# that a red run is about the change it judges; elsewhere new ones are tried each time.
settings.register_profile(
    "strongroom", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("strongroom")

# Before anything imports Qt: windows of tests are painted into memory. Journeys start the program as a
# process of its own and give it the display of the `xvfb` fixture instead.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

CHECKOUT = Path(__file__).resolve().parent.parent
SCREEN = "1440x900x24"


def _present(file: Path, command: str) -> Path:
    if not file.is_file():
        pytest.fail(f"{file.relative_to(CHECKOUT)} is missing. Run: {command}", pytrace=False)
    return file


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The chat model that Strongroom comes with (GGUF, 135 million parameters)."""
    return _present(CHECKOUT / "resources/models/SmolLM2-135M-Instruct.Q4_1.gguf", "python3 packaging/starter_model.py")


@pytest.fixture(scope="session")
def embedding_model() -> Path:
    """The model that turns passages into vectors (GGUF, 384 dimensions)."""
    return _present(CHECKOUT / "resources/models/all-minilm-l6-v2-q8_0.gguf", "git checkout resources/models")


@pytest.fixture(scope="session")
def policy_pdf() -> Path:
    """A long real document: the Debian Policy Manual, well over 100 pages of text with headings and lists."""
    return _present(CHECKOUT / "build/documents/policy.pdf", "make documents")


@pytest.fixture(scope="session")
def xvfb() -> Iterator[str]:
    """A display of its own for real windows; yields its name, such as ":7", for DISPLAY."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        pytest.fail("Xvfb is missing. Run: packaging/system_libraries.sh test", pytrace=False)
    finally:
        os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()  # empty when the server ended without offering a display
    if not number:
        pytest.fail(f"Xvfb ended at once with exit code {server.wait()}", pytrace=False)
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_stray_log_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log fails the test, unless the test takes `caplog` and so judges the log itself."""
    if "caplog" in request.fixturenames:
        yield
        return
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.lines:
        pytest.fail("the log holds warnings:\n" + "\n".join(handler.lines), pytrace=False)
