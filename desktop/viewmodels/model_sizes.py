"""The sizes of a model as choices in words: what each keeps of the original, and what it costs here. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.viewmodels import model_rows
from engine.model_records import Offer, OfferedSize, SizeKind
from engine.records import Fit

translate = QCoreApplication.translate
MOST_CARDS = 40  # more than anybody compares; drawing the thousands that a hub may name would freeze the window
_SAME_SPEED = 0.05  # differences below this are not worth a word


@dataclass(frozen=True)
class SizeCard:
    """A size as a choice: its name in words, the quantisation in grey, its bytes, what it costs and brings.

    `n_left_out`, on the last of several, is how many further sizes get no card.
    """

    key: str
    title: str
    code: str
    amount: str
    note: str
    fit: Fit
    is_here: bool
    n_left_out: int = 0


def size_cards(offer: Offer) -> list[SizeCard]:
    """The sizes of an offer, the smallest first; of very many those that are here, the advised one, and the smallest."""
    first = next((size for size in offer.sizes if size.size.key == offer.advised), None)
    shown = _most_wanted(offer)
    short = [_short(size.size.key) for size in shown]
    codes = [size.size.key if short.count(code) > 1 else code for size, code in zip(shown, short, strict=True)]
    cards = [_card(size, code, first) for size, code in zip(shown, codes, strict=True)]
    if len(shown) < len(offer.sizes):
        cards[-1] = replace(cards[-1], n_left_out=len(offer.sizes) - len(shown))
    return cards


def _most_wanted(offer: Offer) -> list[OfferedSize]:
    def rank(place: int) -> tuple[bool, bool, int]:
        size = offer.sizes[place]
        return size.size.key != offer.advised, size.installed is None, place

    places = sorted(range(len(offer.sizes)), key=rank)[:MOST_CARDS]
    return [offer.sizes[place] for place in sorted(places)]


def _short(key: str) -> str:
    """`Q4` of `Q4_K_M`: enough for somebody who knows the names, unless two sizes share it."""
    return key.split("_")[0]


def _card(size: OfferedSize, code: str, advised: OfferedSize | None) -> SizeCard:
    title, quality = _kind(size.size.kind)
    notes = [quality]
    if advised is not None and size is advised:
        notes.append(translate("models", "Suits this computer best."))
    elif advised is not None:
        notes.append(_slower(size.fit, advised.fit))
    if size.fit.verdict in ("does_not_fit", "tight") and size.fit.needed_bytes is not None:
        needs = translate("models", "Needs {size} of memory.")
        notes.append(needs.format(size=figures.gibibytes(size.fit.needed_bytes)))
    amount = model_rows.amount(size)
    note = " ".join(note for note in notes if note)
    return SizeCard(size.size.key, title, code, amount, note, size.fit, size.installed is not None)


def _kind(kind: SizeKind) -> tuple[str, str]:
    return {
        "smallest": (
            translate("models", "Smallest"),
            translate("models", "Loses noticeably. For computers with little memory."),
        ),
        "smaller": (translate("models", "Smaller and faster"), translate("models", "Answers are nearly as good.")),
        "balanced": (translate("models", "Balanced"), translate("models", "Slightly better with numbers and rare words.")),
        "closest": (translate("models", "Closest to the original"), translate("models", "Hardly to be told from it.")),
        "original": (translate("models", "Original"), translate("models", "As it was trained, in full length.")),
    }[kind]


def _slower(fit: Fit, than: Fit) -> str:
    """`About 15% slower.`, from the two estimates; nothing where one of them is missing."""
    if None in (fit.tokens_per_s_low, fit.tokens_per_s_high, than.tokens_per_s_low, than.tokens_per_s_high):
        return ""
    own, other = (fit.tokens_per_s_low + fit.tokens_per_s_high), (than.tokens_per_s_low + than.tokens_per_s_high)  # type: ignore[operator]
    if other <= 0 or own <= 0 or abs(own / other - 1) < _SAME_SPEED:
        return ""
    per_cent = figures.share(min(0.99, round(abs(own / other - 1), 2)))
    if own > 2 * other:
        return translate("models", "More than twice as fast.")
    slower, faster = translate("models", "About {n} slower."), translate("models", "About {n} faster.")
    return (slower if own < other else faster).format(n=per_cent)
