"""The verbs about comparing as a script meets them: standard output, exit code, and what the provider received."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import command_line, secrets
from engine.compare_text import COMPARE_RENDERERS, money
from engine.session import Session
from engine.store.keys import Stretching
from engine.vote_records import Prompt
from tests.engine.work.remote_stage import PASSPHRASE, unlocked
from tests.loopback_provider import Fault, LoopbackProvider

CHECKOUT = Path(__file__).resolve().parents[2]
KEY = "sk-very-secret-key-0123456789"
LETTER = "Please write to Ms Anna Harlow of 12 Mill Lane about the rent."
LEASE = "The yearly rent of Mr Peter Brent is 12,400 euros. The Tenant may end this Lease by giving six months' notice.\n"
STARTER = "SmolLM2-135M-Instruct.Q4_1"


@dataclass
class Ran:
    """What a verb said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The one document of a verb that failed."""
        error = self.json["error"]
        assert error["message"] and error["message"] in self.err and isinstance(error["facts"], dict)
        return error


class Shell:
    """Runs verbs in this process, on one profile with a passphrase."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def run(self, *arguments: str | Path, keys: dict[str, str] | None = None, as_json: bool = True) -> Ran:
        given = [*map(str, arguments), "--profile", str(self.profile), "--passphrase-fd", str(descriptor(PASSPHRASE))]
        given += ["--json"] if as_json else []
        for provider, key in (keys or {}).items():
            given += ["--key-fd", f"{provider}={descriptor(key)}"]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = command_line.main(given)
            except SystemExit as usage:
                code = int(usage.code or 0)
        assert KEY not in out.getvalue() + err.getvalue()
        return Ran(code, out.getvalue(), err.getvalue())

    def done(self, *arguments: str | Path, **more: Any) -> Any:
        ran = self.run(*arguments, **more)
        assert ran.code == 0, ran
        return ran.json

    def refused(self, code: int, *arguments: str | Path, **more: Any) -> Any:
        ran = self.run(*arguments, **more)
        assert ran.code == code, ran
        return ran.error

    def process(self, *arguments: str | Path, seed: str) -> Ran:
        """The same in a process of its own, whose hashes are seeded otherwise."""
        passphrase = descriptor(PASSPHRASE)
        command = [sys.executable, str(CHECKOUT / "main.py"), "--profile", str(self.profile), *map(str, arguments)]
        command += ["--json", "--passphrase-fd", str(passphrase)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        try:
            ran = subprocess.run(
                command, capture_output=True, text=True, env=environment, pass_fds=[passphrase], stdin=subprocess.DEVNULL
            )
        finally:
            os.close(passphrase)
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def inside(self, work: Callable[[Session], Awaitable[Any]]) -> Any:
        with unlocked(self.profile) as service:
            return service.call(work)  # type: ignore[arg-type]


def descriptor(text: str) -> int:
    """A descriptor that this can be read from; its reader closes it."""
    read, write = os.pipe()
    os.write(write, text.encode() + b"\n")
    os.close(write)
    return read


@pytest.fixture(scope="module")
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no keyring
        patched.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
        yield patched


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


@pytest.fixture
def server(provider: LoopbackProvider) -> Iterator[LoopbackProvider]:
    """Well behaved, and nobody has asked it anything yet. It says the last word of what it is asked."""
    provider.posts.clear()
    provider.gets.clear()
    provider.answer_with = lambda asked: f"It says: {asked['messages'][-1]['content'].split()[-1]}"
    yield provider
    provider.fault, provider.faults, provider.keys = Fault.NONE, {}, None


@pytest.fixture(scope="module")
def shell(
    tmp_path_factory: pytest.TempPathFactory, patched: pytest.MonkeyPatch, provider: LoopbackProvider, starter_model: Path
) -> Shell:
    """Two providers, one of each dialect; a matter with a document."""
    shell = Shell(tmp_path_factory.mktemp("verbs") / "profile")
    for name, dialect in (("Acme", "openai"), ("Borg", "anthropic")):
        shell.done(
            "providers", "add", name, "--dialect", dialect, "--base-url", provider.url_for(dialect), "--models",
            "test-large, test-small", "--without-key",
        )  # fmt: skip

    async def fill(session: Session) -> None:
        await session.change_settings(session.settings.model_copy(update={"max_answer_tokens": 16}))
        await session.access.write(lambda store: store.matters.create("Harlow v Brent"))
        secret = await session.access.write(lambda store: store.matters.create("Secret"))
        await session.access.write(lambda store: store.matters.set_confidential(secret.id, True))

    shell.inside(fill)
    return shell


def shown(shell: Shell, *arguments: str | Path) -> Any:
    return shell.done("compare", *arguments)["preview"]


# ---------------------------------------------------------------- providers and keys
def test_providers_are_added_listed_and_removed(shell: Shell) -> None:
    (acme, borg) = shell.done("providers", "list")["providers"]
    assert (acme["id"], acme["dialect"], acme["models"], acme["key"]) == ("acme", "openai", ["test-large", "test-small"], "none")
    assert (borg["dialect"], borg["base_url"].startswith("http://127.0.0.1:")) == ("anthropic", True)
    added = shell.done("providers", "add", "openrouter", "--models", "a/b")["providers"][0]
    assert (added["id"], added["base_url"], added["models"]) == ("openrouter", "https://openrouter.ai/api/v1", ["a/b"])
    assert shell.refused(1, "providers", "add", "openrouter")["facts"]["reason"] == "name_taken"
    assert shell.done("providers", "remove", "OpenRouter")["removed"] == {"id": "openrouter"}
    assert shell.refused(1, "providers", "remove", "openrouter")["kind"] == "not_found"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["Nobody"], "bad_address"),
        (["Far", "--base-url", "http://models.example.org/v1", "--models", "a"], "not_https"),
        (["Empty", "--base-url", "https://models.example.org/v1"], "no_models"),
        (["acme", "--base-url", "https://models.example.org/v1", "--models", "a"], "name_taken"),
    ],
)
def test_what_describes_no_provider_is_not_kept(shell: Shell, arguments: list[str], reason: str) -> None:
    error = shell.refused(1, "providers", "add", *arguments)
    assert (error["kind"], error["facts"]["reason"]) == ("provider_unfit", reason)


