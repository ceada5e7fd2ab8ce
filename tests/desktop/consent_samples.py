"""Previews such as the engine would prepare, for the consent sheet. For tests and pictures only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from engine.compare_events import EvaluationPrepared, ProvidersListed
from engine.compare_records import (
    Attached,
    ComparisonId,
    DetailKind,
    HiddenDetail,
    Leak,
    Place,
    Preview,
    PromptMessage,
    Receiver,
    VoteSetId,
)
from engine.provider_records import Provider, ProviderId
from engine.records import DocumentId, RequestId
from tests.desktop.recording import HARLOW

REQUEST = RequestId("r1")
TASK = "Summarise this complaint in five short lines for the case file. Keep every date."
COMPLAINT = (
    "Dear [Person 2], I rent [Address 1] and I am writing on 12 September about a repair. I first phoned on 3 June and spoke to "
    "[Person 3]. Visits on 17 June and 8 July were missed. The work was done on 29 August. I can be reached on [Phone 1] and my "
    "tenancy number is [Reference 1]. I would like an apology and a refund. [Person 1]"
)
DETAILS = (
    HiddenDetail("[Person 1]", "person", "Anna Harlow", ("Anna Harlow", "Harlow"), 1),
    HiddenDetail("[Person 2]", "person", "Mr Okafor", ("Mr Okafor",), 1),
    HiddenDetail("[Person 3]", "person", "Jean-Luc Dubois", ("Jean-Luc Dubois",), 1),
    HiddenDetail("[Address 1]", "address", "Flat 7, 14 Brent Road, London NW2 4AB", (), 1),
    HiddenDetail("[Phone 1]", "phone", "020 7946 0871", (), 1),
    HiddenDetail("[Reference 1]", "reference", "TEN-2291-77", (), 1),
)
OPENAI = Provider(
    ProviderId("openai"), "OpenAI", "openai", "https://api.openai.com/v1", ("gpt-5.2", "gpt-5-mini"), "api.openai.com",
    terms="Kept up to 30 days", prices="openai", key="keyring",
)  # fmt: skip
ANTHROPIC = Provider(
    ProviderId("anthropic"), "Anthropic", "anthropic", "https://api.anthropic.com", ("claude-sonnet-4-5",), "api.anthropic.com",
    prices="anthropic",
)  # fmt: skip
OWN = Provider(
    ProviderId("own"), "Northmoor Council", "openai", "https://models.northmoor.example/v1", ("llama-3.3-70b-instruct",),
    "models.northmoor.example", is_own=True, terms="Stays in our own computer centre", key="session",
)  # fmt: skip


def places_of(text: str, details: Sequence[HiddenDetail]) -> tuple[Place, ...]:
    found: list[Place] = []
    for detail in details:
        start = -1
        while detail.is_hidden and (start := text.find(detail.placeholder, start + 1)) >= 0:
            found.append(Place(start, start + len(detail.placeholder), detail.placeholder))
    return tuple(sorted(found, key=lambda place: place.start))


def body_of(provider: Provider, model: str, text: str) -> bytes:
    """A body as the dialect wants it; only that it holds the text matters here."""
    asked = {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 512, "stream": True}
    if provider.dialect == "openai":
        asked["temperature"] = 0
    return json.dumps(asked, ensure_ascii=False).encode("utf-8", "backslashreplace")


def receiver(provider: Provider, text: str, *, pane: int = 1, cost: int | None = 3_800_000, model: str = "") -> Receiver:
    model = model or provider.models[0]
    body = body_of(provider, model, text)
    path = "/chat/completions" if provider.dialect == "openai" else "/v1/messages"
    return Receiver(
        pane, provider.id, provider.name, model, provider.host, provider.base_url + path, body, sha256(body).hexdigest(),
        131, 512, cost, provider.terms, provider.is_own, () if provider.dialect == "openai" else ("temperature",),
    )  # fmt: skip


def preview(
    text: str = f"{TASK}\n\n{COMPLAINT}",
    *,
    providers: Sequence[Provider] = (OPENAI, ANTHROPIC),
    costs: Mapping[str, int | None] | None = None,
    details: Sequence[HiddenDetail] = DETAILS,
    leaks: Sequence[Leak] = (),
    attached: Sequence[Attached] = (),
) -> Preview:
    known = {"openai": 3_800_000, "anthropic": 4_900_000} | dict(costs or {})
    receivers = tuple(receiver(one, text, pane=n, cost=known.get(one.id)) for n, one in enumerate(providers, start=1))
    return Preview(
        REQUEST, ComparisonId("c1"), HARLOW.id, TASK, (PromptMessage("user", text),), text, places_of(text, details),
        tuple(details), receivers, tuple(attached), leaks=tuple(leaks),
    )  # fmt: skip


def with_passages() -> Preview:
    names = ("Complaint of 12 September.pdf", "Repair log, Brent Estates.docx")
    return preview(attached=[Attached(DocumentId(f"d{n}"), name, n + 2) for n, name in enumerate(names)])


def shown(before: Preview, placeholder: str) -> Preview:
    """The same with one detail let be seen."""
    detail = next(one for one in before.details if one.placeholder == placeholder)
    details = [replace(one, is_hidden=False) if one == detail else one for one in before.details]
    return preview(before.text.replace(placeholder, detail.original), details=details)


def leaking() -> Preview:
    text = f"{TASK}\n\n{COMPLAINT} (Signed wolraH annA, c/o A N N A  H A R L O W.)"
    first, second = text.index("wolraH"), text.index("A N N A")
    return preview(
        text,
        leaks=[
            Leak("[Person 1]", "person", "reversed", first, first + len("wolraH annA")),
            Leak("[Person 1]", "person", "spelled", second, second + len("A N N A  H A R L O W")),
        ],
    )


def kind_of(n: int) -> DetailKind:
    kinds: tuple[DetailKind, ...] = ("person", "organisation", "email", "term")
    return kinds[n % len(kinds)]


def long_text(size: int = 500_000) -> Preview:
    """A text of `size` characters with 200 hidden details."""
    details = [HiddenDetail(f"[{kind_of(n).capitalize()} {n}]", kind_of(n), f"Original {n}") for n in range(200)]
    paragraph = "{} wrote on 3 June that the work was not done, and asked once more for a date, which nobody named. "
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines += [paragraph.format(detail.placeholder) * 3 + "\n\n" for detail in details]
    return preview("".join(lines)[:size], details=details)


def batch(n: int = 120, *, leak_in: int | None = None) -> EvaluationPrepared:
    """A run over `n` prompts with one remote model."""
    texts = [f"{TASK}\n\nComplaint {place + 1}. {COMPLAINT}" for place in range(n)]
    previews = [preview(text, providers=[OPENAI], costs={"openai": 2_100_000}) for text in texts]
    if leak_in is not None:
        leak = Leak("[Person 1]", "person", "joined", 5, 12)
        previews[leak_in] = replace(previews[leak_in], leaks=(leak,))
    receivers = tuple(each for one in previews for each in one.receivers)
    digest = sha256(b"\n".join(each.body for each in receivers)).hexdigest()
    return EvaluationPrepared(REQUEST, VoteSetId("s1"), "exact", tuple(previews), receivers, digest, n * 2_100_000)


def listed(kept: Sequence[Provider] = (OPENAI, ANTHROPIC, OWN)) -> ProvidersListed:
    """Some providers as they are kept, and the presets that are left."""
    others = [
        Provider(ProviderId(name.lower()), name, "openai", f"https://{host}", ("a-model",), host, prices=name.lower())
        for name, host in (("Mistral", "api.mistral.ai"), ("OpenRouter", "openrouter.ai"), ("DeepSeek", "api.deepseek.com"))
    ]
    known = {one.id for one in kept}
    presets = [replace(one, key="none", terms="") for one in (OPENAI, ANTHROPIC) if one.id not in known]
    return ProvidersListed(tuple(kept), (*presets, *others), "2026-11-09")
