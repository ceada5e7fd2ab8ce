"""What is said of a finished run: its verdict, its figures, what is missing, what limits it. Pure.

A result says "as good" only where the engine's verdict does, and agreement is never called quality.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from desktop.wordings.votes import percent, points, prompts
from desktop.wordings.words import StatusWords
from engine.vote_records import Evaluation, Scorer

translate = QCoreApplication.translate


def verdict(found: Evaluation, local: str, remote: str) -> str:
    """What a run shows, in a sentence."""
    if found.n == 0:
        return translate("votes", "Nothing can be said yet: no pair of answers was judged.")
    if found.is_agreement:
        return _agreement(found, local, remote)
    is_preference = found.scorer in ("votes", "judge")
    sentences = {
        ("reached", False): translate("votes", "{local} reaches at least 95% of the quality of {remote} on these prompts."),
        ("reached", True): translate("votes", "{local} is as good as {remote} within 5 points on these prompts."),
        ("inferior", False): translate("votes", "{local} does not reach 95% of the quality of {remote} on these prompts."),
        ("inferior", True): translate("votes", "{local} falls short of {remote} by more than 5 points on these prompts."),
    }
    open_ones = {
        False: translate("votes", "It is not shown yet whether {local} reaches 95% of the quality of {remote}."),
        True: translate("votes", "It is not shown yet whether {local} is as good as {remote} within 5 points."),
    }
    return sentences.get((found.verdict, is_preference), open_ones[is_preference]).format(local=local, remote=remote)


def _agreement(found: Evaluation, local: str, remote: str) -> str:
    text = translate("votes", "{local} says the same as {remote} for {share} of {prompts}. That is agreement, not quality.")
    if found.scorer == "fields":
        text = translate("votes", "{share} of the fields are the same over {prompts}. That is agreement, not quality.")
    return text.format(local=local, remote=remote, share=percent(found.estimate or 0.0), prompts=prompts(found.n))


def verdict_chip(found: Evaluation) -> StatusWords:
    """The same in a word or two."""
    if found.is_agreement:
        return StatusWords(translate("votes", "Agreement only"), "neutral", "info")
    if found.n and found.verdict == "reached":
        return StatusWords(translate("votes", "As good within the margin"), "neutral", "check")
    if found.n and found.verdict == "inferior":
        return StatusWords(translate("votes", "Not as good"), "neutral", "scale")
    return StatusWords(translate("votes", "Not settled"), "neutral", "clock")


def missing(found: Evaluation) -> str:
    """What it would take to know more; empty where it is settled."""
    if found.is_agreement:
        return translate(
            "votes", "To learn about quality, add the right answers in a column called expected, or judge the pairs yourself."
        )
    if found.n == 0 and found.scorer == "votes":
        return translate("votes", "The answers are kept. Judge the pairs, without the models’ names, to find out.")
    if found.n == 0 or found.verdict in ("reached", "inferior"):
        return ""
    if found.n_more:
        text = translate("votes", "About {n} more prompts would settle it.")
        if found.n_more == 1:
            text = translate("votes", "About one more prompt would settle it.")
        return text.format(n=figures.number(found.n_more))
    if found.scorer == "judge":
        return translate("votes", "A judging model alone settles nothing. Judge some of the pairs yourself.")
    return translate("votes", "As it looks now, more prompts of this kind would not settle it.")


# ---------------------------------------------------------------- figures
def is_ratio(found: Evaluation) -> bool:
    """Whether the estimate is a ratio of qualities, and not a difference or an agreement."""
    return found.test == "nam_blackwelder"


def estimate_title(found: Evaluation) -> str:
    """What the estimate is of."""
    if found.is_agreement:
        return translate("votes", "Says the same")
    if is_ratio(found):
        return translate("votes", "Quality of the local model, as a share of the remote model’s")
    if found.test == "tango":
        return translate("votes", "How often preferred: local less remote")
    return translate("votes", "Mean score: local less remote")


def figure(found: Evaluation, value: float) -> str:
    """A figure of the estimate's kind: `97.8%` of a ratio, `+2.5 points` of a difference."""
    if found.is_agreement or is_ratio(found):
        return percent(value, 1)
    return points(value)


