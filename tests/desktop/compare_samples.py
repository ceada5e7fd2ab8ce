"""Providers, comparisons, votes and tallies as an engine in use would send them. For tests and pictures only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine import compare_events as happened
from engine import events
from engine.compare_intents import PrepareComparison
from engine.compare_records import (
    Attached,
    Comparison,
    ComparisonId,
    HiddenDetail,
    LocalChoice,
    PaneAnswer,
    PaneChoice,
    PaneTimings,
    Place,
    Preview,
    PromptMessage,
    Receiver,
    RemoteChoice,
    VoteSetId,
)
from engine.provider_records import FREE, Cost, Provider, ProviderId, TokenCounts
from engine.records import DocumentId, Matter, MatterId, Model, ModelId, ModelState, RequestId
from engine.settings import Settings
from engine.vote_records import Prompt, Share, Tally, VoteSet
from tests.desktop.recording import NOW, RecordingBridge, conversations, document, matters, models

GRIEVANCE = Matter(MatterId("m2"), "Grievance 2291", NOW, 6)
QUESTION = "Summarise this complaint in five short lines for the case file. Keep every date."
COMPLAINT = DocumentId("complaint")
OPENAI, ANTHROPIC = ProviderId("openai"), ProviderId("anthropic")
QWEN = LocalChoice(ModelId("q"))
GPT, CLAUDE = RemoteChoice(OPENAI, "gpt-5.2"), RemoteChoice(ANTHROPIC, "claude-sonnet-4-5")
SUMMARIES = VoteSetId("v1")

QWEN_SAYS = """1. The complaint is dated 12 September and concerns a late repair.

2. The first report was made on 3 June by phone.

3. Two visits were missed, on 17 June and 8 July.

4. The repair was finished on 29 August.

5. The tenant asks for an apology and a rent refund for twelve weeks.
"""
GPT_SAYS = """1. Complaint received on 12 September about delay in a repair.

2. Reported by phone on 3 June; no reference was given.

3. Appointments missed on 17 June and 8 July.

4. Work completed on 29 August, twelve weeks later.

5. Seeks an apology and partial refund of rent.
"""
CLAUDE_SAYS = """1. On 12 September Anna Harlow complained of a delayed repair.

2. It was first reported on 3 June.

3. Visits on 17 June and 8 July did not take place. As Claude, I cannot say why.

