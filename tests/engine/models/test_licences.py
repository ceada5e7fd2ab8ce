"""Licences in plain words: which are known, and what is said of one that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model_records import AtWork
from engine.models.licences import known_licences, licence_for, read_licences


@pytest.mark.parametrize(
    ("tag", "at_work"),
    [
        ("apache-2.0", "yes"),
        ("Apache-2.0", "yes"),
        ("license:mit", "yes"),
        ("gemma", "with_conditions"),
        ("llama3.2", "with_conditions"),
        ("cc-by-nc-4.0", "no"),
        ("qwen-research", "no"),
        ("other", "ask_lawyer"),
        ("lfm1.0", "ask_lawyer"),
    ],
)
def test_a_hub_s_tag_becomes_a_sentence(tag: str, at_work: AtWork) -> None:
    licence = licence_for(tag)
    assert licence is not None and licence.at_work == at_work and licence.plain.endswith(".")


@pytest.mark.parametrize("tag", [None, "", "license:", "unknown", " \n"])
def test_where_the_hub_names_none_there_is_none(tag: str | None) -> None:
    assert licence_for(tag) is None


@given(st.text(max_size=300))
def test_a_licence_that_is_not_known_is_never_called_usable(tag: str) -> None:
    known = {name.lower() for name in known_licences().by_id} | {"apache-2.0", "mit"}
    licence = licence_for("zz-" + tag)
    assert licence is not None and licence.id.lower() not in known
    assert licence.at_work == "ask_lawyer"
    assert len(licence.name) <= 100 and licence.name.isprintable()


def test_each_has_a_verdict_and_words_for_somebody_who_is_no_lawyer() -> None:
    licences = known_licences().by_id.values()
    assert {licence.at_work for licence in licences} == set(get_args(AtWork))
    for licence in licences:
        assert licence.plain[0].isupper() and licence.plain.endswith(".") and "!" not in licence.plain
        if licence.at_work == "ask_lawyer":
            assert "lawyer" in licence.plain
        if licence.at_work == "no":
            assert "only" in licence.plain or licence.plain.startswith("Not for")


def entry(**changes: object) -> dict[str, object]:
    return {"id": "MIT", "name": "MIT", "at_work": "yes", "plain": "Yes.", "url": "", "tags": ["mit"], **changes}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        json.dumps({"format": 2, "licences": [entry()]}),
        json.dumps({"format": 1, "licences": []}),
        json.dumps({"format": 1, "licences": [entry(at_work="maybe")]}),
        json.dumps({"format": 1, "licences": [entry(url="http://plain.example")]}),
        json.dumps({"format": 1, "licences": [entry(more="x")]}),
        json.dumps({"format": 1, "licences": [entry(), entry(id="Other", name="Other")]}),
        json.dumps({"format": 1, "licences": [entry(), entry(tags=["x"])]}),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole(tmp_path: Path, content: str) -> None:
    file = tmp_path / "licences.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError):
        read_licences(file)
