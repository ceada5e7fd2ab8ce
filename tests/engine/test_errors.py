"""Errors as kinds with facts: what crosses the wire comes back the same, and nonsense comes back as a fault."""

import pytest

from engine.errors import DocumentUnreadable, PromptTooLong, StrongroomError, Unexpected, WorkerDied, error_from


@pytest.mark.parametrize("error", [PromptTooLong(9000, 4096), DocumentUnreadable("a.pdf", "empty"), WorkerDied("chat", -9, True)])
def test_an_error_comes_back_from_the_wire_as_it_was(error: StrongroomError):
    again = error_from(error.kind, error.facts)
    assert type(again) is type(error) and again.facts == error.facts and str(again) == str(error)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("no_such_kind", {}),
        ("prompt_too_long", {}),
        ("prompt_too_long", {"n_prompt_tokens": "many", "n_ctx": 1}),
        ("document_unreadable", {"name": "a.pdf", "reason": "because I say so"}),
    ],
)
def test_what_no_honest_worker_says_becomes_a_fault(kind: str, facts: dict):
    assert isinstance(error_from(kind, facts), Unexpected)


def test_an_error_can_pass_through_a_context_manager():
    from contextlib import contextmanager

    @contextmanager
    def passing():
        yield

    with pytest.raises(PromptTooLong), passing():
        raise PromptTooLong(2, 1)
