"""Where an answer tells who wrote it, so that a blind comparison need not show it.

Pure. What is certain to be the name of a model or its maker is masked wherever it stands. A doubtful name, such as Claude,
is masked where the answer speaks of itself or of AI, and then everywhere in that answer; a person of that name is not, as
far as a title or a surname tells. In doubt it is masked: a word too many hidden until the vote is cast does less harm than
a vote that is not blind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from engine.evaluation.model_names import CERTAIN, COMMON, DOUBTFUL, MAKERS, TIERS

Span = tuple[int, int]

_SHORTEST_NAME = 3
_SHORTEST_WORD = 4
_TITLE_SPAN = 24
_LONGEST = 200_000  # characters that are looked at; a model may write far more than anybody reads

_TAIL = rf"(?:[ \-]?v?\d\w*(?:\.\d\w*)*)?(?:[ \-_](?:\d\w*(?:\.\d\w*)*|(?:{'|'.join(TIERS)})\b))*"
_SENTENCE = re.compile(r"[^.!?。!?\n]+(?:[.!?](?!\s|\Z)[^.!?。!?\n]*)*[.!?。!?\n]*")

#: What is said of oneself right before a name, in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish,
#: Swedish, Danish, Russian, Chinese, Japanese and Korean.
_SELF = (
    r"\b(?:i am|i[’']m|my name is|my name[’']s|call me|you can call me|this is|you are (?:talking|chatting|speaking) (?:to|with)|"
    r"i was (?:named|called)|i go by|"
    r"ich bin|ich hei(?:ß|ss)e|mein name ist|hier (?:ist|spricht)|sie sprechen mit|"
    r"je suis|je m[’']appelle|mon nom est|ici|vous parlez (?:à|avec)|"
    r"(?:yo )?soy|me llamo|mi nombre es|(?:io )?sono|mi chiamo|il mio nome è|(?:eu )?sou|meu nome é|me chamo|"
    r"ik ben|ik heet|mijn naam is|jestem|nazywam się|mam na imię|jag är|jag heter|jeg er|jeg hedder|jeg heter|"
    r"я|меня зовут|моё имя)\b|我是|我叫|我的名字是|私は|わたしは|저는|나는|제 이름은"
)
_FILLER = (
    r"(?:[\s,:*_\"'“„«(]+(?:actually|just|simply|called|named|known as|the|an?|ai|artificial|intelligence|language|large|model|"
    r"assistant|chatbot|tatsächlich|eigentlich|genannt|namens|der|die|das|eine?r?|ki|ki-assistent|sprachmodell|assistent|modell|"
    r"le|la|une?|ia|assistante?|modèle|de|langage|nommée?|appelée?|el|un|una|asistente|modelo|llamado|il|assistente|modello|um|uma|"
    r"een|taalmodel|asystent|ассистент|модель|это)\b){0,5}[\s,:*_\"'“„«(]*"
)
_AS = r"\b(?:as|als|en tant que|como|come|in quanto|jako|som|как)\s+"
_AFTER_AS = r"(?=\s*[,.:;!)—–]|\s+(?:i|ich|je|yo|io|ik|eu)\b|\s*\()"

_AI_WORDS = (
    r"\bA\.?I\b|\b(?:KI|IA|LLMs?|ИИ)\b|(?i:artificial intelligence|language models?|foundation models?|chat ?bots?|\bAI[- ]|"
    r"(?:virtual|digital|helpful|virtuelle[rn]?|digitale[rn]?) assistent|(?:virtual|digital|helpful) assistant|neural net|"
    r"künstliche[nr]? intelligenz|sprachmodell|intelligence artificielle|modèles? (?:de langage|linguistique)|"
    r"inteligencia artificial|modelo de (?:lenguaje|linguagem)|intelligenza artificiale|"
    r"modello linguistico|inteligência artificial|taalmodel|"
    r"kunstmatige intelligentie|model językowy|sztuczn\w+ inteligencj|språkmodell|sprogmodel|языков\w+ модел|"
    r"искусственн\w+ интеллект|知识截止|knowledge cut-?off|training data|trainingsdaten|données d[’']entraînement)|"
    r"人工智能|语言模型|大模型|AI助手|言語モデル|人工知能|언어 모델|인공지능"
)
_MINE = (
    r"(?i:\b(?:i|me|my|mine|ich|mir|mich|mein\w*|je|moi|mon|ma|mes|m[’']|yo|mi|io|mio|mia|eu|meu|ik|mij|mijn|mnie|ja|я|меня|мне)\b)"
    r"|我|私|저|나"
)
_MADE = (
    r"(?i:\b(?:made|created|developed|trained|built|designed|offered|provided|hosted|powered|run|owned|operated|erstellt|entwickelt|"
    r"trainiert|gebaut|geschaffen|bereitgestellt|betrieben|créée?|développée?|entraînée?|conçue?|proposée?|fournie?|creado|desarrollado|"
    r"entrenado|creato|sviluppato|addestrato|criado|desenvolvido|treinado|gemaakt|ontwikkeld|getraind|stworzon\w+|opracowan\w+|"
    r"wytrenowan\w+|utvecklad|udviklet|создан\w*|разработан\w*|обучен\w*|models?|assistant|assistent|chatbot|modell|sprachmodell|"
    r"modèle(?: de langage| linguistique)?|modelo(?: de lenguaje| de linguagem)?|modello(?: linguistico)?|"
    r"company|team|firma|unternehmen|société|entreprise|work|works|working|from|of|at)\b)"
)
_BY = (
    r"(?i:\s+(?:by|at|from|of|for|von|vom|bei|der|par|de|chez|por|da|di|do|door|van|przez|od|av|af|от|в|the|dem|der|die|le|la|les|"
    r"company|firma|unternehmen|team|teams?|société|l[’']entreprise|equipo|equipe|researchers|engineers|people)\b){0,5}\s*[,:*_\"'“„«(]*"
)
_MADE_AFTER = (
    r"[^.!?\n]{0,40}?\b(?:entwickelt|trainiert|erstellt|gebaut|geschaffen|bereitgestellt|betrieben|ontwikkeld|gemaakt|getraind)\b"
)
_BY_BEFORE = r"\b(?:von|vom|durch|door)\s+(?:der|dem|den|firma|het|de|bedrijf|unternehmen|team|\s)*"
#: Letters of scripts that put spaces between words; before or after them no name begins or ends.
_LETTER = r"[A-Za-zÀ-ɏЀ-ӿ]"
_TITLED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lady|Lord|Judge|Justice|Herrn?|Frau|Fr|Hr|M|Mme|Mmes|Mlle|Me|Monsieur|Madame|Maître|"
    r"Sr|Sra|Señora?|Sig|Signora?|Dhr|Mevr|Pan|Pani|Saint|St|San|Uncle|Aunt|Onkel|Tante|Oncle|Cousin|Dear|Cher|Chère|Liebe[r]?)\.?\s+"
    r"|[^\W\d_a-z][^\W\d_]+-)\Z"
)
_GIVEN_BEFORE = re.compile(r"\b(?:Jean|Marie|Pierre|Anne|Paul|Louis|Henri)\s\Z")
_TELLING = re.compile(r"(?=.*[^\W\d_]{2})(?=.*\d)")
_SURNAME = re.compile(
    r"(?:[’']s\b)?(?:-[A-ZÀ-Þ][a-zß-ÿ]+|[ \t]+(?!Assist|Model|Modell|Sprach|Chat|Code|System|KI\b|AI\b|IA\b)"
    r"(?:(?:de|du|von|van|der|den|la|le)[ \t]+)*[A-ZÀ-Þ][a-zß-ÿ’'A-ZÀ-Þ]*[a-zß-ÿ])"
)


def masked_spans(text: str, names: Iterable[str] = ()) -> tuple[Span, ...]:
    """Spans of `text` that tell who wrote it, in order, apart from each other; offsets in characters, end exclusive.

    `names` are what the models that are compared, and their providers, are called. What lies beyond a length that nobody
    reads is one span.
    """
    if len(text) > _LONGEST:
        return _merged([*masked_spans(text[:_LONGEST], names), (_LONGEST, len(text))])
    patterns = _patterns(tuple(names))
    spans = [found.span() for found in patterns.certain.finditer(text)]
    told: set[str] = set()
    for sentence in _SENTENCE.finditer(text):
        for span, word in _in_sentence(text, sentence.span(), patterns):
            spans.append(span)
            told.add(word.casefold())
    if told:
        spans += [span for span, word in _doubtful(text, (0, len(text)), patterns) if word.casefold() in told]
    return _merged(spans)


class _Patterns:
    """The names to look for, with those of the models that are compared."""

    def __init__(self, names: Sequence[str]) -> None:
        whole, words = _own(names)
        certain = "|".join([*CERTAIN, *whole])
        doubtful = "|".join(map(re.escape, sorted({*DOUBTFUL, *words}, key=len, reverse=True)))
        makers = "|".join(map(re.escape, sorted(MAKERS, key=len, reverse=True)))
        alone = rf"(?!{_LETTER}|\d)"
        anyone = rf"(?:{doubtful}|(?:{makers})(?: (?:Cloud|AI|DeepMind|Research|Inc|Labs?))?){alone}"
        tail = rf"(?:(?<=\d)[a-z]*(?:\.\d\w*)*|s?(?!{_LETTER})|(?=v\d)){_TAIL}"
        self.certain = re.compile(rf"(?<!{_LETTER})(?<!\d)(?:{certain}){tail}", re.IGNORECASE)
        self.doubtful = re.compile(rf"(?<!{_LETTER})(?P<name>{doubtful}){alone}{_TAIL}")
        itself = rf"(?:{_SELF}){_FILLER}(?P<name>{anyone})|{_AS}(?P<other>{anyone}){_AFTER_AS}"
        self.about_itself = re.compile(itself, re.IGNORECASE)
        self.made_by = re.compile(rf"{_MADE}{_BY}(?P<name>{anyone})")
        self.by = re.compile(rf"\b(?:by|from|von|vom|par|de|por|da|di|door|przez|av|af|от)\s+(?P<name>{anyone})")
        self.by_whom_made = re.compile(rf"{_BY_BEFORE}(?P<name>{anyone}){_MADE_AFTER}")
        self.makers_own = re.compile(rf"(?<!{_LETTER})(?P<name>(?:{makers}))(?:[’']s?)?[\s-]+(?:{_AI_WORDS})")


@lru_cache(maxsize=32)
def _patterns(names: tuple[str, ...]) -> _Patterns:
    return _Patterns(names)


_AI = re.compile(_AI_WORDS)
_FIRST_PERSON = re.compile(_MINE)


def _in_sentence(text: str, sentence: Span, patterns: _Patterns) -> Iterator[tuple[Span, str]]:
    """Names in a sentence that speaks of its author, or of AI."""
    ways: list[re.Pattern[str]] = []
    for found in patterns.about_itself.finditer(text, *sentence):
        group = "name" if found["name"] else "other"
        if not _is_person(text, found.span(group)):
            yield found.span(group), found[group]
            ways = [patterns.by]
    if _AI.search(text, *sentence):
        yield from _doubtful(text, sentence, patterns)
        ways += [patterns.makers_own, patterns.made_by, patterns.by_whom_made]
    elif _FIRST_PERSON.search(text, *sentence):
        ways += [patterns.made_by, patterns.by_whom_made]
    for way in ways:
        for found in way.finditer(text, *sentence):
            if found["name"] not in DOUBTFUL or not _is_person(text, found.span("name")):
                yield found.span("name"), found["name"]


def _doubtful(text: str, within: Span, patterns: _Patterns) -> Iterator[tuple[Span, str]]:
    for found in patterns.doubtful.finditer(text, *within):
        if not _is_person(text, found.span()):
            yield found.span(), found["name"]


def _is_person(text: str, span: Span) -> bool:
    """Whether a title, a first name before it or a surname after it makes the name that of a person."""
    before = text[max(0, span[0] - _TITLE_SPAN) : span[0]]
    return bool(_TITLED.search(before) or _GIVEN_BEFORE.search(before) or _SURNAME.match(text, span[1]))


def _own(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Patterns of whole names and of their telling parts, such as qwen3.5; and words that may be the model's or may not."""
    whole, words = [], []
    for name in filter(None, map(str.strip, names)):
        for called in {name, name.rsplit("/", 1)[-1]}:  # a model is known without the name of its provider too
            parts = re.findall(r"[^\s_/:\-]+", called)
            if len(called) >= _SHORTEST_NAME and any(part.casefold() not in COMMON for part in parts):
                whole.append(r"[\s_/:\-]+".join(map(re.escape, parts)))
        parts = re.findall(r"[^\s_/:\-]+", name)
        whole += [re.escape(part) for part in parts if len(part) > _SHORTEST_NAME and _TELLING.match(part)]
        words += [part for part in parts if part.isalpha() and len(part) >= _SHORTEST_WORD and part.casefold() not in COMMON]
    return whole, [form for word in words for form in (word, word.capitalize(), word.upper())]


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
