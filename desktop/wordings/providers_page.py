"""What the page about other companies says: where a key is kept, what a test found, how old the prices are. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt

from desktop import figures
from desktop.wordings.words import StatusWords
from engine.provider_records import Dialect, Provider, ProviderCheck, Quirk

translate = QCoreApplication.translate
_NAMED = 4  # models that are named in a row


def key_state(provider: Provider) -> StatusWords:
    """Where the key is kept."""
    if provider.key == "keyring":
        return StatusWords(translate("providers", "Key in the keyring"), "local", "key-round")
    if provider.key == "session":
        return StatusWords(translate("providers", "Key kept until Strongroom closes"), "caution", "clock")
    if not provider.needs_key:
        return StatusWords(translate("providers", "Works without a key"), "neutral", "check")
    return StatusWords(translate("providers", "No key yet"), "caution", "key-round")


def key_place(provider: Provider) -> str:
    """What that place means, in a sentence."""
    if provider.key == "keyring":
        words = translate("providers", "The key is in the system keyring and is sent to {host} only.")
    elif provider.key == "session":
        words = translate(
            "providers",
            "No keyring could take the key. It is in memory, is sent to {host} only, and is gone when Strongroom closes.",
        )
    elif provider.needs_key:
        words = translate("providers", "Nothing can be sent to {host} before you add a key.")
    else:
        words = translate("providers", "{host} is asked without a key.")
    return words.format(host=provider.host)


def models(names: Sequence[str]) -> str:
    """`gpt-5.2, gpt-5-mini and 3 more`."""
    shown = ", ".join(names[:_NAMED])
    if len(names) <= _NAMED:
        return shown
    return translate("providers", "{models} and {n} more").format(models=shown, n=figures.number(len(names) - _NAMED))


def terms(provider: Provider) -> str:
    if provider.terms.strip():
        return translate("providers", "As you recorded it: {terms}").format(terms=" ".join(provider.terms.split()))
    return translate("providers", "How long texts are kept there is not recorded.")


def checked(provider: Provider, check: ProviderCheck) -> StatusWords:
    """What a test found."""
    seconds = figures.seconds(check.duration_s)
    if not check.models:
        words = translate("providers", "It answered in {seconds} and named no models. No text was sent.")
        return StatusWords(words.format(seconds=seconds), "neutral", "check")
    n = figures.amount(len(check.models), translate("providers", "model"), translate("providers", "models"))
    words = translate("providers", "It answered in {seconds} and has {models}. No text was sent.")
    text = words.format(seconds=seconds, models=n)
    missing = [name for name in provider.models if name not in check.models]
    if missing:
        more = translate("providers", "Not among them: {missing}.").format(missing=models(missing))
        return StatusWords(f"{text} {more}", "caution", "triangle-alert")
    return StatusWords(text, "local", "check")


def prices(as_of: str) -> str:
    """How old the price list is; it is never looked up."""
    day = QDate.fromString(as_of, Qt.DateFormat.ISODate)
    if not day.isValid():
        return translate("providers", "No price list is here. What a request costs is then not known.")
    words = translate(
        "providers", "Prices as of {day}, as they came with this version. Strongroom does not look for newer ones by itself."
    )
    return words.format(day=QLocale().toString(day, "d MMMM yyyy"))


def dialect(name: Dialect) -> str:
    return {
        "openai": translate("providers", "Like OpenAI"),
        "anthropic": translate("providers", "Like Anthropic"),
    }[name]


def quirk(name: Quirk) -> tuple[str, str]:
    """Title and meaning of a particularity."""
    return {
        "max_completion_tokens": (
            translate("providers", "Other name for the answer’s length"),
            translate("providers", "The limit is called max_completion_tokens."),
        ),
        "no_temperature": (
            translate("providers", "Temperature cannot be set"),
            translate("providers", "A request that sets one would fail."),
        ),
        "no_stream_options": (
            translate("providers", "Tells the amount by itself"),
            translate("providers", "A request that asks how many tokens were used would fail."),
        ),
    }[name]
