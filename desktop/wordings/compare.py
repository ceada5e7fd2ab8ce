"""What the Compare screen says: stages of an answer, figures, money, votes. Pure; errors have their words elsewhere.

Money comes in nano-dollars and is shown in US dollars. What is not known is said to be so, and is never a zero.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from desktop.wordings.words import StatusWords, Words
from engine.compare_records import Difference, PaneAnswer
from engine.provider_records import Cost, TokenCounts

translate = QCoreApplication.translate

_NANO = 1_000_000_000
_SMALLEST = 50_000  # nano-dollars that still show as 0.0001


def place_name(place: int) -> str:
    """`Answer A` for the first place from the left."""
    return translate("compare", "Answer {letter}").format(letter="ABCD"[place])


# ---------------------------------------------------------------- money
def money(nano_usd: int) -> str:
    """`$0.0014`, `$12.40`: four decimals below a dollar, two from there on; what is smaller still says that it is."""
    if 0 < nano_usd < _SMALLEST:
        return translate("compare", "under {amount}").format(amount=_dollars(100_000, 4))
    return _dollars(nano_usd, 4 if nano_usd < _NANO else 2)


def _dollars(nano_usd: int, decimals: int) -> str:
    return f"${QLocale().toString(nano_usd / _NANO, 'f', decimals)}"


def cost(found: Cost | None) -> str:
    """What an answer cost, in a word or two."""
    if found is None:
        return "–"
    if found.nano_usd is None:
        return translate("compare", "Not known")
    if found.source == "estimated":
        return translate("compare", "about {amount}").format(amount=money(found.nano_usd))
    return money(found.nano_usd)


def cost_note(found: Cost | None, counted: TokenCounts | None = None) -> str:
    """What the figure alone does not say; empty where it says all. `counted` is what the provider says was used."""
    if found is None:
        return ""
    if found.source == "free":
        return translate("compare", "No provider was paid. Electricity and the computer are not counted here.")
    if found.nano_usd is None and found.at_most is not None:
        return translate("compare", "The cost is not known. It is at most {amount}.").format(amount=money(found.at_most))
    if found.nano_usd is None and counted is not None:
        return translate("compare", "The cost is not known: this model has no price in the list.")
    if found.nano_usd is None:
        return translate("compare", "The cost is not known: no price, or no count of tokens, was given.")
    if found.source == "estimated":
        return translate("compare", "The cost is an estimate, because the answer broke off.")
    return ""


# ---------------------------------------------------------------- figures of an answer
def first_word(seconds: float | None) -> str:
    return "–" if seconds is None else _seconds(seconds)


def speed(tokens_per_s: float | None) -> str:
    """`18.6/s`."""
    return "–" if tokens_per_s is None else translate("compare", "{n}/s").format(n=QLocale().toString(tokens_per_s, "f", 1))


def tokens(found: TokenCounts | None) -> str:
    """What was written."""
    return "–" if found is None else figures.number(found.generated)


def tokens_note(found: TokenCounts | None) -> str:
    """What was read, what of it came from a cache, and how much of what was written is reasoning."""
    if found is None:
        return ""
    read = translate("compare", "Read {n} tokens").format(n=figures.number(found.prompt))
    if found.cached:
        read = translate("compare", "{read}, {n} of them kept from before").format(read=read, n=figures.number(found.cached))
    if not found.reasoning:
        return f"{read}."
    text = translate("compare", "{read}. {n} of the written ones are reasoning.")
    return text.format(read=read, n=figures.number(found.reasoning))


def _seconds(value: float) -> str:
    if value >= 60:
        return figures.seconds(value)
    return translate("compare", "{n} s").format(n=QLocale().toString(value, "f", 2 if value < 10 else 1))


# ---------------------------------------------------------------- stages
def stage(name: str, n_read: int = 0, n_to_read: int = 0) -> str:
    """What is being done for an answer on its way."""
    match name:
        case "unsent":
            return translate("compare", "Not sent")
        case "loading":
            return translate("compare", "Opening the model")
        case "sending":
            return translate("compare", "Sending")
        case "reading" if n_to_read > 0:
            share = min(100, round(100 * n_read / n_to_read))
            return translate("compare", "Reading, {n} %").format(n=figures.number(share))
        case "reading":
            return translate("compare", "Reading")
        case "thinking" if n_read:
            return translate("compare", "Thinking, {n} characters so far").format(n=figures.number(n_read))
        case "thinking":
            return translate("compare", "Thinking")
        case "writing":
            return translate("compare", "Writing")
    return translate("compare", "Waiting for its turn")


def end(answer: PaneAnswer) -> StatusWords:
    """How an answer ended."""
    took = _took(answer)
    match answer.stop_reason:
        case "cancelled":
            return StatusWords(translate("compare", "Stopped by you. What was written is kept"), "neutral", "square")
        case "token_limit":
            return StatusWords(
                translate("compare", "Cut at its longest length{took}").format(took=took), "caution", "triangle-alert"
            )
        case "filtered":
            return StatusWords(translate("compare", "Ended by the provider’s filter"), "caution", "triangle-alert")
    if answer.problem is not None:
        return StatusWords(translate("compare", "Not finished"), "danger", "circle-alert")
    if not answer.text.strip():
        return StatusWords(translate("compare", "Nothing was written"), "caution", "triangle-alert")
    return StatusWords(translate("compare", "Finished{took}").format(took=took), "neutral", "check")


def _took(answer: PaneAnswer) -> str:
    if answer.timings is None:
        return ""
    return translate("compare", " in {time}").format(time=figures.seconds(answer.timings.total_s))


def hidden_problem() -> Words:
    """A failure while names are hidden: its own words would name the model."""
    return Words(
        title=translate("compare", "This answer could not be finished"),
        happened=translate("compare", "The reason names the model, so it appears together with the names."),
        kept=translate("compare", "The other answers are kept."),
        to_do=translate("compare", "Try again, or show the names at the top right."),
        tone="caution",
        icon="triangle-alert",
    )


def restored(n: int) -> str:
    """What the dots under words of an answer mean; empty where there are none."""
    if n == 0:
        return ""
    one, many = translate("compare", "hidden detail is put back"), translate("compare", "hidden details are put back")
    return translate("compare", "{details} here, on this computer.").format(details=figures.amount(n, one, many))


def difference(found: Difference) -> str:
    """A setting that is not the same for this model."""
    return {
        "temperature": translate("compare", "This model decides itself how much its words vary."),
        "max_tokens": translate("compare", "Its reasoning counts towards the longest length."),
    }[found]


def answered_by(asked: str, answered: str) -> str:
    """Who answered, where that is not the model that was asked; empty where it is."""
    if not answered or answered == asked:
        return ""
    if answered.startswith(asked):  # a dated version of what was asked for
        return translate("compare", "Answered by {model}.").format(model=answered)
    return translate("compare", "You asked {asked}, and {model} answered.").format(asked=asked, model=answered)


def hidden_details(n: int) -> str:
    """`6 details hidden before sending`."""
    one = translate("compare", "detail hidden before sending")
    return figures.amount(n, one, translate("compare", "details hidden before sending"))


def hosts(n: int) -> str:
    return figures.amount(n, translate("compare", "host"), translate("compare", "hosts"))


def votes(n: int) -> str:
    return figures.amount(n, translate("compare", "vote"), translate("compare", "votes"))


def words(n: int) -> str:
    return figures.amount(n, translate("compare", "word"), translate("compare", "words"))
