"""The words that decide what a sentence says, in English, German and French.

Plain sets of normalised words. A word in GUARDED may not be added, dropped or exchanged between an answer and its
source; a word in LIGHT may. Everything else carries content. A word that is light in one language and telling in
another ("die", "son") is not light.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


NEGATIONS = _words(
    """
    not no nor never none neither nobody nothing nowhere cannot without hardly
    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne
    ne n' pas jamais aucun aucune ni sans rien personne
    """
)
EXCEPTIONS = _words(
    """
    except excepting unless if only provided providing subject save otherwise but until till when whenever while
    whereas although though
    außer ausser falls wenn sofern soweit nur es-sei-denn lediglich vorbehaltlich bis aber jedoch sondern solange
    sauf si seulement uniquement mais hormis excepté moins jusque
    """
)
MODALS = _words(
    """
    may might can could must shall should will would need ought required permitted forbidden prohibited recommended
    optional mandatory
    muss müssen darf dürfen kann können soll sollen sollte sollten wird werden würde
    doit doivent peut peuvent devra pourra devrait pourrait
    """
)
QUANTITIES = _words(
    """
    all any each every some most many few both either half several least more less fewer maximum minimum up about
    almost nearly
    hundred thousand million billion trillion dozen twice once
    alle jede jeder jedes jeden einige viele wenige beide mindestens höchstens mehr weniger tausend million
    millionen milliarde milliarden
    tous toutes chaque plusieurs quelques moins plus mille million millions milliard milliards
    """
)
DIRECTIONS = _words(
    """
    before after from by over under above below between within outside inside against since during or than
    vor nach von durch über unter zwischen innerhalb außerhalb gegen seit während oder
    avant après par sur sous entre contre depuis pendant ou
    """
)
GUARDED = NEGATIONS | EXCEPTIONS | MODALS | QUANTITIES | DIRECTIONS

BE = _words("be is are was were been being am")
PAST = _words("was were had did")
PRESENT = _words("is are has have do does am")

LIGHT = (
    BE
    | _words(
        """
    a an the this that these those it its itself they them their theirs he him his she her hers who whom whose which
    what
    has have had having do does did of in on at for to as with into and so also then thus there here such however
    therefore
    furthermore moreover additionally please hence accordingly namely both own where how
    der das dem des ein eine einen einem einer eines dieser diese dieses diesem diesen es sie er ihr ihre ihrer
    ihren seine
    ist sind waren haben hatte und auch so dann also im in am an auf zu zum zur mit für als bei
    le la les l' un une des du de d' ce cet cette ces il elle ils elles sa ses leur leurs qui que qu' est sont était
    a ont avait
    et aussi ainsi donc dans en à au aux pour avec
    """
    )
) - GUARDED

# Brackets with one of these limit what they follow and may not be left out; others may.
BREAKS_ASIDE = NEGATIONS | EXCEPTIONS | QUANTITIES | (DIRECTIONS - {"above", "below"})

# What may head a phrase that a writer can move to the front or to the end of a sentence.
MOVABLE_HEADS = _words(
    """
    in on at for if when unless before after under within during by as until where with without since because
    although while from to
    wenn falls sofern vor nach unter innerhalb während bei im am in auf für seit bis
    si quand avant après sous dans pendant pour depuis en
    """
)
CONDITIONS = _words(
    """
    if unless except excepting only provided providing subject save otherwise when whenever until till upon
    wenn falls sofern soweit außer nur vorbehaltlich
    si sauf hormis excepté seulement uniquement
    """
)
# At the beginning of a sentence, before what they limit: "Where the tenant is late, …", "Should the tenant be late, …".
OPENING_CONDITIONS = CONDITIONS | _words("where once while should were had although though assuming suppose quand lorsque wo")
ALTERNATIVES = _words("or oder ou")

# Where the words before a match decide its grammar, as in "the guarantor of [the tenant shall pay]".
BINDING_BEFORE = (
    QUANTITIES
    | ALTERNATIVES
    | _words(
        """
    of for by to with from than without against between about like except that whether dass ob
    von für durch mit gegen ohne zwischen de du des d' par pour avec sans contre entre
    """
    )
)

PARTICIPLES = _words(
    """
    paid made given taken done kept held sent sold bought built found put set shown known written seen told left
    lost met read
    brought chosen drawn driven eaten forgotten gotten grown hidden laid led lent meant borne bound broken
    """
)
SAME_WORDS = {"shall": "must", "till": "until"}
IRREGULAR = {
    form: verb
    for verb, forms in {
        "pay": "paid", "make": "made", "give": "gave given", "take": "took taken", "do": "done", "keep": "kept", "hold": "held",
        "send": "sent", "sell": "sold", "buy": "bought", "build": "built", "find": "found", "show": "shown", "know": "knew known",
        "write": "wrote written", "see": "saw seen", "tell": "told", "lose": "lost", "meet": "met", "bring": "brought",
       "choose": "chose chosen", "begin": "began begun", "break": "broke broken", "spend": "spent", "lend": "lent",
        "grow": "grew grown",
    }.items()
    for form in forms.split()
}  # fmt: skip
PARTICIPLE_ENDINGS = ("ed", "en")

CONTRACTIONS = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "it's": ("it", "is"),
}  # fmt: skip
