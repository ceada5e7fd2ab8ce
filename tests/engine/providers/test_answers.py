"""What providers say, with their oddities, becomes one form: text, reasoning, the end, and tokens counted in one way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.provider_records import DIALECTS, Dialect, TokenCounts
from engine.providers import anthropic_dialect, openai_dialect
from engine.providers.dialect import ErrorReported, Unreadable
from engine.providers.provider import Ended, Grew, Piece, Thought, dialect_of
from tests.loopback_dialects import events_of
from tests.sending_stage import provider_at

ASKED = {"model": "m", "messages": [{"role": "user", "content": "one two"}], "stream_options": {"include_usage": True}}
OPENAI, ANTHROPIC = (dialect_of(provider_at("https://api.example", each)) for each in DIALECTS)


def delta(**said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": said, "finish_reason": None}]}


def finish(reason: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}], **more}


def heard(*events: dict[str, Any]) -> list[Piece]:
    return list(OPENAI.pieces(events))


def ended(*events: dict[str, Any]) -> Ended:
    last = heard(*events)[-1]
    assert isinstance(last, Ended)
    return last


def tokens(**usage: Any) -> TokenCounts | None:
    return ended(finish("stop"), {"choices": [], "usage": usage}).tokens


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_with_its_reasoning(dialect: Dialect) -> None:
    spoken = [each.data for each in events_of(dialect, ASKED, "It is so.", "Let me see", None, "") if each.data != "[DONE]"]
    pieces = list((OPENAI if dialect == "openai" else ANTHROPIC).pieces(spoken))  # type: ignore[arg-type]
    assert "".join(each.text for each in pieces if isinstance(each, Thought)) == "Let me see"
    assert "".join(each.text for each in pieces if isinstance(each, Grew)) == "It is so."
    if dialect == "openai":
        assert pieces[-1] == Ended("end_of_text", "m", TokenCounts(2, 6, reasoning=3), None, "chatcmpl-1")
    else:
        assert pieces[-1] == Ended("end_of_text", "m", TokenCounts(2, 6), None, "msg_1")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_without_its_end_has_none(dialect: Dialect) -> None:
    spoken = [each.data for each in events_of(dialect, ASKED, "It is so.", "", None, "") if each.data != "[DONE]"]
    said = [n for n, event in enumerate(spoken) if "finish_reason': 'stop" in str(event) or "'stop_reason': 'end" in str(event)]
    for end in range(len(spoken)):
        pieces = list((OPENAI if dialect == "openai" else ANTHROPIC).pieces(spoken[:end]))  # type: ignore[arg-type]
        assert any(isinstance(each, Ended) for each in pieces) == (end > said[0])


# ---------------------------------------------------------------- how it ended
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stop", "end_of_text"), ("eos", "end_of_text"), ("tool_calls", "end_of_text"), ("STOP", "end_of_text"),
        ("length", "token_limit"), ("MAX_TOKENS", "token_limit"), ("model_length", "token_limit"),
        ("content_filter", "filtered"), ("SAFETY", "filtered"), ("content_filter: PROHIBITED_CONTENT", "filtered"),
        ("RECITATION", "filtered"), ("SPII", "filtered"),
    ],
)  # fmt: skip
def test_why_an_answer_of_chat_completions_ended(said: str, meant: str) -> None:
    assert ended(delta(content="x"), finish(said)).stop_reason == meant


@pytest.mark.parametrize("said", ["error", "insufficient_system_resource"])
def test_an_end_that_is_a_fault_is_none(said: str) -> None:
    with pytest.raises(ErrorReported):
        heard(delta(content="x"), finish(said))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("end_turn", "end_of_text"), ("stop_sequence", "stop_word"), ("max_tokens", "token_limit"),
     ("model_context_window_exceeded", "token_limit"), ("refusal", "filtered"), ("pause_turn", "end_of_text")],
)  # fmt: skip
def test_why_an_answer_of_messages_ended(said: str, meant: str) -> None:
    (last,) = ANTHROPIC.pieces([{"type": "message_delta", "delta": {"stop_reason": said}}])
    assert isinstance(last, Ended) and last.stop_reason == meant


def test_errors_inside_an_answer() -> None:
    with pytest.raises(ErrorReported):
        heard(delta(content="x"), {"error": {"code": 502}})
    with pytest.raises(ErrorReported):
        list(ANTHROPIC.pieces([{"type": "error", "error": {"type": "overloaded_error"}}]))
    for dialect in (OPENAI, ANTHROPIC):
        with pytest.raises(ErrorReported):
            list(dialect.whole({"type": "error", "error": {"message": "x"}}))
        with pytest.raises(Unreadable):
            list(dialect.whole({"hello": "world"}))


# ---------------------------------------------------------------- reasoning
def test_reasoning_has_several_names() -> None:
    assert heard(delta(reasoning_content="a")) == heard(delta(reasoning="a")) == [Thought("a")]
    assert heard(delta(reasoning="a", reasoning_content="a", content="b")) == [Thought("a"), Grew("b")]
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "a"}]}, {"type": "text", "text": "b"}]
    assert heard(delta(content=parts)) == [Thought("a"), Grew("b")], "as Mistral has it"
    assert heard(delta(refusal="I will not.")) == [Grew("I will not.")]


# ---------------------------------------------------------------- tokens
def test_openai_counts_cached_tokens_and_reasoning_within() -> None:
    assert tokens(
        prompt_tokens=1200, completion_tokens=300, total_tokens=1500,
        prompt_tokens_details={"cached_tokens": 1024, "cache_write_tokens": 100},
        completion_tokens_details={"reasoning_tokens": 200},
    ) == TokenCounts(1200, 300, cached=1024, cache_write=100, reasoning=200)  # fmt: skip


def test_deepseek_has_its_own_name_for_cached_tokens() -> None:
    assert tokens(prompt_tokens=100, completion_tokens=9, prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=36) == TokenCounts(
        100, 9, cached=64
    )


def test_gemini_counts_reasoning_in_the_total_only() -> None:
    assert tokens(prompt_tokens=20, completion_tokens=151, total_tokens=553) == TokenCounts(20, 533)
    assert tokens(prompt_tokens=20, total_tokens=20) == TokenCounts(20, 0), "and leaves out what is nothing"


def test_usage_that_is_repeated_counts_once_and_null_is_nothing() -> None:
    grown = [delta(content="x") | {"usage": {"prompt_tokens": 5, "completion_tokens": n}} for n in (1, 2)]
    assert ended(*grown, finish("stop", usage=None)).tokens == TokenCounts(5, 2)


@pytest.mark.parametrize(
    "usage",
    [{}, *({"prompt_tokens": 5, "completion_tokens": 5} | wrong for wrong in (
        {"prompt_tokens": None}, {"completion_tokens": None}, {"prompt_tokens": "5"}, {"prompt_tokens": True},
        {"prompt_tokens": -1}, {"prompt_tokens": 10**13}, {"completion_tokens": 5.5},
    ))],
)  # fmt: skip
def test_what_was_not_counted_is_not_known(usage: dict[str, Any]) -> None:
    assert tokens(**usage) is None and ended(finish("stop")).tokens is None


def test_openrouter_tells_what_it_charged() -> None:
    usage = {"prompt_tokens": 194, "completion_tokens": 2, "total_tokens": 196, "cost": Decimal("0.00014025"), "is_byok": False,
             "cost_details": {"upstream_inference_cost": Decimal("0.00014025")}}  # fmt: skip
    assert openai_dialect.cost_of(usage) == 140_250
    assert openai_dialect.cost_of(usage | {"is_byok": True}) == 280_500, "the fee, and what the upstream charges on the own key"
    assert openai_dialect.cost_of({"cost": 0}) == 0 and openai_dialect.cost_of({"cost": Decimal("1e-10")}) == 0
    for nonsense in (None, "1", True, -1, Decimal("1e999999"), {"total": 1}, Decimal("NaN")):
        assert openai_dialect.cost_of({"cost": nonsense}) is None


def test_anthropic_counts_cached_tokens_beside_the_prompt() -> None:
    start = {"input_tokens": 504, "cache_creation_input_tokens": 123, "cache_read_input_tokens": 1000, "output_tokens": 1}
    (last,) = ANTHROPIC.pieces(
        [
            {"type": "message_start", "message": {"model": "claude", "id": "msg_7", "usage": start}},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"},
             "usage": {"output_tokens": 97, "input_tokens": None, "output_tokens_details": {"thinking_tokens": 40}}},
        ]
    )  # fmt: skip
    expected = TokenCounts(1627, 97, cached=1000, cache_write=123, reasoning=40)
    assert last == Ended("end_of_text", "claude", expected, None, "msg_7")


def test_the_beginning_of_a_count_is_no_count() -> None:
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 5, "output_tokens": 1}}}
    (last,) = ANTHROPIC.pieces([start, {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}])
    assert isinstance(last, Ended) and last.tokens is None


# ---------------------------------------------------------------- anything at all
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        "type delta choices message content finish_reason usage error model id text thinking prompt_tokens completion_tokens "
        "total_tokens cost input_tokens output_tokens stop_reason prompt_tokens_details content_block".split()
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@given(
    st.lists(st.dictionaries(st.sampled_from("type choices usage error delta message content_block".split()), JSON), max_size=4)
)
def test_no_answer_brings_a_reader_down(dialect: Dialect, events: list[dict[str, Any]]) -> None:
    reader = OPENAI if dialect == "openai" else ANTHROPIC
    for read in (lambda: list(reader.pieces(events)), lambda: [piece for event in events for piece in reader.whole(event)]):
        try:
            pieces = read()
        except (ErrorReported, Unreadable):
            continue
        assert all(isinstance(each, Ended) or each.text for each in pieces)


@given(st.dictionaries(st.text(max_size=4), JSON))
def test_no_usage_brings_a_reader_down(usage: dict[str, Any]) -> None:
    for counted in (openai_dialect.tokens_of(usage), anthropic_dialect.tokens_of(usage)):
        assert counted is None or 0 <= counted.cached + counted.cache_write <= counted.prompt
