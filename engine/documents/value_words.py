"""The words and signs with which numbers, dates and amounts are written in English, German and French.

Words that are common in another of these languages ("elf", "null", "sept") are left out.
"""

from __future__ import annotations

NUMBER_WORDS = {
    word: value
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve"
        " thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
        "- eins zwei drei vier fünf sechs sieben acht neun zehn - zwölf",
        "zéro - deux trois quatre cinq - sept huit neuf dix onze douze",
    )
    for value, word in enumerate(words.split())
}
NUMBER_WORDS |= {
    tens + unit: value + place
    for tens, value in dict(twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90).items()
    for place, unit in enumerate(["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
}
NUMBER_WORDS.pop("-")

MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "- - - - - - - - sept - - -",
    )
    for number, name in enumerate(names.split(), start=1)
    if name != "-"
}
CURRENCIES = {
    "$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur",
    "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "chf": "chf", "franken": "chf", "francs": "chf",
    "¥": "jpy", "yen": "jpy",
}  # fmt: skip
CURRENCY_SIGNS = frozenset("$€£¥%")
PERCENT = frozenset(("%", "percent", "prozent", "pourcent"))
