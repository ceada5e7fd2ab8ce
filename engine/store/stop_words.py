"""Words that every text has, so that they tell no passages apart: English, German and French, without accents.

Short on purpose. Negations, amounts and words of time or duty ("not", "keine", "must", "avant") stay searchable,
since they matter in contracts.
"""

from __future__ import annotations

ENGLISH = """
a about an and any are as at be been but by can could did do does for from had has have he her him his how i if in
into is it its me my of on or our she so some than that the their them then there these they this those to us was we
were what when where which who whom whose why with would you your
"""

GERMAN = """
aber als am an auch auf aus bei beim bin bis da damit dann das dass dein dem den denn der des die dies diese diesem
diesen dieser dieses du durch ein eine einem einen einer eines er es euch fur hat hatte haben hier ich ihm ihn ihr ihre
ihrem ihren ihrer im in ins ist ja kann konnen man mein mich mir mit nach noch nun nur ob oder sein seine seinem seinen
seiner sich sie sind so uber um und uns unser unter vom von vor war waren warum was welche welchem welchen welcher
welches wem wen wenn wer werden wie wieso wir wird wo wurde wurden zu zum zur
"""

FRENCH = """
a ai au aux avec avait c ce ceci cela ces cet cette comme comment d dans de des donc du elle elles en es est et etaient
etait etre eu il ils j je l la le les leur leurs lui m ma mais me mes moi mon n nos notre nous on ont ou par pas pour
pourquoi qu quand que quel quelle quelles quels qui s sa se ses si son sont sur t ta te tes toi ton tu un une vos votre
vous y
"""

STOP_WORDS = tuple(frozenset(words.split()) for words in (ENGLISH, GERMAN, FRENCH))