def test_a_test_of_a_provider_needs_the_open_lock_and_sends_no_text(shell: Shell, server: LoopbackProvider) -> None:
    assert shell.refused(3, "providers", "test", "acme")["kind"] == "network_refused"
    assert server.gets == []
    ran = shell.run("providers", "test", "acme", "--allow", "compare", keys={"acme": KEY})
    assert ran.json["checked"]["models"] == ["test-large", "test-small"] and "127.0.0.1" in ran.err
    assert len(server.gets) == 1 and server.posts == [] and server.gets[0].body == b""
    assert server.gets[0].headers["authorization"] == f"Bearer {KEY}"


def test_without_a_keyring_a_key_is_not_kept_and_that_is_said(shell: Shell) -> None:
    assert shell.done("keys", "set", "acme", "--key-fd", str(descriptor(KEY)))["key"] == {"provider": "acme", "kept": "session"}
    assert [each["key"] for each in shell.done("keys", "list")["keys"]] == ["none", "none"]
    told = shell.run("keys", "set", "acme", "--key-fd", str(descriptor(KEY)), as_json=False)
    assert "--key-fd" in told.out and "not kept" in told.out
    assert shell.done("keys", "remove", "acme")["key"]["kept"] == "none"


@pytest.mark.parametrize("number", ["97", "x", ""])
def test_a_key_that_cannot_be_read_is_told(shell: Shell, number: str) -> None:
    error = shell.refused(1, "keys", "set", "acme", "--key-fd", number)
    assert (error["kind"], error["facts"]["reason"]) == ("provider_unfit", "bad_key")


