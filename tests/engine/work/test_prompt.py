"""What fits into the context: nothing is cut in the middle, what is left out is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PromptTooLong
from engine.records import DocumentId, FoundPassage, Passage
from engine.work.prompt import (
    INSTRUCTION,
    INSTRUCTION_WITHOUT_DOCUMENTS,
    SMALLEST_ANSWER,
    TOKENS_AROUND_A_MESSAGE,
    TOKENS_AROUND_A_PASSAGE,
    Costs,
    Room,
    Turn,
    choose,
    messages,
    quoting_messages,
)

counts = st.lists(st.integers(1, 900), max_size=12).map(tuple)


def costs(question=20, turns=(), passages=()):
    return Costs(instruction=60, question=question, turns=tuple(turns), passages=tuple(passages))


@given(turns=counts, passages=counts, question=st.integers(1, 3000), n_ctx=st.integers(512, 8192), answer=st.integers(16, 4096))
def test_the_prompt_and_the_longest_answer_always_fit(turns, passages, question, n_ctx, answer):
    wanted = costs(question, turns, passages)
    try:
        choice = choose(wanted, Room(n_ctx, answer, n_ctx))
    except PromptTooLong as error:
        assert error.n_prompt_tokens + SMALLEST_ANSWER > error.n_ctx == n_ctx
        return
    newest = turns[len(turns) - choice.n_turns :]
    used = wanted.instruction + question + 3 * TOKENS_AROUND_A_MESSAGE + choice.max_answer_tokens
    used += sum(newest) + 2 * TOKENS_AROUND_A_MESSAGE * len(newest)
    used += sum(passages[: choice.n_passages]) + TOKENS_AROUND_A_PASSAGE * choice.n_passages
    assert used <= n_ctx


def test_a_question_without_room_for_an_answer_says_by_how_much():
    with pytest.raises(PromptTooLong) as caught:
        choose(costs(question=5000), Room(4096, 512, 4096))
    assert caught.value.n_prompt_tokens > 5000
    assert caught.value.n_ctx == 4096


def test_a_long_conversation_never_pushes_out_the_best_passage():
    choice = choose(costs(turns=[400] * 10, passages=[300] * 10), Room(1024, 256, 1024))
    assert choice.n_passages >= 1


def test_a_slow_computer_reads_fewer_passages():
    quick = choose(costs(passages=[200] * 10), Room(8192, 512, 8192))
    slow = choose(costs(passages=[200] * 10), Room(8192, 512, 700))
    assert quick.n_passages == 10
    assert slow.n_passages == 3


def found(text, page=3, heading=""):
    return FoundPassage(Passage(1, DocumentId("d"), page, 0, len(text), heading, text), 1.0)


def test_every_passage_is_given_whole_with_its_place():
    lines = messages(
        "What notice?", [Turn("Earlier?", "Yes.")], [found("Six months' notice.", heading="6 Break")], {"d": "Lease.pdf"}
    )
    assert [line.role for line in lines] == ["system", "user", "assistant", "user"]
    assert lines[0].content == INSTRUCTION
    assert "[1] Lease.pdf, page 3, 6 Break\nSix months' notice." in lines[-1].content
    assert lines[-1].content.endswith("Question: What notice?")


def test_without_passages_the_question_stands_alone():
    lines = messages("Hello?", [], [], {})
    assert [line.content for line in lines] == [INSTRUCTION_WITHOUT_DOCUMENTS, "Hello?"]


def test_a_model_that_quotes_reads_only_what_it_may_choose_from():
    system, user = quoting_messages("What notice?", ["Six months' notice.", "The rent is 12 euros."])
    assert system.role == "system"
    assert user.content.startswith("Six months' notice.\nThe rent is 12 euros.\n\nQuestion: What notice?")
