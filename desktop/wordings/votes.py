"""What the sheets about vote sets say: kinds of work, how answers are judged, prompts, a run. Pure; no error sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from engine.vote_records import Scorer, SetKind

translate = QCoreApplication.translate

#: In the order in which they are offered.
KINDS: tuple[SetKind, ...] = ("classify", "extract", "answer", "draft", "other")
SCORERS: tuple[Scorer, ...] = ("exact", "labels", "fields", "votes")


# ---------------------------------------------------------------- amounts
def prompts(n: int) -> str:
    return figures.amount(n, translate("votes", "prompt"), translate("votes", "prompts"))


def votes(n: int) -> str:
    return figures.amount(n, translate("votes", "vote"), translate("votes", "votes"))


def pairs(n: int) -> str:
    return figures.amount(n, translate("votes", "pair"), translate("votes", "pairs"))


def percent(share: float, decimals: int = 0) -> str:
    """`84%` of a share of 1."""
    return translate("votes", "{n}%").format(n=QLocale().toString(100 * share, "f", decimals))


def points(difference: float) -> str:
    """`+2.5 points`: a difference of shares, in points of a hundred."""
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    text = translate("votes", "{n} points")
    return text.format(n=sign + QLocale().toString(abs(100 * difference), "f", 1))


def dollars(nano_usd: int) -> str:
    """`$0.042`."""
    amount = nano_usd / 1_000_000_000
    return "$" + QLocale().toString(amount, "f", 2 if amount >= 1 else 3)


# ---------------------------------------------------------------- kinds of work
def kind(name: SetKind) -> tuple[str, str]:
    """What a set stands for: its name, and a sentence."""
    return {
        "classify": (
            translate("votes", "Sort into labels"),
            translate("votes", "One label for each text, such as the department that a letter goes to."),
        ),
        "extract": (
            translate("votes", "Pull out facts"),
            translate("votes", "Names, dates, amounts and the like, as fields of a JSON object."),
        ),
        "answer": (
            translate("votes", "Answer questions"),
            translate("votes", "An answer in words. You read the answers and say which is better."),
        ),
        "draft": (
            translate("votes", "Write drafts"),
            translate("votes", "Letters, summaries and other texts. You read them and say which is better."),
        ),
        "other": (
            translate("votes", "Something else"),
            translate("votes", "Any other work that you want to judge for itself."),
        ),
    }[name]


def scorer(name: Scorer) -> tuple[str, str]:
    """How answers are judged: its name, and a sentence."""
    return {
        "exact": (
            translate("votes", "Same as expected"),
            translate("votes", "An answer is right if it says what the column expected says; case and full stops do not count."),
        ),
        "labels": (
            translate("votes", "Right label"),
            translate("votes", "An answer is right if it gives the expected label. Shows how often each label is found."),
        ),
        "fields": (
            translate("votes", "Right fields"),
            translate("votes", "Each expected field of a JSON object counts for itself."),
        ),
        "votes": (
            translate("votes", "By your votes, blind"),
            translate("votes", "Both models answer first. Then you judge the pairs without their names."),
        ),
        "judge": (
            translate("votes", "By a model on this computer"),
            translate("votes", "Another model reads each pair, both ways round."),
        ),
    }[name]


# ---------------------------------------------------------------- sets and prompts
def summary(n_votes: int, n_prompts: int, matter: str) -> str:
    """`48 votes. 120 prompts in Grievance 2291.`"""
    if not matter:
        return translate("votes", "{votes}.").format(votes=votes(n_votes))
    text = translate("votes", "{votes}. {prompts} in {matter}.")
    return text.format(votes=votes(n_votes), prompts=prompts(n_prompts), matter=matter)


def lost_with(n_votes: int) -> str:
    """What goes with a set that is deleted."""
    text = translate(
        "votes",
        "Its {votes}, its results and its prompts in every matter are deleted, and nobody can bring them back. "
        "The answers that were compared stay in their matters.",
    )
    return text.format(votes=votes(n_votes))


def filled(n_before: int, n_now: int, n_skipped: int) -> str:
    """What came of filling a set."""
    n_new = n_now - n_before
    if n_new > 0:
        parts = [translate("votes", "{prompts} added.").format(prompts=prompts(n_new))]
    else:
        parts = [translate("votes", "No prompt was added: all of them were in the set already.")]
    if n_skipped == 1:
        parts.append(translate("votes", "One row without a prompt was skipped."))
    elif n_skipped:
        parts.append(translate("votes", "{n} rows without a prompt were skipped.").format(n=figures.number(n_skipped)))
    return " ".join(parts)


# ---------------------------------------------------------------- a run
def progress(n_done: int, n: int, n_failed: int, spent: int | None) -> str:
    """`34 of 120 prompts, 2 not answered, $0.042 so far`."""
    parts = [translate("votes", "{n} of {prompts}").format(n=figures.number(n_done), prompts=prompts(n))]
    if n_failed:
        parts.append(translate("votes", "{n} not answered").format(n=figures.number(n_failed)))
    if spent is None:
        parts.append(translate("votes", "cost not known"))
    else:
        parts.append(translate("votes", "{sum} so far").format(sum=dollars(spent)))
    return ", ".join(parts)


def judge_rules() -> str:
    """What a judging model may do and may not."""
    return translate(
        "votes",
        "It reads each pair both ways round; where its word changes with the order, that is a tie. Nothing leaves this "
        "computer. It is heard only where you judged 30 pairs or more yourself and it mostly agrees with you, it may not judge "
        "itself or a model of its family, and it brings no verdict by itself.",
    )
