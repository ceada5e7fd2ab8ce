"""How many tokens one vocabulary makes of a text for each token of another, as counted on a few texts. Pure.

The texts were written for it and are short: support tickets and prose in English, a program in Python, a document in JSON,
and a contract's prose in German, French, Chinese, Japanese and Arabic, each counted without any frame of roles. A sample of
that size is good to about ten per cent, and what somebody's own texts are made of matters more than that: a ratio from one's
own pairs of calls is better wherever there are enough.

Only OpenAI's two vocabularies and Claude's are known of those that answer elsewhere alone; Google's, Mistral's and others'
were not counted. A remote model with open weights has the vocabulary that it has here. What was not counted side by side
follows from a third vocabulary that was counted with both.
"""

from __future__ import annotations

import re
from fractions import Fraction

#: In this order stand the figures of each row.
TEXTS = ("tickets", "prose", "Python", "JSON", "German", "French", "Chinese", "Japanese", "Arabic")

#: What the first vocabulary makes of each text for a hundred tokens of the second. `claude-3` is that of Claude 3 to 4.6,
#: `claude-5` that of 4.7 and all from 5 on, which makes up to 1.4 times as much of the same text.
COUNTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("o200k", "llama-3"): (99, 101, 101, 100, 82, 86, 93, 100, 89),
    ("o200k", "qwen"): (90, 101, 100, 92, 79, 82, 107, 101, 85),
    ("o200k", "gemma"): (87, 96, 84, 79, 91, 90, 101, 114, 92),
    ("o200k", "llama-2"): (90, 97, 82, 76, 78, 75, 54, 64, 34),
    ("o200k", "smollm2"): (95, 100, 91, 87, 58, 62, 42, 46, 32),
    ("o200k", "cl100k"): (100, 100, 100, 100, 76, 80, 67, 72, 43),
    ("cl100k", "llama-3"): (100, 100, 100, 100, 101, 100, 136, 148, 175),
    ("cl100k", "qwen"): (97, 100, 99, 88, 103, 101, 179, 148, 187),
    ("cl100k", "gemma"): (96, 100, 86, 78, 131, 118, 161, 193, 202),
    ("cl100k", "llama-2"): (90, 97, 82, 76, 103, 93, 80, 89, 78),
    ("cl100k", "smollm2"): (95, 100, 91, 87, 77, 77, 62, 64, 74),
    ("claude-3", "qwen"): (99, 110, 125, 112, 126, 114, 158, 131, 170),
    ("claude-5", "llama-3"): (141, 148, 154, 133, 178, 154, 135, 129, 177),
    ("claude-5", "qwen"): (129, 148, 154, 122, 173, 147, 157, 131, 170),
    ("claude-5", "gemma"): (124, 141, 128, 105, 197, 161, 148, 148, 185),
}

#: A model that was made for English may be given other languages in the same letters, and can do nothing with the rest: its
#: middle is that of the first four texts, its range that of the first six.
MADE_FOR_ENGLISH = frozenset({"smollm2"})
N_ENGLISH, N_SAME_LETTERS = 4, 6

#: Names of models by their vocabulary, the first that fits. Llama 1 and 2 and what was built on them share one; Llama 4,
#: newer models of Mistral, Phi-4, Granite and others have vocabularies that were not counted.
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("llama-2", re.compile(r"tiny[ _-]?llama|code[ _-]?llama|llama[ _-]?2(?![.\d])|vicuna|phi[ _-]?3(?![.\d])|mistral[ _-]7b")),
    ("smollm2", re.compile(r"smollm[ _-]?2")),
    ("qwen", re.compile(r"qwen|qwq")),
    ("llama-3", re.compile(r"llama[ _-]?v?3(?!\d)|distill[ _-]llama")),
    ("gemma", re.compile(r"gemma")),
    ("o200k", re.compile(r"gpt-oss|gpt_oss")),
)
_O200K = re.compile(r"(chat)?gpt-(4o|4\.[1-9]|[5-9])|o[1-9](-|$)")
_CL100K = re.compile(r"gpt-(4|3\.5)(-|$)")
_VERSION = re.compile(r"(?<!\d)(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)")


def local_vocabulary(model: str) -> str:
    """The vocabulary of a local model by its name or id; '' where it was not counted."""
    name = model.casefold()
    return next((vocabulary for vocabulary, pattern in _NAMES if pattern.search(name)), "")


def remote_vocabulary(reference: str) -> str:
    """The vocabulary of a remote model (`PROVIDER/MODEL`); '' where it was not counted."""
    name = reference.casefold().rpartition("/")[2]
    if "claude" in name:
        return _claude(name)
    if _O200K.match(name):
        return "o200k"
    return "cl100k" if _CL100K.match(name) else local_vocabulary(name)


def _claude(name: str) -> str:
    found = _VERSION.search(name)
    version = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    if version < (3, 0):
        return ""  # had another vocabulary still
    return "claude-3" if version < (4, 7) else "claude-5"


def figures(remote: str, local: str) -> tuple[Fraction, ...] | None:
    """Tokens of the remote vocabulary for one of the local, text by text; None where one of them is not known."""
    if not (remote and local):
        return None
    if (remote, local) in COUNTED:
        return tuple(Fraction(each, 100) for each in COUNTED[remote, local])
    pairs = zip(_for_one_of_o200k(remote), _for_one_of_o200k(local), strict=True)
    return tuple(above / below for above, below in pairs)


def _for_one_of_o200k(vocabulary: str) -> tuple[Fraction, ...]:
    if vocabulary == "o200k":
        return (Fraction(1),) * len(TEXTS)
    if ("o200k", vocabulary) in COUNTED:
        return tuple(Fraction(100, each) for each in COUNTED["o200k", vocabulary])
    pairs = zip(COUNTED[vocabulary, "qwen"], COUNTED["o200k", "qwen"], strict=True)
    return tuple(Fraction(above, below) for above, below in pairs)
