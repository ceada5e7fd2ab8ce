"""A user's first comparison at the real window, with two servers on the loopback address that keep every byte they get."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.engine.documents.made_documents import line, text_pdf
from tests.journeys.comparer import Server
from tests.journeys.walking import walk
from tests.loopback_provider import Fault, LoopbackProvider

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent

LETTER = """Dear Mr Whitcombe,

I rent Flat 3, 14 Alder Street, Northmoor NM4 2TP and I am writing
on 12 September about a repair. The heating is a Kestrel from 2016.
I first phoned on 3 June and spoke to Daniel Osei. Visits on 17 June
and 8 July were missed. The work was done on 29 August.

I can be reached on 07700 900461 or at priya.raman@example.org, and
my tenancy number is TEN-88213-04. I would like an apology and a refund.

Yours sincerely,
Priya Raman""".splitlines()
#: What must never reach a server, in any spelling of letters.
CANARIES = ("whitcombe", "alder street", "nm4 2tp", "osei", "900461", "priya", "raman", "88213", "kestrel", ".pdf", "key-of-")
STEPS = 32


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "Complaint, 12 September.pdf"
    content = b"".join(line(text, y=720 - 18 * place) for place, text in enumerate(LETTER) if text)
    file.write_bytes(text_pdf(content))
    return file


def _answer(asked: dict[str, Any]) -> str:
    """A summary in the words of the request, with its placeholders, and with a word about who writes."""
    said = json.dumps(asked, ensure_ascii=False)
    people, terms = sorted(set(re.findall(r"\[Person \d+\]", said))), sorted(set(re.findall(r"\[Term \d+\]", said)))
    who, what = (people or ["somebody"])[-1], (terms or ["the heating"])[0]
    name = asked["model"]
    return (
        f"I am {name}, and this is my summary.\n\n"
        f"1. On 12 September {who} complained about {what}.\n2. It was first reported on 3 June.\n"
        "3. Visits on 17 June and 8 July were missed.\n4. The work was done on 29 August.\n5. **An apology** is asked for."
    )


class Stage:
    """The two servers, and what the journey may ask of them."""

    def __init__(self, stack: ExitStack) -> None:
        self.own, self.company = (stack.enter_context(LoopbackProvider()) for _ in range(2))
        self.servers = (
            _server("Northmoor Council", self.own, "openai", "council-llama-70b", is_own=True),
            _server("Meridian", self.company, "anthropic", "meridian-large-2", is_own=False),
        )
        for server, provider in zip(self.servers, self.providers, strict=True):
            provider.keys, provider.models, provider.answer_with = {server.key}, (server.model, "another"), _answer

    @property
    def providers(self) -> tuple[LoopbackProvider, LoopbackProvider]:
        return self.own, self.company

    @property
    def bodies(self) -> list[bytes]:
        return [post.body for provider in self.providers for post in provider.posts]

    def answer(self, wish: str, *arguments: str) -> list[Any]:
        """What the journey's process wants to know or wishes."""
        answers: dict[str, Callable[..., list[Any]]] = {
            "servers": lambda: [asdict(each) for each in self.servers],
            "sent": lambda: self.sent,
            "n_bytes": lambda: [sum(map(len, self.bodies))],
            "asked": lambda: [get.path for provider in self.providers for get in provider.gets],
            "hold": lambda: [provider.may_go_on.clear() for provider in self.providers],
            "go_on": lambda: [provider.may_go_on.set() for provider in self.providers],
            "fail": self._fail,
        }
        return answers[wish](*arguments)

    @property
    def sent(self) -> list[str]:
        return [hashlib.sha256(body).hexdigest() for body in self.bodies]

    def _fail(self, name: str, fault: str) -> list[Any]:
        place = [each.name for each in self.servers].index(name)
        self.providers[place].fault = Fault[fault]
        return []


def _server(name: str, provider: LoopbackProvider, dialect: str, model: str, *, is_own: bool) -> Server:
    return Server(name, provider.url_for(dialect), provider.origin, dialect, model, f"key-of-{name.split()[0]}", is_own)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(stack)


@pytest.mark.timeout(500)
@pytest.mark.parametrize(("theme", "size"), [("light", "1440x900"), ("dark", "1024x640")])
def test_compare_read_what_leaves_send_it_and_vote(
    theme: str, size: str, tmp_path: Path, letter: Path, starter_model: Path, embedding_model: Path, stage: Stage, xvfb: str
):
    profile, pictures, log = tmp_path / "profile", HERE / "pictures" / f"{theme}-{size}", tmp_path / "said"
    for old in pictures.glob("compare-*.png"):
        old.unlink()
    environment = {**os.environ, "DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(CHECKOUT)}
    for part in ("first", "second"):
        command = [sys.executable, str(HERE / "compare_story.py"), str(profile), str(pictures), theme, size, part, str(letter)]
        code = walk(command, environment, stage.answer, log)
        said = log.read_text()
        assert code == 0, f"{said}\nThe last picture is in {pictures}."
        assert "fault" not in said, said
    for body in stage.bodies:
        text = body.decode().casefold()
        assert not [canary for canary in CANARIES if canary in text], "a hidden detail, a file's name or a key was sent"
        assert "12 september" in text, "the letter was not sent at all"
    for server, provider in zip(stage.servers, stage.providers, strict=True):
        for came in (*provider.posts, *provider.gets):
            keys = [came.headers.get("x-api-key", ""), came.headers.get("authorization", "").removeprefix("Bearer ")]
            assert [each for each in keys if each] == [server.key]
    taken = [QImage(str(picture)) for picture in sorted(pictures.glob("compare-*.png"))]
    assert len(taken) == STEPS
    assert not any(picture.isNull() for picture in taken)
    whole = taken[-1].scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    is_dark = whole.pixelColor(0, 0).lightness() < 128
    assert is_dark == (theme == "dark")
