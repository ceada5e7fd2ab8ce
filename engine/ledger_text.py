"""The results of the verbs about the ledger as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from engine.costs_text import costs_text

Json = dict[str, Any]

CENT = Decimal("0.01")

CAVEATS = {
    "example_tariff": "No price of electricity was entered: 0.20 USD a kilowatt-hour is an example.",
    "default_reference": "The model to compare with is the program's suggestion. Choose yours: ledger costs --would-use.",
    "old_prices": "The price list is older than 60 days.",
    "very_old_prices": "The price list is older than 180 days.",
    "no_ratio": "Tokens of the other vendor are not known for this model; the range is wide for it.",
    "unknown_price": "The model to compare with has no known price on some days.",
    "unknown_cost": "Requests whose cost nobody told count as the most that they can have cost.",
    "clock_ahead": "Some entries are dated in the future: a clock was wrong.",
    "rate_old": "The exchange rate is older than 60 days.",
    "no_rate": "Amounts in a currency without an exchange rate are left out.",
    "unbounded_cost": "Of some requests not even the most that they can have cost is known.",
    "api_cheaper": "The remote model would have cost less.",
    "modelled_energy": "Electricity was not measured but worked out from the use of the processor.",
    "differs": "The sums do not agree with the entries: ledger check --rebuild.",
}
LABELS = {"migrate": "Migrate", "test_more": "Keep testing", "stay": "Stay on API"}
RULES = {
    "confidential_on_api": "it is confidential and texts of it went to a remote model",
    "context": "its long texts do not fit the local model",
    "capacity": "this computer cannot do as many, or no model fits",
    "inferior": "the local model was shown to be worse",
    "reasoning": "it needs the strongest reasoning and the local model has not shown it",
    "no_saving": "it would save too little",
    "low_volume": "there are few of them",
    "quality_unknown": "the quality is not shown yet",
    "incomplete": "something is missing to decide",
    "reached": "the local model reaches the quality and it saves money",
    "otherwise": "nothing decides it yet",
}


ROLES = {"would_use": "the model you would use", "strong": "a strong one", "cheapest": "the cheapest that would do"}
LEFT_OUT = {"again": "asked for again", "cancelled": "stopped", "test": "made to compare or to measure"}
NO_NAME = "Without a name"


def money(nano: int, code: str) -> str:
    """`USD 12.34`, half even; what is less than half a cent has its first two digits, so that it is not shown as nothing."""
    return f"{code} {_figure(nano)}"


def _figure(nano: int) -> str:
    amount = Decimal(nano).scaleb(-9)
    shown = amount.quantize(CENT, ROUND_HALF_EVEN)
    if amount and not shown:
        shown = amount.quantize(Decimal(1).scaleb(max(amount.adjusted() - 1, -9)), ROUND_HALF_EVEN)
    return f"{shown:,f}"


def _range(spread: Json | None, code: str) -> str:
    """The middle with what it is at least and at most, where that can be told apart."""
    if spread is None:
        return "not known"
    low, mid, high = (_figure(each) for each in spread["nano"])
    return f"{code} {mid}" if low == mid == high else f"{code} {mid} ({low} to {high})"


def _counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")


def _ledger(result: Json) -> str:
    for part, render in _PARTS.items():
        if part in result:
            return render(result)
    return _month(result)


# ---------------------------------------------------------------- months
def _month(result: Json) -> str:
    code = result["currency"]["code"]
    paid, hardware, energy = result["paid"], result["hardware"], result["energy"]
    forecast = "" if paid["forecast"] is None else f"; by the end of the month about {money(paid['forecast_nano'], code)}"
    rows = [
        ("  API price avoided", _range(result["avoided"], code), f"at {result['reference']}, prices of {result['prices_as_of']}"),
        ("- Electricity", _range(result["electricity"], code), _energy(energy["mid_kwh"])),
        ("- Hardware share", money(hardware["nano"], code), ""),
        ("= Net saving", _range(result["net"], code), ""),
    ]
    lines = [
        f"{result['month']}{' so far' if result['running'] else ''}: {_counted(result['items'], 'item', 'items')} answered here",
        *_table(rows),
        f"Paid for remote models: {money(paid['nano'], code)}, {_counted(paid['calls'], 'request', 'requests')}{forecast}",
        *(_budget(each, code) for each in result["budgets"]),
        *(_against(each, code) for each in result["references"]),
        *(_line(each, code) for each in result["workloads"]),
        *(f"Not counted as saved: {each['n']:,} {LEFT_OUT.get(each['use'], each['use'])}" for each in result["left_out"]),
        *_break_even(result["break_even"]),
        *(f"Note: {CAVEATS[each]}" for each in result["caveats"]),
        *(_advice(each) for each in result.get("advice", ())),
    ]
    return "\n".join(lines)


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Amounts below each other."""
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{name:<{widths[0]}}  {amount:<{widths[1]}}  {more}".rstrip() for name, amount, more in rows]


