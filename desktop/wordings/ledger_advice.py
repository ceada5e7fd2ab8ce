"""What to move next, in words: the label, one sentence with the figures, why it cannot be moved now. Pure."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures, money
from desktop.wordings import ledger, votes
from desktop.wordings.words import StatusWords
from engine.advice_records import Advice, Label, Quality, Rule
from engine.price_records import Currency

_RATIOS = ("nam_blackwelder",)  # tests whose estimate is a ratio of qualities; that of others is a difference

translate = QCoreApplication.translate


def label(of: Label) -> StatusWords:
    """Migrate, Keep testing, Stay on API."""
    return {
        "migrate": StatusWords(translate("advice", "Migrate"), "local", "check"),
        "test_more": StatusWords(translate("advice", "Keep testing"), "neutral", "scale"),
        "stay": StatusWords(translate("advice", "Stay on API"), "outbound", "arrow-up-right"),
    }[of]


def chip(of: Advice) -> StatusWords:
    """The label, or what is wrong with a workload that was moved."""
    if of.alert == "quality_dropped":
        return StatusWords(translate("advice", "Quality dropped"), "caution", "triangle-alert")
    if of.alert == "form_dropped":
        return StatusWords(translate("advice", "Form dropped"), "caution", "triangle-alert")
    if of.workload.route.kind == "local" and of.label == "migrate":
        return StatusWords(translate("advice", "Moved here"), "local", "lock")
    return label(of.label)


def rule_of(of: Advice) -> Rule:
    """The rule that decides."""
    return next((reason.rule for reason in of.reasons if reason.decides), "otherwise")


def sentence(of: Advice, currency: Currency) -> str:
    """Why, with the figures that decide."""
    if of.alert:
        return _alert(of)
    words = _reason(of, rule_of(of), currency)
    why_not = _obstacle(of) if of.label == "migrate" else ""
    return f"{words} {why_not}".strip()


def _alert(of: Advice) -> str:
    if of.alert == "form_dropped":
        share = votes.percent((of.quality.valid_local or 0) / 1_000_000, 1)
        text = translate(
            "advice", "Since it was moved here, {share} of its answers keep to the wanted form. Moving it back is advised."
        )
        return text.format(share=share)
    if (shares := _shares(of.quality)) is not None:
        text = translate("advice", "Since it was moved here, {local} against {remote}% for the API. Moving it back is advised.")
        return text.format(local=_one(shares[0]), remote=_one(shares[1]))
    return translate("advice", "Its quality has dropped since it was moved here. Moving it back is advised.")


def _reason(of: Advice, rule: Rule, currency: Currency) -> str:
    match rule:
        case "reached":
            return _reached(of, currency)
        case "quality_unknown":
            return _unknown(of, currency)
        case "incomplete":
            return _incomplete(of)
        case "inferior":
            return _inferior(of.quality)
        case "confidential_on_api" | "context" | "capacity":
            return _not_here(of, rule)
        case "no_saving" | "low_volume":
            return _not_worth_it(of, rule, currency)
        case "reasoning":
            return translate(
                "advice", "You marked it as hard reasoning, and it is not shown yet that the local model is as good."
            )
    return translate("advice", "As good as the API, but the saving or the room on this computer is not certain yet.")


def _reached(of: Advice, currency: Currency) -> str:
    """`As good as the API within 2 points (94.1 against 94.8%), 100,000 a month.`"""
    words, shares = translate("advice", "As good as the API"), _shares(of.quality)
    if shares is not None:
        points = _points_below(of.quality, shares)
        near = translate("advice", "within 1 point") if points == 1 else translate("advice", "within {n} points")
        text = translate("advice", "{words} {near} ({local} against {remote}%)")
        near = near.format(n=figures.number(points))
        words = text.format(words=words, near=near, local=_one(shares[0]), remote=_one(shares[1]))
    words = translate("advice", "{words}, {n} a month.").format(words=words, n=figures.number(of.facts.n_items))
    if of.saving is None or of.saving.low <= 0:
        return words
    saves = translate("advice", "Saves {amounts} a month.")
    low, high = (money.converted(end, currency) for end in (of.saving.low, of.saving.high))
    return f"{words} {saves.format(amounts=money.span(low, high, currency))}"


def _unknown(of: Advice, currency: Currency) -> str:
    """`41 votes so far. About 40 more are needed to decide.`"""
    quality = of.quality
    more = translate("advice", "About {n} more are needed to decide.")
    if not quality.n:
        begun = translate("advice", "Nothing was compared yet.")
        more = translate("advice", "About {n} comparisons are needed to decide.")
    elif quality.source == "votes":
        begun = translate("advice", "{votes} so far.").format(votes=votes.votes(quality.n))
    else:
        begun = translate("advice", "{prompts} compared so far.").format(prompts=votes.prompts(quality.n))
    if not quality.n_more:
        return begun
    more = more.format(n=figures.number(quality.n_more))
    if not of.test_cost:
        return f"{begun} {more}"
    cost = money.about(money.converted(of.test_cost, currency), currency)
    return f"{begun} {more} {translate('advice', 'At the API they cost {cost}.').format(cost=cost)}"


def _incomplete(of: Advice) -> str:
    traits, facts = of.workload.traits, of.facts
    if of.quality.source == "judge":
        return translate("advice", "Only a model has judged it so far. Your own votes are needed.")
    if facts.wait_95_ms is not None and traits.longest_wait_s is not None and facts.wait_95_ms > traits.longest_wait_s * 1000:
        text = translate("advice", "As good, but some answers take {time}; you want them within {limit}.")
        limit = figures.amount(traits.longest_wait_s, translate("advice", "second"), translate("advice", "seconds"))
        return text.format(time=figures.seconds(facts.wait_95_ms / 1000), limit=limit)
    return translate("advice", "As good so far, but what the API would charge for it is too uncertain.")


def _inferior(quality: Quality) -> str:
    if quality.source == "votes" and quality.table is not None:
        text = translate("advice", "Readers preferred the API in {n} of {all} blind votes.")
        return text.format(n=figures.number(quality.table[2]), all=figures.number(quality.n or sum(quality.table)))
    if (shares := _shares(quality)) is not None:
        text = translate("advice", "The API is better: {remote} against {local}%.")
        return text.format(remote=_one(shares[1]), local=_one(shares[0]))
    return translate("advice", "The local model was shown to be less good.")


def _not_here(of: Advice, rule: Rule) -> str:
    facts = of.facts
    if rule == "confidential_on_api":
        text = translate("advice", "You marked it as confidential, and {requests} went to an API in the last 30 days.")
        return text.format(requests=ledger.requests(facts.n_api))
    if rule == "context":
        text = translate("advice", "Its long prompts have {n} tokens; the local model has room for {room}.")
        return text.format(n=_known(facts.prompt_95), room=_known(facts.n_ctx))
    if not facts.has_local_model:
        return translate("advice", "No model on this computer can take it.")
    text = translate("advice", "{n} a month; this computer can do about {most}.")
    return text.format(n=figures.number(facts.n_items), most=_known(facts.most_items))


def _not_worth_it(of: Advice, rule: Rule, currency: Currency) -> str:
    facts = of.facts
    cost = money.converted(facts.api_cost, currency) if facts.api_cost is not None else None
    if rule == "low_volume" or facts.local_cost is None:
        text = translate("advice", "{n} a month cost {cost} at the API. That is too little to be worth a move.")
        return text.format(n=figures.number(facts.n_items), cost=money.known(cost, currency))
    here = money.converted(facts.local_cost, currency)
    text = translate("advice", "The API costs {cost} a month, this computer up to {here}. The difference is too small.")
    if cost is not None and here > cost:
        text = translate("advice", "The API is cheaper: {cost} a month, against up to {here} on this computer.")
    return text.format(cost=money.known(cost, currency), here=money.amount(here, currency))


def _obstacle(of: Advice) -> str:
    if of.obstacle == "one_at_a_time":
        if of.watched_until is None:
            return translate("advice", "One at a time: another workload is still being watched.")
        text = translate("advice", "One at a time: another workload is being watched until {day}.")
        return text.format(day=figures.day(of.watched_until))
    return {
        "no_local_model": translate("advice", "Choose a model of this computer first."),
        "no_remote_model": translate("advice", "Choose the remote model first."),
    }.get(of.obstacle, "")


def _shares(quality: Quality) -> tuple[float, float] | None:
    """Which part of the prompts the local and the remote model got right; None where votes say only who was preferred."""
    if quality.table is None or quality.source == "votes" or not sum(quality.table):
        return None
    both, local, remote, _ = quality.table
    n = sum(quality.table)
    return (both + local) / n, (both + remote) / n


def _points_below(quality: Quality, shares: tuple[float, float]) -> int:
    """By how many points of a hundred the local model may be worse: at the low end of the interval, where there is one."""
    difference = shares[0] - shares[1]
    if quality.interval is not None:
        low = quality.interval[0]
        difference = low * shares[1] - shares[1] if quality.test in _RATIOS else low
    return max(1, math.ceil(round(-100 * difference, 6)))


def _one(share: float) -> str:
    return QLocale().toString(100 * share, "f", 1)


def _known(n: int | None) -> str:
    return translate("advice", "not known") if n is None else figures.number(n)
