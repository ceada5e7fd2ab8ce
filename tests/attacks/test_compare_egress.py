"""What leaves when models are compared: nothing before a person has approved it, then exactly what was shown, and nothing
that was to be hidden, in any form."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import subprocess
import sys
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.compare_records import ComparisonId, DetailKind, PaneAnswer, Preview, PromptMessage, RemoteChoice
from engine.hiding.table import Table
from engine.provider_records import Provider
from engine.records import RequestId
from engine.service import Service
from engine.work.comparison_prompt import compose
from engine.work.pane_writing import PaneTask
from engine.work.panes import Panes
from engine.work.previewing import Plan, Previewing
from tests.attacks.test_egress import CHECKOUT, own_network
from tests.engine.work.remote_stage import List, Stage, done, keyring_in_memory, unlocked
from tests.loopback_provider import LoopbackProvider

# ---------------------------------------------------------------- what the cable sees
# In a network of its own, whose only way is the loopback device, every packet is counted by the kernel. As a script, as the
# window and as a run of a set everything is prepared, looked at and refused; then one text is approved and sent.
COMPARED = """
import json, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
def packets():
    line = next(line for line in open("/proc/net/dev") if "lo:" in line)
    return int(line.split(":")[1].split()[1])
from tests.attacks.compare_trial import Trial
from tests.loopback_provider import LoopbackProvider
from engine import tripwire
with LoopbackProvider() as server:
    trial, told = Trial(server, sys.argv[1]), []
    tripwire.install()
    before = packets(); shown = trial.everything_but_sending(); after = packets()
    unasked = len(server.posts) + len(server.gets)
    trial.send(shown)
    print(json.dumps([before, after, packets(), unasked, [post.body.decode() for post in server.posts], shown["bytes"]]))
