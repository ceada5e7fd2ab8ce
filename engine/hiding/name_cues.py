"""The places at which names stand: salutations, signatures, labels, columns of tables, verbs of saying.

Pure. Looks only at a few dozen characters around a word.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.capitals import Capital
from engine.hiding.name_lists import is_given, is_ordinary, is_place, is_surname
from engine.hiding.patterns import later
from engine.hiding.person_names import PARTICLES
from engine.hiding.spans import Found

_GREETING = (
    r"Dear|Dearest|Hi|Hiya|Hello|Hey|Good[ ]morning|Good[ ]afternoon|Hallo|Liebe[rs]?|Sehr[ ]geehrte[rsn]?|Werte[rs]?"
    r"|Guten[ ](?:Tag|Morgen|Abend)|Moin|Servus|Cher|Chère|Chers|Bonjour|Bonsoir|Salut"
    r"|Estimad[oa]s?|Querid[oa]s?|Hola|Buenos[ ]días|Buenas[ ]tardes|Gentile|Egregi[oa]|Car[oa]|Ciao|Buongiorno|Beste"
    r"|Geachte|Hoi|Dag|Szanown[yai]|Drog[ai]|Cześć|Witaj|Thanks|Thank[ ]you|Merci|Danke|Grazie|Gracias"
)
_NAMED_BEFORE = later(
    rf"(?:(?:^|[\n>*_\"„“«(.!])[ \t>*_\"„“«]*(?i:{_GREETING})[ ,]{{1,3}}"
    r"|(?<!\p{L})(?:spoke[n]?|speaking|speak|talk(?:ed|ing)?|met|meeting|wrote|written|complained|reported|replied"
    r"|apologised|listened|according)[ ](?:to|with)[ ]"
    r"|(?<!\p{L})(?:[Cc]all|[Cc]ontact|[Ee]mail|[Aa]sk(?:[ ]for)?|[Rr]ing|[Tt]ell|[Rr]emind|[Ii]nvite|[Ii]nform|contacted"
    r"|called|emailed|e-mailed|phoned|rang|told|asked|informed|saw|visited|interviewed|named|called"
    r"|thanked|reminded|warned|between|cc|Cc|CC|signed|mentioned|accused|blamed|against|suspended|dismissed|hired|promoted"
    r"|replaced|reports[ ]to)[ ]"
    r"|(?<!\p{L})(?i:manager|supervisor|wife|husband|son|daughter|mother|father|brother|sister|partner|colleague|nurse"
    r"|doctor|tenant|landlord|landlady|neighbour|neighbor|witness|officer|agent|caseworker|engineer|technician|director"
    r"|teacher|assistant|solicitor|barrister|patient|client|trainee|boss|friend|cousin|uncle|aunt|girl|boy|baby|child|kid"
    r"|niece|nephew|grandson|granddaughter|carer|driver|gardener|cleaner|executor|guest|dog|grandmother|grandfather"
    r"|named|handler|adviser|advisor)[ ,]{1,2}"
    r"|(?<!\p{L})(?i:kollege|kollegin|kollegen|sachbearbeiter(?:in)?|nachbar(?:in|n)?|ehefrau|ehemann|sohn|tochter|mutter"
    r"|vater|bruder|schwester|mieter(?:in|s)?|vermieter(?:in|s)?|patient(?:in|en)?|zeug(?:e|in|en)|kläger(?:in|s)?"
    r"|beklagte[rn]?|rechtsanw[aä]lt(?:in)?|namens|\p{L}{2,20}(?:meister|kommissar|inspektor|anwalt|anwält|lehrer|leiter"
    r"|richter|führer|berater|verwalter|sekretär|pfleger|betreuer|wart|chef|ärzt)(?:in)?|geschäftsführer(?:in)?"
    r"|mitarbeiter(?:in|s)?|gez\.)[ ]"
    r"|(?<!\p{L})(?i:collègue|voisine?|épouse|époux|mari|femme|fils|fille|locataire|bailleur|bailleresse|patiente?|témoin"
    r"|nommée?|dénommée?|signé|représentée?[ ]par|avec|marido|esposa|hijo|hija|vecin[oa]|arrendatari[oa]|moglie|marito"
    r"|figlio|figlia|vicin[oa]|conduttore|conduttrice|locatore|locatrice|collega|huurder|buurvrouw|buurman|sąsiad(?:ka)?"
    r"|najemca)[ ]"
    r")$"
)
_SAID = later(
    r"(?:'s[ ](?:email|e-mail|letter|statement|husband|wife|son|daughter|manager|phone|house|flat|complaint|grievance"
    r"|report|behaviour|team|desk|office|answer|reply|account|version))\b"
    r"|[*_\"”]{0,2}[ ](?:said|says|told|wrote|writes|called|asked|asks|confirmed|replied|explained|stated|agreed|refused"
    r"|promised|visited|phoned|emailed|rang|met|thinks|believes|claims|claimed|insisted|apologised|admitted|denied|reported"
    r"|answered|arrived|left|sent|attended|resigned|complained|lives|works|shouted|signed|suggested|added|mentioned|took"
    r"|has[ ]been|had[ ]been|also[ ]said|then[ ]said|never[ ](?:replied|came|called)|is[ ](?:our|my|the|a|responsible|off"
    r"|ill|away)|was[ ](?:present|rude|late|ill|there|not[ ]there))\b"
    r"|[ ](?:sagte?|schrieb|erklärte|bestätigte|meinte|teilte|rief|kam|hat[ ](?:gesagt|mir|uns|den|die|das)|antwortete"
    r"|wohnt|arbeitet|fragte)(?!\p{L})"
    r"|[ ](?:a[ ](?:dit|écrit|confirmé|répondu|refusé|signé|demandé|déclaré|appelé)|habite|travaille|déclare|affirme)(?!\p{L})"
    r"|[ ](?:dijo|confirmó|escribió|respondió|ha[ ](?:detto|scritto|confermato|risposto)|zei|schreef|bevestigde"
    r"|heeft[ ]gezegd|powiedział[a]?|napisał[a]?)(?!\p{L})"
)
_CLOSING = (
    r"(?:kind|best|warm|with[ ]best|with[ ]kind|many)?[ ]?(?:regards|wishes)|yours(?:[ ](?:sincerely|faithfully|truly))?"
    r"|sincerely(?:[ ]yours)?|many[ ]thanks|thanks(?:[ ](?:again|a[ ]lot))?|thank[ ]you|cheers|best|love|respectfully"
    r"|(?:mit[ ])?(?:freundlichen?|besten?|herzlichen?|vielen?|schönen?|liebe|viele)[ ](?:grüßen?|gruß|gruss|grüssen?)|mfg"
    r"|lg|vg|hochachtungsvoll|gez\.?|im[ ]auftrag|i\.[ ]?a\.?|i\.[ ]?v\.?"
    r"|(?:bien[ ])?cordialement|bien[ ]à[ ](?:vous|toi)|(?:sincères[ ])?salutations(?:[ ]distinguées)?"
    r"|(?:veuillez[^\n]{0,90}(?:distinguées|sentiments|considération)[^\n]{0,20})"
    r"|(?:un[ ])?(?:cordial(?:es)?[ ])?saludos?(?:[ ]cordial(?:es)?)?|atentamente|(?:cordiali|distinti)[ ]saluti"
    r"|un[ ]saluto|(?:met[ ])?(?:vriendelijke[ ]|hartelijke[ ])?groet(?:en)?|hoogachtend|z[ ](?:poważaniem"
    r"|wyrazami[ ]szacunku)"
    r"|pozdrawiam|pozdrowienia"
)
_SIGN_OFF = later(rf"(?:^|\n|[.!?][ ])[ \t>*_]*(?i:{_CLOSING})[ \t]*[,.!;:–-]{{0,2}}[ \t*_]*(?:\n[ \t>]*){{1,4}}$")
_SIGN_OFF_INLINE = later(
    r"(?:^|\n|[.!?][ ])[ \t>*_]*(?i:(?:kind|best|warm)[ ]regards|regards|best[ ]wishes|yours[ ]sincerely|yours[ ]faithfully"
    r"|cheers|viele[ ]grüße|liebe[ ]grüße|cordialement|saludos|saluti|groeten|groet),?[ ]$"
)
_LABELS = (
    r"(?:full[ ]|first[ ]|last[ ]|family[ ]|given[ ]|customer[ ]|client[ ]|patient[ ]|employee[ ]|contact[ ]|your[ ]"
    r"|sur)?name(?:[ ]of[ ]\w+)?|tenant|co-tenant|subtenant|landlord|landlady|patient|customer|client|employee|applicant"
    r"|claimant|respondent|complainant|defendant|plaintiff|contact(?:[ ]person)?|from|to|cc|bcc|reply-to|attn|attention"
    r"|f\.?a\.?o"
    r"|signed(?:[ ]by)?|signature|witness(?:ed[ ]by)?|(?:line[ ])?manager|author|prepared[ ]by|written[ ]by|reported[ ]by"
    r"|requested[ ]by|requester|assigned[ ]to|assignee|reporter|owner|agent|caller|handler|case[ ]?worker|interviewer"
    r"|interviewee|present|attendees|participants|apologies|next[ ]of[ ]kin|emergency[ ]contact|gp|consultant|doctor"
    r"|physician|referring[ ]doctor|beneficiary|payee|account[ ]holder|cardholder|buyer|seller|guarantor|insured"
    r"|policyholder|driver|recipient|sender|chair|minutes|hr|solicitor|director|user|student|teacher|parent|guardian"
    r"|name|vorname|nachname|familienname|mieter(?:in)?|vermieter(?:in)?|kunde|kundin|patient(?:in)?|ansprechpartner(?:in)?"
    r"|von|an|kopie|empfänger|absender|bearbeiter(?:in)?|sachbearbeiter(?:in)?|kontoinhaber(?:in)?|inhaber(?:in)?"
    r"|geschäftsführer(?:in)?|geschäftsführung|zeuge|zeugin|kläger(?:in)?|beklagte[r]?|versicherte[r]?"
    r"|versicherungsnehmer(?:in)?|arzt|ärztin|hausarzt|hausärztin|teilnehmer|anwesend|unterschrift|arbeitnehmer(?:in)?"
    r"|arbeitgeber(?:in)?|gemeldet[ ]von|zugewiesen[ ]an|melder(?:in)?|verfasser(?:in)?"
    r"|nom(?:[ ]et[ ]prénom)?|prénom|locataire|bailleur|bailleresse|cliente?|patiente?|de|à|expéditeur|destinataire"
    r"|titulaire|signataire|salariée?|employeur|médecin(?:[ ]traitant)?|témoin|contact|rédigé[ ]par|gérante?|assurée?"
    r"|nombre(?:[ ]y[ ]apellidos)?|apellidos?|arrendador(?:a)?|arrendatari[oa]|paciente|titular|para|firmado|médico"
    r"|trabajador(?:a)?|nome(?:[ ]e[ ]cognome)?|cognome|locatore|locatrice|conduttore|conduttrice|paziente|intestatario|da"
    r"|medico(?:[ ]curante)?|firma|naam|voornaam|achternaam|huurder|verhuurder|patiënt|klant|van|aan|huisarts"
    r"|imię(?:[ ]i[ ]nazwisko)?|nazwisko|najemca|wynajmujący|pacjent(?:ka)?|klient(?:ka)?|od|do|lekarz|pracownik"
)
_LABELLED = later(
    rf"(?m)(?:^|[|;,(]|[ ]{{2}}"
    rf"|\t)[ \t>*_•-]{{0,8}}+(?=\p{{L}})(?i:{_LABELS})[ ]?(?:\([^()\n]{{1,20}}\))?[*_]{{0,2}}[ ]?(?::|=|\t|\|)[ "
    rf"\t*_\"']*(\p{{Lu}}[^\n|;<>\t@\d:=\"(\[]{{1,60}})"
)
_LABELLED_NAME = later(
    rf"\p{{Lu}}[\p{{L}}\p{{M}}'’.-]*?(?=$|[^\p{{L}}\p{{M}}'’.-]|['’]s\b)(?:[ ]{{1,2}}(?:(?:{PARTICLES}|med\."
    rf"|jur\.)[ ]){{0,3}}\p{{Lu}}[\p{{L}}\p{{M}}'’.-]*){{0,5}}"
)
_NAME_COLUMNS = frozenset(
    "name first_name last_name firstname lastname surname full_name fullname given_name customer client requester assignee "
    "employee patient owner"
    " reporter agent contact tenant landlord user assigned_to reported_by requested_by opened_by closed_by caller manager "
    "author student teacher"
    " vorname nachname kunde kundin mieter mieterin bearbeiter bearbeiterin mitarbeiter ansprechpartner melder patientin "
    "nom prénom prenom client locataire"
    " patiente responsable nombre apellidos cliente paciente cognome nome paziente naam voornaam achternaam klant imię "
    "nazwisko klient customer_name"
    " client_name employee_name patient_name contact_name requester_name assignee_name created_by account_holder from to".split()
)
_SEPARATORS = (",", ";", "\t", "|")
_WORD = later(r"\p{L}[\p{L}\p{M}'’.-]*")


def named_before(text: str, start: int) -> bool:
    """Whether what stands before a word says that it is somebody's name."""
    return _NAMED_BEFORE.search(text, max(0, start - 48), start) is not None


