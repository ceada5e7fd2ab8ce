"""A bridge that writes down what was wished for, and events such as an engine in use would send. For tests only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine import events
from engine.intents import Intent
from engine.records import (
    Conversation,
    ConversationId,
    Document,
    DocumentId,
    Fit,
    Matter,
    MatterId,
    Model,
    ModelId,
    ModelState,
    Seal,
)
from engine.settings import Settings

NOW = datetime.now(UTC)
HARLOW = Matter(MatterId("m1"), "Harlow v Brent Estates", NOW - timedelta(days=40), 14)
STARTER = ModelId("smollm2")


class RecordingBridge(QObject):
    """The two members of the real bridge, and a list of wishes."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wishes: list[Intent] = []

    def submit(self, intent: Intent) -> None:
        self.wishes.append(intent)

    def send(self, *happenings: events.Event) -> None:
        for event in happenings:
            self.happened.emit(event)

    def wished(self, kind: type[Intent]) -> list[Any]:
        """The wishes of a kind, in order."""
        return [wish for wish in self.wishes if isinstance(wish, kind)]


def document(
    key: str, name: str, status: str = "ready", *, size: float = 1.0, pages: int = 10, days: int = 3, **more: Any
) -> Document:
    """A document of the Harlow matter; `size` in megabytes."""
    facts: dict[str, Any] = {"n_pages_read": pages, "n_passages": pages * 3, "n_indexed": pages * 3} | more
    media = "message/rfc822" if name.endswith(".eml") else "application/pdf"
    return Document(
        DocumentId(key), HARLOW.id, name, media, int(size * 1e6), "0" * 64, NOW - timedelta(days=days), status, pages, **facts
    )


def documents() -> tuple[Document, ...]:
    """Fourteen documents in every state."""
    damaged = {"problem": "document_unreadable", "problem_facts": {"name": "Plan, old.docx", "reason": "damaged"}}
    return (
        document("d1", "Lease, Unit 4.pdf", size=2.4, pages=32),
        document("d2", "Break notice, proof of delivery.pdf", size=0.9, pages=2),
        document("d3", "Rent ledger 2021 to 2025.html", size=0.3, pages=14),
        document("d4", "Exhibit bundle A, scanned.pdf", "reading", size=84.1, pages=118, days=0, n_pages_read=41, n_passages=0),
        document("d5", "Exhibit bundle B.pdf", "indexing", size=131, pages=206, days=0, n_passages=618, n_indexed=570),
        document("d6", "Correspondence 2019 to 2024.eml", "waiting", size=22.8, pages=64, days=0, n_pages_read=0, n_passages=0),
        document(
            "d7",
            "Surveyor report, sealed.pdf",
            "needs_password",
            size=5.6,
            pages=0,
            days=0,
            problem="document_encrypted",
            problem_facts={"name": "Surveyor report, sealed.pdf", "tried": False},
        ),
        document(
            "d8",
            "Site photos.pdf",
            "no_text",
            size=3.1,
            pages=1,
            days=5,
            n_passages=0,
            problem="document_unreadable",
            problem_facts={"name": "Site photos.pdf", "reason": "no_text"},
        ),
        document("d9", "Witness statement, M Okafor.docx", size=0.1, pages=9, days=5),
        document("d10", "Schedule of dilapidations.pdf", size=1.8, pages=27, days=8, n_pages_without_text=3),
        document("d11", "Deed of variation 2022.pdf", size=0.4, pages=6, days=8),
        document("d12", "Service charge accounts.html", size=0.2, pages=11, days=8),
        document("d13", "Plan, old.docx", "failed", size=0.6, pages=0, days=9, **damaged),
        document("d14", "Counsel’s note.md", size=0.02, pages=3, days=400),
    )


def conversations() -> tuple[Conversation, ...]:
    titles = ("Break clause notice", "Rent arrears timeline", "Witness statements")
    return tuple(
        Conversation(ConversationId(f"c{n}"), HARLOW.id, title, NOW - timedelta(days=n + 1), NOW - timedelta(hours=n + 1))
        for n, title in enumerate(titles)
    )


def matters() -> tuple[Matter, ...]:
    others = (("Grievance 2291", 6), ("Supplier contracts Q3", 38), ("Clinic audit letters", 21), ("Information requests", 112))
    return HARLOW, *(Matter(MatterId(f"m{n}"), name, NOW, count) for n, (name, count) in enumerate(others, start=2))


def model_ready() -> ModelState:
    seal = Seal("enforced", "enforced", "Landlock 4, seccomp")
    return ModelState("ready", STARTER, "SmolLM2 135M", 4096, 210_000_000, 18.6, seal)


def models() -> tuple[Model, ...]:
    fit = Fit("fits_well", 300_000_000, 8_000_000_000, 48.0, 60.0)
    note = "Small, good for trying"
    return (
        Model(STARTER, "SmolLM2 135M", "a.gguf", 98_400_000, None, "Q4_1", 135_000_000, 8192, "Apache-2.0", "chat", fit, note),
        Model(
            ModelId("q"), "Qwen3 8B", "b.gguf", 5_030_000_000, None, "Q4_K_M", 8_000_000_000, 40_960, "Apache-2.0", "chat", fit
        ),
    )


def a_day_at_work() -> list[events.Event]:
    """From start to an open matter in the middle of reading."""
    return [
        events.StoreOpened("keyring"),
        events.SettingsChanged(Settings(theme="light")),
        events.ModelsListed(models()),
        events.ModelStateChanged(model_ready()),
        events.MemoryMeasured(int(9.1 * 2**30), 32 * 2**30),
        events.MattersChanged(matters()),
        events.MatterOpened(HARLOW, documents(), conversations()),
        events.ReadingProgress(HARLOW.id, 11, 14, 241, 388, seconds_left=240),
    ]
