from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PricesUnfit
from engine.ledger.price_files import DEAREST, MOST_BYTES, MOST_ROWS, check_price, read_prices
from engine.price_records import ListedPrice

TODAY = date(2026, 11, 21)
FULL = (
    "provider,model,input,output,cached,cache_write,valid_from,valid_to,source,checked\n"
    "openai,gpt-9,1.25,10,0.125,,2026-11-01,2027-01-31,https://x.example/prices,2026-11-20\n"
)


def read(text: str | bytes) -> list[ListedPrice]:
    return read_prices(text.encode() if isinstance(text, str) else text, "prices.csv", TODAY)


def problem(text: str | bytes) -> tuple[str, int | None, str]:
    with pytest.raises(PricesUnfit) as caught:
        read(text)
    assert caught.value.file == "prices.csv"
    return caught.value.reason, caught.value.line, caught.value.detail


# ---------------------------------------------------------------- what is taken
def test_a_full_row() -> None:
    assert read(FULL) == [
        ListedPrice(
            "openai/gpt-9", 1_250_000, 10_000_000, 125_000, None, date(2026, 11, 1), date(2027, 1, 31), "imported",
            "https://x.example/prices", "2026-11-20",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "model,input,output\na/b,1,2\nc/d,0.000001,0\n",
        "MODEL ; Input;OUTPUT\r\n a/b ; 1 ; 2.000000\r\n\r\nc/d;0.000001;0",
        "\ufeffmodel,input,output,cached\na/b,1,2,\nc/d,0.000001,0\n",
        'model,input,output\n"a/b","1","2"\n\n"c/d","0.000001","0"\n',
        '[{"model": "a/b", "input": 1, "output": 2.0}, {"provider": "c", "model": "d", "input": 0.000001, "output": "0"}]',
        '\ufeff\n[\n {"model": "a/b", "input": "1", "output": 2, "cached": null}\n,\n'
        ' {"model": "c/d", "input": 0.000001, "output": 0}\n]\n',
    ],
)
def test_both_formats_with_either_separator_with_and_without_a_mark(text: str) -> None:
    rows = [(each.model, each.prompt, each.generated, each.cached) for each in read(text)]
    assert rows == [("a/b", 1_000_000, 2_000_000, None), ("c/d", 1, 0, None)]


def test_a_model_may_have_slashes_and_a_source_may_be_words() -> None:
    found = read("provider,model,input,output,source,note\nopenrouter,openai/gpt-9,1,2,our contract,yearly\n")[0]
    assert (found.model, found.url, found.note) == ("openrouter/openai/gpt-9", "", "our contract. yearly")
    assert read('model,input,output,note\na/b,1,2,"two\n lines"\n')[0].note == "two lines"
    assert read("model,input,output,source\na/b,1,2,file:///etc/passwd\n")[0].url == ""


@settings(max_examples=60)
@given(st.integers(0, DEAREST), st.integers(0, DEAREST), st.booleans())
def test_a_price_is_read_to_its_last_digit(prompt: int, generated: int, as_json: bool) -> None:
    dollars = [format(Decimal(each) / 1_000_000, "f") for each in (prompt, generated)]
    row = f'[{{"model": "a/b", "input": {dollars[0]}, "output": {dollars[1]}}}]'
    found = read(row if as_json else f"model,input,output\na/b,{dollars[0]},{dollars[1]}\n")[0]
    assert (found.prompt, found.generated) == (prompt, generated)


# ---------------------------------------------------------------- what is refused, with the line
@pytest.mark.parametrize("figure", ["-1", "1e3", "0.1234567", "10000.000001", "9999999", "1,5", "NaN", "$3", "1 000", "٣", ""])
def test_a_figure_that_is_none(figure: str) -> None:
    assert problem(f"model;input;output\na/b;1;2\nc/d;1;{figure}\n") == ("bad_number", 3, "output")
    text = json.dumps([{"model": "a/b", "input": "1", "output": "2"}, {"model": "c/d", "input": figure, "output": "1"}], indent=1)
    assert problem(text) == ("bad_number", 7, "input")


@pytest.mark.parametrize("value", ["true", "[1]", "{}", "-0.5", "1e-3", "NaN", "Infinity"])
def test_a_value_of_json_that_is_no_figure(value: str) -> None:
    assert problem(f'[{{"model": "a/b", "input": {value}, "output": 1}}]') == ("bad_number", 1, "input")


@pytest.mark.parametrize("day", ["2026-13-01", "21.11.2026", "20261121", "2026-2-1", "1999-01-01", "2026-02-30"])
def test_a_day_that_is_none(day: str) -> None:
    assert problem(f"model,input,output,valid_from\na/b,1,2,{day}\n") == ("bad_day", 2, "valid_from")


def test_days_that_cannot_be() -> None:
    header = "model,input,output,valid_from,valid_to,checked\n"
    assert problem(f"{header}a/b,1,2,2026-11-02,2026-11-01,\n") == ("bad_day", 2, "valid_to")
    assert problem(f"{header}a/b,1,2,,,yesterday\n") == ("bad_day", 2, "checked")
    assert problem(f"{header}a/b,1,2,,,2026-12-24\n") == ("bad_day", 2, "checked")


