"""Which columns the usage exports of providers have, told by the set of their names and never by their places. Pure.

Where the names are from, and how sure they are:

- OpenAI, usage of completions: the columns of an export of October 2025 that its owner published. Counts are written
  like `59200.0`, cached tokens are part of `input_tokens`, and days without usage are rows with nothing but their times.
  `num_model_requests` and the token columns are also the names of the documented usage interface.
- OpenAI, costs: published exports of October 2025, and programs that read those of September 2026, which have `quantity`
  and `quantity_unit` besides. Amounts have thirty decimals; `line_item` is empty unless the export was grouped by it.
- OpenAI, costs of 2024 (`cost_in_major`): programs that read them. Usage before that (`n_context_tokens_total`): names of
  the older interface and programs that read such files; no real file was seen, so this one is unverified.
- Anthropic, usage: five programs and their test data, from June 2025 (one to two columns for cache writes, no
  `context_window`) to August 2026. It has no count of requests and no money.
- Anthropic, costs: a real export of February 2026, and programs for the generations before and after it. Models have the
  names that people read, and a web search has `--` for a model.
- OpenRouter, one row a request (`generation_id`): programs that read exports of October 2025 to September 2026, which name
  all its columns. One row a day and model (`Date, Slug, Usage`): one program's test data, of May 2026; with the names of the
  documented activity interface instead: a program that writes them.

Prices besides those of tokens: batches of OpenAI and Anthropic cost half of the list price (their price pages).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Names = tuple[str, ...]

#: Values that say nothing special.
PLAIN = frozenset({"", "--", "none", "null", "n/a"})


@dataclass(frozen=True)
class Layout:
    """A kind of export. Of `day`, `model`, `money`, `requests` the first column that is there is read; the others are added up.

    `needs` tells it from all others: of each group one name is there. `prompt` is everything that was read. `ordinary` are
    the values at list price of columns that can say otherwise, `batch` those at half of it; a row with any other value has no
    known price, nor has one with a count in `unpriced`. `steps` says how long the prompts were, where longer ones cost more.
    `item_ends` is behind the model in a name of something that is charged for.
    """

    provider: str
    needs: tuple[Names, ...]
    day: Names
    model: Names
    money: Names = ()
    currency: Names = ()
    requests: Names = ()
    prompt: Names = ()
    generated: Names = ()
    cached: Names = ()
    cache_write: Names = ()
    hour_write: Names = ()
    unpriced: Names = ()
    steps: Names = ()
    ordinary: Mapping[str, frozenset[str]] = field(default_factory=dict)
    batch: Mapping[str, frozenset[str]] = field(default_factory=dict)
    item_ends: str = ""
    is_request: bool = False  # each row is one request

    @property
    def has_money(self) -> bool:
        return bool(self.money)


_OPENAI_DAYS = ("start_time", "start_time_iso", "usage_date", "date", "timestamp", "aggregation_timestamp")
_NO_TEXT = ("input_audio_tokens", "output_audio_tokens", "input_image_tokens", "output_image_tokens")
_ANTHROPIC_CACHE_WRITES = ("usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write")

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        provider="openai",
        needs=(("start_time", "start_time_iso"), ("model",), ("num_model_requests",), ("input_tokens",), ("output_tokens",)),
        day=_OPENAI_DAYS,
        model=("model",),
        requests=("num_model_requests",),
        prompt=("input_tokens",),
        generated=("output_tokens",),
        cached=("input_cached_tokens",),
        unpriced=_NO_TEXT,
        ordinary={"service_tier": PLAIN | {"default", "standard", "auto"}, "batch": PLAIN | {"false", "0"}},
        batch={"service_tier": frozenset({"batch"}), "batch": frozenset({"true", "1"})},
    ),
    Layout(
        provider="openai",
        needs=(("start_time", "start_time_iso"), ("amount_value",), ("amount_currency",)),
        day=_OPENAI_DAYS,
        model=("model", "line_item"),
        money=("amount_value",),
        currency=("amount_currency",),
        item_ends=", ",
    ),
    Layout(
        provider="openai",
        needs=(("cost_in_major",), ("name",), ("date", "timestamp")),
        day=("date", "timestamp"),
        model=("name",),
        money=("cost_in_major",),
        currency=("currency",),
    ),
    Layout(
        provider="openai",
        needs=(
            ("n_context_tokens_total",),
            ("n_generated_tokens_total",),
            ("model", "snapshot_id"),
            ("usage_date", "date", "timestamp", "aggregation_timestamp"),
        ),
        day=("usage_date", "date", "timestamp", "aggregation_timestamp"),
        model=("model", "snapshot_id"),
        requests=("n_requests", "num_requests"),
        prompt=("n_context_tokens_total",),
        generated=("n_generated_tokens_total",),
        cached=("n_cached_context_tokens_total",),
    ),
    Layout(
        provider="anthropic",
        needs=(
            ("usage_date_utc",), ("model_version", "model"), ("usage_input_tokens_no_cache",), ("usage_output_tokens",),
        ),
        day=("usage_date_utc",),
        model=("model_version", "model"),
        requests=("requests", "request_count"),
        prompt=(
            "usage_input_tokens_no_cache", *_ANTHROPIC_CACHE_WRITES,
            "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_read",
        ),
        generated=("usage_output_tokens",),
        cached=("usage_input_tokens_cache_read",),
        cache_write=_ANTHROPIC_CACHE_WRITES,
        hour_write=("usage_input_tokens_cache_write_1h",),
        unpriced=("web_search_count",),
        steps=("context_window",),
        ordinary={
            "usage_type": PLAIN | {"standard", "message", "messages"},
            "speed": PLAIN | {"standard"},
            "inference_geo": PLAIN | {"global", "not_available"},  # to stay in one country costs more
        },
        batch={"usage_type": frozenset({"batch", "batches", "message_batch"})},
    ),
    Layout(
        provider="anthropic",
        needs=(("usage_date_utc",), ("model",), ("cost_usd",)),
        day=("usage_date_utc",),
        model=("model",),
        money=("cost_usd",),  # what is paid; `list_price_usd` beside it is before discounts
    ),
    Layout(
        provider="openrouter",
        needs=(("created_at",), ("cost_total",), ("model_permaslug", "model"), ("tokens_prompt",), ("tokens_completion",)),
        day=("created_at",),
        model=("model_permaslug", "model"),
        money=("cost_total",),  # not `byok_usage_inference`: that is charged by another company, on its own bill
        prompt=("tokens_prompt",),
        generated=("tokens_completion",),  # reasoning is part of it
        cached=("tokens_cached",),
        is_request=True,
    ),
    Layout(
        provider="openrouter",
        needs=(
            ("date",), ("usage",), ("slug", "model", "model_permaslug"), ("requests",),
            ("prompt_tokens",), ("completion_tokens",),
        ),
        day=("date",),
        model=("slug", "model", "model_permaslug"),
        money=("usage",),
        requests=("requests",),
        prompt=("prompt_tokens",),
        generated=("completion_tokens",),
    ),
)  # fmt: skip


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as they are compared: small letters, digits and single underscores."""
    return tuple(re.sub(r"[^a-z0-9]+", "_", each.casefold()).strip("_") for each in header)


def layouts_of(names: Sequence[str]) -> list[Layout]:
    """The kinds of export that a header with these names can be; more than one is a header of several."""
    known = set(names)
    return [each for each in LAYOUTS if all(known.intersection(group) for group in each.needs)]