4. [Person 9] was told on 29 August.
"""


def providers(key: str = "keyring") -> tuple[Provider, ...]:
    facts: dict[str, Any] = {"key": key}
    return (
        Provider(OPENAI, "OpenAI", "openai", "https://api.openai.com/v1", ("gpt-5.2", "gpt-5.2-mini"), "api.openai.com", **facts),
        Provider(
            ANTHROPIC, "Anthropic", "anthropic", "https://api.anthropic.com", ("claude-sonnet-4-5", "claude-opus-4-5"),
            "api.anthropic.com", **facts,
        ),
    )  # fmt: skip


def own_server() -> Provider:
    return Provider(
        ProviderId("council"), "Council server", "openai", "https://llm.council.example", ("qwen3-32b",), "llm.council.example",
        is_own=True, needs_key=False,
    )  # fmt: skip


def more_models() -> tuple[Model, ...]:
    return models()


def complaint() -> Any:
    from dataclasses import replace

    return replace(document("complaint", "Complaint, 12 September.pdf", pages=2), matter=GRIEVANCE.id)


def a_day_of_comparing(*, confidential: bool = False) -> list[events.Event]:
    """From start to an open matter with providers and vote sets."""
    from dataclasses import replace

    matter = replace(GRIEVANCE, is_confidential=confidential)
    all_matters = tuple(matter if one.id == matter.id else one for one in matters())
    return [
        events.StoreOpened("keyring"),
        events.SettingsChanged(Settings(theme="light", first_run_done=True)),
        events.ModelsListed(models()),
        events.ModelStateChanged(ModelState("ready", ModelId("q"), "Qwen3 8B", 4096, 5 << 30, 18.6)),
        events.MemoryMeasured(int(9.1 * 2**30), 32 * 2**30),
        events.MattersChanged(all_matters),
        events.MatterOpened(matter, (complaint(),), conversations()),
        happened.ProvidersListed(providers(), ()),
        happened.VoteSetsListed(vote_sets()),
    ]


# ---------------------------------------------------------------- a comparison
def receiver(pane: int, choice: RemoteChoice, **more: Any) -> Receiver:
    provider = next(each for each in (*providers(), own_server()) if each.id == choice.provider)
    body = f'{{"model":"{choice.model}"}}'.encode()
    return Receiver(
        pane, provider.id, provider.name, choice.model, provider.host, f"{provider.base_url}/chat", body,
        hashlib.sha256(body).hexdigest(), 131, 512, 4_000_000, **more,
    )  # fmt: skip


def hidden(n: int = 6) -> tuple[HiddenDetail, ...]:
    names = ("Anna Harlow", "Martin Okafor", "June Abara", "14 Mill Lane", "020 7946 0018", "TN-2291")
    placeholders = ("[Person 1]", "[Person 2]", "[Person 3]", "[Address 1]", "[Phone 1]", "[Reference 1]")
    kinds: Any = ("person", "person", "person", "address", "phone", "reference")
    return tuple(HiddenDetail(*each, n_times=1) for each in zip(placeholders[:n], kinds[:n], names[:n], strict=True))


def _places(text: str) -> Iterator[Place]:
    for found in re.finditer(r"\[[A-Z][a-z]+ \d+\]", text):
        yield Place(found.start(), found.end(), found[0])


def prepared(wish: PrepareComparison, **more: Any) -> happened.ComparisonPrepared:
    """The engine's answer to a wish: every remote pane waits."""
    waits = tuple(receiver(at, choice) for at, choice in enumerate(wish.panes) if isinstance(choice, RemoteChoice))
    details = hidden() if wish.hides and waits else ()
    text = " ".join([wish.text, *(each.placeholder for each in details)])
    facts: dict[str, Any] = {"receivers": waits, "details": details, "places": tuple(_places(text))} | more
    attached = tuple(Attached(each, "Complaint, 12 September.pdf", 2) for each in wish.documents)
    preview = Preview(
        wish.request, ComparisonId(f"c-{wish.request}"), wish.matter or MatterId("m9"), wish.text,
        (PromptMessage("user", text),), text, facts.pop("places"), facts.pop("details"), facts.pop("receivers"), attached,
        **facts,
    )  # fmt: skip
    return happened.ComparisonPrepared(preview)


def started(wish: PrepareComparison, pane: int, stage: Any = "waiting") -> happened.PaneStarted:
    choice = wish.panes[pane]
    return happened.PaneStarted(wish.request, pane, choice, name_of(choice), host_of(choice), stage)


def name_of(choice: PaneChoice) -> str:
    return "Qwen3 8B" if choice == QWEN else choice.model


def host_of(choice: PaneChoice) -> str:
    every = (*providers(), own_server())
    return next(each.host for each in every if each.id == choice.provider) if isinstance(choice, RemoteChoice) else ""


def answer(pane: int, choice: PaneChoice, text: str, **more: Any) -> PaneAnswer:
    """A finished answer with plausible figures."""
    is_local = isinstance(choice, LocalChoice)
    facts: dict[str, Any] = {
        "answered_by": "" if is_local else choice.model,
        "stop_reason": "end_of_text",
        "tokens": TokenCounts(131, 96) if is_local else TokenCounts(131, 91, cached=64, reasoning=12),
        "timings": PaneTimings(0.62, 5.8, 18.6) if is_local else PaneTimings(0.88, 2.1, 74.1),
        "cost": FREE if is_local else Cost(1_400_000, "computed"),
        "prompt_sha256": "a" * 64,
        "sent_back": text,
    } | more
    return PaneAnswer(pane, choice, name_of(choice), host_of(choice), text, **facts)


