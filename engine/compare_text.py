"""The results of the verbs about comparing as plain text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

NOT_PERFECT = "Nothing was sent. Hiding is not perfect: a name may have been missed, and dates, amounts and the story stay."


def _providers(result: Json) -> str:
    if "checked" in result:
        checked = result["checked"]
        return f"{checked['provider']} answers and takes the key. Models: {', '.join(checked['models']) or 'none named'}"
    if "removed" in result:
        return f"Removed {result['removed']['id']}, and its key."
    return "\n".join(_provider(each) for each in result["providers"]) or "No providers. Nothing can be sent to anybody."


def _provider(each: Json) -> str:
    key = {"keyring": "key in the keyring", "session": "key for this run", "none": "no key"}[each["key"]]
    return f"{each['id']}\n  {each['name']}, {each['base_url']}, {each['dialect']}, {key}\n  {', '.join(each['models'])}"


def _keys(result: Json) -> str:
    if "key" in result:
        return {
            "keyring": "The key is kept in the system keyring.",
            "session": "There is no keyring, so the key is not kept. Give it with each call: --key-fd PROVIDER=N",
            "none": "The key is forgotten.",
        }[result["key"]["kept"]]
    return "\n".join(f"{each['provider']}: {each['key']}" for each in result["keys"]) or "No providers."


def _compare(result: Json) -> str:
    if "preview" in result:
        preview = result["preview"]
        lines = [f"To {', '.join(preview['hosts'])}: {money(preview['max_cost'], 'At most')}.", ""]
        for body in preview["bodies"]:
            lines += [f"POST {body['url']}", body["bytes"], f"SHA-256 {body['sha256']}", ""]
        lines += [f"{each['placeholder']} stands for {each['original']}" for each in preview["hidden"]]
        lines.append(NOT_PERFECT)
        return "\n".join([*lines, _how_to_send(preview, "To send exactly this, once")])
    return "\n\n".join(_answer(each) for each in result["answers"])


def _how_to_send(preview: Json, words: str) -> str:
    if preview["leaks"]:
        found = ", ".join(dict.fromkeys(each["placeholder"] for each in preview["leaks"]))
        return f"This cannot be sent: what {found} stands for could still be read in it."
    return f"{words}: --approve {preview['sha256']}"


def _answer(each: Json) -> str:
    place = each["host"] or "on this computer"
    told = each["text"].strip() if not each["problem"] else f"{each['text'].strip()}\n({each['problem']['message']})".strip()
    return f"{each['name']} ({place}), {money(each['cost'], 'cost')}\n{told}"


def money(usd: float | None, word: str) -> str:
    """`At most $0.0040`; a cost that is not known is said to be so. Rounded up: what is said is never less than it is."""
    if usd is None:
        return "cost not known" if word == "cost" else "Cost not known"
    digits = 4 if usd >= 0.01 or not usd else 6
    return f"{word} ${math.ceil(round(usd * 10**digits, 4)) / 10**digits:.{digits}f}"


def _evaluate(result: Json) -> str:
    if "preview" in result:
        preview = result["preview"]
        lines = [f"{preview['n']} prompts to {', '.join(preview['hosts'])}: {money(preview['max_cost'], 'At most')}.", ""]
        for body in preview["bodies"]:
            lines += [f"POST {body['url']}", body["bytes"], f"SHA-256 {body['sha256']}", ""]
        lines += [f"{each['placeholder']} stands for {each['original']}" for each in preview["hidden"]]
        lines.append(NOT_PERFECT)
        return "\n".join([*lines, _how_to_send(preview, "To send exactly these, each once")])
    both, local, remote, neither = result["table"]
    words = {
        "reached": "The local model reaches the quality that was asked for.",
        "inferior": "The local model is worse than was asked for.",
        "more": "Not shown either way yet.",
        "none": "Nothing can be said.",
    }[result["verdict"]]
    more = f" About {result['n_more']} more prompts would settle it." if result["n_more"] else ""
    return (
        f"{result['n']} prompts: both right {both}, only {result['local']} {local}, only {result['remote']} {remote}, "
        f"neither {neither}.\n{words}{more}"
    )


COMPARE_RENDERERS: dict[str, Callable[[Json], str]] = {
    "providers": _providers,
    "keys": _keys,
    "compare": _compare,
    "evaluate": _evaluate,
}
