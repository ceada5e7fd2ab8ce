"""The words that decide what a sentence says, in English, German and French.

Plain sets of normalised words. A word in GUARDED may not be added, dropped or exchanged between an answer and its
source; a word in LIGHT may. Everything else carries content.
"""

from __future__ import annotations

NEGATIONS = frozenset(
    "not no nor never none neither nobody nothing nowhere cannot without hardly"
    " nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne"
    " ne n' pas jamais aucun aucune ni sans rien personne".split()
)
EXCEPTIONS = frozenset(
    "except excepting unless if only provided providing subject save otherwise but until till when whenever while whereas although though"
    " außer ausser falls wenn sofern soweit nur es-sei-denn lediglich vorbehaltlich bis aber jedoch sondern solange"
    " sauf si seulement uniquement mais hormis excepté moins jusque".split()
)
MODALS = frozenset(
    "may might can could must shall should will would need ought required permitted forbidden prohibited recommended optional mandatory"
    " muss müssen darf dürfen kann können soll sollen sollte sollten wird werden würde"
    " doit doivent peut peuvent devra pourra devrait pourrait".split()
)
QUANTITIES = frozenset(
    "all any each every some most many few both either half several least more less fewer maximum minimum up about almost nearly"
    " hundred thousand million billion trillion dozen twice once"
    " alle jede jeder jedes jeden einige viele wenige beide mindestens höchstens mehr weniger tausend million millionen milliarde milliarden"
    " tous toutes chaque plusieurs quelques moins plus mille million millions milliard milliards".split()
)
DIRECTIONS = frozenset(
    "before after from by over under above below between within outside inside against since during or than"
    " vor nach von durch über unter zwischen innerhalb außerhalb gegen seit während oder"
    " avant après par sur sous entre contre depuis pendant ou".split()
)
GUARDED = NEGATIONS | EXCEPTIONS | MODALS | QUANTITIES | DIRECTIONS

BE = frozenset("be is are was were been being am".split())
PAST = frozenset("was were had did".split())
PRESENT = frozenset("is are has have do does am".split())

LIGHT = (
    BE
    | frozenset(
        "a an the this that these those it its itself they them their theirs he him his she her hers who whom whose which what"
        " has have had having do does did of in on at for to as with into and so also then thus there here such however therefore"
        " furthermore moreover additionally please hence accordingly namely both own where how"
        " der die das den dem des ein eine einen einem einer eines dieser diese dieses diesem diesen es sie er ihr ihre ihrer ihren sein seine"
        " ist sind war waren hat haben hatte und auch so dann also im in am an auf zu zum zur mit für als bei"
        " le la les l' un une des du de d' ce cet cette ces il elle ils elles son sa ses leur leurs qui que qu' est sont était a ont avait"
        " et aussi ainsi donc dans en à au aux pour avec".split()
    )
) - GUARDED

# Brackets with one of these limit what they follow and may not be left out; others may.
BREAKS_ASIDE = NEGATIONS | EXCEPTIONS | QUANTITIES | (DIRECTIONS - {"above", "below"})

# What may head a phrase that a writer can move to the front or to the end of a sentence.
MOVABLE_HEADS = frozenset(
    "in on at for if when unless before after under within during by as until where with without since because although while from to"
    " wenn falls sofern vor nach unter innerhalb während bei im am in auf für seit bis"
    " si quand avant après sous dans pendant pour depuis en".split()
)
# Where the words before a match decide its grammar, as in "the guarantor of [the tenant shall pay]".
BINDING_BEFORE = frozenset(
    "of for by to with from than without against between about like except"
    " von für durch mit gegen ohne zwischen de du des d' par pour avec sans contre entre".split()
)

PARTICIPLES = frozenset(
    "paid made given taken done kept held sent sold bought built found put set shown known written seen told left lost met read"
    " brought chosen drawn driven eaten forgotten gotten grown hidden laid led lent meant borne bound broken".split()
)
IRREGULAR = {
    form: verb
    for verb, forms in {
        "pay": "paid", "make": "made", "give": "gave given", "take": "took taken", "do": "done", "keep": "kept", "hold": "held",
        "send": "sent", "sell": "sold", "buy": "bought", "build": "built", "find": "found", "show": "shown", "know": "knew known",
        "write": "wrote written", "see": "saw seen", "tell": "told", "lose": "lost", "meet": "met", "bring": "brought",
        "choose": "chose chosen", "begin": "began begun", "break": "broke broken", "spend": "spent", "lend": "lent", "grow": "grew grown",
    }.items()
    for form in forms.split()
}  # fmt: skip
PARTICIPLE_ENDINGS = ("ed", "en")

# Pairs that differ by little and mean the opposite or the other party; prefixes and endings as (one, other).
OPPOSITE_PREFIXES = (
    ("un", ""), ("in", ""), ("im", ""), ("il", ""), ("ir", ""), ("dis", ""), ("non", ""), ("mis", ""), ("de", ""), ("a", ""), ("anti", ""),
    ("in", "ex"), ("in", "de"), ("in", "out"), ("im", "ex"), ("inter", "intra"), ("under", "over"), ("up", "down"), ("pre", "post"),
    ("super", "sub"), ("max", "min"), ("en", "dis"), ("as", "des"), ("hyper", "hypo"),
)  # fmt: skip
OPPOSITE_ENDINGS = (
    ("or", "ee"), ("er", "ee"), ("ful", "less"), ("er", "ed"), ("or", "ed"), ("ing", "ed"), ("teen", "ty"), ("illion", "illiard"),
)  # fmt: skip

NUMBER_WORDS = {
    word: value
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
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
    "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "chf": "chf", "franken": "chf", "francs": "chf", "¥": "jpy", "yen": "jpy",
}  # fmt: skip
CURRENCY_SIGNS = frozenset("$€£¥%")
PERCENT = frozenset("% percent prozent pourcent".split())
CONTRACTIONS = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "it's": ("it", "is"),
}  # fmt: skip
