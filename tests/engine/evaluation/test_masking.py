"""What would tell who wrote an answer, and what only looks as if it did."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.masking import masked_spans

NAMES = ("harbour/harbour-large-2", "Quayside AI", "Qwen3.5 4B Instruct")


def shown(text, names=()):
    for start, end in reversed(masked_spans(text, names)):
        text = text[:start] + "█" + text[end:]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As Claude, an AI made by Anthropic, I can’t.", "As █, an AI made by █, I can’t."),
        ("I am Gemini, a large language model trained by Google.", "I am █, a large language model trained by █."),
        ("I'm Llama 3.1, created by Meta.", "I'm █, created by █."),
        ("GPT-4o mini and o3-mini, openai/gpt-5.1", "█ and █, █/█"),
        ("I am DeepSeek-V3.2, made by DeepSeek.", "I am █, made by █."),
        ("Ich bin Claude, ein KI-Assistent von Anthropic.", "Ich bin █, ein KI-Assistent von █."),
        ("Ich wurde von Google entwickelt.", "Ich wurde von █ entwickelt."),
        ("Das Modell Claude ist eine KI.", "Das Modell █ ist eine KI."),
        ("Als Gemini, ein KI-Modell", "Als █, ein KI-Modell"),
        ("Je suis Le Chat, un assistant de Mistral AI.", "Je suis █, un assistant de █."),
        ("En tant que Claude, je ne peux pas.", "En tant que █, je ne peux pas."),
        ("Soy Claude, un asistente de IA creado por Anthropic", "Soy █, un asistente de IA creado por █"),
        ("Sono Gemini, un modello linguistico di Google.", "Sono █, un modello linguistico di █."),
        ("Ik ben Claude, gemaakt door Anthropic.", "Ik ben █, gemaakt door █."),
        ("我是通义千问,阿里云开发。", "我是█,█开发。"),
        ("我是Claude。", "我是█。"),
        ("**Claude**: I am an AI model.", "**█**: I am an AI model."),
        ("I am Claude\nHow can I help?", "I am █\nHow can I help?"),
        ("Qwens Antwort, DeepSeekV3 und OpenAIs Modell", "█ Antwort, █ und █ Modell"),
        ("I was built by the team at Google.", "I was built by the team at █."),
        ("i am claude.", "i am █."),
    ],
)
def test_an_answer_that_tells_who_wrote_it_is_masked(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Claude Dupont signed the lease; Mr Claude agreed.",
        "Claude signed the lease on 3 May. My landlord is Claude.",
        "Je suis Claude Martin, locataire.",
        "I am Claude Martin, and I use AI at work.",
        "Jean-Claude Juncker uses AI.",
        "Mr Claude uses AI at work, and so does Frau Gemma.",
        "Madame Claude et M. Claude ont signé.",
        "As Claude noted, the rent is due.",
        "I was made by Claude Dupont to sign.",
        "The mistral blew, a llama ran, and Gemini is a sign of the zodiac.",
        "Google rents the ground floor; I am employed by them.",
        "The coherent answer comes dalle Alpi, in command of a unit.",
        "Le chat est noir.",
        "",
    ],
)
def test_people_winds_and_tenants_stay(text):
    assert masked_spans(text) == ()


def test_a_name_that_was_told_once_is_masked_everywhere():
    assert (
        shown("Claude thinks so. I am Claude. Ask Claude Martin. Ask Claude.") == "█ thinks so. I am █. Ask Claude Martin. Ask █."
    )


def test_the_names_of_those_compared_are_masked():
    assert shown("Harbour-Large-2 says so.", NAMES) == "█ says so."
    assert shown("I am Harbour, by Quayside.", NAMES) == "I am █, by █."
    assert shown("The harbour is open.", NAMES) == "The harbour is open."
    assert shown("Large windows, a model lease.", ("large", "model")) == "Large windows, a model lease."
    assert shown("Harbour-Large-2 says so.") == "Harbour-Large-2 says so."


pieces = st.sampled_from([*"CIoa4.\n我。ä-", "Claude ", "GPT", "I am ", "AI ", "made by ", "Google ", "Harbour ", "von "])


@given(st.lists(pieces, max_size=60).map("".join))
def test_spans_are_in_order_and_apart(text):
    spans = masked_spans(text, NAMES)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_and_any_names_can_be_looked_through(text, names):
    masked_spans(text, names)


@pytest.mark.parametrize(
    "text", ["I am ", "made by the ", "a", "1 ", "Claude ", ". ", "gpt-4", "I am the ", "von der ", "-", "As "]
)
def test_hostile_answers_take_no_endless_time(text):
    """Caught by the time limit of the tests: patterns that run away need hours for this."""
    masked_spans(text * (60_000 // len(text)) + "Claude", NAMES)


def test_what_is_longer_than_anybody_reads_is_masked_from_there_on() -> None:
    text = "I am ChatGPT. " + "Fine. " * 50_000
    assert [text[start:end] for start, end in masked_spans(text)] == ["ChatGPT", text[200_000:]]