def _energy(kwh: float) -> str:
    return f"{_number(round(kwh, 3))} kWh" if kwh >= 0.001 or not kwh else f"{_number(round(kwh * 1000, 6))} Wh"


def _budget(each: Json, code: str) -> str:
    of = " ".join(each["name"].split()) or each["scope"] or "everything"
    hard = ", nothing is sent that could pass it" if each["hard"] else ""
    return f"Budget for {of}: {money(each['spent_nano'], code)} of {money(each['limit_nano'], code)}{hard}"


def _against(each: Json, code: str) -> str:
    chosen = ", suggested" if each["is_default"] else ""
    return f"Against {each['model']} ({ROLES[each['role']]}{chosen}): net {_range(each['net'], code)}"


def _name(each: Json) -> str:
    """The name of a workload, which makes no line of its own."""
    return " ".join(each["name"].split()) or NO_NAME


def _line(each: Json, code: str) -> str:
    return f"{_name(each)}: {each['items']:,} here, {each['paid_items']:,} remote, saved {_range(each['saved'], code)}"


def _break_even(of: Json) -> list[str]:
    span = f" ({of['earliest'] or 'never'} to {of['latest'] or 'never'})" if of["earliest"] != of["latest"] else ""
    told = {
        "too_early": "It is too early to say when the computer has paid for itself.",
        "reached": f"The computer has paid for itself since {of['reached']}.",
        "likely": f"As things go the computer has paid for itself in {of['reached'] or 'more than ten years'}{span}.",
        "never": "As things go the computer does not pay for itself.",
    }.get(of["state"])
    return [told] if told else []


def _advice(each: Json) -> str:
    why = next((RULES[reason["rule"]] for reason in each["reasons"] if reason["decides"]), "")
    more = f" About {each['prompts_to_test']} more prompts are needed." if each["prompts_to_test"] else ""
    saving = f" Saving a month: {_range(each['saving'], 'USD')}." if each["saving"] else ""
    alert = " Its quality has dropped since it was moved: ledger return." if each["alert"] else ""
    return f"{_name(each)}: {LABELS[each['label']]}, since {why}.{saving}{more}{alert}"


def _all_advice(result: Json) -> str:
    return "\n".join(_advice(each) for each in result["advice"]) or "No workloads yet. A vote set of Compare is one."


def _exported(result: Json) -> str:
    return f"Written to {result['exported']['file']}. The file is not encrypted."


def _checked(result: Json) -> str:
    check = result["check"]
    found = "agree with" if check["is_sound"] else f"differ in {_counted(check['n_differences'], 'place', 'places')} from"
    rebuilt = " They were made anew." if check["was_rebuilt"] else ""
    ahead = f" Dated in the future: {check['n_ahead']:,}. A clock was wrong." if check["n_ahead"] else ""
    return f"The sums {found} {_counted(check['n_events'], 'entry', 'entries')}.{rebuilt}{ahead}"


def _unknown(result: Json) -> str:
    lines = [f"{each['id']}  {each['time']}  {each['model']}  {_at_most(each['at_most_nano_usd'])}" for each in result["unknown"]]
    if not lines:
        return "The cost of every request is known."
    return "\n".join([*lines, "What it was in the end: ledger unknown --resolve ID=USD"])


def _at_most(nano: int | None) -> str:
    return "may have cost any amount" if nano is None else f"at most {money(nano, 'USD')}"


# ---------------------------------------------------------------- prices and bills
def _prices(result: Json) -> str:
    days = _counted(result["age_days"], "day", "days")
    head = f"Dollars for a million tokens. Prices as of {result['as_of']}, {days} old."
    lines = [_price(each) for each in result["prices"]] or ["No price of this name."]
    left = result["found"] - len(result["prices"])
    return "\n".join([head, *lines, *([f"and {left:,} more"] if left > 0 else [])])


def _price(each: Json) -> str:
    source = {"own": "your own", "imported": "imported", "bundled": "from the list"}.get(each["source"], each["source"])
    since = f", from {each['from']}" if each["from"] else ""
    steps = ", more for long texts" if each["has_steps"] else ""
    return f"{each['model']}: {_number(each['input'])} in, {_number(each['output'])} out ({source}{since}{steps})"


