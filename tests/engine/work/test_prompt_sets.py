"""Prompts come from files as spreadsheets write them and from one's own questions; what cannot be read changes nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare_events import PromptsListed
from engine.compare_intents import ImportPrompts, TakePrompts
from engine.errors import NotFound, PromptsUnfit
from engine.events import Event
from engine.work import prompt_sets
from engine.work.prompt_sets import PromptSets, read_prompts
from tests.engine.work.compare_stage import a_store


def file_of(folder: Path, content: bytes) -> Path:
    file = folder / "tickets.csv"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    "content",
    [
        b'prompt,expected\nWhere is my parcel?,delivery\n"Two\nlines, and a comma",other\n',
        '\ufeffPrompt;Label\r\nWhere is my parcel?;delivery\r\n"Two\nlines, and a comma";other\r\n'.encode(),
        'id\ttext\tlabel\n1\tWhere is my parcel?\tdelivery\n2\t"Two\nlines, and a comma"\tother\n'.encode("utf-16"),
    ],
    ids=["plain", "excel", "utf-16 with tabs"],
)
def test_a_table_is_read_by_its_header(tmp_path: Path, content: bytes) -> None:
    found = read_prompts(file_of(tmp_path, content))
    assert [(each.number, each.text, each.expected) for each in found.prompts] == [
        (1, "Where is my parcel?", "delivery"),
        (2, "Two\nlines, and a comma", "other"),
    ]
    assert found.n_skipped == 0


def test_umlauts_of_an_old_spreadsheet_are_read(tmp_path: Path) -> None:
    found = read_prompts(file_of(tmp_path, "prompt;expected\nWo ist mein Paket, Müller?;Rückgabe\n".encode("cp1252")))
    assert found.prompts[0].text == "Wo ist mein Paket, Müller?" and found.prompts[0].expected == "Rückgabe"


def test_rows_without_a_prompt_are_counted_and_empty_lines_are_not(tmp_path: Path) -> None:
    found = read_prompts(file_of(tmp_path, b"prompt,expected\n,delivery\n\n , \nOne,\nshort\n"))
    assert [(each.text, each.expected) for each in found.prompts] == [("One", None), ("short", None)]
    assert found.n_skipped == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_such_column"),
        (b"name,place\na,b\n", "no_such_column"),
        (b"prompt,expected\n", "no_prompts"),
        (b'prompt\n"never closed\n', "unreadable"),
        (b"prompt\n" + b"one\n" * 10_001, "too_many"),
    ],
)
def test_what_is_no_set_of_prompts_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(PromptsUnfit) as refused:
        read_prompts(file_of(tmp_path, content))
    assert refused.value.reason == reason and refused.value.file == "tickets.csv"


def test_a_missing_folder_and_a_giant_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PromptsUnfit, match="missing"):
        read_prompts(tmp_path / "none.csv")
    with pytest.raises(PromptsUnfit, match="unreadable"):
        read_prompts(tmp_path)
    monkeypatch.setattr(prompt_sets, "LARGEST_FILE", 10)
    with pytest.raises(PromptsUnfit, match="too_large"):
        read_prompts(file_of(tmp_path, b"prompt\n0123456789\n"))


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=20)), min_size=1, max_size=8))
def test_what_a_csv_writer_wrote_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    rows = [(f"x{_sendable(text)}x", _sendable(label)) for text, label in rows]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("prompt", "expected"), *rows])
    file = tmp_path_factory.mktemp("csv") / "set.csv"
    file.write_text(written.getvalue(), encoding="utf-8", newline="")
    assert [(each.text, each.expected or "") for each in read_prompts(file).prompts] == [(a, b.strip()) for a, b in rows]


def _sendable(text: str) -> str:
    """Without what no text file can hold; line ends differ between programs and are not what this is about."""
    return "".join(each for each in text if each not in "\r\0" and not "\ud800" <= each <= "\udfff")


# ---------------------------------------------------------------- in the store
async def test_prompts_are_added_once_and_kept_in_their_matter(tmp_path: Path) -> None:
    events: list[Event] = []
    file = file_of(tmp_path, b"prompt,expected\nOne,a\nTwo,b\n")
    with a_store(tmp_path) as (access, store, matter):
        sets, made = PromptSets(access, events.append), store.votes.create("Tickets", "classify")
        await sets.import_file(ImportPrompts(matter, made.id, file))
        await sets.import_file(ImportPrompts(matter, made.id, file))
        listed = [each for each in events if isinstance(each, PromptsListed)]
        assert [(each.number, each.text, each.expected, each.source) for each in listed[-1].prompts] == [
            (1, "One", "a", "tickets.csv"), (2, "Two", "b", "tickets.csv"),
        ]  # fmt: skip
        other = store.matters.create("Another").id
        assert await sets.list(other, made.id) == ()
        store.votes.delete(made.id)
        with pytest.raises(NotFound):
            await sets.import_file(ImportPrompts(matter, made.id, file))


async def test_own_questions_become_prompts(tmp_path: Path) -> None:
    events: list[Event] = []
    with a_store(tmp_path) as (access, store, matter):
        conversations = store.matter(matter).conversations
        first, second = conversations.create("Rent"), conversations.create("Visits")
        for conversation, text in ((first, "What is the rent?"), (second, "Who came?"), (second, "What is the rent?")):
            conversations.add_question(conversation.id, text)
        sets, made = PromptSets(access, events.append), store.votes.create("Own", "answer")
        await sets.take(TakePrompts(matter, made.id, (second.id,)))
        assert [each.text for each in await sets.list(matter, made.id)] == ["Who came?", "What is the rent?"]
        await sets.take(TakePrompts(matter, made.id))
        assert [(each.text, each.source) for each in await sets.list(matter, made.id)] == [
            ("Who came?", "Visits"), ("What is the rent?", "Visits"),
        ]  # fmt: skip
        with pytest.raises(PromptsUnfit, match="no_prompts"):
            await sets.take(TakePrompts(store.matters.create("Empty").id, made.id))