def claude_answer(pane: int, **more: Any) -> PaneAnswer:
    """It has a restored name, a placeholder that stands for nothing, and tells who it is."""
    at, says = CLAUDE_SAYS.index("Anna Harlow"), CLAUDE_SAYS.index("As Claude")
    facts: dict[str, Any] = {
        "restored": (Place(at, at + len("Anna Harlow"), "[Person 1]"),),
        "masked": ((says, says + len("As Claude")),),
    } | more
    return answer(pane, CLAUDE, CLAUDE_SAYS, **facts)


def failed(pane: int, choice: PaneChoice, kind: str = "rate_limited", **facts: Any) -> PaneAnswer:
    known: dict[str, Any] = {"provider": "OpenAI", "host": "api.openai.com", "retry_after_s": 20.0} | facts
    none: dict[str, Any] = {"timings": None, "tokens": None, "cost": Cost(0, "provider"), "stop_reason": None}
    return answer(pane, choice, "", problem=kind, problem_facts=known, **none)


def ended(wish: PrepareComparison, *answers: PaneAnswer) -> list[events.Event]:
    return [happened.PaneEnded(wish.request, each) for each in answers]


def kept(wish: PrepareComparison, *answers: PaneAnswer, is_done: bool = True, approved: datetime | None = None) -> events.Event:
    comparison = Comparison(
        ComparisonId(f"c-{wish.request}"), wish.matter or MatterId("m9"), NOW, wish.text, answers, wish.vote_set, wish.documents,
        6, approved,
    )  # fmt: skip
    return happened.ComparisonKept(wish.request, comparison, is_done)


def last_wish(bridge: RecordingBridge) -> PrepareComparison:
    return bridge.wished(PrepareComparison)[-1]


ANSWERS: dict[PaneChoice, str] = {QWEN: QWEN_SAYS, GPT: GPT_SAYS, CLAUDE: CLAUDE_SAYS}


def everything_answered(
    bridge: RecordingBridge, *, approved: datetime | None = None, order: tuple[int, ...] = ()
) -> PrepareComparison:
    """Prepared, approved, answered and kept."""
    wish = last_wish(bridge)
    answers = [
        claude_answer(at) if choice == CLAUDE else answer(at, choice, ANSWERS.get(choice, GPT_SAYS))
        for at, choice in enumerate(wish.panes)
    ]
    bridge.send(prepared(wish, order=order))
    for at in range(len(wish.panes)):
        bridge.send(started(wish, at))
    bridge.send(*ended(wish, *answers), kept(wish, *answers, approved=approved))
    return wish


# ---------------------------------------------------------------- votes
def vote_sets() -> tuple[VoteSet, ...]:
    return (
        VoteSet(SUMMARIES, "Complaint summaries", "draft", NOW, 48, 3),
        VoteSet(VoteSetId("v2"), "Letter labels", "classify", NOW, 0, 0),
    )


def prompts() -> tuple[Prompt, ...]:
    return tuple(Prompt(n, f"Summarise complaint {n}.") for n in (1, 2, 3))


def tally(**more: Any) -> Tally:
    """As in the design: three that could still be equal."""
    shares = (
        Share("local:q", 19, 48, 0.40, 0.27, 0.54, 0.2),
        Share("openai/gpt-5.2", 16, 48, 0.33, 0.22, 0.47, 0.0),
        Share("anthropic/claude-sonnet-4-5", 13, 48, 0.27, 0.17, 0.41, -0.2),
    )
    facts: dict[str, Any] = {"leader": "local:q", "evidence": 1.4, "verdict": "more", "n_more": 150} | more
    return Tally(SUMMARIES, 48, facts.pop("shares", shares), **facts)


def tally_of_two(low: float, high: float, **more: Any) -> Tally:
    shares = (
        Share("local:q", 30, 40, 0.75, low, 0.86),
        Share("openai/gpt-5.2", 10, 40, 0.25, 0.14, high),
    )
    return tally(shares=shares, **more)


EPOCH = datetime(2026, 9, 2, 14, 2, tzinfo=UTC)


def request_of(bridge: RecordingBridge) -> RequestId:
    return last_wish(bridge).request
