from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.errors import NotFound
from engine.price_records import ListedPrice
from engine.store.store import Store

DAY = date(2026, 11, 1)
PRICE = ListedPrice(
    "openai/gpt-4o", 2_500_000, 10_000_000, 1_250_000, 2_500_000, DAY, date(2026, 12, 1), "own", "https://example.com",
    "2026-11-02", "ours", has_steps=True,
)  # fmt: skip


def test_no_prices_yet(store: Store) -> None:
    assert (store.price_lists.own(), store.price_lists.imported()) == ([], ("", []))


def test_an_own_price_takes_the_place_of_the_one_from_the_same_day(store: Store) -> None:
    open_ended, other = replace(PRICE, first=None, last=None), replace(PRICE, model="acme/one")
    for price in (replace(PRICE, prompt=1), open_ended, PRICE, other):
        store.price_lists.keep(price)
    assert store.price_lists.own() == [other, open_ended, PRICE]


def test_a_price_that_is_kept_is_the_users_own(store: Store) -> None:
    store.price_lists.keep(replace(PRICE, source="bundled"))
    assert store.price_lists.own() == [PRICE]


def test_an_own_price_is_removed_by_model_and_day(store: Store) -> None:
    open_ended = replace(PRICE, first=None)
    for price in (PRICE, open_ended):
        store.price_lists.keep(price)
    store.price_lists.remove(replace(open_ended, prompt=7))
    assert store.price_lists.own() == [PRICE]
    with pytest.raises(NotFound) as missing:
        store.price_lists.remove(open_ended)
    assert (missing.value.what, missing.value.name) == ("price", "openai/gpt-4o")


def test_an_imported_list_is_replaced_as_a_whole(store: Store) -> None:
    store.price_lists.keep(PRICE)
    store.price_lists.replace_imported("old.csv", [PRICE, replace(PRICE, model="b/c")])
    new = replace(PRICE, model="a/b", source="imported")
    store.price_lists.replace_imported("new\x1b.csv", [new, replace(PRICE, model="0/0")])
    name, prices = store.price_lists.imported()
    assert (name, prices) == ("new\ufffd.csv", [new, replace(PRICE, model="0/0", source="imported")])
    store.price_lists.replace_imported("none.csv", [])
    assert (store.price_lists.imported(), store.price_lists.own()) == (("", []), [PRICE])
