"""A stage for the Ask view: a matter to ask about, a checked answer, and happenings as an engine sends them."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from engine import events
from engine.intents import AskQuestion, RenderPage
from engine.records import (
    Conversation,
    ConversationId,
    Document,
    DocumentId,
    Fit,
    Matter,
    MatterId,
    Message,
    MessageId,
    Model,
    ModelId,
    ModelState,
    Page,
    PagePicture,
    Quad,
    Reading,
    Timings,
    Usage,
)
from tests.desktop.answer_samples import NAMES, NOTICE, evidence, sentence
from tests.desktop.recording import RecordingBridge

NOW = datetime(2026, 9, 2, 14, 2, tzinfo=UTC)
MATTER = Matter(MatterId("m1"), "Harlow v Brent Estates", NOW, 14)
CONVERSATION = Conversation(ConversationId("c1"), MATTER.id, "Break clause notice", NOW, NOW)
QUESTION = "What notice must the tenant give to end the lease, and was it given in time?"
ANSWER = (
    "The tenant must give the landlord **at least six months’ written notice** before the break date. "
    "Time is of the essence: late notice has no effect. [2]\n\n"
    "The break date is 29 September 2025, so notice had to arrive by 29 March. "
    "The letter is dated 21 March and was signed for on 24 March. Rent was paid in full at the break date.\n"
)
QUOTE = (
    "Tenant may determine this Lease on the Break Date by giving the Landlord not less than six months’ prior written "
    "notice, such notice to be served in accordance with clause 14.2"
)
SENTENCES = (
    sentence(
        ANSWER,
        "The tenant must give the landlord **at least six months’ written notice** before the break date.",
        evidence(120, quote=QUOTE),
    ),
    sentence(ANSWER, "Time is of the essence: late notice has no effect.", evidence(900, quote="Time shall be of the essence")),
    sentence(
        ANSWER,
        "The break date is 29 September 2025, so notice had to arrive by 29 March.",
        evidence(300, page=3, verdict="altered", quote="“Break Date” means 29 September 2026"),
    ),
    sentence(
        ANSWER,
        "The letter is dated 21 March and was signed for on 24 March.",
        evidence(40, page=2, verdict="near", document=NOTICE, quote="dated 21 March, signed for 24 March"),
    ),
    sentence(ANSWER, "Rent was paid in full at the break date."),
)


def document(
    key: DocumentId, name: str, *, status: str = "ready", media_type: str = "application/pdf", n_pages: int = 32
) -> Document:
    return Document(key, MATTER.id, name, media_type, 120_000, "0" * 64, NOW, status, n_pages, n_pages, 0, 90, 90)  # type: ignore[arg-type]


def documents(n: int = 14) -> tuple[Document, ...]:
    named = [document(key, name) for key, name in NAMES.items()]
    return (*named, *(document(DocumentId(f"d{each}"), f"Letter {each}.pdf") for each in range(n - len(named))))


def ready_model() -> events.ModelStateChanged:
    return events.ModelStateChanged(ModelState("ready", ModelId("qwen"), "Qwen3 8B", 4096, 5 << 30, 18.6))


def models() -> events.ModelsListed:
    fit = Fit("fits_well", 5 << 30, 16 << 30)
    names = (("qwen", "Qwen3 8B"), ("smol", "SmolLM2 135M"))
    return events.ModelsListed(
        tuple(Model(ModelId(key), name, key, 5_000_000_000, None, "Q4_1", None, 8192, None, "chat", fit) for key, name in names)
    )


def open_matter(bridge: RecordingBridge, n_documents: int = 14, draft: str = "") -> None:
    bridge.send(models(), ready_model(), events.MattersChanged((MATTER,)))
    bridge.send(events.MatterOpened(MATTER, documents(n_documents), (CONVERSATION,), draft))


def asked(key: str = "q1", text: str = QUESTION) -> Message:
    return Message(MessageId(key), CONVERSATION.id, "user", text, NOW)


def answered(key: str = "a1", text: str = ANSWER, sentences: tuple = SENTENCES, **more: object) -> Message:
    facts: dict = {
        "stop_reason": "end_of_text",
        "usage": Usage(900, 0, 120),
        "timings": Timings(1.2, 300.0, 18.6, 11.0),
        "reading": Reading(4, 9),
        **more,
    }
    return Message(MessageId(key), CONVERSATION.id, "assistant", text, NOW, sentences, "Qwen3 8B", **facts)


def open_conversation(bridge: RecordingBridge, *messages: Message) -> None:
    bridge.send(events.ConversationOpened(CONVERSATION, messages or (asked(), answered())))


def begin_answer(bridge: RecordingBridge) -> AskQuestion:
    """The engine takes the last question up."""
    wish = bridge.wished(AskQuestion)[-1]
    assert isinstance(wish, AskQuestion)
    bridge.send(events.AnswerStarted(wish.request, CONVERSATION.id, asked(f"q-{wish.request}", wish.text)))
    bridge.send(events.ConversationsChanged(wish.matter, (CONVERSATION,)))
    return wish


def page_shown(wish: RenderPage) -> events.PageShown:
    """A drawn page for a wish: lines of text, with the passage's quads where the wish has spans."""
    height = round(wish.width * 1.414)
    image = QImage(wish.width, height, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    font = QFont("DejaVu Serif")
    font.setPixelSize(max(1, wish.width // 42))
    painter.setFont(font)
    painter.setPen(QColor("#1D1F1E"))
    left, line = wish.width // 12, wish.width // 25
    for row in range(30):
        painter.drawText(
            QRect(left, line * (row + 2), wish.width - 2 * left, line),
            f"6.{row}  The Tenant may determine this Lease, line {row}",
        )
    painter.end()
    rgb = b"".join(bytes(image.constScanLine(y))[: wish.width * 3] for y in range(height))
    top = line * 5 / height
    quads = tuple(
        Quad(0.08 if row else 0.13, top + row * line / height, 0.8, top + (row + 0.85) * line / height) for row in range(3)
    )
    page = Page(wish.document, wish.page, "The Tenant may determine this Lease", "text", width=595, height=842)
    picture = PagePicture(wish.document, wish.page, wish.width, height, rgb, quads if wish.spans else ())
    return events.PageShown(page, 32, picture, wish.spans)


def show_page(bridge: RecordingBridge) -> None:
    """The engine answers the newest wish for a page."""
    wishes = bridge.wished(RenderPage)
    if wishes and isinstance(wishes[-1], RenderPage):
        bridge.send(page_shown(wishes[-1]))
