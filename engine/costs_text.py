"""What the ledger counts with, as plain text for a terminal: a line for each thing, and what stands in for what is not known."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

ROLES = {"would_use": "Model you would use", "strong": "A strong model", "cheapest": "The cheapest that would do"}
ADVICE = (
    "to move what reaches {ratio_percent} % of the quality over {least_prompts} prompts and saves {least_saving:g} USD and"
    " {least_saving_percent} % a month"
)


def costs_text(result: Json) -> str:
    """The result of `ledger costs`."""
    costs = result["costs"]
    named = [
        ("Currency", costs["currency"]),
        *(
            ("Exchange rate", f"1 USD is {_number(each['per_usd'])} {each['currency']}, as of {each['as_of']}")
            for each in costs["rates"]
        ),
        *_electricity(costs),
        ("Computer", _computer(costs["hardware"])),
        *((ROLES[each["role"]], each["model"] + (", suggested" if each["is_default"] else "")) for each in costs["references"]),
        *(_budgets(costs["budgets"]) or [("Budget", "none")]),
        ("Advice", ADVICE.format(**costs["thresholds"])),
    ]
    width = max(len(name) for name, _ in named)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in named)


def _electricity(costs: Json) -> list[tuple[str, str]]:
    tariffs = [
        f"{_money(each['per_kwh'], each['currency'])} a kilowatt-hour from {each['from']}" for each in costs["electricity"]
    ]
    watts = costs["watts"]
    meter = f"{watts['idle']} W idle, {watts['busy']} W answering" if watts else "not entered, so what is used is estimated"
    return [*(("Electricity", each) for each in tariffs or ["not entered; 0.20 USD is an example"]), ("Plug meter", meter)]


def _computer(hardware: Json | None) -> str:
    if hardware is None:
        return "owned already, nothing is counted for it"
    share = "" if hardware["share_percent"] == 100 else f", {hardware['share_percent']} % for this work"
    price = _money(hardware["price"], hardware["currency"])
    return f"{price}, bought {hardware['bought']}, spread over {hardware['months']} months{share}"


def _budgets(budgets: list[Json]) -> list[tuple[str, str]]:
    return [
        (
            "Budget",
            f"{_money(each['limit'], each['currency'])} a month for {each['scope'] or 'everything'}"
            + (", nothing is sent that could pass it" if each["hard"] else ", with warnings"),
        )
        for each in budgets
    ]


def _money(amount: Json, code: str) -> str:
    return f"{code} {amount['amount']:,.2f}" if amount["nano"] % 10_000_000 == 0 else f"{code} {_number(amount['amount'])}"


def _number(value: float) -> str:
    return f"{value:,.8f}".rstrip("0").rstrip(".")
