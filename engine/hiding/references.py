"""Numbers that point at one person or one case: files, customers, policies, insurance, tax, passports, plates; birth dates.

Pure. A number counts when a word before it says what it is, or when its shape is that of one country's numbers. Statutes,
standards, amounts, dates and model names do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.calendar import DATE
from engine.hiding.patterns import later
from engine.hiding.spans import Found

_SUBJECTS = (
    r"(?:our|your|my|ihr|unser|mein|notre|votre|su|vostro|nostro|uw|ons)?[ ]?ref(?:erence|erenz|érence|erencia|erentie)?"
    r"|case|claim|policy|tenancy|invoice|order|customer|client|patient|nhs|hospital"
    r"|national[ ]insurance|ni|insurance|social[ ]security|ssn|tax(?:[ ]id)?|tin|utr|vat(?:[ ](?:id|reg(?:istration)?))?"
    r"|file|matter|employee|staff|payroll|personnel|ticket|licen[cs]e|driving[ ]licen[cs]e|passport"
    r"|identity[ ]card|id[ ]card|membership|member|booking|contract|complaint|grievance|incident|docket|registration|reg"
    r"|plate|vehicle|student|badge|company|crime|meter|serial|application|visa|permit|docket|account[ ]ref(?:erence)?"
    r"|record|mrn|chart|mandate|payment|transaction|transfer|unit|lot|parcel|title"
    r"|akten?|aktenzeichen|az|gesch(?:äfts|\.)?-?zeichen|kunden|rechnungs|vertrags|versicherungs(?:schein)?|policen"
    r"|schaden(?:s)?|vorgangs|personal|mandats|mitglieds|steuer|ust-?id|umsatzsteuer-?id|patienten|fall"
    r"|sozialversicherungs|rentenversicherungs|krankenversicherten|ausweis|reisepass|führerschein|kennzeichen|bestell"
    r"|auftrags|zähler|mieter|objekt|wohnungs|ihr[ ]zeichen|unser[ ]zeichen|zeichen|verwendungszweck|steuer-?id|idnr|hrb"
    r"|hra|handelsregister"
    r"|dossier|réf|facture|contrat|sinistre|police|adhérent|allocataire|sécurité[ ]sociale|nir|siret|siren|rcs|passeport"
    r"|permis|immatriculation|commande|matricule|rg"
    r"|expediente|factura|póliza|contrato|siniestro|dni|nie|nif|cif|pasaporte|matrícula|pedido|seguridad[ ]social"
    r"|número[ ]de[ ]cliente"
    r"|pratica|fattura|polizza|codice[ ]fiscale|c\.f|partita[ ]iva|p\.[ ]?iva|passaporto|targa|protocollo|ordine"
    r"|codice[ ]cliente|tessera"
    r"|dossier|factuur|polis|klant|bsn|burgerservice|kenteken|zaak|contract|kvk|paspoort|dossier|klantnummer"
    r"|sygnatura|sygn\.?(?:[ ]akt)?|faktura|faktury|pesel|nip|regon|dowód|umowa|umowy|polisa|klienta|sprawa|sprawy"
)
_NUMBER = (
    r"(?:[ ]?-?(?:number|numbers|numéro|numero|número|nummer|numer|nr|no|num|id|code|key|zeichen|kennung|n)\b\.?|[ ]?(?:n°"
    r"|nº|№|\#)"
    r"|[ ]de[ ](?:cliente|dossier|facture|client|contrat)(?:[ ](?:n°|nº|no\.?|numéro))?)?"
)
_IS = (
    r"[ \t]{0,2}(?:is|was|are|ist|lautet|est|es|è|to)?[ \t]{0,2}[:=#|.]{0,2}[ \t]{0,3}(?:no\.?|nr\.?|n°|nº|number)?[ "
    r"\t]{0,2}[:#]?[ \t]?"
)
_CODE = (
    r"(?:[A-Z]{1,3}[ ](?=\d))?(?=[\p{L}\p{N}/._-]{0,24}\d)[\p{L}\p{N}](?:[\p{L}\p{N}]|[/._-](?=[\p{L}\p{N}])){1,39}"
    r"(?:[ ](?=[\p{Lu}\p{N}/-]{0,12}\d)[\p{Lu}\p{N}/-]{1,12}){0,5}(?:[ ][A-Z](?![\p{L}\p{N}.]))?"
)
_LABELLED = later(
    rf"(?<![\p{{L}}\p{{N}}])(?i:{_SUBJECTS}|\p{{L}}{{2,30}}(?=-?(?:nummer|nr\b)|[ ](?:number|nr\b|no\.|n°"
    rf"|nº)))((?i:{_NUMBER}(?!\p{{L}}){_IS}))({_CODE})(?![\p{{L}}\p{{N}}])"
)
_MONTH_OR_UNIT = later(
    r"\d{1,2}(?:st|nd|rd|th|\.)?$|(?:19|20)\d\d$|\d{1,3}(?:[.,]\d+)?$|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}$"
    r"|\d{4}-\d\d-\d\d$|\d+[.,]\d\d$|\d{1,3}(?:,\d{3})+$|\d{1,2}:\d\d$|\d{1,2}h\d{0,2}$"
)
_STATUTE = later(
    r"^(?:(?:ISO|EN|DIN|IEC|IFRS|RFC|BS|ASTM)[ -/]?\d{1,6}(?:[:-]\d+)*|(?:GDPR|COVID|SARS|GPT|USB|MP|PM|Q|FY|H|A"
    r"|B)[ -]?\d{1,2}\p{L}?)$",
    regex.IGNORECASE,
)
_SHAPES = later(
    r"(?<![A-Za-z0-9])(?:"
    r"[A-Z]{2}[ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D]"  # national insurance
    r"|\d{3}-\d{2}-\d{4}"  # social security
    r"|[12][ ]?\d\d[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d\d|2[AB])[ ]?\d{3}[ ]?\d{3}(?:[ ]?\d\d)?"  # sécurité sociale
    r"|[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]"  # codice fiscale
    r"|\d\d[ ]?\d{6}[ ]?[A-Z][ ]?\d{3}"  # Sozialversicherungsnummer
    r"|(?:DE|ATU|FR|IT|ES|NL|PL|BE|GB)[ ]?(?=[A-Z0-9]{0,3}\d{6})[A-Z0-9]{8,12}"  # VAT
    r"|[XYZ]\d{7}[A-Z]|\d{8}-?[A-Z]"  # NIE, DNI
    r"|\d{2,3}/\d{3}/\d{4,5}"  # Steuernummer
    r"|\d{1,3}[ ][A-Z]{1,3}[ ]\d{1,6}/\d\d"  # Aktenzeichen
    r"|[A-Z]{2}\d\d[ ]?[A-Z]{3}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ ]?\d{1,4}[EH]?|[A-Z]{2}-\d{3}-[A-Z]{2}"  # plates
    r"|[A-Z]{1,6}[-/_](?:[A-Z0-9]{1,8}[-/_]){0,4}(?=[A-Z0-9-]{0,12}\d)[A-Z0-9]{2,12}"
    r"|(?=[A-Z0-9]{0,9}\d)(?=(?:\d{0,9}[A-Z]){2})(?=(?:[A-Z]{0,9}\d){4})[A-Z0-9]{7,24}"
    r"|(?:19|20)\d\d/\d{3,8}(?:[-/][A-Z0-9]{1,6})?"
    r"|\#\d{4,12}"
    r")(?![A-Za-z0-9-])"
)
_BORN = (
    r"born(?:[ ]on)?|d\.?o\.?b\.?|date[ ]of[ ]birth|birth[ ]?date|birthday|geb(?:oren)?\.?(?:[ ]am)?|geburtsdatum"
    r"|geburtstag|né[ ]le|née[ ]le|né\(e\)[ ]le|date[ ]de[ ]naissance"
    r"|nacid[oa](?:[ ]el)?|fecha[ ]de[ ]nacimiento|nat[oa](?:[ ]il)?|nat[oa][ ]a[ ]\p{Lu}\p{L}{1,20}[ ]il"
    r"|data[ ]di[ ]nascita|geboren(?:[ ]op)?|geboortedatum|geb\.?[ ]datum|urodzon[ya]|ur\.|data[ ]urodzenia"
)
_BIRTH = later(
    rf"(?<!\p{{L}})(?:{_BORN})(?!\p{{L}})[ \t]{{0,2}}[:(|=,]?[ \t]{{0,3}}(?:is|was|on|ist|the|le|el|il)?[ \t]{{0,2}}\n?[ "
    rf"\t]{{0,2}}({DATE})",
    regex.IGNORECASE,
)
_AFTER_STAR = later(rf"(?<!\S)\*[ ]?({DATE})")


def references(text: str) -> Iterator[Found]:
    """Numbers of cases, people and things."""
    for match in _LABELLED.finditer(text):
        has_label = bool(regex.search(r"[\p{L}:#°º№=|]", match[1]))
        code = match[2]
        if _STATUTE.match(code) or (
            _MONTH_OR_UNIT.match(code)
            and not (has_label and len(code) > 3 and code.isdigit() and regex.search(r"\p{L}|°|º|#", match[1]))
        ):
            continue
        if code.isdigit() and not has_label and len(code) < 5:
            continue
        yield Found(match.start(2), match.end(2), "reference")
    for match in _SHAPES.finditer(text):
        if not _STATUTE.match(match[0]) and not regex.fullmatch(r"[A-Z]{1,6}-\d{1,2}", match[0]):
            yield Found(match.start(), match.end(), "reference")


def birth_dates(text: str) -> Iterator[Found]:
    """Dates that are said to be somebody's birth; all other dates stay."""
    for pattern in (_BIRTH, _AFTER_STAR):
        for match in pattern.finditer(text):
            yield Found(match.start(1), match.end(1), "birth_date")
