"""The figures behind an advice, each with its name: what a rule rests on, what was tested, money, room and time. Pure."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures, money
from desktop.wordings import votes
from engine.advice_records import Quality, Reason, Rule
from engine.ledger_settings import Thresholds
from engine.price_records import Currency

translate = QCoreApplication.translate

Figure = int | float | str | None
_MILLION = 1_000_000
RATIOS = ("nam_blackwelder", "bootstrap")  # tests whose estimate is held against a part of the quality


def not_known() -> str:
    return translate("evidence", "not known")


def rule(of: Rule) -> str:
    """What a rule asks, as a title."""
    return {
        "confidential_on_api": translate("evidence", "Confidential work at an API"),
        "context": translate("evidence", "Room for long prompts"),
        "capacity": translate("evidence", "Room on this computer"),
        "inferior": translate("evidence", "Quality"),
        "reasoning": translate("evidence", "Hard reasoning"),
        "no_saving": translate("evidence", "Saving"),
        "low_volume": translate("evidence", "Amount of work"),
        "quality_unknown": translate("evidence", "Quality is not known"),
        "incomplete": translate("evidence", "Something is still missing"),
        "reached": translate("evidence", "As good, with a saving and room for it"),
        "otherwise": translate("evidence", "None of the other rules"),
    }[of]


# ---------------------------------------------------------------- figures of a rule
def of_reason(reason: Reason, currency: Currency) -> tuple[tuple[str, str], ...]:
    """Names and figures that a rule rests on; what has a place of its own on the sheet is left out."""
    found = []
    is_range = any(key == "saving_low" for key, _ in reason.facts)
    for key, value in reason.facts:
        if is_range and key in ("saving", "saving_high"):  # what counts is its low end; the range stands with the money
            continue
        if key in _FIGURES and value is not None:
            title, written = _FIGURES[key]
            found.append((title(), written(value, currency)))
    return tuple(found)


def _number(value: Figure, _currency: Currency) -> str:
    return figures.number(int(value or 0))


def _money(value: Figure, currency: Currency) -> str:
    return money.amount(money.converted(int(value or 0), currency), currency)


def _percent(value: Figure, _currency: Currency) -> str:
    return votes.percent(float(value or 0) / 100)


def _ppm(value: Figure, _currency: Currency) -> str:
    return votes.percent(float(value or 0) / _MILLION, 1)


def _ms(value: Figure, _currency: Currency) -> str:
    return figures.seconds(float(value or 0) / 1000)


def _s(value: Figure, _currency: Currency) -> str:
    return figures.seconds(float(value or 0))


def _months(value: Figure, _currency: Currency) -> str:
    return payback(int(value or 0))


def _chance(value: Figure, _currency: Currency) -> str:
    return p_value(float(value or 0))


_Written = Callable[[Figure, Currency], str]
_FIGURES: dict[str, tuple[Callable[[], str], _Written]] = {
    "n_api": (lambda: translate("evidence", "Requests to an API in 30 days"), _number),
    "prompt_95": (lambda: translate("evidence", "Tokens of a long prompt"), _number),
    "n_ctx": (lambda: translate("evidence", "Room of the local model, in tokens"), _number),
    "context_percent": (lambda: translate("evidence", "Part of it that prompts may fill"), _percent),
    "n_items": (lambda: translate("evidence", "Items a month"), _number),
    "most_items": (lambda: translate("evidence", "Most that this computer can do"), _number),
    "capacity_percent": (lambda: translate("evidence", "Part of it that may be needed"), _percent),
    "saving": (lambda: translate("evidence", "Saving a month"), _money),
    "saving_low": (lambda: translate("evidence", "Saving a month at least"), _money),
    "least": (lambda: translate("evidence", "Least saving that is worth a move"), _money),
    "api_cost": (lambda: translate("evidence", "The API a month"), _money),
    "local_cost": (lambda: translate("evidence", "This computer a month, at most"), _money),
    "few_items": (lambda: translate("evidence", "Few items are fewer than"), _number),
    "low_cost": (lambda: translate("evidence", "Little is less than"), _money),
    "n_more": (lambda: translate("evidence", "Prompts still needed, about"), _number),
    "test_cost": (lambda: translate("evidence", "What they cost at the API, about"), _money),
    "least_prompts": (lambda: translate("evidence", "Prompts before anything is decided"), _number),
    "corrected_p": (lambda: translate("evidence", "p, as one of several claims"), _chance),
    "valid_local": (lambda: translate("evidence", "Local answers that keep to the form"), _ppm),
    "valid_remote": (lambda: translate("evidence", "Remote answers that keep to the form"), _ppm),
    "valid_percent": (lambda: translate("evidence", "Form that is asked for"), _percent),
    "ratio_percent": (lambda: translate("evidence", "Part of the quality to be reached"), _percent),
    "margin_percent": (lambda: translate("evidence", "By how much it may be worse"), _percent),
    "wait_95_ms": (lambda: translate("evidence", "A long wait for an answer"), _ms),
    "longest_wait_s": (lambda: translate("evidence", "Longest wait that you accept"), _s),
    "payback_thousandths": (lambda: translate("evidence", "Pays for the computer in"), _months),
}


def payback(thousandths: int) -> str:
    """`4.2 months`, of thousandths of a month."""
    months = thousandths / 1000
    text = translate("evidence", "{n} months")
    return text.format(n=QLocale().toString(months, "f", 1 if months < 24 else 0))


def p_value(value: float) -> str:
    return translate("evidence", "below 0.001") if value < 0.001 else QLocale().toString(value, "f", 3)


# ---------------------------------------------------------------- quality
def source(of: Quality) -> str:
    """Where what is known of the quality comes from."""
    if not of.source or not of.n:
        return translate("evidence", "Nothing was compared with these two models yet.")
    text = {
        "votes": translate("evidence", "From your votes, without names in sight: {n}."),
        "evaluation": translate("evidence", "From a run over prompts with known answers: {n}."),
        "judge": translate("evidence", "From a model that judged, and from no person: {n}."),
    }[of.source]
    n = votes.votes(of.n) if of.source == "votes" else votes.prompts(of.n)
    text_of_time = translate("evidence", "The newest of them: {when}.")
    if of.source != "votes":
        text_of_time = translate("evidence", "It ended: {when}.")
    when = text_of_time.format(when=figures.day_and_time(of.time)) if of.time else ""
    return f"{text.format(n=n)} {when}".strip()


def status(of: Quality) -> str:
    return {
        "reached": translate("evidence", "As good within the margin"),
        "unknown": translate("evidence", "Not settled"),
        "inferior": translate("evidence", "Not as good"),
        "failing": translate("evidence", "Does not keep to the form"),
    }[of.status]


def test_details(of: Quality, thresholds: Thresholds) -> tuple[tuple[str, str], ...]:
    """The test, for those who want to check it."""
    if not of.test:
        return ()
    names = {
        "nam_blackwelder": translate("evidence", "Nam and Blackwelder, for a ratio"),
        "tango": translate("evidence", "Tango, for a difference"),
        "bootstrap": translate("evidence", "Bootstrap over the sources"),
        "agreement": translate("evidence", "None: a share of equal answers"),
    }
    found = [
        (translate("evidence", "Test"), names.get(of.test, of.test)),
        (translate("evidence", "Prompts or votes"), figures.number(of.n)),
    ]
    if of.p_value is not None:
        found.append((translate("evidence", "p, one-sided"), p_value(of.p_value)))
    if of.test in RATIOS:
        least = votes.percent(thresholds.ratio_percent / 100)
        found.append((translate("evidence", "Margin: quality of at least"), least))
    elif of.test == "tango":
        margin = translate("evidence", "{n} points").format(n=figures.number(thresholds.margin_percent))
        found.append((translate("evidence", "Margin: worse by at most"), margin))
    if of.interval is not None:
        found.append((translate("evidence", "Range"), translate("evidence", "95% interval")))
    return tuple(found)
