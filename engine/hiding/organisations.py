"""Companies, authorities, clinics, schools: by their legal form, or by the word that says what they are.

Pure. "The Council" or "Human Resources" alone name nobody; courts and statutes stay readable.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.capitals import Capital
from engine.hiding.name_lists import is_ordinary
from engine.hiding.patterns import later
from engine.hiding.spans import Found

_LEGAL = later(
    r"(?<=[\p{L}\p{N}.)&'\"”])[ ,]{1,2}(?:Ltd|Limited|PLC|plc|LLP|LLC|Inc|Incorporated|Corp|Corporation"
    r"|GmbH(?:[ ]?&[ ]?Co\.?[ ]?(?:KGaA|KG|OHG))?|mbH|gGmbH|AG(?:[ ]?&[ ]?Co\.?[ ]?KG)?|KGaA|KG|OHG|GbR"
    r"|UG(?:[ ]\(haftungsbeschränkt\))?"
    r"|e\.[ ]?V"
    r"|e\.[ ]?K|eG|SE|S\.?A\.?S|SASU|S\.?A\.?R\.?L|EURL|SCI|SNC|S\.A|SA|S\.?r\.?l|S\.?p\.?A|S\.?L\.?U?|B\.?V|N\.?V"
    r"|[Ss]p\.[ ]z[ ]o\.?[ ]?o|S\.K\.A|Oy|ApS|A/S|AB|Pty(?:[ ]Ltd)?)\b(?![\p{L}])"
)
_BEFORE_LEGAL = later(
    r"(?:\p{Lu}[\p{L}\p{M}\p{N}'’.&+-]*|\d{1,4})(?:[ ](?:&|and|und|et|y|e|of|for|für|de|du|des|di|van|der"
    r"|the)(?=[ ](?:\p{Lu}|\d))|[ ](?:\p{Lu}[\p{L}\p{M}\p{N}'’.&+-]*|\d{1,4})|,?[ ]&[ ]Co\.?){0,6}$"
)
_KINDS = frozenset(
    "association bank hospital clinic surgery council university college school academy trust foundation society group holdings"
    " partners solicitors chambers lawyers attorneys accountants estates homes lettings properties property housing "
    "insurance assurance logistics"
    " consulting consultants industries enterprises systems solutions technologies technology software services institute "
    "charity union"
    " practice centre center pharmacy nursery hotel restaurant agency brothers sons co company studio studios labs "
    "laboratories press media"
    " airlines airways motors energy power telecom networks builders construction plumbing heating electrics cleaning "
    "catering foods bakery"
    " constabulary police ministry authority commission nhs federation motors garage supplies stores drainage roofing "
    "electrical gardening flooring glazing haulage"
    " gruppe werke verlag stiftung genossenschaft versicherung versicherungen krankenhaus klinik klinikum universität "
    "hochschule schule gymnasium sparkasse"
    " volksbank hausverwaltung immobilien wohnbau wohnungsbau bau logistik apotheke kanzlei rechtsanwälte steuerberater "
    "spedition technik"
    " banque assurances immobilier immobilière conseil santé transports seguros inmobiliaria assicurazioni immobiliare "
    "verzekeringen wonen vastgoed makelaars advocaten".split()
)
_WEAK_KINDS = frozenset(
    "housing property properties insurance services heating energy power union practice company group technology software "
    "systems media cleaning catering"
    " construction police authority commission solutions bau technik versicherung schule conseil santé agency council bank "
    "school hospital"
    " college trust society co stores press networks plumbing federation immobilien center centre company".split()
)
_HEADS = later(
    r"(?<!\p{L})((?:University|Bank|College|School|Hospital|Borough|City|County|Royal[ ]Borough|Ministry"
    r"|Archdiocese)[ ](?:of|for)[ ](?:the[ ])?"
    r"|(?:Universität|Klinikum|Klinik|Uniklinik|Sparkasse|Volksbank|Krankenhaus|Kanzlei|Arztpraxis|Praxis|Hausverwaltung"
    r"|Firma|Hotel|Stadtwerke|Wohnungsgenossenschaft|Grundschule|Gymnasium|Sozietät|Universitätsklinikum|Stadt|Gemeinde"
    r"|Restaurant|Autohaus|Bäckerei)[ ](?:(?:zu|der|am|an[ ]der|im|St\.|Sankt|Dr\.)[ ])?"
    r"|(?:Banque|Clinique|Hôpital|Cabinet|Agence|Société|Syndic|Lycée|Collège|École|Université|Mairie|Caisse|Crédit|Garage"
    r"|Centre[ ]hospitalier|Étude|Entreprise|Association)[ ](?:(?:de[ ]la|de|du|des|d'|l'|Me|Maître)[ ]?)?"
    r"|(?:Banco|Clínica|Universidad|Hospital|Inmobiliaria|Colegio|Asesoría|Gestoría|Bufete|Banca|Clinica|Ospedale"
    r"|Studio[ ]legale|Studio|Università|Liceo|Condominio|Immobiliare|Farmacia)[ ](?:(?:de[ ]la|de|del|della|di|San"
    r"|Santa)[ ])?"
    r"|(?:Stichting|Woningcorporatie|Ziekenhuis|Universiteit|Huisartsenpraktijk|Makelaardij|Advocatenkantoor|Szpital"
    r"|Przychodnia|Uniwersytet|Spółdzielnia|Kancelaria|Bank|Firma)[ ](?:(?:van|im\.|w|na)[ ])?)"
    r"((?:[\"„“«]?\p{Lu}[\p{L}\p{M}'’-]*[\"“”»]?)(?:[ ](?:&|und|et|y|e)?[ ]?\p{Lu}[\p{L}\p{M}'’-]*){0,3})"
)
_PAIR = later(
    r"(?<![\p{L}\p{N}])(\p{Lu}[\p{L}\p{M}'’-]+(?:,[ ]\p{Lu}[\p{L}\p{M}'’-]+)?)[ ](?:&"
    r"|\+)[ ](\p{Lu}[\p{L}\p{M}'’-]+(?:[ ](?:&[ ])?(?:\p{Lu}[\p{L}\p{M}'’-]+|Co\.?))?)"
)
_OF = later(
    r".*(?:[Dd]epartment|[Dd]irectors?|[Mm]anager|[Hh]ead|[Oo]ffices?|[Ee]mployees?|[Bb]ehalf|[Mm]embers?|[Bb]oard|[Tt]eam"
    r"|[Tt]enants?) (?:of|at|for) (?:the )?"
)
_POSSESSIVE = later(r"(?<![\p{L}\p{N}])((?:St\.?|Saint|Royal)?[ ]?\p{Lu}\p{L}+(?:['’]s|s['’])(?:[ ]\p{Lu}\p{L}+){1,3})(?!\p{L})")
# Public bodies that everybody knows; to name them tells nothing about anybody.
_PUBLIC = later(
    r"(?:European|Bank of England|World|United Nations|Deutsche Bundesbank|Federal|Supreme|High|House of|International"
    r"|Banque de France|National Health)\b"
)
_GENERIC = frozenset(
    "the our your their my his her its this that these those every each any all some no a an dear local general national "
    "international public private"
    " employment county crown supreme high magistrates primary secondary medical health human resources legal social "
    "customer support sales"
    " technical staff board executive works audit risk city town district borough parish village central state federal "
    "world united mental"
    " child family animal security facilities finance financial it ict hr pr and of for in on at by to from with as if "
    "when after before"
    " head senior junior new old first second main parent community care home homes residents tenants trade credit data "
    "privacy der die das den dem des ein eine"
    " unsere unser ihre ihr mein meine diese dieser le la les un une notre votre el los las su il lo nuestra il nostro de "
    "het een onze uw"
    " water gas electricity house council housing association letter contract policy dear".split()
)


def organisations(text: str, runs: list[list[Capital]]) -> Iterator[Found]:
    """The names of organisations."""
    for match in _LEGAL.finditer(text):
        before = _BEFORE_LEGAL.search(text, max(0, match.start() - 90), match.start())
        if before:
            start = _past_generic(text, _past_department(text, before.start(), match.start()), match.start())
            if start < match.start():
                yield Found(start, match.end(), "organisation")
    for match in _HEADS.finditer(text):
        words = regex.findall(r"\p{L}+", match[2])
        is_named = not all(word.lower() in _GENERIC or word.lower() in _KINDS for word in words) and not _is_plain(words)
        if is_named and not _PUBLIC.match(match[0]):
            yield Found(match.start(1), match.end(), "organisation")
    for match in _PAIR.finditer(text):
        words = regex.findall(r"\p{L}{2,}", match[0])
        if not all(is_ordinary(word) for word in words[:2]):
            yield Found(match.start(), match.end(), "organisation")
    for match in _POSSESSIVE.finditer(text):
        words = match[1].split(" ")
        last = next((at for at in range(len(words) - 1, 0, -1) if words[at].lower() in _KINDS), 0)
        if last and not all(is_ordinary(regex.sub(r"['’]s?$", "", word)) for word in words[:last]):
            yield Found(match.start(1), match.start(1) + len(" ".join(words[: last + 1])), "organisation")
    for run in runs:
        yield from _by_last_word(run)


def _by_last_word(run: list[Capital]) -> Iterator[Found]:
    first = 0
    for at, word in enumerate(run):
        if word.lower not in _KINDS or at == first:
            continue
        if at + 1 < len(run) and run[at + 1].lower in _KINDS and run[at + 1].start - word.end < 3:
            continue
        names = run[first : at + 1]
        while names and (
            names[0].lower in _GENERIC and names[0].lower not in _KINDS and (names[0].opens or len(names[0].text) < 4)
        ):
            names = names[1:]
        own = [each for each in names[:-1] if each.lower not in _GENERIC and each.lower not in _KINDS]
        if names and _PUBLIC.match(" ".join(each.text for each in names)):
            continue
        is_named = any(not each.is_ordinary for each in own) or (own and word.lower not in _WEAK_KINDS and len(names) > 2)
        if is_named and len(names) > 1 and not any(each.is_title or each.is_initial for each in names):
            yield Found(names[0].start, word.end, "organisation")
            first = at + 1


def _past_department(text: str, start: int, end: int) -> int:
    """Without "Finance Department of" before the name."""
    department = _OF.search(text, start, end)
    return department.end() if department else start


def _past_generic(text: str, start: int, end: int) -> int:
    """Without articles and salutations before the name."""
    words = text[start:end].split(" ")
    while len(words) > 1 and words[0].lower().strip(".,") in _GENERIC | {"firma", "company", "fa"}:
        start += len(words.pop(0)) + 1
    return end if words[0].lower() in _GENERIC and len(words) == 1 else start


def _is_plain(words: list[str]) -> bool:
    return all(word[0].islower() for word in words) or (len(words) == 1 and is_ordinary(words[0]) and len(words[0]) < 4)
