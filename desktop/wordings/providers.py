"""Sentences about remote models that did not answer, and about comparisons that were not sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import Tone, Words
from engine import errors

translate = QCoreApplication.translate


def _others_go_on() -> str:
    return translate("wording", "Your text is kept here, and the other answers go on.")


def _not_charged() -> str:
    return translate("wording", "No answer came, so there should be no charge. The other answers go on.")


def _nothing_left() -> str:
    return translate("wording", "Nothing was sent. Your text is kept here.")


def _key_missing(error: errors.KeyMissing) -> Words:
    happened = translate("wording", "Strongroom keeps no key for {provider}, so nothing could be asked there.")
    return Words(
        title=translate("wording", "No key for {provider}").format(provider=error.provider),
        summary=translate("wording", "No key is kept."),
        happened=happened.format(provider=error.provider),
        kept=_nothing_left(),
        to_do=translate("wording", "Add the key in Settings, Other companies, then compare again."),
        icon="key-round",
        tone="caution",
        actions=("settings",),
    )


def _key_refused(error: errors.KeyRefused) -> Words:
    happened = translate("wording", "{host} does not accept the key, or the key may not use this model.")
    return Words(
        title=translate("wording", "{provider} refused the key").format(provider=error.provider),
        summary=happened.format(host=error.host),
        happened=happened.format(host=error.host),
        kept=_not_charged(),
        to_do=translate("wording", "Look at the key in Settings, Other companies, and test it there."),
        icon="key-round",
        tone="caution",
        actions=("settings", "try_again"),
    )


def _out_of_credit(error: errors.OutOfCredit) -> Words:
    happened = translate("wording", "{provider} says that the account has no credit left, or has reached its limit.")
    return Words(
        title=translate("wording", "No credit at {provider}").format(provider=error.provider),
        summary=happened.format(provider=error.provider),
        happened=happened.format(provider=error.provider),
        kept=_not_charged(),
        to_do=translate("wording", "Add credit or raise the limit with {provider}, then try again.").format(
            provider=error.provider
        ),
        icon="circle-alert",
        tone="caution",
        actions=("try_again",),
    )


def _rate_limited(error: errors.RateLimited) -> Words:
    happened = translate("wording", "{provider} takes no more requests from this account for now.")
    wait = translate("wording", "Wait a minute, then try again.")
    if error.retry_after_s is not None:
        seconds = figures.number(max(1, round(error.retry_after_s)))
        wait = translate("wording", "It asks to wait {seconds} seconds. Then try again.").format(seconds=seconds)
    return Words(
        title=translate("wording", "Too many requests to {provider}").format(provider=error.provider),
        summary=happened.format(provider=error.provider),
        happened=happened.format(provider=error.provider),
        kept=_not_charged(),
        to_do=wait,
        icon="clock",
        tone="caution",
        actions=("try_again",),
    )


def _provider_failed(error: errors.ProviderFailed) -> Words:
    again = translate("wording", "Try again in a few minutes.")
    other = translate("wording", "Choose another model, or look at its name in Settings, Other companies.")
    happened, kept, to_do = {
        "overloaded": (translate("wording", "{host} has too much to do at the moment."), _not_charged(), again),
        "server_error": (translate("wording", "{host} has a fault of its own."), _not_charged(), again),
        "model_unknown": (
            translate("wording", "{host} has no model of this name, or not for this key."),
            _not_charged(),
            other,
        ),
        "too_long": (
            translate("wording", "The text is too long for this model. Nothing was cut."),
            _not_charged(),
            translate("wording", "Attach fewer documents, or choose a model that reads more."),
        ),
        "bad_request": (
            translate("wording", "{host} does not take the request as Strongroom words it for this model."),
            _not_charged(),
            translate("wording", "Look at the settings of the provider, or choose another model. The details name the fault."),
        ),
        "filtered": (
            translate("wording", "{provider} refused to answer this text."),
            translate("wording", "What was read may be charged. The other answers go on."),
            translate("wording", "Compare with another model, or change the text."),
        ),
        "redirected": (
            translate("wording", "{host} wanted to send the text on to another place. Strongroom did not do that."),
            _not_charged(),
            translate("wording", "Check the address in Settings, Other companies."),
        ),
        "bad_answer": (
            translate("wording", "{host} sent something that is not an answer."),
            translate("wording", "It may have been charged. What came is kept, and the other answers go on."),
            translate("wording", "Check the address in Settings, Other companies. On a guest network, sign in to it first."),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "{provider} did not answer").format(provider=error.provider),
        summary=happened.format(host=error.host, provider=error.provider),
        happened=happened.format(host=error.host, provider=error.provider),
        kept=kept,
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
        actions=("try_again",),
    )


def _outcome_unknown(error: errors.OutcomeUnknown) -> Words:
    happened = {
        "timed_out": translate("wording", "The text was sent, and {host} has been silent for too long."),
        "broken_off": translate("wording", "The text was sent, and the answer of {host} broke off."),
        "lock_closed": translate("wording", "The offline lock was closed while {host} was answering, and that ended it."),
    }[error.reason].format(host=error.host)
    return Words(
        title=translate("wording", "The answer of {provider} did not come to its end").format(provider=error.provider),
        summary=happened,
        happened=happened,
        kept=translate(
            "wording", "What came of it is kept. It may be charged, so it counts with the most that it can have cost."
        ),
        to_do=translate("wording", "It is not sent again by itself. Try again asks you first and is a new charge."),
        icon="wifi-off",
        tone="caution",
        actions=("try_again",),
    )


def _provider_unfit(error: errors.ProviderUnfit) -> Words:
    happened, to_do = {
        "no_name": (
            translate("wording", "A provider needs a name."),
            translate("wording", "Enter a name of letters or digits."),
        ),
        "bad_address": (
            translate("wording", "The address cannot be used."),
            translate("wording", "Enter one such as https://models.example.org/v1, without a user name or a question mark."),
        ),
        "not_https": (
            translate("wording", "The address is not encrypted, so others could read what is sent."),
            translate("wording", "Enter an address that begins with https. Only this computer itself may go without."),
        ),
        "no_models": (
            translate("wording", "No model is named."),
            translate("wording", "Enter the name of at least one model, or test the address and choose from what it names."),
        ),
        "name_taken": (
            translate("wording", "Another provider has this name already."),
            translate("wording", "Enter another name."),
        ),
        "bad_key": (
            translate("wording", "This is not a key: it is empty, or holds spaces or other characters that no key has."),
            translate("wording", "Copy the key once more, without anything around it."),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "{name} was not kept").format(name=error.name or translate("wording", "The provider")),
        summary=happened,
        happened=happened,
        kept=translate("wording", "What was kept before is unchanged, and nothing was sent."),
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
    )


def _matter_confidential(_error: errors.MatterConfidential) -> Words:
    return _not_sent(
        translate("wording", "This matter stays here"),
        translate("wording", "The matter is marked as confidential, so nothing of it can be sent."),
        translate("wording", "Compare models on this computer, or take the mark away in the menu of the matter."),
        icon="lock",
        tone="neutral",
    )


def _hidden_detail_leaks(error: errors.HiddenDetailLeaks) -> Words:
    n = figures.amount(error.n_leaks, translate("figures", "place"), translate("figures", "places"))
    happened = translate("wording", "A detail that shall be hidden would still be readable in {n} of the text.").format(n=n)
    return _not_sent(
        translate("wording", "A hidden detail would be seen"),
        happened,
        translate("wording", "Look at the marked places and hide them, or change the text."),
        icon="shield-alert",
    )


def _not_approved(error: errors.NotApproved) -> Words:
    happened, to_do = {
        "changed": (
            translate("wording", "What would be sent now is not the text that you approved."),
            translate("wording", "Read it again and choose Send for the text as it is now."),
        ),
        "already_sent": (
            translate("wording", "This text was sent already, and an approval is for one time."),
            translate("wording", "To ask once more, choose Try again and approve it anew."),
        ),
        "nothing_waits": (
            translate("wording", "Nothing waits for your approval."),
            translate("wording", "Compare again to see what would be sent."),
        ),
    }[error.reason]
    return _not_sent(translate("wording", "Nothing was sent"), happened, to_do)


def _prompts_unfit(error: errors.PromptsUnfit) -> Words:
    as_csv = translate("wording", "Save it as CSV with a column called prompt, and expected for right answers.")
    smaller = translate("wording", "Choose a smaller file.")
    happened, to_do = {
        "missing": (
            translate("wording", "{file} is not where it was."),
            translate("wording", "Choose the file again."),
        ),
        "unreadable": (translate("wording", "{file} cannot be read as a table."), as_csv),
        "too_large": (translate("wording", "{file} is too large for a set of prompts."), smaller),
        "no_prompts": (translate("wording", "{file} holds no prompts."), as_csv),
        "no_such_column": (translate("wording", "{file} has no column with prompts."), as_csv),
        "too_many": (translate("wording", "{file} holds more prompts than a set takes."), smaller),
        "no_expected": (
            translate("wording", "{file} has no right answers, which this kind of scoring needs."),
            translate("wording", "Add a column called expected, or judge the answers by votes."),
        ),
    }[error.reason]
    file = error.file or translate("wording", "The set")
    return Words(
        title=translate("wording", "The prompts were not taken in"),
        summary=happened.format(file=file),
        happened=happened.format(file=file),
        kept=translate("wording", "The set is as it was, and nothing was sent."),
        to_do=to_do,
        icon="circle-alert",
        tone="caution",
    )


def _judge_unfit(error: errors.JudgeUnfit) -> Words:
    happened = {
        "contestant": translate("wording", "{model} wrote one of the answers, so it would judge itself."),
        "family": translate("wording", "{model} is of the family of a model that answered, so it would judge its own kind."),
    }[error.reason].format(model=error.model)
    return _not_sent(
        translate("wording", "This model may not judge"),
        happened,
        translate("wording", "Choose a model of another family, or judge the answers yourself."),
    )


def _not_sent(title: str, happened: str, to_do: str, *, icon: str = "circle-alert", tone: Tone = "caution") -> Words:
    return Words(title=title, summary=happened, happened=happened, kept=_nothing_left(), to_do=to_do, icon=icon, tone=tone)


WORDS: dict[str, Callable[..., Words]] = {
    "key_missing": _key_missing,
    "key_refused": _key_refused,
    "out_of_credit": _out_of_credit,
    "rate_limited": _rate_limited,
    "provider_failed": _provider_failed,
    "outcome_unknown": _outcome_unknown,
    "provider_unfit": _provider_unfit,
    "matter_confidential": _matter_confidential,
    "hidden_detail_leaks": _hidden_detail_leaks,
    "not_approved": _not_approved,
    "prompts_unfit": _prompts_unfit,
    "judge_unfit": _judge_unfit,
}
