"""The letters and digits of a text, levelled, with their places in it.

Pure. Everything that two spellings of the same detail can differ in is dropped: case, accents, blanks, punctuation,
characters that are not seen, and letters of other alphabets that look like Latin ones. Two spellings are the same
when their letters are.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_SPECIAL = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h"}
# Letters that pass for Latin ones, after case folding: Cyrillic and Greek, Armenian and phonetic, small capitals.
_LOOKALIKES = str.maketrans(
    "авеіјкмнорсѕтухԁԛԝһαβεηικνορτυχϲϳ" + "\u04cf\u0578\u0570\u0585\u057d\u0251\u0261" + "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abeijkmhopcstyxdqwhabehiknoptuxcj" + "lnhouag" + "abcdefghijklmnoprstuvwyz",
)
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("å", "aa"), ("ø", "oe"))


class _Folds(dict[str, str]):
    """What a character comes to: no letters, one, or several. Learned as characters are met."""

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        kept = "".join(_SPECIAL.get(each, each) for each in folded if each.isalnum())
        kept = "".join(str(unicodedata.digit(each, each)) for each in kept).translate(_LOOKALIKES)
        if len(self) < 20_000:
            self[character] = kept
        return kept


_FOLDS = _Folds()


@dataclass(frozen=True, slots=True)
class Letters:
    """`text[i]` is from the character `at[i]` of `source`."""

    text: str
    at: list[int]
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source's span of the letters `start` to `end`, accents that follow the last one included."""
        last = self.at[end - 1] + 1
        while last < len(self.source) and unicodedata.combining(self.source[last]):
            last += 1
        return self.at[start], last


def letters_of(text: str) -> Letters:
    """The letters of `text` with their places."""
    folded: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        kept = _FOLDS[character]
        if kept:
            folded.append(kept)
            if len(kept) == 1:
                at.append(place)
            else:
                at += [place] * len(kept)
    return Letters("".join(folded), at, text)


def fold(text: str) -> str:
    """The letters of `text` alone."""
    return "".join(map(_FOLDS.__getitem__, text))


def spellings(text: str) -> tuple[str, ...]:
    """The letters of `text`, and those of how it is written where there are no umlauts, or where there are."""
    plain = fold(text)
    long_text = text
    for umlaut, pair in _UMLAUTS:
        long_text = long_text.replace(umlaut, pair)
    short = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    found = [plain, fold(long_text)]
    if len(short) >= 4:
        found.append(short)
    return tuple(dict.fromkeys(found))