"""


def test_nothing_leaves_before_it_was_approved(tmp_path: Path) -> None:
    command = own_network()
    if command is None:
        pytest.skip("this system gives nobody here a network of its own, so there is nothing to count packets on")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "ignore"}
    ran = subprocess.run(
        [*command, sys.executable, "-c", COMPARED, str(tmp_path)],
        env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    before, after, at_last, unasked, posts, shown = json.loads(ran.stdout.splitlines()[-1])
    assert before == after and unasked == 0, "prepared, shown and refused: not one packet"
    assert at_last > after and posts == [shown], "approved: the count does count"


# ---------------------------------------------------------------- what the provider sees
N_LETTERS, N_TEXTS = 200, 800
AT_ONCE = 16
FIRST = "Annika Bertram Cosima Dietmar Eleonora Fergus Gwendolen Hildegard Ignatius Jocelyn Konstantin Ludmilla".split()
SYLLABLES = "bran quel mor tav lin dor zel wick harn stet vold perr osk".split()
STREETS = "Larch Hazel Quarry Chapel Orchard Station Mill Abbey".split()
FILL = (
    "The repair was promised for 17 June and was not done.", "Please answer within fourteen days.",
    "The rent of 850 euros was paid on time.", "A summary in three sentences would help.", "Nobody came on 8 July.",
)  # fmt: skip


@dataclass
class Letter:
    """A letter with details that nobody outside may read. `own` are those that the user names, the others must be found."""

    text: str
    secrets: list[tuple[str, DetailKind]] = field(default_factory=list)
    own: list[tuple[str, DetailKind]] = field(default_factory=list)


def letter(dice: random.Random) -> Letter:
    """Each secret stands in it in one spelling, so that restoring must give the letter again, but for the title."""
    surname = "".join(dice.sample(SYLLABLES, 2)).capitalize()
    name = f"{dice.choice(FIRST)} {surname}"
    secrets: list[tuple[str, DetailKind]] = [
        (name, "person"),
        (f"{dice.choice(FIRST).lower()}{dice.randrange(1000)}@{''.join(dice.sample(SYLLABLES, 2))}.example", "email"),
        (f"{dice.choice(('+44 7700', '07700'))} {dice.randrange(900000, 900999)}", "phone"),
        (iban(dice), "account"),
        (
            f"{dice.randrange(1, 200)} {dice.choice(STREETS)} Road, Leeds LS{dice.randrange(1, 9)} {dice.randrange(1, 9)}AB",
            "address",
        ),
        (f"{''.join(dice.choices('QXZVK', k=3))}-{dice.randrange(10**5, 10**6)}", "reference"),
    ]
    own: list[tuple[str, DetailKind]] = [(f"{''.join(dice.sample(SYLLABLES, 3)).capitalize()} matter", "term")]
    person, email, phone, account, address, reference = (each[0] for each in secrets)
    lines = [
        f"Ms {person} lives at {address}.", f"Write to {email} or call {phone}.", f"Her IBAN is {account}.",
        f"Our reference: {reference}.", f"This is about the {own[0][0]}.", *dice.sample(FILL, 3),
    ]  # fmt: skip
    dice.shuffle(lines)
    return Letter("\n".join(lines), [*secrets, *own], own)


def iban(dice: random.Random) -> str:
    account = f"{dice.randrange(10**18):018d}"
    check = 98 - int(f"{account}131400") % 97  # DE is 13 14
    digits = f"DE{check:02d}{account}"
    return " ".join(digits[at : at + 4] for at in range(0, 22, 4)) if dice.random() < 0.5 else digits


def only_letters(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())


def disguises(secret: str) -> dict[str, bytes]:
    """Ways to write it that anybody could read again; written from scratch, not with the code under test."""
    raw = secret.encode()
    return {
        "as it is": raw,
        "reversed": secret[::-1].encode(),
        "hexadecimal": raw.hex().encode(),
        "base64": base64.b64encode(raw).rstrip(b"=")[:-1],
        "percent": urllib.parse.quote(secret, safe="").encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "every letter escaped": "".join(f"\\u{ord(each):04x}" for each in secret).encode(),
    }


def seen(body: bytes, secret: str, kind: DetailKind) -> list[str]:
    """How a secret can be read in what was sent."""
    found = [form for form, raw in disguises(secret).items() if raw.lower() in body.lower()]
    letters = only_letters(body.decode())
    found += [
        form for form, key in (("joined", only_letters(secret)), ("backwards", only_letters(secret)[::-1])) if key in letters
    ]
    if kind == "person":
        found += [f"part: {word}" for word in secret.split() if word.casefold() in body.decode().casefold()]
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patched, unlocked(tmp_path_factory.mktemp("profile")) as service:
        keyring_in_memory(patched)
        yield service


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        server.answer_with = lambda asked: asked["messages"][-1]["content"]  # the whole letter, word by word
        yield server


@dataclass
class Case:
    """One letter, what was shown of it, and what came back."""

    letter: Letter
    preview: Preview
    answer: PaneAnswer | None = None


def prepared(number: int, made: Letter, provider: Provider, hides: bool) -> tuple[Case, Table | None]:
    messages: tuple[PromptMessage, ...] = compose(made.text, ())
    choice = RemoteChoice(provider.id, "test-large")
    plan = Plan(RequestId(f"r{number}"), ComparisonId(f"c{number}"), None, made.text, messages, (choice,), 100, 0.0)
    table = Table().learn(plan.texts, made.own) if hides else None
    prices: Any = List()
    return Case(made, Previewing(prices).preview(plan, table, (provider,))), table


async def sent(
    stage: Stage, panes: Panes, number: int, made: Letter, provider: Provider, turn: asyncio.Semaphore, hides: bool = True
) -> Case:
    async with turn:
        case, table = await asyncio.to_thread(prepared, number, made, provider, hides)
        (receiver,), choice = case.preview.receivers, RemoteChoice(provider.id, "test-large")
        task = PaneTask(
            case.preview.request, 0, choice, "test-large", case.preview.messages, 100, 0.0, table, receiver, provider
        )  # fmt: skip
        case.answer = await panes.run(task)
        return case


def all_sent(
    service: Service, server: LoopbackProvider, name: str, letters: list[Letter], hides: Callable[[int], bool] = lambda _: True
) -> list[Case]:
    """Each letter to a provider of one dialect or the other, many at once."""

    async def work(stage: Stage) -> list[Case]:
        providers = [await stage.provider(server, each, f"{name} {each}", needs_key=False) for each in ("openai", "anthropic")]
        panes, turn = Panes(None, stage.sending), asyncio.Semaphore(AT_ONCE)  # type: ignore[arg-type]
        sendings = (sent(stage, panes, n, each, providers[n % 2], turn, hides(n)) for n, each in enumerate(letters))
        return list(await asyncio.gather(*sendings))

    return list(done(service, work))


def test_letters_leave_once_each_as_they_were_shown_and_tell_nothing(service: Service, provider: LoopbackProvider) -> None:
    dice = random.Random(20261122)
    letters = [letter(dice) for _ in range(N_LETTERS)]

    cases = all_sent(service, provider, "first", letters)
    assert [each.preview.leaks for each in cases if each.preview.leaks] == []
    shown = Counter(each.preview.receivers[0].body for each in cases)
    assert Counter(post.body for post in provider.posts) == shown and len(provider.posts) == N_LETTERS
    told = [
        (secret, kind, how, case.letter.text)
        for case in cases
        for secret, kind in case.letter.secrets
        if (how := seen(case.preview.receivers[0].body, secret, kind))
    ]
    assert told == [], f"{len(told)} secrets were told; the first: {told[0]}"
    headers = json.dumps([post.headers for post in provider.posts])
    assert not [secret for case in cases for secret, _ in case.letter.secrets if secret in headers]
    answers = [each.answer for each in cases if each.answer is not None and each.answer.problem is None]
    assert len(answers) == N_LETTERS and all(each.sent_back and "[" in each.sent_back for each in answers)
    changed = [case for case in cases if case.answer is not None and case.answer.text != case.letter.text.replace("Ms ", "")]
    assert not changed, f"{len(changed)} answers were restored to another text; the first: {changed[0]}"


ALPHABETS = (
    "abc ,.",
    '"\\/{}[]:\n\t',
    "äßéñøł ",
    "日本語テキスト",
    "\x00\x1b\x7f\u2028\u202e",
    "🙂👩\u200d👧",
    "\ud83d\udc00x",
    "&lt;%20",
)


def test_every_text_arrives_byte_for_byte_as_it_was_shown(service: Service, provider: LoopbackProvider) -> None:
    dice = random.Random(7)
    texts = [f"{n} " + "".join(dice.choices(dice.choice(ALPHABETS), k=dice.randrange(1, 60))) for n in range(N_TEXTS)]
    provider.posts.clear()
    provider.answer_with = lambda asked: "yes"

    cases = all_sent(service, provider, "second", [Letter(text) for text in texts], hides=lambda n: n % 4 > 1)
    assert [each.answer.text for each in cases if each.answer] == ["yes"] * N_TEXTS
    assert Counter(post.body for post in provider.posts) == Counter(each.preview.receivers[0].body for each in cases)
    assert len({post.body for post in provider.posts}) == len(provider.posts) == N_TEXTS
    for case in cases:
        shown = json.loads(case.preview.receivers[0].body)["messages"][-1]["content"]
        assert shown in case.preview.text and case.preview.text.endswith(shown)


def test_the_search_for_secrets_finds_what_is_not_hidden() -> None:
    """So that finding nothing means something: the same letters with nothing hidden, and in disguises."""
    made = letter(random.Random(1))
    for secret, kind in made.secrets:
        assert seen(json.dumps({"text": made.text}).encode(), secret, kind)
        for raw in disguises(secret).values():
            assert seen(b'{"text": "' + raw + b'"}', secret, kind)
