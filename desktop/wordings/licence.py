"""Licences in words for somebody who is no lawyer: what is allowed at work, and by whose terms. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.wordings.words import StatusWords
from engine.model_records import Licence

translate = QCoreApplication.translate


def at_work(licence: Licence | None) -> StatusWords:
    """Whether the model may be used at work, as a chip. No licence is no permission."""
    if licence is None:
        return StatusWords(translate("wording", "No licence named"), "caution", "triangle-alert")
    match licence.at_work:
        case "yes":
            return StatusWords(translate("wording", "May be used at work"), "neutral", "check")
        case "with_conditions":
            return StatusWords(translate("wording", "At work with conditions"), "neutral", "scale")
        case "ask_lawyer":
            return StatusWords(translate("wording", "Ask your lawyer"), "caution", "scale")
    return StatusWords(translate("wording", "Not for work"), "caution", "ban")


def sentence(licence: Licence | None) -> str:
    """`Licence Apache 2.0: you may use it at work, change it and share it.`"""
    if licence is None:
        return translate("wording", "Its publisher names no licence. Ask before you use it at work.")
    plain = licence.plain.strip()
    lower = f"{plain[:1].lower()}{plain[1:]}" if plain[1:2].islower() or plain[1:2] == " " else plain
    return translate("wording", "Licence {name}: {plain}").format(name=licence.name, plain=lower)


def short(licence: Licence | None) -> str:
    """Its name, for a row."""
    return licence.name if licence else translate("wording", "No licence named")
