"""The verbs as a script meets them: a real process, its standard output, its exit code."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from engine import command_line, model_verbs, session
from engine.errors import StrongroomError
from engine.events import AnswerGrew
from engine.plain_text import sentence_for
from engine.records import RequestId
from tests.engine.cheap_passphrases import make_store

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PASSPHRASE = "correct horse battery staple"
LEASE = "The yearly rent is 12,400 euros. The Tenant may end this Lease by giving six months' written notice.\n"


class Shell:
    """Runs verbs on one profile whose store is protected by a passphrase, as on a server without a keyring."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def run(self, *arguments: str | Path, passphrase: str | None = PASSPHRASE) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(CHECKOUT / "main.py"), "--profile", str(self.profile), *map(str, arguments)]
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        if passphrase is None:
            return subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
        read, write = os.pipe()
        os.write(write, passphrase.encode() + b"\n")
        os.close(write)
        try:
            return subprocess.run(
                [*command, "--passphrase-fd", str(read)],
                capture_output=True,
                text=True,
                env=environment,
                pass_fds=[read],
                stdin=subprocess.DEVNULL,
            )
        finally:
            os.close(read)

    def json(self, *arguments: str | Path) -> Any:
        """The one document on standard output of a verb that is done."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shell(tmp_path: Path, starter_model: Path, embedding_model: Path) -> Shell:
    return Shell(tmp_path / "profile")


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """Its store is there already. Those who take `shell` make it with their first verb, as it is outside."""
    make_store(shell.profile, PASSPHRASE)
    return shell


@pytest.fixture
def lease(tmp_path: Path) -> Path:
    file = tmp_path / "lease.txt"
    file.write_text(LEASE, encoding="utf-8")
    return file


def test_documents_are_added_listed_shown_found_and_removed(kept: Shell, lease: Path):
    (added,) = kept.json("documents", "add", "Harlow v Brent", lease)["documents"]
    assert added["status"] == "ready"
    (page,) = added["pages"]
    assert (page["number"], page["source"], page["confidence"]) == (1, "text", None)
    assert page["characters"] >= len(LEASE.strip())
    assert [each["id"] for each in kept.json("documents", "list", "Harlow v Brent")["documents"]] == [added["id"]]
    (shown,) = kept.json("documents", "show", added["id"])["documents"]
    assert shown["sha256"] == added["sha256"]
    (passage, *_) = kept.json("documents", "search", "Harlow v Brent", "rent euros")["passages"]
    assert passage["document"] == added["id"] and passage["page"] == 1
    assert "12,400 euros" in passage["text"] and passage["score"] > 0
    assert kept.json("documents", "remove", added["id"])["removed"]["name"] == "lease.txt"
    assert kept.json("documents", "list", "Harlow v Brent")["documents"] == []


def test_an_answer_comes_with_its_evidence_usage_and_timings(kept: Shell, lease: Path):
    kept.json("documents", "add", "Lease", lease)
    answer = kept.json("ask", "Lease", "What is the yearly rent?")
    assert answer["answer"] and answer["usage"]["generated_tokens"] > 0 and answer["timings"]["ttft_s"] > 0
    assert answer["sentences"], "an answer without a sentence"
    for sentence in answer["sentences"]:
        assert answer["answer"][sentence["start"] : sentence["end"]] == sentence["text"]
        for evidence in sentence["evidence"]:
            assert evidence["quote"] in LEASE
            assert evidence["verdict"] in ("exact", "near", "altered")


def test_a_turn_without_documents_keeps_nothing_in_memory_mode(shell: Shell):
    done = shell.run("chat", "Say hello.", "--memory", "--json", passphrase=None)
    assert done.returncode == 0, done.stderr
    turn = json.loads(done.stdout)
    assert turn["text"] and turn["stop_reason"] in ("end_of_text", "token_limit")
    assert not list(shell.profile.rglob("*.db"))


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["documents", "list", "No such matter"], "not_found"),
        (["documents", "show", "nothing"], "not_found"),
        (["chat", "hello", "--model", "nowhere"], "model_missing"),
    ],
)
def test_a_failure_is_one_document_with_kind_message_and_facts(kept: Shell, arguments: list[str], kind: str):
    done = kept.run(*arguments, "--json")
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == kind and error["message"] and isinstance(error["facts"], dict)


def test_a_damaged_model_is_said_before_anything_is_asked(shell: Shell, tmp_path: Path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(200))
    done = shell.run("chat", "hello", "--model", broken, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["kind"] in ("model_damaged", "model_unsupported")


def test_the_store_stays_closed_without_its_passphrase(kept: Shell, lease: Path):
    kept.json("documents", "add", "Lease", lease)
    wrong = kept.run("documents", "list", "Lease", "--json", passphrase="wrong")
    assert (wrong.returncode, json.loads(wrong.stdout)["error"]["facts"]) == (1, {"reason": "wrong_passphrase"})
    without = kept.run("documents", "list", "Lease", "--json", passphrase=None)
    assert (without.returncode, json.loads(without.stdout)["error"]["facts"]) == (1, {"reason": "needs_passphrase"})


def test_no_keyring_is_said_with_what_to_do(shell: Shell):
    done = shell.run("documents", "list", "Lease", passphrase=None)
    assert done.returncode == 1
    assert "--passphrase-fd" in done.stderr and "--memory" in done.stderr


def test_wrong_usage_is_told_from_failure(shell: Shell):
    assert shell.run("documents").returncode == 2
    assert shell.run("nonsense").returncode == 2


def test_the_models_name_what_the_contract_asks_for(shell: Shell):
    models = {each["id"]: each for each in shell.json("models", "list")["models"]}
    starter = models["SmolLM2-135M-Instruct.Q4_1"]
    assert {"id", "file", "bytes", "sha256", "quantisation", "parameters", "context_length", "licence", "fit"} <= starter.keys()
    assert {"verdict", "needed_bytes", "free_bytes", "tokens_per_s_low", "tokens_per_s_high"} <= starter["fit"].keys()
    assert starter["fit"]["needed_bytes"] == sum(starter["fit"]["sum"].values())
    assert starter["licence"] == "Apache-2.0"


def test_the_doctor_tells_what_is_enforced(shell: Shell):
    report = json.loads(shell.run("doctor", "--json").stdout)
    assert {"hardware", "engine", "sandbox", "store", "keyring", "problems"} <= report.keys()
    assert report["sandbox"]["network"] in ("enforced", "not_enforced")
    assert report["keyring"]["secure"] is False  # the bus was taken away for this test


def words(text: str) -> str:
    """Letters and digits only, so that line breaks, hyphens and ligatures of two extractors do not matter."""
    return re.sub(r"[\W_]+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff").casefold())


def test_every_evidence_span_of_a_long_pdf_is_what_another_program_reads_there(kept: Shell, policy_pdf: Path):
    kept.json("documents", "add", "Policy", policy_pdf, "--without-index")
    found = 0
    for question in ("What must the copyright file of a package contain?", "Which files may a package not modify?"):
        for sentence in kept.json("ask", "Policy", question)["sentences"]:
            for evidence in sentence["evidence"]:
                page = str(evidence["page"])
                read = subprocess.run(
                    ["pdftotext", "-raw", "-f", page, "-l", page, str(policy_pdf), "-"],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                assert words(evidence["quote"]) in words(read.stdout)
                found += 1
    assert found, "no sentence of any answer had evidence"


def test_every_file_named_is_told_also_an_empty_one_and_one_that_was_there_already(kept: Shell, lease: Path, tmp_path: Path):
    kept.json("documents", "add", "Lease", lease)
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    told = kept.json("documents", "add", "Lease", lease, empty)
    assert {each["name"]: each["status"] for each in told["documents"]} == {"lease.txt": "ready", "empty.pdf": "failed"}


def test_adding_nothing_but_a_file_that_is_not_there_fails(shell: Shell, tmp_path: Path):
    done = shell.run("documents", "add", "Lease", tmp_path / "typing error.pdf", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (1, "original_missing")


def test_a_descriptor_that_is_not_open_is_told_like_a_missing_passphrase(shell: Shell):
    done = shell.run("documents", "list", "Lease", "--passphrase-fd", "97", "--json", passphrase=None)
    assert json.loads(done.stdout)["error"]["facts"] == {"reason": "needs_passphrase"}


def test_adding_ends_where_nothing_can_be_indexed(
    tmp_path: Path, lease: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(session, "resources", lambda: tmp_path)  # where there is no embedding model
    arguments = ["--profile", str(tmp_path / "profile"), "--memory", "--json", "documents", "add", "Lease", str(lease)]
    assert command_line.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["status"] for each in told["documents"]] == ["indexing"] and told["refused"] == []


def test_a_fault_of_strongroom_is_one_document_without_the_text_of_the_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    async def faulty(*_: object) -> None:
        raise ValueError("twelve thousand euros")

    monkeypatch.setattr(model_verbs, "models_list", faulty)
    assert command_line.main(["--profile", str(tmp_path), "--json", "models", "list"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["kind"] == "unexpected"
    assert "twelve" not in out + err + caplog.text


def test_a_turn_is_streamed_as_it_is_written():
    shown = io.StringIO()
    progress = command_line.Progress(io.StringIO(), answer=shown)
    for text in (" ", " Yes", ", six"):
        progress.take(AnswerGrew(RequestId("r"), text))
        assert shown.getvalue() == shown.getvalue().lstrip()
    progress.end()
    assert shown.getvalue() == "Yes, six\n"


ABSTRACT = {
    "model_error", "document_error", "store_error", "network_error", "fetch_error", "provider_error", "compare_error",
    "ledger_error",
}  # fmt: skip


def failures() -> list[tuple[str, str | None]]:
    """Each kind with each of its reasons."""
    found: list[tuple[str, str | None]] = []
    for kind in sorted(set(StrongroomError.kinds) - ABSTRACT):
        reason = get_type_hints(StrongroomError.kinds[kind]).get("reason")
        found += [(kind, each) for each in get_args(reason)] if reason else [(kind, None)]
    return found


@pytest.mark.parametrize(("kind", "reason"), failures())
def test_every_kind_of_failure_has_a_sentence_also_with_facts_that_are_not_known(kind: str, reason: str | None):
    facts: dict[str, Any] = dict.fromkeys(field.name for field in dataclasses.fields(StrongroomError.kinds[kind]))  # type: ignore[arg-type]
    facts |= {"n_prompt_tokens": 5, "n_ctx": 4} if kind == "prompt_too_long" else {}
    facts |= {"reason": reason} if reason else {}
    sentence = sentence_for(StrongroomError.kinds[kind](**facts))
    assert sentence and "None" not in sentence and "{" not in sentence