def estimate(found: Evaluation) -> str:
    """The estimate with its range."""
    if found.estimate is None:
        return translate("votes", "Not known")
    if found.interval is None:
        return translate("votes", "{value}, no range can be given").format(value=figure(found, found.estimate))
    low, high = (figure(found, end) for end in found.interval)
    return translate("votes", "{value}, range {low} to {high}").format(value=figure(found, found.estimate), low=low, high=high)


def evidence(found: Evaluation) -> str:
    """The test behind a verdict, for those who want to check it; empty where nothing was tested."""
    names = {
        "nam_blackwelder": translate("votes", "Score test of Nam and Blackwelder for a ratio of at least 95%"),
        "tango": translate("votes", "Score test of Tango for a difference of at most 5 points"),
        "bootstrap": translate("votes", "Bootstrap over the sources, for at least 95% of the mean score"),
        "agreement": translate("votes", "Share of equal answers"),
    }
    if not found.test or not found.n:
        return ""
    parts = [names.get(found.test, found.test)]
    if found.p_value is not None:
        value = translate("votes", "below 0.001") if found.p_value < 0.001 else QLocale().toString(found.p_value, "f", 3)
        parts.append(translate("votes", "p {value}, held against 0.017, from 100 prompts on").format(value=value))
    if found.interval is not None:
        parts.append(translate("votes", "the range is a 95% interval"))
    return "; ".join(parts) + "."


def cells(found: Evaluation, local: str, remote: str) -> tuple[tuple[str, int], ...]:
    """The counts of a run, each with its words: four, or two of agreement."""
    if found.is_agreement:
        same, _, other, _ = found.table
        if found.scorer == "fields":
            return (translate("votes", "All fields the same"), same), (translate("votes", "A field differs"), other)
        return (translate("votes", "Both say the same"), same), (translate("votes", "They differ"), other)
    if found.scorer in ("votes", "judge"):
        titles = (
            translate("votes", "No difference that matters"),
            translate("votes", "{local} better"),
            translate("votes", "{remote} better"),
            translate("votes", "None usable"),
        )
    elif found.scorer == "fields":
        titles = (
            translate("votes", "Both without a fault"),
            translate("votes", "Only {local} without a fault"),
            translate("votes", "Only {remote} without a fault"),
            translate("votes", "Both with a fault"),
        )
    else:
        titles = (
            translate("votes", "Both right"),
            translate("votes", "Only {local} right"),
            translate("votes", "Only {remote} right"),
            translate("votes", "Neither right"),
        )
    named = (title.format(local=local, remote=remote) for title in titles)
    return tuple(zip(named, found.table, strict=True))


def recall_title(by: Scorer) -> str:
    """Over the table of labels or fields."""
    if by == "fields":
        return translate("votes", "How often each field is right")
    return translate("votes", "How often each label is found")


# ---------------------------------------------------------------- limits
def caveat(key: str) -> str:
    """What must be said beside a result. A key of a later version is said as it is."""
    known = {
        "judge_only": translate("votes", "Only a model judged, and no person, so this brings no verdict."),
        "judge_too_few": translate(
            "votes", "The judge could be held against you on fewer than 30 pairs, so nobody knows yet what its word is worth."
        ),
        "judge_disagrees": translate("votes", "The judge does not see it as you do often enough, so its word does not count."),
        "some_judged": translate("votes", "A model judged some of the pairs."),
        "few_votes": translate("votes", "Fewer than 30 pairs were judged, so this may still be chance."),
        "not_blind": translate("votes", "Some votes were given with the names in sight."),
        "left_bias": translate("votes", "The answer at one side won more often than chance would explain."),
        "longer_wins": translate("votes", "The longer answer won more often than chance would explain."),
        "agreement_not_quality": translate("votes", "No right answers are known. Two models can agree and both be wrong."),
        "schema_invalid": translate("votes", "The local model too often answered with something other than the expected fields."),
        "few_prompts": translate("votes", "Fewer than 30 prompts were answered, so this may still be chance."),
        "unanswered": translate(
            "votes",
            "Some prompts were not answered. Those that the remote model left out are not counted; those that the local model "
            "left out count against it.",
        ),
    }
    other = translate("votes", "There is a further reservation: {key}.")
    return known.get(key) or other.format(key=key.replace("_", " "))
