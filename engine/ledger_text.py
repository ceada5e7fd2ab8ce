"""The results of the verbs about the ledger as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

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


def money(nano: int, code: str) -> str:
    """`USD 12.34`, half even; what is not nothing is not shown as nothing."""
    amount = Decimal(nano).scaleb(-9)
    shown = amount.quantize(CENT, ROUND_HALF_EVEN)
    if amount and not shown:
        return f"{code} {amount:f}"
    return f"{code} {shown:,f}"


def _range(spread: Json | None, code: str) -> str:
    if spread is None:
        return "not known"
    low, mid, high = spread["nano"]
    return money(mid, code) if low == high else f"{money(mid, code)} ({money(low, code)} to {money(high, code)})"


def _ledger(result: Json) -> str:
    for part, render in _PARTS.items():
        if part in result:
            return render(result)
    return _month(result)


def _month(result: Json) -> str:
    code = result["currency"]["code"]
    paid, hardware, energy = result["paid"], result["hardware"], result["energy"]
    lines = [
        f"{result['month']}{' so far' if result['running'] else ''}: {result['items']} items answered here",
        f"  API price avoided   {_range(result['avoided'], code)}   at {result['reference']}, prices of {result['prices_as_of']}",
        f"- Electricity         {_range(result['electricity'], code)}   {energy['mid_kwh']:.3f} kWh",
        f"- Hardware share      {money(hardware['nano'], code)}",
        f"= Net saving          {_range(result['net'], code)}",
        f"Paid for remote models: {money(paid['nano'], code)}, {paid['calls']} requests",
        *(_against(each, code) for each in result["references"]),
        *(_line(each, code) for each in result["workloads"]),
        *(f"Not counted as saved: {each['n']} {each['use']}" for each in result["left_out"]),
        *(f"Note: {CAVEATS[each]}" for each in result["caveats"]),
        *(_advice(each) for each in result.get("advice", ())),
    ]
    return "\n".join(lines)


def _against(each: Json, code: str) -> str:
    chosen = ", suggested" if each["is_default"] else ""
    return f"Against {each['model']} ({each['role'].replace('_', ' ')}{chosen}): net {_range(each['net'], code)}"


def _line(each: Json, code: str) -> str:
    return f"{each['name']}: {each['items']} here, {each['paid_items']} remote, saved {_range(each['saved'], code)}"


def _advice(each: Json) -> str:
    why = next((RULES[reason["rule"]] for reason in each["reasons"] if reason["decides"]), "")
    more = f" About {each['prompts_to_test']} more prompts are needed." if each["prompts_to_test"] else ""
    saving = f" Saving a month: {_range(each['saving'], 'USD')}." if each["saving"] else ""
    alert = " Its quality has dropped since it was moved: ledger return." if each["alert"] else ""
    return f"{each['name']}: {LABELS[each['label']]}, since {why}.{saving}{more}{alert}"


def _all_advice(result: Json) -> str:
    return "\n".join(_advice(each) for each in result["advice"]) or "No workloads yet. A vote set of Compare is one."


def _exported(result: Json) -> str:
    return f"Written to {result['exported']['file']}. The file is not encrypted."


def _checked(result: Json) -> str:
    check = result["check"]
    found = "agree with" if check["is_sound"] else f"differ in {check['n_differences']} places from"
    rebuilt = " They were made anew." if check["was_rebuilt"] else ""
    ahead = f" {check['n_ahead']} entries are dated in the future." if check["n_ahead"] else ""
    return f"The sums {found} {check['n_events']} entries.{rebuilt}{ahead}"


def _unknown(result: Json) -> str:
    lines = [f"{each['id']}  {each['time']}  {each['model']}  at most {_usd(each['at_most'])}" for each in result["unknown"]]
    return "\n".join(lines) or "The cost of every request is known."


def _usd(amount: float | None) -> str:
    return "not known" if amount is None else f"USD {amount:.6f}"


def _prices(result: Json) -> str:
    head = f"Dollars for a million tokens. Prices as of {result['as_of']}, {result['age_days']} days old."
    lines = [f"{each['model']}: {each['input']:g} in, {each['output']:g} out ({each['source']})" for each in result["prices"]]
    left = result["found"] - len(result["prices"])
    return "\n".join([head, *lines, *([f"and {left} more"] if left > 0 else [])])


def _bills(result: Json) -> str:
    return "\n".join(_bill(each) for each in result["bills"]) or "No usage was imported."


def _bill(each: Json) -> str:
    cost = "no price" if each["cost"] is None else f"USD {each['cost']:.2f} ({each['cost_source']})"
    return f"{each['id'][:16]}  {each['provider']} {each['first']} to {each['last']}: {each['requests']} requests, {cost}"


def _calculated(result: Json) -> str:
    plan = result["calculation"]
    api = "not known" if plan["api"] is None else money(plan["api"]["nano"], "USD")
    lines = [f"{plan['items']} items a month with {plan['model']}: {api}, prices of {plan['prices_as_of']}"]
    for name, words in (("server", "A rented server"), ("computer", "This computer")):
        if (each := plan[name]) is not None:
            since = "never cheaper" if each["break_even_items"] is None else f"cheaper from {each['break_even_items']:,} items"
            able = "" if each["feasible"] else f", but it can do only {plan['most_items']:,}"
            lines.append(f"{words}: {_range(each['cost'], 'USD')}, saves {_range(each['saves'], 'USD')}, {since}{able}")
    return "\n".join(lines)


def _workload(result: Json) -> str:
    each = result["workload"]
    route = each["route"]
    where = {"api": "at the remote model", "shadow": "at the remote model, compared with this computer", "local": "here"}
    return f"{each['name']} runs {where.get(route['kind'], str(route['share_percent']) + ' % here')} now."


def _costs(result: Json) -> str:
    return "\n".join(f"{name}: {value}" for name, value in result["costs"].items())


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
    return f"{done['done']} answered{failed}: {done['local']} here, {done['remote']} by the remote model."


_PARTS: dict[str, Callable[[Json], str]] = {
    "exported": _exported,
    "check": _checked,
    "unknown": _unknown,
    "prices": _prices,
    "bills": _bills,
    "calculation": _calculated,
    "workload": _workload,
    "costs": _costs,
}
LEDGER_RENDERERS: dict[str, Callable[[Json], str]] = {
    "ledger": lambda result: _all_advice(result) if set(result) == {"advice"} else _ledger(result),
    "run": _run,
}