def test_a_key_lies_in_the_keyring_from_call_to_call(
    shell: Shell, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(secrets, "read_secret", kept.get)
    monkeypatch.setattr(secrets, "write_secret", kept.__setitem__)
    monkeypatch.setattr(secrets, "delete_secret", lambda name: kept.pop(name, None))
    assert shell.done("keys", "set", "Acme", "--key-fd", str(descriptor(KEY)))["key"]["kept"] == "keyring"
    assert [each["key"] for each in shell.done("keys", "list")["keys"]] == ["keyring", "none"]
    assert KEY.encode() not in b"".join(file.read_bytes() for file in shell.profile.rglob("*") if file.is_file())
    wish = ["Say hello", "--without-local", "--with", "acme/test-large"]
    shell.done("compare", *wish, "--allow", "compare", "--approve", shown(shell, *wish)["sha256"])
    assert server.posts[0].headers["authorization"] == f"Bearer {KEY}"
    assert shell.done("keys", "remove", "acme")["key"]["kept"] == "none" and kept == {}


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
def test_a_real_keyring_keeps_a_key_between_processes(tmp_path: Path, server: LoopbackProvider) -> None:
    """Store and key are both in it, so nothing is asked."""
    strongroom = f"{sys.executable} {CHECKOUT / 'main.py'} --profile {tmp_path / 'profile'} --json"
    send = "compare 'Say hello' --without-local --with keyed/test-large"
    script = f"""set -e
    {strongroom} providers add Keyed --base-url {server.url_for("openai")} --models test-large
    printf %s {KEY} | {strongroom} keys set keyed --key-fd 0
    {strongroom} {send} --allow compare --approve $({strongroom} {send} | sed -n 's/^    "sha256": "\\(.*\\)",$/\\1/p')
    {strongroom} keys remove keyed
    {strongroom} keys list"""
    ran = subprocess.run(
        ["sh", str(CHECKOUT / "tests/secret_service.sh"), "sh", "-c", script], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert re.findall(r'"(?:key|kept)": "(\w+)"', ran.stdout) == ["none", "keyring", "none", "none"]
    assert [post.headers["authorization"] for post in server.posts] == [f"Bearer {KEY}"]
    assert KEY not in ran.stdout + ran.stderr
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_key_that_is_needed_and_missing_or_wrong_is_told_and_one_that_is_given_is_used(
    shell: Shell, server: LoopbackProvider
) -> None:
    server.keys = {KEY}
    shell.done("providers", "add", "Keyed", "--base-url", server.url_for("openai"), "--models", "test-large")
    wish = ["Say hello", "--without-local", "--with", "keyed/test-large"]
    send = ["compare", *wish, "--allow", "compare", "--approve", shown(shell, *wish)["sha256"]]
    assert shell.refused(1, *send)["kind"] == "key_missing" and server.posts == []
    assert shell.refused(1, *send, keys={"keyed": "sk-wrong"})["kind"] == "key_refused"
    (answer,) = shell.done(*send, keys={"keyed": KEY})["answers"]
    assert answer["text"] == "It says: hello"
    assert shell.refused(1, *send)["kind"] == "key_missing", "it was for one call"
    shell.done("providers", "remove", "keyed")


# ---------------------------------------------------------------- what would be sent, and an approval of it
def test_without_an_approval_everything_is_shown_and_nothing_is_sent(shell: Shell, server: LoopbackProvider) -> None:
    preview = shown(shell, LETTER, "--with", "acme/test-large", "borg/test-large")
    assert {"bytes", "sha256", "hosts", "max_cost"} <= preview.keys()
    assert hashlib.sha256(preview["bytes"].encode()).hexdigest() == preview["sha256"]
    assert preview["bytes"] == "\n".join(each["bytes"] for each in preview["bodies"])
    assert [hashlib.sha256(each["bytes"].encode()).hexdigest() for each in preview["bodies"]] == [
        each["sha256"] for each in preview["bodies"]
    ]
    assert preview["hosts"] == [server.origin] and preview["max_cost"] is None, "an unknown price is not nothing"
    assert "Harlow" not in preview["bytes"] and "[Person 1]" in preview["bytes"]
    assert [each["original"] for each in preview["hidden"] if each["kind"] == "person"] == ["Anna Harlow"]
    assert server.posts == [] == server.gets


def test_the_same_words_are_the_same_bytes_in_every_process_and_those_are_what_leaves(
    shell: Shell, server: LoopbackProvider
) -> None:
    wish = ["compare", LETTER, "--without-local", "--with", "acme/test-large", "borg/test-small", "--hide", "rent"]
    preview = shell.process(*wish, seed="1").json["preview"]
    assert preview == shell.done(*wish)["preview"]
    sent = shell.process(*wish, "--approve", preview["sha256"], "--allow", "compare", seed="2")
    assert sent.code == 0 and [each["local"] for each in sent.json["answers"]] == [False, False]
    assert sorted(post.body.decode() for post in server.posts) == sorted(each["bytes"] for each in preview["bodies"])
    assert server.origin in sent.err, "the hosts are named"


def test_another_approval_sends_nothing(shell: Shell, server: LoopbackProvider) -> None:
    wish = ["Say hello", "--without-local", "--with", "acme/test-large", "borg/test-large"]
    preview = shown(shell, *wish)
    one = preview["bodies"][0]["sha256"]
    for approved in (["0" * 64], [one], [one, one], [""], [shown(shell, "Say goodbye", *wish[1:])["sha256"]]):
        named = [part for each in approved for part in ("--approve", each)]
        error = shell.refused(3, "compare", *wish, *named, "--allow", "compare")
        assert (error["kind"], error["facts"]["reason"]) == ("not_approved", "changed")
    assert server.posts == []
    each = [part for body in preview["bodies"] for part in ("--approve", body["sha256"].upper())]
    assert len(shell.done("compare", *wish, *each, "--allow", "compare")["answers"]) == 2
    assert len(server.posts) == 2


def test_one_approval_is_for_one_request_also_where_two_are_the_same(shell: Shell, server: LoopbackProvider) -> None:
    wish = ["Say hello", "--without-local", "--with", "acme/test-large", "acme/test-large"]
    one, other = shown(shell, *wish)["bodies"]
    assert one["sha256"] == other["sha256"]
    shell.refused(3, "compare", *wish, "--allow", "compare", "--approve", one["sha256"])
    assert server.posts == []
    shell.done("compare", *wish, "--allow", "compare", "--approve", one["sha256"], "--approve", one["sha256"])
    assert len(server.posts) == 2


def test_an_approval_does_not_open_the_lock(shell: Shell, server: LoopbackProvider) -> None:
    wish = ["Say hello", "--without-local", "--with", "acme/test-large"]
    approved = ["--approve", shown(shell, *wish)["sha256"]]
    for more in ([], ["--allow", "models"]):
        error = shell.refused(3, "compare", *wish, *approved, *more)
        assert (error["kind"], error["facts"]["reason"], error["facts"]["host"]) == ("network_refused", "offline", server.origin)
    assert server.posts == []


def test_nothing_of_a_confidential_matter_is_even_shown(shell: Shell, server: LoopbackProvider) -> None:
    wish = ["Say hello", "--without-local", "--with", "acme/test-large"]
    approved = shown(shell, *wish)["sha256"]
    for more in ([], ["--approve", approved, "--allow", "compare"]):
        assert shell.refused(3, "compare", *wish, "--matter", "Secret", *more)["kind"] == "matter_confidential"
    assert server.posts == []


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--with", "nobody/large"], "not_found"),
        (["--with", "acme"], "not_found"),
        (["--with", "acme/test-large", "--matter", "No such matter"], "not_found"),
        (["--with", "acme/test-large", "--matter", "Harlow v Brent", "--documents", "no.txt"], "not_found"),
        (["--with", "acme/test-large", "--documents", "no.txt"], "not_found"),
        (["--with", "acme/test-large", "--model", "nowhere"], "model_missing"),
    ],
)
def test_what_is_not_there_is_told(shell: Shell, server: LoopbackProvider, arguments: list[str], kind: str) -> None:
    assert shell.refused(1, "compare", "Say hello", *arguments)["kind"] == kind
    assert server.posts == []