@pytest.mark.parametrize("model", ["", "gpt-4", "/gpt-4", "openai/", "a/b c", "a/b\u202e", "a/" + "x" * 200, "a/b/"])
def test_a_model_that_is_none(model: str) -> None:
    assert problem(f"model,input,output\na/b,1,2\n{model},1,2\n") == ("bad_model", 3, "model")


def test_the_same_model_twice_from_the_same_day() -> None:
    assert problem("model,input,output\na/b,1,2\nA/B,3,4\n") == ("bad_model", 3, "model")
    assert len(read("model,input,output,valid_from\na/b,1,2,\na/b,3,4,2026-12-01\n")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model,input\na/b,1\n", ("unknown_columns", 1, "output")),
        ("model,input,output,cahced\na/b,1,2,3\n", ("unknown_columns", 1, "cahced")),
        ("model,input,output,input\na/b,1,2,3\n", ("unknown_columns", 1, "input")),
        ("model,input,output\na/b,1,2,3\n", ("unknown_columns", 2, "")),
        ('[{"model": "a/b", "input": 1, "output": 1, "price": 1}]', ("unknown_columns", 1, "price")),
        ('[{"model": "a/b", "input": 1}]', ("unknown_columns", 1, "output")),
        ("", ("no_rows", None, "")),
        ("  \n ", ("no_rows", None, "")),
        ("model,input,output\n\n,,\n", ("no_rows", None, "")),
        ("[]", ("no_rows", None, "")),
        ('model,input,output\n"a/b,1,2\n', ("cannot_read", 2, "")),
        ('[{"model": "a/b", "input": 1, "output": 1}', ("cannot_read", 1, "")),
        ('[\n{"model": "a/b", "input": 1, "output": 1},\n{"model": \n]', ("cannot_read", 3, "")),
        ('[{"model": "a/b", "input": 1, "output": 1}] 7', ("cannot_read", 1, "")),
        ('[{"model": "a/b", "model": "c/d", "input": 1, "output": 1}]', ("cannot_read", 1, "")),
        ('{"model": "a/b"}', ("cannot_read", 1, "")),
        ("[7]", ("cannot_read", 1, "")),
        ("[" * 100_000, ("cannot_read", 1, "")),
        (b"model,input,output\na/\xff,1,2\n", ("not_text", None, "")),
        ("model,input,output\n".encode("utf-16"), ("not_text", None, "")),
        ("model,input,output\na/b,1,2\0\n", ("not_text", None, "")),
        (b" " * (MOST_BYTES + 1), ("too_large", None, "")),
        ("model,input,output,note\na/b,1,2," + "x" * 3000, ("too_large", 2, "note")),
        ("model,input,output,note\na/b,1,2,a\x1b[2J", ("not_text", 2, "note")),
        ('[{"model": "a/b", "input": 1, "output": 1, "note": "\\ud800"}]', ("not_text", 1, "note")),
    ],
)
def test_a_file_that_is_none(text: str | bytes, expected: tuple[str, int | None, str]) -> None:
    assert problem(text) == expected


def test_too_many_rows() -> None:
    rows = "".join(f"a/{number},1,2\n" for number in range(MOST_ROWS + 1))
    assert problem("model,input,output\n" + rows) == ("too_large", MOST_ROWS + 2, "")


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(alphabet='model,input;output\n"[{}]:/ab1.', max_size=120).map(str.encode))
def test_whatever_is_in_a_file_it_is_read_or_refused(data: bytes) -> None:
    try:
        assert read(data)
    except PricesUnfit as error:
        assert error.file == "prices.csv"


# ---------------------------------------------------------------- one's own
MINE = ListedPrice("my-server/qwen", 1_000_000, 2_000_000, first=date(2026, 11, 1), source="own")


def test_ones_own_price_is_kept_as_such() -> None:
    assert check_price(MINE) == MINE
    assert check_price(replace(MINE, source="bundled", has_steps=True)) == MINE


@pytest.mark.parametrize(
    ("wrong", "reason", "detail"),
    [
        ({"model": "gpt-4"}, "bad_model", "model"),
        ({"prompt": -1}, "bad_number", "input"),
        ({"generated": DEAREST + 1}, "bad_number", "output"),
        ({"cached": -1}, "bad_number", "cached"),
        ({"cache_write": DEAREST + 1}, "bad_number", "cache_write"),
        ({"first": date(1, 1, 1)}, "bad_day", "valid_from"),
        ({"last": date(2026, 10, 31)}, "bad_day", "valid_to"),
        ({"checked": "soon"}, "bad_day", "checked"),
        ({"url": "javascript:alert(1)"}, "cannot_read", "source"),
        ({"note": "x" * 2001}, "too_large", "note"),
        ({"note": "two\nlines"}, "not_text", "note"),
    ],
)
def test_ones_own_price_that_cannot_be(wrong: dict[str, object], reason: str, detail: str) -> None:
    with pytest.raises(PricesUnfit) as caught:
        check_price(replace(MINE, **wrong))
    assert (caught.value.reason, caught.value.line, caught.value.detail) == (reason, None, detail)
