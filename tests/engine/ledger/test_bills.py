"""Exports of providers: known by their columns, read exactly or not at all, and nothing of them that names somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import BillUnfit
from engine.ledger.bill_formats import LAYOUTS, column_names, layouts_of
from engine.ledger.bills import read_bill
from engine.price_records import BillLine
from engine.provider_records import Rates

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
RATES = Rates(2_000_000, 10_000_000, 200_000, 2_500_000, "0" * 16, "2026-11-09")

OPENAI_USAGE = (
    "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,"
    "input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens,input_audio_tokens,output_audio_tokens\n"
    "1759622400,1759708800,2025-10-05T00:00:00+00:00,2025-10-06T00:00:00+00:00,proj_secret,10.0,user-secret,key_secret,"
    "gpt-5-mini-2025-08-07,FALSE,default,59200.0,10646.0,5760.0,53440.0,0.0,0.0\n"
    "1759622400,1759708800,2025-10-05T00:00:00+00:00,2025-10-06T00:00:00+00:00,proj_other,1.0,user-b,key_b,"
    "gpt-5-mini-2025-08-07,TRUE,default,1000.0,100.0,0.0,1000.0,0.0,0.0\n"
    "1759708800,1759795200,2025-10-06T00:00:00+00:00,2025-10-07T00:00:00+00:00,,,,,,,,,,,,,\n"
)
OPENAI_COSTS = (
    "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_name\n"
    "1759622400,1759708800,2025-10-05T00:00:00+00:00,2025-10-06T00:00:00+00:00,0.8958740000000000,usd,"
    '"gpt-5-mini, input",proj_1,Harlow\n'
    "1759622400,1759708800,2025-10-05T00:00:00+00:00,2025-10-06T00:00:00+00:00,0.000000000400000000000000000000,usd,"
    '"gpt-5-mini, output",proj_1,Harlow\n'
    "1759968000,1760054400,2025-10-09T00:00:00+00:00,2025-10-10T00:00:00+00:00,,,,,\n"
)
ANTHROPIC_USAGE = (
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,"
    "web_search_count,inference_geo,speed\n"
    "2026-08-05,claude-opus-5-5,Closer App,Default,standard,≤ 200k,1000,200,30,5000,400,0,global,\n"
)
ANTHROPIC_COSTS = (
    "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type\n"
    "2026-02-12,--,Default,chat-key,--,--,--,0.07,0.07,web_search\n"
    "2026-02-12,Claude Haiku 4.5,Default,chat-key,message,≤ 200k,input_no_cache,0.09,0.10,token\n"
    "2026-02-12,Claude Haiku 4.5,Default,chat-key,message,≤ 200k,output,0.03,0.03,token\n"
)
OPENROUTER_REQUESTS = (
    "generation_id,created_at,cost_total,cost_web_search,cost_cache,byok_usage_inference,tokens_prompt,tokens_completion,"
    "tokens_reasoning,tokens_cached,model_permaslug,provider_name,user,api_key_name,app_name\n"
    "gen-1,2026-06-28 03:46:57.713,0.0123,0,-0.01,9,10389,137,100,10000,openai/gpt-oss-120b,Groq,u,mine,app\n"
    "gen-2,2026-06-28 23:59:59.999,7.5e-7,0,0,0,40,20,0,0,openai/gpt-oss-120b,Groq,u,mine,app\n"
)
OPENROUTER_DAYS = (
    "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n"
    '"2026-05-12 00:00:00","anthropic/claude-opus-4.7","430.07","0","4115","70965665","3009973","0"\n'
)
ALL = (OPENAI_USAGE, OPENAI_COSTS, ANTHROPIC_USAGE, ANTHROPIC_COSTS, OPENROUTER_REQUESTS, OPENROUTER_DAYS)


def priced(reference: str, n_prompt_tokens: int, when: datetime) -> Rates:
    return RATES


def lines(text: str | bytes, **rest: object) -> list[BillLine]:
    return read_bill(text.encode() if isinstance(text, str) else text, "usage.csv", now=NOW, price=priced, **rest)[1]  # type: ignore[arg-type]


def refusal(text: str | bytes) -> tuple[str, int | None]:
    with pytest.raises(BillUnfit) as refused:
        lines(text)
    return refused.value.reason, refused.value.line


# ---------------------------------------------------------------- what is read
def test_openai_usage_has_its_tokens_and_batches_at_half_price() -> None:
    (line,) = lines(OPENAI_USAGE)
    dear = 53_440 * 2_000 + 5_760 * 200 + 10_646 * 10_000
    assert line == BillLine(
        date(2025, 10, 5), "openai", "gpt-5-mini-2025-08-07", 11, 60_200, 10_746, 5_760,
        dear + (1_000 * 2_000 + 100 * 10_000) // 2,
    )  # fmt: skip
    bill, _ = read_bill(OPENAI_USAGE.encode(), "usage.csv", now=NOW, price=priced)
    assert (bill.cost_source, bill.n_skipped, bill.n_lines) == ("computed", 1, 1)


def test_openai_costs_are_exact_and_know_the_model_of_an_item() -> None:
    (line,) = lines(OPENAI_COSTS)
    assert (line.model, line.cost, line.prompt) == ("gpt-5-mini", 895_874_000, 0)
    (later,) = lines(OPENAI_COSTS.replace("0.000000000400000000000000000000", "0.0000000005"))
    assert later.cost == 895_874_000  # exactly between two: to the even one
    assert read_bill(OPENAI_COSTS.encode(), "costs.csv", now=NOW)[0].cost_source == "provider"


def test_older_exports_of_openai_are_known_too() -> None:
    (cost,) = lines(
        "currency,name,cost,user_email,cost_in_major,date,timestamp\nusd,GPT-4o,125,a@b.c,1.25,2024-08-01,1722470400\n"
    )
    assert (cost.day, cost.model, cost.cost) == (date(2024, 8, 1), "GPT-4o", 1_250_000_000)
    (used,) = lines(
        "usage_date,model,project,n_requests,n_context_tokens_total,n_generated_tokens_total\n2024-01-02,gpt-4,x,3,90,9\n"
    )
    assert (used.n_requests, used.prompt, used.generated, used.cost) == (3, 90, 9, 90 * 2_000 + 9 * 10_000)


def test_anthropic_usage_counts_all_that_was_read_and_prices_each_kind_of_cache() -> None:
    (line,) = lines(ANTHROPIC_USAGE)
    assert (line.prompt, line.generated, line.cached, line.n_requests) == (6_230, 400, 5_000, 0)
    assert line.cost == 1_000 * 2_000 + 200 * 2_500 + 30 * 4_000 + 5_000 * 200 + 400 * 10_000
    (older,) = lines(
        "usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_input_tokens_cache_write,"
        "usage_input_tokens_cache_read,usage_output_tokens\n2025-06-12,claude-3-5-haiku-20241022,k,8,2,0,1\n"
    )
    assert (older.prompt, older.cost) == (10, 8 * 2_000 + 2 * 2_500 + 10_000)


def test_anthropic_costs_keep_what_is_charged_beside_tokens() -> None:
    search, haiku = lines(ANTHROPIC_COSTS)
    assert (search.model, search.cost) == ("", 70_000_000)
    assert (haiku.model, haiku.cost, haiku.n_requests) == ("Claude Haiku 4.5", 120_000_000, 0)


def test_openrouter_names_its_own_money_and_not_that_of_others() -> None:
    (line,) = lines(OPENROUTER_REQUESTS)
    assert line == BillLine(date(2026, 6, 28), "openrouter", "openai/gpt-oss-120b", 2, 10_429, 157, 10_000, 12_300_750)
    (day,) = lines(OPENROUTER_DAYS)
    assert (day.n_requests, day.prompt, day.generated, day.cost) == (4115, 70_965_665, 3_009_973, 430_070_000_000)


@pytest.mark.parametrize(
    "change", ["standard,≤ 200k→priority,≤ 200k", ",0,global,→,1,global,", ",global,→,us,", "global,→global,fast"]
)
def test_what_has_no_list_price_has_no_cost(change: str) -> None:
    old, new = change.split("→")
    assert old in ANTHROPIC_USAGE
    (line,) = lines(ANTHROPIC_USAGE.replace(old, new))
    assert line.cost is None and line.prompt == 6_230
    bill, _ = read_bill(ANTHROPIC_USAGE.replace(old, new).encode(), "u.csv", now=NOW, price=priced)
    assert bill.cost is None and bill.cost_source == "computed"


def test_without_a_price_the_cost_is_not_known() -> None:
    assert [each.cost for each in read_bill(ANTHROPIC_USAGE.encode(), "u.csv", now=NOW)[1]] == [None]


@pytest.mark.parametrize(("window", "size"), [("≤ 200k", 0), ("> 200k", 200_001), ("", 0)])
def test_long_prompts_are_asked_for_at_their_own_step(window: str, size: int) -> None:
    asked: list[tuple[str, int, datetime]] = []

    def price(reference: str, n_prompt_tokens: int, when: datetime) -> Rates:
        asked.append((reference, n_prompt_tokens, when))
        return RATES

    read_bill(ANTHROPIC_USAGE.replace("≤ 200k", window).encode(), "u.csv", now=NOW, price=price)
    assert asked == [("anthropic/claude-opus-5-5", size, datetime(2026, 8, 5, 12, tzinfo=UTC))]
    read_bill(OPENAI_USAGE.encode(), "u.csv", now=NOW, price=price)
    assert asked[1][1] == 5_920  # the mean of ten


@pytest.mark.parametrize("text", ALL)
def test_nothing_that_names_somebody_is_kept(text: str) -> None:
    bill, kept = read_bill(text.encode(), "usage.csv", now=NOW, price=priced)
    said = repr((bill, kept))
    for secret in ("secret", "proj_", "Closer", "Default", "chat-key", "Harlow", "mine", "Groq", "gen-1"):
        assert secret not in said


def test_a_fine_tuned_model_loses_the_name_of_its_owner() -> None:
    (line,) = lines(OPENAI_COSTS.replace("gpt-5-mini,", "ft:gpt-4o-2024-08-06:harlow-legal:letters:9a,"))
    assert line.model == "ft:gpt-4o-2024-08-06"


# ---------------------------------------------------------------- how it may be written
@pytest.mark.parametrize("text", ALL)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_however_it_was_saved_it_is_the_same_bill(text: str, encoding: str, separator: str) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(csv.reader(io.StringIO(text)))
    content = ("\ufeff" + out.getvalue()).encode("utf-16-le") if encoding == "utf-16" else out.getvalue().encode(encoding)
    first, as_first = read_bill(text.encode(), "a.csv", now=NOW, price=priced)
    second, as_second = read_bill(content, "a.csv", now=NOW, price=priced)
    assert as_first == as_second and first == second


def test_the_id_is_of_the_usage_not_of_its_price() -> None:
    bill, _ = read_bill(OPENAI_USAGE.encode(), "a.csv", now=NOW, price=priced)
    unpriced, _ = read_bill(OPENAI_USAGE.encode(), "b.csv", now=NOW)
    other, _ = read_bill(OPENAI_USAGE.replace("59200.0", "59201.0").encode(), "a.csv", now=NOW)
    assert bill.id == unpriced.id != other.id
    assert replace(unpriced, cost=bill.cost, file_name="a.csv") == bill


def test_exports_behind_each_other_are_one() -> None:
    head, row, *_ = ANTHROPIC_USAGE.splitlines(keepends=True)
    bill, (line,) = read_bill((head + row + "\n" + head + row).encode(), "u.csv", now=NOW)
    assert line.prompt == 2 * 6_230 and bill.n_skipped == 1


def test_every_layout_is_told_apart_from_every_other() -> None:
    for layout in LAYOUTS:
        for names in ([group[0] for group in layout.needs], [group[-1] for group in layout.needs]):
            assert layouts_of(names) == [layout]
    assert column_names(["BYOK Usage", " Prompt  Tokens "]) == ("byok_usage", "prompt_tokens")


# ---------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        (b"", "no_rows", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text", None),
        (b"PK\x03\x04" + bytes(range(256)), "not_text", None),
        (b"\xff\xfe\x00", "not_text", None),
        ("a,b,c\n1,2,3\n", "unknown_columns", None),
        ("date,model,input_tokens,output_tokens,cost\n2026-01-01,m,1,1,1\n", "unknown_columns", None),
        (ANTHROPIC_COSTS.splitlines()[0], "no_rows", None),
        (ANTHROPIC_COSTS.replace("0.09", "-0.09"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "=SUM(A1:A9)"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "nan"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "inf"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "1e400"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "1e99"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "1e-99"), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", "9" * 70), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("0.09", '"1,234"'), "bad_number", 3),
        (ANTHROPIC_COSTS.replace("Claude Haiku 4.5", "=cmd|'/c calc'!A0"), "not_text", 3),
        (ANTHROPIC_COSTS.replace("Claude Haiku 4.5", "m" * 201), "not_text", 3),
        (ANTHROPIC_COSTS.replace("Claude Haiku 4.5", '"two\nlines"'), "not_text", 4),
        (ANTHROPIC_COSTS.replace("2026-02-12,C", "2199-02-12,C"), "bad_day", 3),
        (ANTHROPIC_COSTS.replace("2026-02-12,C", "1970-01-01,C"), "bad_day", 3),
        (ANTHROPIC_COSTS.replace("2026-02-12,C", "02/12/2026,C"), "bad_day", 3),
        (ANTHROPIC_COSTS.replace("2026-02-12,C", "2026-02-30,C"), "bad_day", 3),
        (ANTHROPIC_COSTS.replace("2026-02-12,C", "=TODAY(),C"), "bad_day", 3),
        (ANTHROPIC_COSTS + "2026-02-12,a,b\n,c,d,e,f,g,h,i,j,k,l", "unknown_columns", 6),
        (ANTHROPIC_COSTS + '2026-02-13,"open', "not_text", 5),
        (ANTHROPIC_COSTS + ANTHROPIC_USAGE, "mixed", 5),
        (ANTHROPIC_USAGE + OPENROUTER_DAYS, "mixed", 3),
        (OPENAI_COSTS + OPENROUTER_REQUESTS, "mixed", 5),
        ("usage_date_utc,model,cost_usd,created_at,cost_total,tokens_prompt,tokens_completion\n", "mixed", 1),
        (OPENAI_COSTS.replace(",usd,", ",eur,"), "bad_number", 2),
        (OPENAI_USAGE.replace("59200.0", "59200.5"), "bad_number", 2),
        (OPENAI_USAGE.replace("59200.0", '"1,000"'), "bad_number", 2),
        (OPENAI_USAGE.replace("59200.0", "1.000"), "bad_number", 2),
        (OPENAI_USAGE.replace("59200.0", "١٢٣"), "bad_number", 2),
        (OPENAI_USAGE.replace("59200.0", "1" + "0" * 18), "bad_number", 2),
        (OPENROUTER_DAYS.replace("430.07", "999999999") + "\n".join(
            ['"2026-05-12","m","999999999","0","1","1","1","0"'] * 9), "bad_number", 11),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_line(text: str | bytes, reason: str, line: int | None) -> None:
    assert refusal(text) == (reason, line)


def test_files_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"a" * 50_000_001) == ("too_large", None)
    monkeypatch.setattr("engine.ledger.bill_table.MOST_LINES", 3)
    assert refusal(ANTHROPIC_COSTS) == ("too_large", 4)


@settings(max_examples=60)
@given(st.binary(max_size=300))
@example(b"usage_date_utc,model,cost_usd\n2026-02-12,\xf0\x9f\x98\x80,1\n")
def test_any_bytes_are_a_bill_or_refused(content: bytes) -> None:
    for text in (content, ANTHROPIC_COSTS.encode() + content, b"\xff\xfe" + content):
        try:
            bill, kept = read_bill(text, "x.csv", now=NOW, price=priced)
        except BillUnfit as refused:
            assert refused.file == "x.csv"
        else:
            assert kept and bill.cost is not None and bill.cost >= 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.integers(0, 10**13)), min_size=1, max_size=20))
def test_lines_add_up_to_what_the_rows_say(rows: list[tuple[int, str, int]]) -> None:
    text = "usage_date_utc,model,cost_usd\n" + "".join(
        f"2026-03-0{day + 1},{model},{Decimal(nano).scaleb(-9):f}\n" for day, model, nano in rows
    )
    if not sum(nano for *_, nano in rows):
        return
    bill, kept = read_bill(text.encode(), "c.csv", now=NOW)
    assert sum(each.cost or 0 for each in kept) == bill.cost == sum(nano for *_, nano in rows)
    assert len({(each.day, each.model) for each in kept}) == len(kept) == bill.n_lines
