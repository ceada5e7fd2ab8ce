"""A year in the ledger at the real window: read, moved, planned, corrected, exported; and the first answer of a new profile."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.engine.documents.made_documents import line, text_pdf
from tests.journeys.comparer import Server
from tests.journeys.made_year import REMOTE_MODEL, Counted, make_a_year, running_month, usage_export
from tests.journeys.walking import walk
from tests.loopback_provider import LoopbackProvider

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
LETTER = ["Dear Mr Whitcombe,", "the heating of Flat 3 has been cold since 3 June.", "I would like an apology and a refund."]


@dataclass
class Stage:
    """The company that could be asked, and what the story may ask of the test."""

    company: LoopbackProvider
    counted: Counted = field(default_factory=Counted)

    def answer(self, wish: str, *arguments: str) -> list[Any]:
        server = Server("Meridian", self.company.url_for("openai"), self.company.origin, "openai", REMOTE_MODEL, "", is_own=False)
        answers: dict[str, Callable[..., list[Any]]] = {
            "servers": lambda: [asdict(server)],
            "sent": lambda: [hashlib.sha256(post.body).hexdigest() for post in self.company.posts],
            "counted": lambda: [asdict(self.counted)],
        }
        return answers[wish](*arguments)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with LoopbackProvider() as company:
        company.models = (REMOTE_MODEL,)
        yield Stage(company)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A letter, a bill of a provider, and room for what is exported."""
    folder = tmp_path / "files"
    folder.mkdir()
    content = b"".join(line(text, y=720 - 18 * place) for place, text in enumerate(LETTER))
    (folder / "Complaint.pdf").write_bytes(text_pdf(content))
    (folder / "costs.csv").write_text(usage_export(running_month().plus(-2)), newline="")
    return folder


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("starter_model", "embedding_model")
def test_a_year_is_read_moved_planned_corrected_and_taken_along(tmp_path: Path, files: Path, stage: Stage, xvfb: str):
    pictures = _pictures("light", "1440x900")
    stage.counted = make_a_year(tmp_path / "profile", stage.company.url_for("openai"), "light")
    _tell("year", tmp_path, files, pictures, "light", "1440x900", stage, xvfb)
    assert not stage.company.posts, "something was sent"
    _require_exports(files, stage.counted)
    _require_pictures(pictures, "light")


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("starter_model", "embedding_model")
def test_a_year_is_read_in_the_dark_in_a_small_window_with_large_letters(tmp_path: Path, files: Path, stage: Stage, xvfb: str):
    pictures = _pictures("dark", "1024x640")
    stage.counted = make_a_year(tmp_path / "profile", stage.company.url_for("openai"), "dark", percent=20)
    _tell("large", tmp_path, files, pictures, "dark", "1024x640", stage, xvfb)
    assert not stage.company.posts, "something was sent"
    _require_pictures(pictures, "dark")


@pytest.mark.timeout(200)
@pytest.mark.usefixtures("starter_model", "embedding_model")
def test_a_new_profile_has_a_ledger_from_its_first_answer_on(tmp_path: Path, files: Path, stage: Stage, xvfb: str):
    pictures = _pictures("light", "1440x900", "ledger-new-*.png")
    _tell("fresh", tmp_path, files, pictures, "light", "1440x900", stage, xvfb)


def _pictures(theme: str, size: str, which: str = "ledger-[0-9]*.png") -> Path:
    """The folder for pictures, without those of an earlier run."""
    pictures = HERE / "pictures" / f"{theme}-{size}"
    for old in pictures.glob(which):
        old.unlink()
    return pictures


def _tell(part: str, tmp_path: Path, files: Path, pictures: Path, theme: str, size: str, stage: Stage, display: str) -> None:
    log, profile = tmp_path / "said", tmp_path / "profile"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, str(HERE / "ledger_story.py"), *map(str, (profile, pictures, theme, size, part, files))]
    code = walk(command, environment, stage.answer, log)
    said = log.read_text()
    assert code == 0, f"{said}\nThe last picture is in {pictures}."
    assert "fault" not in said, said


# ---------------------------------------------------------------- what was taken along
def _require_exports(files: Path, counted: Counted) -> None:
    month = running_month()
    _require_month_table(files / "month.csv", counted)
    entries = list(csv.DictReader(_without_header((files / "entries.csv").read_text(encoding="utf-8-sig"))))
    wanted = [each for each in entries if each["place"] == "local" and each["use"] == "work"]
    assert len(wanted) == counted.n_items
    with zipfile.ZipFile(files / "month.xlsx") as archive:
        assert archive.testzip() is None
        words = archive.read("xl/sharedStrings.xml").decode()
    assert "Ticket triage" in words and "Contract summaries" in words
    document = pypdfium2.PdfDocument(files / "month.pdf")
    said = document[0].get_textpage().get_text_bounded()
    assert len(document) == 1 and "Ticket triage" in said and str(month.year) in said
    for file in files.iterdir():
        assert file.suffix in (".csv", ".xlsx", ".pdf"), f"{file.name} was left behind"


def _require_month_table(file: Path, counted: Counted) -> None:
    said = file.read_text(encoding="utf-8-sig")
    assert str(counted.n_items) in re.split(r"[,\r\n]", said)
    figures = [Decimal(cell) for cell in re.findall(r"(?<=,)\d+\.\d{9}(?=[,\r\n])", said)]
    avoided = Decimal(counted.avoided) / 10**9 * Decimal("0.9")
    assert any(abs(figure - avoided) < Decimal("0.000001") for figure in figures), f"{avoided} is not in {said}"


def _without_header(text: str) -> io.StringIO:
    """From the line on that names the columns."""
    rows = text.splitlines(keepends=True)
    begin = next(place for place, row in enumerate(rows) if "place" in row.split(",") and "use" in row.split(","))
    return io.StringIO("".join(rows[begin:]))


def _require_pictures(pictures: Path, theme: str) -> None:
    taken = [QImage(str(picture)) for picture in sorted(pictures.glob("ledger-[0-9]*.png"))]
    assert len(taken) > 20 and not any(picture.isNull() for picture in taken)
    whole = taken[1].scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    assert (whole.pixelColor(0, 0).lightness() < 128) == (theme == "dark")