def test_wrong_usage_is_told_from_failure(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("compare", "Say hello").code == 2
    assert shell.run("keys", "set", "acme").code == 2
    assert shell.run("evaluate", "x.csv", "--local", "a", "--with", "acme/a", "borg/b").code == 2
    assert shell.run("compare", " ", "--with", "acme/test-large").code == 2


# ---------------------------------------------------------------- answers
def test_the_answers_come_with_what_they_took_and_names_stand_in_them_again(shell: Shell, server: LoopbackProvider) -> None:
    server.answer_with = lambda asked: "Dear " + asked["messages"][-1]["content"].split("write to ")[1]
    wish = [LETTER, "--with", "acme/test-large", "borg/test-large"]
    send = ["compare", *wish, "--allow", "compare", "--approve", shown(shell, *wish)["sha256"]]
    local, acme, borg = shell.done(*send)["answers"]
    assert (local["local"], local["host"], local["cost"], local["cost_source"]) == (True, "", 0.0, "free")
    assert local["text"] and local["usage"]["generated_tokens"] > 0
    for answer in (acme, borg):
        assert (answer["local"], answer["host"], answer["problem"]) == (False, server.origin, None)
        assert "Anna Harlow" in answer["text"] and "Harlow" not in answer["sent_back"]
        assert (answer["cost"], answer["cost_source"], answer["stop_reason"]) == (None, "unknown", "end_of_text")
        assert answer["usage"]["prompt_tokens"] > 0 and answer["timings"]["total_s"] > 0
    assert len(server.posts) == 2


def test_who_does_not_answer_is_told_beside_those_who_do(shell: Shell, server: LoopbackProvider) -> None:
    wish = ["Say hello", "--without-local", "--with", "acme/test-large", "acme/test-small"]
    send = ["compare", *wish, "--allow", "compare", "--approve", shown(shell, *wish)["sha256"]]
    server.faults = {"test-small": Fault.OVERLOADED}
    large, small = shell.done(*send)["answers"]
    assert (large["problem"], small["problem"]["kind"]) == (None, "provider_failed") and small["problem"]["message"]
    server.faults["test-large"] = Fault.NO_CREDIT
    assert shell.refused(1, *send)["kind"] == "out_of_credit"


def test_what_is_hidden_is_said_by_the_caller(shell: Shell) -> None:
    wish = [LETTER, "--without-local", "--with", "acme/test-large"]
    assert "Harlow" in shown(shell, *wish, "--show-all")["bytes"]
    more = shown(shell, *wish, "--hide", "the rent")
    assert "rent" not in more["bytes"] and "term" in [each["kind"] for each in more["hidden"]]


def test_a_matter_brings_its_documents_and_keeps_the_comparison(shell: Shell, server: LoopbackProvider, tmp_path: Path) -> None:
    lease = tmp_path / "brent lease.txt"
    lease.write_text(LEASE, encoding="utf-8")
    (document,) = shell.done("documents", "add", "Harlow v Brent", lease)["documents"]
    question = "What is the yearly rent?"
    wish = [question, "--without-local", "--with", "acme/test-large", "--matter", "Harlow v Brent", "--documents", lease.name]
    preview = shown(shell, *wish)
    assert "12,400 euros" in preview["bytes"] and not {"Brent", "lease.txt"} & set(preview["bytes"].replace('"', " ").split())
    assert shown(shell, *wish) == preview == shown(shell, *wish[:-1], document["id"])
    shell.done("compare", *wish, "--approve", preview["sha256"], "--allow", "compare")
    assert [post.body.decode() for post in server.posts] == [preview["bytes"]]
    assert shown(shell, *wish) == preview, "also after it was sent"

    async def kept(session: Session) -> Any:
        matters = await session.access.read(lambda store: store.matters.list())
        matter = next(each.id for each in matters if each.name == "Harlow v Brent")
        return await session.access.read(lambda store: list(store.matter(matter).comparisons.list()))

    (comparison,) = shell.inside(kept)
    assert (comparison.question, comparison.documents) == (question, (document["id"],))
    assert comparison.approved and comparison.n_hidden >= 1 and comparison.answers[0].text


def test_text_for_people_holds_the_bytes_the_hash_and_no_control_of_the_terminal(shell: Shell, server: LoopbackProvider) -> None:
    wish = [LETTER, "--without-local", "--with", "acme/test-large"]
    told = shell.run("compare", *wish, as_json=False)
    preview = shown(shell, *wish)
    assert all(part in told.out for part in (preview["bytes"], preview["sha256"], server.origin, "Nothing was sent"))
    assert "[Person 1] stands for Anna Harlow" in told.out and "Cost not known" in told.out
    server.answer_with = lambda _: "red\x1b[31m and \u202eback"
    answered = shell.run("compare", *wish, "--approve", preview["sha256"], "--allow", "compare", as_json=False)
    assert answered.code == 0 and "red" in answered.out and "test-large" in answered.out
    assert not {"\x1b", "\u202e"} & set(answered.out)


# ---------------------------------------------------------------- evaluate
@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    file = tmp_path / "tickets.csv"
    file.write_text("prompt,expected\nIs it an invoice? Say yes,yes\nMs Anna Harlow says no,no\n", encoding="utf-8")
    return file


def test_a_set_is_shown_and_then_run_once(shell: Shell, server: LoopbackProvider, prompts: Path) -> None:
    wish = ["evaluate", prompts, "--local", STARTER, "--with", "acme/test-large", "--scorer", "labels"]
    preview = shell.done(*wish)["preview"]
    assert (preview["n"], preview["hosts"], preview["max_cost"]) == (2, [server.origin], None)
    assert hashlib.sha256(preview["bytes"].encode()).hexdigest() == preview["sha256"]
    assert "Harlow" not in preview["bytes"] and [each["original"] for each in preview["hidden"]] == ["Anna Harlow"]
    assert shell.done(*wish)["preview"] == preview
    assert shell.refused(3, *wish, "--approve", "0" * 64, "--allow", "compare")["kind"] == "not_approved"
    assert shell.refused(3, *wish, "--approve", preview["sha256"])["kind"] == "network_refused"
    assert server.posts == []
    server.answer_with = lambda asked: "yes" if "invoice" in asked["messages"][-1]["content"] else "no"
    result = shell.done(*wish, "--approve", preview["sha256"], "--allow", "compare")
    assert {"n", "table", "estimate", "interval", "test", "verdict"} <= result.keys()
    assert (result["n"], sum(result["table"]), result["local"]) == (2, 2, f"local:{STARTER}")
    assert result["table"][0] + result["table"][2] == 2, "the remote model is right in both"
    assert [post.body.decode() for post in server.posts] == [each["bytes"] for each in preview["bodies"]]


def test_a_failure_of_a_run_is_its_error(shell: Shell, server: LoopbackProvider, prompts: Path) -> None:
    wish = ["evaluate", prompts, "--local", STARTER, "--with", "acme/test-large"]
    approved = shell.done(*wish)["preview"]["sha256"]
    server.fault = Fault.NO_CREDIT
    assert shell.refused(1, *wish, "--approve", approved, "--allow", "compare")["kind"] == "out_of_credit"
    assert len(server.posts) == 1
    assert shell.refused(1, "evaluate", prompts.with_name("no.csv"), *wish[2:])["kind"] == "prompts_unfit"
    assert shell.refused(1, *wish, "--matter", "Typo")["kind"] == "not_found", "no matter is made for a typing error"
    assert shell.refused(3, *wish, "--matter", "Secret")["kind"] == "matter_confidential"


def test_a_file_takes_no_prompt_away_from_a_set_of_its_name(shell: Shell, prompts: Path) -> None:
    prompts = prompts.rename(prompts.with_name("questions.csv"))

    async def own(session: Session) -> Any:
        matters = await session.access.read(lambda store: store.matters.list())
        matter = next(each.id for each in matters if each.name == "Harlow v Brent")
        made = await session.access.write(lambda store: store.votes.create("questions", "other"))
        mine = [Prompt(1, "What did I ask?", None, "A conversation")]
        await session.access.write(lambda store: store.matter(matter).prompts.replace(made.id, mine))
        return matter, made.id

    matter, mine = shell.inside(own)
    wish = ["evaluate", prompts, "--local", STARTER, "--with", "acme/test-large", "--matter", "Harlow v Brent"]
    first = shell.done(*wish)["preview"]
    prompts.write_text("prompt\nAnother\n", encoding="utf-8")
    assert shell.done(*wish)["preview"]["n"] == 1 and first["n"] == 2

    async def texts(session: Session) -> Any:
        sets = await session.access.read(lambda store: store.votes.sets(store.matter(matter).prompts.counts()))
        kept = await session.access.read(lambda store: [each.text for each in store.matter(matter).prompts.list(mine)])
        return kept, [each.n_prompts for each in sets if each.name == "questions" and each.n_prompts]

    assert shell.inside(texts) == (["What did I ask?"], [1, 1]), "the file's own set follows the file"
    by_name = shell.done("evaluate", mine, *wish[2:])["preview"]
    assert by_name["n"] == 1 and "What did I ask?" in by_name["bytes"]


def test_a_text_that_leaks_is_not_offered_to_be_sent() -> None:
    leak = {"placeholder": "[Person 1]", "kind": "person", "form": "reversed", "start": 0, "end": 0}
    preview: dict[str, Any] = {
        "n": 1, "hosts": ["h"], "max_cost": 0.1, "bodies": [], "hidden": [], "leaks": [leak], "sha256": "f" * 64,
    }  # fmt: skip
    for verb in ("compare", "evaluate"):
        told = COMPARE_RENDERERS[verb]({"preview": preview})
        assert "[Person 1]" in told and "--approve" not in told and "cannot be sent" in told
        assert f"--approve {'f' * 64}" in COMPARE_RENDERERS[verb]({"preview": preview | {"leaks": []}})


@pytest.mark.parametrize(
    ("usd", "said"),
    [(None, "Cost not known"), (0.0, "At most $0.0000"), (0.004, "At most $0.004000"), (1.23456, "At most $1.2346"),
     (0.000_000_1, "At most $0.000001"), (0.3, "At most $0.3000")],
)  # fmt: skip
def test_what_is_said_of_a_cost_is_never_less_than_it_is(usd: float | None, said: str) -> None:
    assert money(usd, "At most") == said
