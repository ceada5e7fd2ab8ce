"""Which size is advised, which models come first, and how an offer is told from what is here already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model_records import AtWork, Licence, ModelSize, Offer, OfferedModel, OfferedSize, RemoteFile, SizeKind
from engine.models.catalogue import load
from engine.models.facts import ModelFacts
from engine.models.offers import COMFORTABLE_PACE, advised, capability, first_choices, offers
from engine.records import Fit, Model, ModelId

GB = 1_000_000_000
VERDICTS = ("fits_well", "tight", "slow", "does_not_fit", "unknown")
FREE = Licence("Apache-2.0", "Apache 2.0", "yes", "You may.")


def size(key: str, n_bytes: int | None, verdict: Any, speed: float | None = None, kind: SizeKind = "smaller") -> OfferedSize:
    files = (RemoteFile(f"{key}.gguf", n_bytes),)
    fit = Fit(verdict, n_bytes, 16 * GB, speed, speed and speed * 1.4)
    return OfferedSize(ModelSize(key, kind, "owner/name", None, files), fit)


def model(name: str, **changes: Any) -> OfferedModel:
    plain = OfferedModel(name, name, name, "chat", "", FREE, ("en",), 4 * GB, None, "qwen3", 32768, "2026-01")
    return replace(plain, **changes)


def offered(name: str, verdict: Any = "fits_well", speed: float | None = 20.0, **changes: Any) -> Offer:
    return Offer(model(name, **changes), (size("Q4_K_M", 3 * GB, verdict, speed),), "Q4_K_M" if verdict in VERDICTS[:3] else None)


sizes = st.lists(
    st.builds(
        size,
        st.uuids().map(str),
        st.one_of(st.none(), st.integers(1, 100 * GB)),
        st.sampled_from(VERDICTS),
        st.one_of(st.none(), st.floats(0.1, 200)),
        st.sampled_from(get_args(SizeKind)),
    ),
    max_size=5,
)


# ---------------------------------------------------------------- the advised size
@given(sizes)
def test_what_is_advised_fits_at_least_as_well_as_any_other(of: list[OfferedSize]) -> None:
    key = advised(of)
    known = [each for each in of if each.fit.verdict in VERDICTS[:3]]
    assert (key is None) == (not known)
    if key is not None:
        chosen = next(each for each in of if each.size.key == key)
        assert all(VERDICTS.index(chosen.fit.verdict) <= VERDICTS.index(each.fit.verdict) for each in known)


@given(sizes)
def test_nobody_is_told_to_wait_for_a_size_while_a_quick_one_fits_as_well(of: list[OfferedSize]) -> None:
    key = advised(of)
    chosen = next((each for each in of if each.size.key == key), None)
    if chosen and (chosen.fit.tokens_per_s_low or 0) < COMFORTABLE_PACE:
        alike = [each for each in of if each.fit.verdict == chosen.fit.verdict]
        assert all((each.fit.tokens_per_s_low or 0) < COMFORTABLE_PACE for each in alike)


def test_more_of_the_original_is_advised_while_it_keeps_pace() -> None:
    small, large = size("Q4_K_M", 5 * GB, "fits_well", 24.0), size("Q8_0", 9 * GB, "fits_well", 13.0, "closest")
    assert advised([small, large]) == "Q8_0"
    assert advised([small, replace(large, fit=replace(large.fit, tokens_per_s_low=8.0))]) == "Q4_K_M"
    assert advised([small, replace(large, fit=replace(large.fit, verdict="tight"))]) == "Q4_K_M"


def test_without_a_speed_the_smallest_of_the_best_is_advised() -> None:
    assert advised([size("Q4_K_M", 5 * GB, "fits_well"), size("Q8_0", 9 * GB, "fits_well", kind="closest")]) == "Q4_K_M"


# ---------------------------------------------------------------- the first choices
offer_lists = st.lists(
    st.builds(
        offered,
        st.uuids().map(str),
        st.sampled_from(VERDICTS),
        st.one_of(st.none(), st.floats(0.1, 200)),
        publisher=st.sampled_from(["Alpha", "Beta", "Gamma"]),
        purpose=st.sampled_from(["chat", "chat", "embedding", "vision", "unknown"]),
        licence=st.one_of(st.none(), st.sampled_from(get_args(AtWork)).map(lambda at_work: Licence("x", "x", at_work, "x"))),
        n_parameters=st.one_of(st.none(), st.integers(10**8, 10**12)),
        released=st.sampled_from(["", "2024-07", "2025-12", "2026-08"]),
        thinks=st.sampled_from(["no", "switchable", "always", "unknown"]),
    ),
    max_size=12,
)


@given(offer_lists, st.integers(1, 5))
def test_the_first_choices_fit_may_be_used_at_work_and_answer(of: list[Offer], n: int) -> None:
    chosen = first_choices(of, n)
    by_id = {each.model.id: each for each in of}
    possible = [each for each in of if each.advised and each.model.purpose == "chat"]
    usable = [each for each in possible if each.model.licence and each.model.licence.at_work in ("yes", "with_conditions")]
    assert len(chosen) == len(set(chosen)) == min(n, len(usable))
    assert all(by_id[each] in usable for each in chosen)
    for each in chosen:
        assert by_id[each].sizes[0].fit.verdict in VERDICTS[:3]
    left_out = [each for each in usable if each.model.id not in chosen]
    worst = max((how_well(by_id[each]) for each in chosen), default=0)
    assert all(how_well(each) >= worst for each in left_out)


def how_well(each: Offer) -> int:
    return VERDICTS.index(each.sizes[0].fit.verdict)


def test_the_most_capable_that_fits_well_comes_first() -> None:
    of = [
        offered("old", n_parameters=8 * GB, released="2024-07"),
        offered("new", n_parameters=8 * GB, released="2026-02"),
        offered("large but slow", verdict="slow", n_parameters=27 * GB, speed=3.0),
        offered("larger but tight", verdict="tight", n_parameters=70 * GB),
        offered("far too large", verdict="does_not_fit", n_parameters=400 * GB),
        offered("not known", verdict="unknown", n_parameters=12 * GB),
    ]
    assert first_choices(of) == ("new", "old", "larger but tight")


def test_three_publishers_are_a_choice_three_sizes_of_one_are_not() -> None:
    of = [offered(f"a{n}", publisher="A", n_parameters=n * GB) for n in (9, 8, 7)] + [
        offered("b", publisher="B"),
        offered("c", publisher="C"),
    ]
    assert set(first_choices(of)) == {"a9", "b", "c"} and first_choices(of)[0] == "a9"
    assert set(first_choices(of[:4])) == {"a9", "a8", "b"}


def test_experts_count_between_those_that_work_and_all() -> None:
    small, experts, whole = (
        capability(model("x", n_parameters=total * GB, n_active_parameters=active and active * GB))
        for total, active in ((3, None), (30, 3), (30, None))
    )
    assert small < experts < whole
    assert capability(model("x", thinks="always")) < capability(model("x"))


# ---------------------------------------------------------------- the catalogue on a computer
def judged(total: int) -> Any:
    """A judge that knows bytes only, for a computer with so many of them."""

    def judge(facts: ModelFacts | None, n_bytes: int | None) -> Fit:
        if facts is None or n_bytes is None:
            return Fit("unknown", None, total)
        needed = round(n_bytes * 1.2)
        return Fit("fits_well" if needed < total else "does_not_fit", needed, total, 60e9 / n_bytes, 80e9 / n_bytes)

    return judge


@pytest.mark.parametrize(("memory", "at_most"), [(4 * GB, 4 * GB), (8 * GB, 8 * GB), (16 * GB, 16 * GB), (64 * GB, 64 * GB)])
def test_on_every_computer_the_first_three_fit(memory: int, at_most: int) -> None:
    told = offers(load(), [], judged(memory), {})
    by_id = {each.model.id: each for each in told}
    chosen = first_choices(told)
    assert len(chosen) == 3 and len({by_id[each].model.publisher for each in chosen}) == 3
    for each in chosen:
        best = next(size for size in by_id[each].sizes if size.size.key == by_id[each].advised)
        assert (best.fit.needed_bytes or memory) < at_most


def test_what_is_not_known_says_what_it_takes_at_least_until_its_header_was_read() -> None:
    catalogue = load()
    repository, path = catalogue.sizes("eurollm-9b")[0].repository, catalogue.sizes("eurollm-9b")[0].files[0].path
    before = next(each for each in offers(catalogue, [], judged(8 * GB), {}) if each.model.id == "eurollm-9b")
    assert (before.sizes[0].fit.verdict, before.sizes[0].at_least_bytes, before.advised) == ("unknown", 5_582_838_496, None)
    header = catalogue.shape("qwen3-8b", "Q4_K_M")
    assert header is not None
    after = next(
        each for each in offers(catalogue, [], judged(8 * GB), {(repository, path): header}) if each.model.id == "eurollm-9b"
    )
    assert (after.sizes[0].fit.verdict, after.sizes[0].at_least_bytes, after.advised) == ("fits_well", None, "Q4_K_M")


def here(name: str, **changes: Any) -> Model:
    plain = Model(ModelId(name), name, f"/models/{name}.gguf", 1, None, None, None, None, None, "chat", Fit("unknown", None, 0))
    return replace(plain, **changes)


def test_a_size_is_here_when_its_very_file_is() -> None:
    catalogue = load()
    _, qwen = catalogue.find("qwen3-8b")
    renamed = here("renamed", sha256=qwen.files[0].sha256)
    namesake = here("Qwen3-8B-Q4_K_M", sha256="0" * 64, source="Qwen/Qwen3-8B-GGUF")
    installed = {each.model.id: each.sizes[0].installed for each in offers(catalogue, [namesake, renamed], judged(GB), {})}
    assert installed.pop("qwen3-8b") == "renamed"
    assert set(installed.values()) == {None}


def test_without_a_published_checksum_origin_name_and_size_tell() -> None:
    catalogue = load()
    _, phi = catalogue.find("phi-4-mini")
    assert phi.files[0].sha256 is None
    same = here("microsoft_Phi-4-mini-instruct-Q4_K_M", source=f"{phi.repository}@0123", n_bytes=phi.n_bytes)
    for candidate, expected in [
        (same, same.id),
        (replace(same, n_bytes=5), None),
        (replace(same, source=f"x{phi.repository}@0123"), None),
    ]:
        told = next(each for each in offers(catalogue, [candidate], judged(GB), {}) if each.model.id == "phi-4-mini")
        assert told.sizes[0].installed == expected