def _bills(result: Json) -> str:
    lines = [_bill(each) for each in result["bills"]] or ["No usage was imported."]
    if "kept" in result:
        replaced, kept = result["replaced_lines"], result["kept"]
        was = "was" if kept else "would be"
        lines.append("Kept." if kept else "Nothing was kept. Leave out --preview to keep it.")
        if replaced:
            lines.append(f"Of earlier imports {_counted(replaced, 'line', 'lines')} {was} replaced.")
    return "\n".join(lines)


def _bill(each: Json) -> str:
    sources = {"provider": "as charged", "computed": "by the price list"}
    source = sources.get(each["cost_source"], each["cost_source"])
    cost = "no price" if each["cost"] is None else f"{money(each['cost_nano_usd'], 'USD')} ({source})"
    days = each["first"] if each["first"] == each["last"] else f"{each['first']} to {each['last']}"
    skipped = f", {_counted(each['skipped_lines'], 'line', 'lines')} passed over" if each["skipped_lines"] else ""
    requests = _counted(each["requests"], "request", "requests")
    return f"{each['id']}  {each['provider']}, {days}: {requests}, {cost}{skipped}"


# ---------------------------------------------------------------- plans
def _calculated(result: Json) -> str:
    plan = result["calculation"]
    items = f"{_counted(plan['items'], 'item', 'items')} a month with {plan['model']}"
    if plan["api"] is None:
        lines = [f"{items}: no known price. Enter one with ledger prices --set."]
    else:
        lines = [f"{items}: {money(plan['api']['nano'], 'USD')}, prices of {plan['prices_as_of']}"]
    for name, words in (("server", "A rented server"), ("computer", "This computer")):
        if (each := plan[name]) is not None:
            lines.append(f"{words}: {_range(each['cost'], 'USD')}, {_saves(each['saves'])}, {_since(each['break_even_items'])}")
    able = f"This computer can do {_counted(plan['most_items'], 'item', 'items')} a month"
    enough = "." if plan["most_items"] >= plan["items"] else ", which is not enough."
    return "\n".join([*lines, f"{able}, {plan['seconds_per_item']:,.1f} s for each{enough}"])


def _saves(spread: Json) -> str:
    low, mid, high = spread["nano"]
    if mid >= 0:
        return f"saves {_range(spread, 'USD')}"
    return f"costs {_range({'nano': [-high, -mid, -low]}, 'USD')} more"


def _since(n: int | None) -> str:
    return "never cheaper" if n is None else "cheaper from the first item" if n <= 1 else f"cheaper from {n:,} items"


def _workload(result: Json) -> str:
    each = result["workload"]
    route, at = each["route"], f"at {each['route']['remote'] or 'the remote model'}"
    share = f"{route['share_percent']} % on this computer, the rest {at}"
    where = {"api": at, "shadow": f"{at}, compared with this computer", "local": "on this computer", "share": share}
    return f"{_name(each)} runs {where[route['kind']]} now."


def _run(result: Json) -> str:
    if "preview" in result:
        work = result["preview"]
        plan = f"{work['local']} answered here, {work['remote']} by the remote model, {work['sample']} by both as a sample."
        if not work["bodies"]:
            return f"{plan} Nothing would be sent."
        lines = [plan, ""]
        for body in work["bodies"]:
            lines += [f"POST {body['url']}", body["bytes"], f"SHA-256 {body['sha256']}", ""]
        lines.append("Nothing was sent. Hiding is not perfect: a name may have been missed.")
        return "\n".join([*lines, f"To send exactly these, each once: --approve {work['sha256']}"])
    done = result["work"]
    failed = f", {done['failed']} failed" if done["failed"] else ""
    spent = "" if not done["spent_nano_usd"] else f" Paid: {money(done['spent_nano_usd'], 'USD')}."
    return f"{done['done']} answered{failed}: {done['local']} here, {done['remote']} by the remote model.{spent}"


_PARTS: dict[str, Callable[[Json], str]] = {
    "exported": _exported,
    "check": _checked,
    "unknown": _unknown,
    "prices": _prices,
    "bills": _bills,
    "calculation": _calculated,
    "workload": _workload,
    "costs": costs_text,
}
LEDGER_RENDERERS: dict[str, Callable[[Json], str]] = {
    "ledger": lambda result: _all_advice(result) if set(result) == {"advice"} else _ledger(result),
    "run": _run,
}
