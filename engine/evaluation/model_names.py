"""Names of models and of those who make them: what betrays a model in blind mode, and which models are of one family.

Pure. *Certain* names are of models or their makers wherever they stand. *Doubtful* ones are also first names, animals,
winds and constellations; whether they are meant is decided by what stands around them. *Makers* do much else besides models.
"""

from __future__ import annotations

import re

#: As regular expressions, without regard to case.
CERTAIN = (
    *(r"chat[ -]?gpt[a-z]*", r"gpt[ -]?\d", r"gpt[ -]oss", r"open[ -]?ai", r"o[1345]-(?:mini|preview|pro|high)"),
    *("anthropic", r"claude[ -]?\d", r"claude[ -]?(?:sonnet|opus|haiku|instant|code|ai)", r"claude\.ai"),
    *(r"(?:sonnet|opus|haiku)[ -]\d", r"gemini[ -]?\d", r"gemini[ -](?:pro|ultra|flash|nano|advanced|argon)"),
    *(r"google[ -](?:gemini|bard|gemma|ai|deepmind)", "deepmind", r"gemma[ -]?\d", r"palm[ -]2", "notebooklm"),
    *(r"deep[ -]?seek[a-z]*", "qwen[a-z]*", "qwq", "tongyi", "qianwen"),
    *("mixtral", "ministral", "codestral", "magistral", "devstral", "pixtral", "mathstral"),
    *(r"mistral[ -]ai", r"mistral[ -]?\d", r"mistral[ -](?:large|medium|small|nemo|tiny)", r"le chat (?:de )?mistral"),
    *(r"meta[ -]ai", r"meta[ -]llama", r"code[ -]?llama", r"llama[ -]?\d", r"llama\.cpp", "ollama", "llamafile", r"grok[ -]?\d"),
    *(r"x\.?ai", r"command[ -]r\+?", r"command[ -]a[ -]\d", "aya expanse", "cohere", "ai21", "jamba", "dbrx", "nemotron", "olmo"),
    *("vicuna", "wizardlm", "chatglm", r"glm[ -]\d", "zhipu", r"z\.ai", r"kimi[ -]k?\d", "moonshot ai", "minimax", "baichuan"),
    *("internlm", "hunyuan", r"ernie[ -]?\d", r"ernie[ -]?bot", "wenxin", "doubao", r"yi[ -]\d+b", r"phi[ -]\d"),
    *(r"(?:microsoft|github|bing) (?:copilot|chat)", "smollm", r"granite[ -]\d", "stablelm", "starcoder", "eurollm", "teuken"),
    *(r"falcon[ -]?\d", r"(?:amazon|aws) (?:nova|titan|bedrock)", "openrouter", "hugging ?face", "exaone", r"lfm[ -]?\d"),
    *("perplexity ai", "inflection ai", "replika", "pharia", "aleph alpha", "bielik", "gigachat", "yandexgpt"),
    *("通义千问", "千问", "通义", "文心一言", "深度求索", "豆包", "智谱清言", "智谱", "混元", "月之暗面", "阿里云"),
    *("零一万物", "百川", "чатгпт", "гигачат", "яндексгпт", "チャットgpt", "챗gpt", "클로바"),
)  # fmt: skip

#: With a capital where the script has capitals.
DOUBTFUL = (
    "Le Chat",
    *(
        "Claude Gemini Gemma Llama LLaMA Mistral Grok Phi Nova Copilot Bard Falcon Kimi Ernie Granite Hermes Orca Zephyr "
        "Alpaca Aya Yi Pi Sonnet Opus Haiku Luna Sol Bing Siri Alexa Cortana Lumo Solar Command Perplexity Bloom Titan Aria "
        "Apertus Клод Джемини Мистраль Лама クロード ジェミニ 克劳德 双子座 클로드 제미나이 كلود"
    ).split(),
)

MAKERS = (
    "Google Microsoft Meta Facebook Amazon Apple Alibaba Baidu Tencent ByteDance Nvidia NVIDIA IBM Huawei Samsung Databricks "
    "Salesforce Snowflake Moonshot Inflection Perplexity Yandex Sber Naver Mistral Groq Together Replicate Stability Zoom SAP "
    "谷歌 百度 阿里巴巴 腾讯 字节跳动 华为 微软 グーグル マイクロソフト 구글 네이버 Яндекс Гугл"
).split()  # fmt: skip

#: Words that follow the name of a model as a part of it.
TIERS = (
    "sonnet opus haiku instant pro ultra flash nano mini micro large medium small tiny turbo instruct chat code coder max plus "
    "preview latest lite light thinking reasoner air maverick scout next nemo vision omni "
    "base it experimental exp distill sol luna argon"
).split()

#: Words in names of models and servers that name none.
COMMON = {
    *TIERS,
    *"model server local remote office company team own test demo cloud house home work your this that with from default".split(),
    *"assistant language english german french gguf quantized version".split(),
}  # fmt: skip

_FAMILIES = {
    "openai": r"gpt|openai|\bo[1345]\b|o[1345]-",
    "anthropic": r"claude|anthropic|sonnet|opus|haiku",
    "google": r"gemini|gemma|palm|google|learnlm",
    "meta": r"llama(?!\.cpp|-?cpp|file)|\bmeta\b|vicuna|alpaca",
    "alibaba": r"qwen|qwq|tongyi|alibaba",
    "mistral": r"mistral|mixtral|ministral|codestral|magistral|devstral|pixtral|zephyr",
    "deepseek": r"deepseek",
    "microsoft": r"\bphi\b|phi-?\d|wizardlm|orca|microsoft",
    "xai": r"grok|\bxai\b|x-ai",
    "cohere": r"command-?[ar]|cohere|\baya\b",
    "nvidia": r"nemotron|nvidia",
    "ibm": r"granite|\bibm\b",
    "zhipu": r"glm|zhipu|z-ai",
    "moonshot": r"kimi|moonshot",
    "huggingface": r"smollm|huggingface|starcoder",
    "tii": r"falcon",
    "01ai": r"\byi-",
    "baidu": r"ernie|baidu",
    "tencent": r"hunyuan|tencent",
    "amazon": r"nova-|titan|amazon",
    "ai2": r"olmo|tulu|allenai",
    "ai21": r"jamba|ai21",
    "minimax": r"minimax",
    "lg": r"exaone",
}
_FAMILY_PATTERNS = {family: re.compile(pattern, re.IGNORECASE) for family, pattern in _FAMILIES.items()}
_ROUTE = re.compile(r"^(?:local:|[^/]*/(?=.*/))")


def families(name: str) -> frozenset[str]:
    """The families that a model's name tells of; a distilled model is of two. One that is not known is its own family."""
    found = frozenset(family for family, pattern in _FAMILY_PATTERNS.items() if pattern.search(name))
    if found:
        return found
    first = re.match(r"[^\W\d_]+", _ROUTE.sub("", name).rsplit("/", 1)[-1])
    return frozenset({(first[0] if first else name).casefold()})