def ends_like_name(text: str, end: int) -> bool:
    """Whether what follows a word is what people do."""
    return _SAID.match(text, end) is not None


def opens_like_name(text: str, start: int) -> bool:
    """Whether a word stands where a letter is signed."""
    window = max(0, start - 160)
    return _SIGN_OFF.search(text, window, start) is not None or _SIGN_OFF_INLINE.search(text, window, start) is not None


def signatures(text: str, runs: list[list[Capital]]) -> Iterator[Found]:
    """Whole lines of names where a letter is signed, whatever the words are otherwise."""
    for run in runs:
        if (
            len(run) <= 4
            and opens_like_name(text, run[0].start)
            and not _goes_on(text, run[-1].end)
            and _is_name(text[run[0].start : run[-1].end])
        ):
            yield Found(run[0].start, run[-1].end, "person")


def labelled(text: str) -> Iterator[Found]:
    """Names after a label: "Tenant: Anna Harlow", "From: Harlow, Anna <…>", "| Patient | … |"."""
    for match in _LABELLED.finditer(text):
        start = match.start(1)
        for part in regex.split(r"(,[ ]|[ ](?:and|und|et|y|e|en|i|&)[ ]|/)", match[1]):
            name = _LABELLED_NAME.match(part)
            if name and _is_name(name[0]):
                words = name[0]
                while words and words.split()[-1][0].islower():
                    words = words.rpartition(" ")[0]
                yield Found(start, start + len(words.rstrip(".-")), "person")
            start += len(part)


