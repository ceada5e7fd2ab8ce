"""Passages in a comparison: the chosen documents alone, as many as every local model has room for, never a document's name."""

from __future__ import annotations

from typing import Any

from engine.compare_events import ComparisonKept, ComparisonRefused
from engine.compare_intents import ReviseHidden
from engine.documents.passages import cut
from engine.errors import OutOfMemory, PromptTooLong
from engine.records import DocumentId, Page, RequestId
from engine.work.retrieval import Retrieval
from tests.engine.work.played_models import AT_ACME, AT_BORG, LOCAL, OTHER, PlayedChat, Stage, stage

LETTER = "Dear Ms Anna Harlow, the rent of your flat is due. "
QUESTION = "What is said about the rent?"


async def added(played: Stage, name: str, *pages: str) -> DocumentId:
    """A document of the matter that has been read."""

    def add(store: Any) -> DocumentId:
        matter = store.matter(played.matter.id)
        document = matter.documents.add(name, "text/plain", name.encode())[0].id
        texts = [Page(document, number, text, "text") for number, text in enumerate(pages, start=1)]
        matter.documents.opened(document, n_pages=len(pages), media_type="text/plain")
        matter.documents.put_pages(document, texts)
        matter.passages.put(document, cut(texts))
        return document

    played.retrieval = Retrieval(played.access, None)  # type: ignore[arg-type]  # without vectors nobody asks it
    played.__post_init__()
    return await played.access.write(add)


async def test_passages_of_the_chosen_documents_are_sent_without_their_names():
    async with stage() as played:
        letter = await added(played, "Harlow complaint.txt", LETTER, "The rent is 900 pounds.")
        await added(played, "Other.txt", "Another rent of another matter.")
        preview = await played.prepared(QUESTION, documents=(letter,), panes=(LOCAL, AT_ACME, AT_BORG))
        assert "[1] page 1\nDear " in preview.text and "[2] page 2\nThe rent is 900 pounds." in preview.text
        assert [(each.document, each.name, each.n_passages) for each in preview.attached] == [(letter, "Harlow complaint.txt", 2)]
        for body in (each.body.decode() for each in preview.receivers):
            assert "complaint" not in body and ".txt" not in body and "Another" not in body and "Harlow" not in body
        await played.send(preview)
        for script in (*played.local.scripts, *played.sending.scripts):
            script.finish()
        await played.until(ComparisonKept, 3)
        assert played.of(ComparisonKept)[-1].comparison.documents == (letter,)


async def test_without_chosen_documents_none_is_looked_at():
    async with stage() as played:
        await added(played, "Letter.txt", LETTER)
        preview = await played.prepared(QUESTION)
        assert "due" not in preview.text and preview.attached == ()


async def test_a_file_name_that_is_written_in_the_question_does_not_leave_either():
    async with stage() as played:
        await added(played, "Thornfield-report.txt", LETTER)
        preview = await played.prepared("Sum up thornfield-report.txt")
        assert "thornfield" not in preview.text.casefold()
        assert all(b"hornfield" not in each.body for each in preview.receivers)


async def test_the_smallest_local_model_decides_how_many_passages_there_are():
    async with stage() as played:
        letter = await added(played, "Letter.txt", *[f"The rent of month {n} is due. " * 40 for n in range(8)])
        roomy = await played.prepared(QUESTION, documents=(letter,), panes=(LOCAL, AT_ACME))
        played.local.chats[OTHER.model] = PlayedChat(OTHER.model, n_ctx=900)
        tight = await played.prepared(QUESTION, documents=(letter,), panes=(LOCAL, OTHER, AT_ACME))
        n_roomy, n_tight = (sum(each.n_passages for each in preview.attached) for preview in (roomy, tight))
        assert 0 < n_tight < n_roomy
        assert n_tight + tight.n_passages_left_out == n_roomy + roomy.n_passages_left_out
        assert tight.receivers[0].max_tokens < roomy.receivers[0].max_tokens == played.settings.max_answer_tokens


async def test_a_local_model_that_cannot_be_asked_does_not_keep_the_others():
    async with stage() as played:
        letter = await added(played, "Letter.txt", LETTER)
        played.local.missing[OTHER.model] = OutOfMemory("other", 4096)
        preview = await played.prepared(QUESTION, documents=(letter,), panes=(LOCAL, OTHER, AT_ACME))
        assert preview.attached and played.answer(1).problem == "out_of_memory"


async def test_a_question_that_fills_the_smallest_model_is_refused():
    async with stage() as played:
        letter = await added(played, "Letter.txt", LETTER)
        played.local.chats[LOCAL.model] = PlayedChat(LOCAL.model, n_ctx=60)
        assert await played.comparing.prepare(played.wish(QUESTION, documents=(letter,))) is None
        assert isinstance(played.of(ComparisonRefused)[-1].error, PromptTooLong)


async def test_hiding_more_changes_no_choice_of_passages():
    async with stage() as played:
        letter = await added(played, "Letter.txt", LETTER, "The rent of Thornfield is 900 pounds.")
        first = await played.prepared(QUESTION, documents=(letter,))
        await played.comparing.revise(ReviseHidden(RequestId("r"), hide=("Thornfield",)))
        assert played.newest().attached == first.attached
        assert "Thornfield" in first.text and "Thornfield" not in played.newest().text
