"""Whether a model fits, in words: the badge, and the memory it needs beside what there is. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import StatusWords, Tone
from engine.records import Fit

translate = QCoreApplication.translate


def badge(fit: Fit) -> StatusWords:
    """The chip of a verdict: icon and word carry it, the tone repeats it."""
    return {
        "fits_well": StatusWords(translate("wording", "Fits well"), "local", "circle-check"),
        "tight": StatusWords(translate("wording", "Tight fit"), "caution", "gauge"),
        "slow": StatusWords(translate("wording", "Fits, slow"), "caution", "gauge"),
        "does_not_fit": StatusWords(translate("wording", "Does not fit"), "neutral", "x"),
        "unknown": StatusWords(translate("wording", "Fit not known"), "neutral", "circle-help"),
    }[fit.verdict]


def bar_tone(fit: Fit) -> Tone:
    """The colour of the bar that shows the memory needed."""
    tones: dict[str, Tone] = {"fits_well": "local", "tight": "caution", "slow": "caution", "does_not_fit": "danger"}
    return tones.get(fit.verdict, "neutral")


def speed(fit: Fit) -> str:
    """`16–20 tokens/s`; empty where nothing can be said, and `Cannot run here` where it does not fit."""
    if fit.verdict == "does_not_fit":
        return translate("wording", "Cannot run here")
    if fit.tokens_per_s_low is None or fit.tokens_per_s_high is None:
        return ""
    return figures.speed_range(fit.tokens_per_s_low, fit.tokens_per_s_high)