def reversed_names(text: str) -> Iterator[Found]:
    """ "Harlow, Anna": a family name, a comma, a given name."""
    for match in regex.finditer(
        r"(?<![\p{L}\p{N}'-])(\p{Lu}[\p{L}\p{M}'-]+(?:[ ]\p{Lu}[\p{L}\p{M}'-]+)?),[ ]?"
        r"(\p{Lu}[\p{L}\p{M}'-]+(?:[ ]\p{Lu}\.?(?!\p{L}))?)(?![\p{L}\p{N}]|[ ]\p{Lu}\p{Ll})",
        text,
    ):
        family, given = match[1], match[2].split(" ")[0]
        if not is_given(given) or is_ordinary(given) or is_place(given):
            continue
        last = family.split(" ")[-1]
        if _AFTER_NAME.search(text, max(0, match.start() - 24), match.start()):
            continue
        if (is_surname(last) and not is_given(last)) or (
            not is_ordinary(last) and not is_place(last) and not is_given(last) and " " not in family
        ):
            yield Found(match.start(), match.end(), "person")


_AFTER_NAME = later(r"(?:,[ ]|(?i:mr|mrs|ms|miss|dr|prof|herr|frau|herrn|mme|m)\.?[ ])$")


def columns(text: str) -> Iterator[Found]:
    """The cells under a heading that says that they hold names, in tables of commas, semicolons, tabs or bars."""
    heading: dict[int, str] = {}
    separator, width, start = "", 0, 0
    for line in text.splitlines(keepends=True):
        cells = _cells(line, separator) if separator else []
        if not (separator and abs(len(cells) - width) <= 0):
            separator, heading, width = _heading(line)
        else:
            for number, (cell_start, cell) in enumerate(cells):
                name = cell.strip(" \"'*\r\n")
                if (
                    number in heading
                    and 0 < len(name) <= 60
                    and not any(map(str.isdigit, name))
                    and _WORD.match(name)
                    and _is_name(name, is_sure=True)
                ):
                    at = start + cell_start + cell.index(name)
                    yield Found(at, at + len(name), "person")
        start += len(line)


