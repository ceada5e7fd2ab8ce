"""E-mail addresses, web addresses, telephone numbers and account numbers, by their shape and the words before them.

Pure. An amount, a date or a number of something is none of these.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.patterns import later
from engine.hiding.spans import Found

_EMAIL = later(
    r"(?<![\p{L}\p{N}.+_%-])[\p{L}\p{N}.+_%'-]{1,64}+@(?:[\p{L}\p{N}-]{1,63}+\.){1,6}[\p{L}]{2,24}(?![\p{L}\p{N}])"
    r"|(?<![\p{L}\p{N}.+_%-])[\p{L}\p{N}.+_-]{1,64}+[ ]?[\[({](?:at|ät|@)[\])}][ ]?[\p{L}\p{N}-]{1,63}+"
    r"(?:(?:\.|[ ]?[\[({](?:dot|punkt|point)[\])}][ ]?)[\p{L}\p{N}-]{2,24}){1,4}",
    regex.IGNORECASE,
)
_ENDINGS = (
    "com|org|net|info|biz|eu|de|ch|fr|uk|nl|pl|be|es|it|at|io|gov|edu|app|dev|cloud|online|shop|law|legal|health|nhs"
    "|example|ie|us|ca|au|lu|dk|se|no|fi|cz"
)
_HOST = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,5}"
_WEB = later(
    r"\b(?:https?|ftp|sftp|file|ssh|wss?)://[^\s<>\"'`\])}|]{2,2000}+"
    rf"|(?<![\p{{L}}\p{{N}}@./-])www\.{_HOST}\p{{L}}{{2,24}}(?:[/?#][^\s<>\"'`\])}}|]{{0,2000}}+)?"
    rf"|(?<![\p{{L}}\p{{N}}@./-])(?=\p{{Ll}}){_HOST}(?:{_ENDINGS})(?:/[^\s<>\"'`\])}}|]{{0,2000}}+)?(?![\p{{L}}\p{{N}}@.-]*@"
    rf"|[\p{{L}}\p{{N}}]|\.\p{{L}})"
    r"|(?<![\p{L}\p{N}@/.])@[A-Za-z][A-Za-z0-9_.]{2,30}[A-Za-z0-9_]"
)
_FILES = later(r"\.(?:pdf|docx?|xlsx?|pptx?|txt|csv|py|js|md|json|png|jpe?g|zip|eml|html?)$", regex.IGNORECASE)
_IBAN = later(r"(?<![A-Za-z0-9])[A-Z]{2}[ ]?\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = later(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d-])")
_SORT_CODE = later(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])")
_IS = (
    r"[ \t]{0,2}(?:number|no\.?|nr\.?|n°|nº|num\.?|numéro|code|#|\(\w{2,12}\))?[ \t]{0,2}(?:is|was|ist|lautet|est|es|è|:|="
    r"|\|)?[ \t]{0,3}[:#]?[ \t]*\n?[ \t]*"
)
_ACCOUNT_LABEL = (
    r"(?:account|acct)(?=[ \t]+\d{6})|account[ \t]+(?:number|no\.?|nr\.?|#)|acc(?:oun)?t\.?[ \t]*(?:no\.?|nr\.?|number|#|:)"
    r"|a/c|sort[ -]?code"
    r"|routing(?:[ ]number)?|iban|bic|swift(?:[ /]bic)?|konto(?:[ ]?nummer|-?nr\.?)?"
    r"|blz|bankleitzahl|kontonummer|depotnummer|kreditkarte(?:nnummer)?|card[ \t]+number|credit[ ]card"
    r"|compte(?:[ ]bancaire)?|rib|cuenta"
    r"|conto(?:[ ]corrente)?|rekening(?:nummer)?|rachunek|nr[ ]rachunku|konta|kontonr\.?"
)
_ACCOUNT = later(
    rf"(?<!\p{{L}})(?i:(?:{_ACCOUNT_LABEL})(?!\p{{L}}){_IS})(?!IBAN|BIC|SWIFT)(?=[A-Z]{{0,6}}[ ]?[A-Z0-9 -]{{0,20}}\d"
    rf"|[A-Z]{{6}})([A-Z0-9](?:[ "
    rf"-]?[A-Z0-9]){{3,33}})(?![\p{{L}}\p{{N}}])"
)
_PHONE_LABEL = (
    r"tel(?:efon|ephone|éfono|efono|efoon|\.)?(?:nummer|[ ]number|-?nr\.?)?|phone|call(?:[ ]me)?(?:[ ](?:on|at))?|mobile?"
    r"|mob\.?|cell|handy(?:nummer)?|mobil(?:nummer|funk)?|fax(?:[ ]number)?|telefax|ring[ ]me[ ]on"
    r"|reached[ ](?:on|at|under)|tél(?:éphone)?\.?|portable|móvil|cellulare|mobiel|komórka|durchwahl|extension|whatsapp"
    r"|festnetz|erreichbar|landline"
)
_PHONE = later(
    rf"(?<!\p{{L}})(?:{_PHONE_LABEL})(?!\p{{L}})[ \t]{{0,2}}(?:number|no\.?|nr\.?|n°|:|is|ist|est|unter|au|on|at"
    rf"|\(\w{{1,12}}\))?[ \t]{{0,2}}[:.]?[ \t]{{0,2}}"
    r"((?:\+|\()?\d(?:[ \t]?[-/.()\u2011]?[ \t]?\(?\d){4,16}(?:[ ]?(?:x|ext\.?|-)[ ]?\d{1,5})?)(?![\d/])",
    regex.IGNORECASE,
)
_PLAIN_PHONE = later(
    r"(?<![\p{L}\d.,/+-])(?:\+|00[ ]?)[1-9]\d{0,2}(?:[ \t]?[-/.()]{0,2}[ \t]?\(?\d){6,13}(?![\d])"
    r"|(?<![\p{L}\d.,/€$£+-])\(?0\d{1,5}\)?(?:[ \t]?[-/.][ \t]?|[ \t])?\d{2,8}(?:[ \t.-]?\d{2,8}){0,4}(?![\d%])"
    r"|(?<![\p{L}\d.,/€$£+-])(?:\(\d{3}\)[ ]?|\d{3}[-.])\d{3}[-. ]\d{4}(?![\d-])"
    r"|(?<![\p{L}\d.,/€$£+-])3\d{2}[ .]\d{3}[ .]?\d{3,4}(?![\d])"
    r"|(?<![\p{L}\d.,/€$£+-])[67]\d{2}[ ]?\d{3}[ ]?\d{3}(?![\d])"
)
_DATE_LIKE = later(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ ]\d{1,2})?")


def contacts(text: str) -> Iterator[Found]:
    """All that a text gives away of how to reach or pay somebody."""
    yield from (Found(match.start(), match.end(), "email") for match in _EMAIL.finditer(text))
    yield from _webs(text)
    for match in _IBAN.finditer(text):
        end = _end_of_iban(match[0])
        if end:
            yield Found(match.start(), match.start() + end, "account")
    for match in _CARD.finditer(text):
        if _is_luhn(match[0]) and not match[0].startswith("0"):
            yield Found(match.start(), match.end(), "account")
    for match in _ACCOUNT.finditer(text):
        yield _trimmed(text, match.start(1), match.end(1))
    yield from (
        Found(match.start(), match.end(), "account")
        for match in _SORT_CODE.finditer(text)
        if "sort" in text[max(0, match.start() - 60) : match.start()].lower()
    )
    for match in _PHONE.finditer(text):
        if not _DATE_LIKE.fullmatch(match[1]):
            yield Found(match.start(1), match.end(1), "phone")
    for match in _PLAIN_PHONE.finditer(text):
        if 9 <= len(regex.sub(r"\D", "", match[0])) <= 15 and not _DATE_LIKE.fullmatch(match[0]):
            yield Found(match.start(), match.end(), "phone")


def _webs(text: str) -> Iterator[Found]:
    for match in _WEB.finditer(text):
        found = match[0].rstrip(".,;:!?*_")
        if "/" in found or not _FILES.search(found):
            yield Found(match.start(), match.start() + len(found), "web")


def _trimmed(text: str, start: int, end: int) -> Found:
    """Without words that follow the number: "12345678 and"."""
    words = regex.split(r"([ ]+)", text[start:end])
    while len(words) > 1 and not any(map(str.isdigit, words[-1])) and not words[-1].isupper():
        words = words[:-2]
    return Found(start, start + len("".join(words)), "account")


def _end_of_iban(written: str) -> int:
    """How many characters of a run are a valid IBAN; 0 if none are. A word behind it may have been taken for part of it."""
    ends = [at + 1 for at, character in enumerate(written) if character.isalnum()]
    for end in reversed(ends[14:]):
        letters = regex.sub(r"[ -]", "", written[:end])
        turned = "".join(str(int(each, 36)) for each in letters[4:] + letters[:4])
        if int(turned) % 97 == 1:
            return end
    return 0


def _is_luhn(written: str) -> bool:
    digits = [int(each) for each in written if each.isdigit()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