def _heading(line: str) -> tuple[str, dict[int, str], int]:
    for separator in _SEPARATORS:
        if line.count(separator) and len(line) < 2_000:
            cells = _cells(line, separator)
            names = {
                number: cell
                for number, (_, cell) in enumerate(cells)
                if regex.sub(r"[\s_-]+", "_", cell.strip(" \"'*\r\n").lower()) in _NAME_COLUMNS
            }
            if names and len(cells) > 1 and all(len(cell) < 40 for _, cell in cells):
                return separator, names, len(cells)
    return "", {}, 0


def _cells(line: str, separator: str) -> list[tuple[int, str]]:
    """The cells of a line with their places; a separator between quotation marks is none."""
    cells, start, quoted = [], 0, False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            cells.append((start, line[start:at]))
            start = at + 1
    return [*cells, (start, line[start:])]


def _goes_on(text: str, end: int) -> bool:
    """Whether a line continues in small letters."""
    return regex.match(r"[ ]\p{Ll}", text[end : end + 3]) is not None


def _is_name(words: str, *, is_sure: bool = False) -> bool:
    """Whether words at a place for names are one: not if all of them are ordinary words or places."""
    each = [word.strip(".") for word in words.split() if word.strip(".")]
    if not each:
        return False
    if is_sure and len(each) <= 4:
        return not all(is_ordinary(word) and not (is_given(word) or is_surname(word)) for word in each)
    unknown = [word for word in each if word[0].isupper() and not is_ordinary(word) and not is_place(word) and len(word) > 1]
    return (
        bool(unknown)
        or (len(each) >= 2 and (is_given(each[0]) and is_surname(each[-1])))
        or (len(each) == 1 and is_given(each[0]) and len(each[0]) > 2)
    )
