"""The models screen's state: rows, filters, sizes, downloads on their way, finds, and wishes that wait for the lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.viewmodels import model_detail, model_sizes
from desktop.viewmodels.lock_gate import LockQuestion
from desktop.viewmodels.model_rows import Row
from desktop.viewmodels.models import ModelsModel
from engine import errors, events, intents, model_events, model_intents
from engine.model_records import CatalogueEdition, Download, DownloadId, ModelCheck
from engine.records import ModelId, ModelState
from engine.settings import Settings
from tests.desktop.model_samples import (
    CLOSED,
    HOSTS,
    LLAMA,
    OPEN,
    a_day_with_models,
    download,
    fit,
    model,
    models,
    offered,
    offers,
    repositories,
    size,
)
from tests.desktop.recording import RecordingBridge


@pytest.fixture
def bridge(qapp) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def screen(bridge: RecordingBridge) -> ModelsModel:
    screen = ModelsModel(bridge)
    bridge.send(*a_day_with_models())
    return screen


def names(screen: ModelsModel) -> dict[str, list[str]]:
    return {section.key: [row.name for row in section.rows] for section in screen.sections}


def row(screen: ModelsModel, kind: str, key: str) -> Row:
    return next(row for section in screen.sections for row in section.rows if row.key == (kind, key))


def asked(screen: ModelsModel) -> list[LockQuestion]:
    questions: list[LockQuestion] = []
    screen.gate.asked.connect(questions.append)
    return questions


# ---------------------------------------------------------------- the list
def test_each_model_stands_in_one_place(screen: ModelsModel) -> None:
    assert names(screen) == {
        "installed": ["Qwen3 1.7B", "Gemma 3 4B", "Qwen3 8B"],
        "catalogue": ["Qwen3 30B A3B", "Mistral Small 24B", "Granite 4 Tiny", "Llama 3.3 70B"],
    }
    screen.filter(shown="catalogue")
    assert names(screen)["catalogue"] == [offer.model.name for offer in offers()]
    screen.filter(shown="installed")
    assert list(names(screen)) == ["installed"]


def test_rows_say_what_can_be_done(screen: ModelsModel) -> None:
    loaded, other = row(screen, "model", "q17"), row(screen, "model", "g4")
    assert loaded.chip is not None and loaded.chip.text == "Loaded" and loaded.acts == ()
    assert other.acts == ("load", "remove") and (other.speed, other.speed_kind) == ("29 tokens/s", "measured")
    assert row(screen, "offer", "qwen3-30b-a3b").acts == ("download",)
    never = row(screen, "offer", "llama-3.3-70b")
    assert never.acts == () and never.speed == "Cannot run here"


def test_what_is_not_known_is_said_to_be_unknown(screen: ModelsModel) -> None:
    granite = row(screen, "offer", "granite-4-tiny")
    assert granite.badge is not None and granite.badge.text == "Fit not known"
    assert granite.amount == "about 4.2 GB" and granite.speed == "Speed not known"
    assert "not known before its header is read" in granite.explained and "at least" in granite.explained
    assert granite.acts == ("download",)


def test_the_badge_opens_the_sum(screen: ModelsModel) -> None:
    assert row(screen, "offer", "qwen3-30b-a3b").explained == ("File 16.7 GB + working memory 4.2 GB = 20.9 GB; 23.4 GB free now")


def test_screen_readers_hear_everything_a_row_shows(screen: ModelsModel) -> None:
    assert row(screen, "model", "g4").spoken == (
        "Gemma 3 4B, Fits well, Many languages, reads scanned pages, 3.3 GB, Gemma terms, 29 tokens/s measured"
    )
    spoken = row(screen, "download", "d1").spoken
    assert "2.9 of 5.0 GB" in spoken and "58%" in spoken and "3 min left" in spoken


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"fits": "well"}, []),
        ({"fits": "fits"}, ["Qwen3 30B A3B", "Mistral Small 24B"]),
        ({"at_work": "yes"}, ["Qwen3 30B A3B", "Mistral Small 24B", "Granite 4 Tiny"]),
        ({"at_work": "conditions", "fits": "fits"}, ["Qwen3 30B A3B", "Mistral Small 24B"]),
        ({"typed": "european"}, ["Mistral Small 24B"]),
        ({"typed": "qwen 30b"}, ["Qwen3 30B A3B"]),
    ],
)
def test_filters(screen: ModelsModel, filters: dict[str, str], left: list[str]) -> None:
    screen.filter(**filters)
    assert names(screen).get("catalogue", []) == left


def test_a_licence_that_nobody_names_is_no_permission(screen: ModelsModel, bridge: RecordingBridge) -> None:
    nameless = offered("x", "Nameless", "Somebody", "", None, size("s/x", "Q4_0", "smaller", 1, fit("fits_well", 1.0)))
    bridge.send(model_events.OffersShown(CatalogueEdition("2026-11-20", 1, False), (nameless,)))
    screen.filter(at_work="conditions")
    assert names(screen)["catalogue"] == []
    screen.filter(at_work="any")
    assert row(screen, "offer", "x").licence == "No licence named"


def test_nothing_found_says_so_once(screen: ModelsModel) -> None:
    screen.filter(typed="zzz")
    (section,) = screen.sections
    assert section.rows == () and section.empty == "No model here is called “zzz”."


def test_before_anything_is_known_the_screen_says_that_it_looks(bridge: RecordingBridge) -> None:
    empty = ModelsModel(bridge)
    assert [section.empty for section in empty.sections] == ["Looking at your models.", "The catalogue is being read."]
    bridge.send(events.ModelsListed(()))
    assert empty.sections[0].empty.startswith("No model is on this computer yet")


# ---------------------------------------------------------------- downloads
@pytest.mark.parametrize(
    ("phase", "acts", "left"),
    [
        ("waiting", ("pause", "cancel"), "Waits for its turn"),
        ("connecting", ("pause", "cancel"), "Connecting"),
        ("downloading", ("pause", "cancel"), "3 min left"),
        ("retrying", ("pause", "cancel"), "Connection lost, trying again"),
        ("verifying", (), "Checking the file"),
        ("measuring", (), "Measuring its speed"),
        ("paused", ("resume", "cancel"), "Paused"),
        ("failed", ("resume", "cancel"), "The disk has too little room"),
    ],
)
def test_phases_of_a_download(screen: ModelsModel, bridge: RecordingBridge, phase: str, acts: tuple[str, ...], left: str) -> None:
    why = {"problem": "no_room", "problem_facts": errors.NoRoom("/m", 5, 1, True).facts} if phase == "failed" else {}
    bridge.send(model_events.DownloadChanged(download(phase=phase, **why)))
    shown = row(screen, "download", "d1")
    assert shown.acts == acts
    assert shown.progress is not None and shown.progress.left == left
    assert shown.progress.is_problem == (phase == "failed")


def test_an_unknown_length_gets_no_invented_share(screen: ModelsModel, bridge: RecordingBridge) -> None:
    bridge.send(model_events.DownloadChanged(download(n_bytes=None, n_done=7_000_000)))
    progress = row(screen, "download", "d1").progress
    assert progress is not None and progress.share is None and progress.amount == "7.0 MB"


def test_the_same_model_stays_in_view_from_the_catalogue_into_the_library(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.select(("offer", "qwen3-30b-a3b"))
    new = download("d2", "connecting", 0.0, name="Qwen3 30B A3B", model="qwen3-30b-a3b")
    bridge.send(model_events.DownloadChanged(new))
    assert screen.selected == ("download", "d2")
    assert "Qwen3 30B A3B" in names(screen)["installed"] and "Qwen3 30B A3B" not in names(screen)["catalogue"]
    bridge.send(events.ModelsListed((*models(), model("q30", "Qwen3 30B A3B", 18.6, fit("tight", 20.9)))))
    bridge.send(model_events.DownloadChanged(replace(new, phase="done", installed=ModelId("q30"))))
    assert screen.selected == ("model", "q30")
    assert names(screen)["installed"].count("Qwen3 30B A3B") == 1


def test_the_end_of_a_download_is_told_once(screen: ModelsModel, bridge: RecordingBridge) -> None:
    told: list[tuple[str, bool]] = []
    screen.ended.connect(lambda words, is_failure: told.append((words, is_failure)))
    wrong = errors.ChecksumWrong("a.gguf", "huggingface.co", "0", "1")
    failed = download(phase="failed", problem=wrong.kind, problem_facts=wrong.facts)
    bridge.send(model_events.DownloadChanged(failed), model_events.DownloadChanged(failed))
    assert told == [("Qwen3 8B: a.gguf did not arrive as it was published", True)]


def test_a_repair_runs_in_the_row_of_its_model(screen: ModelsModel, bridge: RecordingBridge) -> None:
    file = Path(models()[1].file).name
    repair = download("r1", "downloading", 0.5, name="Gemma 3 4B", model="gemma-3-4b", file=file, is_repair=True)
    bridge.send(model_events.DownloadChanged(repair))
    assert names(screen)["installed"].count("Gemma 3 4B") == 1
    assert row(screen, "download", "r1").good_for == "Repairing its damaged parts"


def test_steps_show_how_far_a_download_is() -> None:
    def states(one: Download) -> list[str]:
        return [step.state for step in model_detail.steps(one)]

    assert states(download(phase="waiting")) == ["not_started"] * 4
    assert states(download(phase="downloading")) == ["done", "working", "not_started", "not_started"]
    assert states(download(phase="paused")) == ["done", "needs_you", "not_started", "not_started"]
    assert states(download(phase="measuring")) == ["done", "done", "done", "working"]
    assert states(download(phase="failed", problem="no_room")) == ["failed", "not_started", "not_started", "not_started"]
    assert states(download(phase="failed", problem="checksum_wrong")) == ["done", "done", "failed", "not_started"]
    assert model_detail.steps(download())[1].note == "58%, from huggingface.co"


def test_space_pauses_and_resumes(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.pause_or_resume(DownloadId("d1"))
    bridge.send(model_events.DownloadChanged(download(phase="paused")))
    screen.pause_or_resume(DownloadId("d1"))
    bridge.send(model_events.DownloadChanged(download(phase="verifying")))
    screen.pause_or_resume(DownloadId("d1"))
    assert bridge.wishes == [model_intents.PauseDownload(DownloadId("d1")), model_intents.ResumeDownload(DownloadId("d1"))]


# ---------------------------------------------------------------- sizes
def test_sizes_are_told_in_words_and_compared_with_the_advised_one(screen: ModelsModel) -> None:
    cards = model_sizes.size_cards(offers()[1])
    assert [(card.title, card.code, card.amount) for card in cards] == [
        ("Smaller and faster", "Q4", "5.0 GB"),
        ("Balanced", "Q5", "5.8 GB"),
        ("Closest to the original", "Q8", "8.7 GB"),
    ]
    assert cards[0].note.endswith("Suits this computer best.")
    assert "About 14% slower." in cards[1].note
    assert "About 40% slower." in cards[2].note and "Needs 10.0 GB of memory." in cards[2].note


def test_sizes_of_the_same_width_are_told_apart() -> None:
    good = fit("fits_well", 1.0)
    two = offered("x", "X", "Y", "", None, size("s/x", "Q4_0", "smaller", 1, good), size("s/x", "Q4_K_M", "smaller", 1.1, good))
    assert [card.code for card in model_sizes.size_cards(two)] == ["Q4_0", "Q4_K_M"]


def test_of_thousands_of_sizes_only_some_become_cards_and_the_rest_is_counted() -> None:
    good = fit("fits_well", 1.0)
    many = [size("s/x", f"m{n:05}.gguf", "smaller", 1 + n, good) for n in range(4000)]
    many[3000] = replace(many[3000], installed=ModelId("here"))
    cards = model_sizes.size_cards(replace(offered("x", "X", "Y", "", None, *many), advised="m02000.gguf"))
    assert len(cards) == model_sizes.MOST_CARDS and cards[0].key == "m00000.gguf"
    assert [card.key for card in cards[-2:]] == ["m02000.gguf", "m03000.gguf"]
    assert [card.n_left_out for card in cards[-2:]] == [0, 4000 - model_sizes.MOST_CARDS]


def test_the_chosen_size_is_the_one_that_is_fetched(screen: ModelsModel, bridge: RecordingBridge) -> None:
    bridge.send(model_events.DownloadRemoved(DownloadId("d1")))
    screen.select(("offer", "qwen3-8b"))
    subject = screen.subject
    assert subject.size is not None and subject.size.size.key == "Q4_K_M"
    screen.choose_size("Q8_0")
    subject = screen.subject
    assert subject.offer is not None and subject.size is not None
    assert model_detail.checksum(subject, {})[1] == "badge-check"
    screen.download(subject.offer, subject.size)
    assert bridge.wishes == [model_intents.DownloadModel("qwen3-8b", "Q8_0")]


def test_another_size_of_an_installed_model_can_be_looked_at(screen: ModelsModel, bridge: RecordingBridge) -> None:
    two = offered(
        "gemma-3-4b", "Gemma 3 4B", "Google", "", LLAMA,
        size("g/g", "Q4_0", "smaller", 3.3, fit("fits_well", 4.4), installed="g4"),
        size("g/g", "Q8_0", "closest", 4.9, fit("tight", 6.0)),
    )  # fmt: skip
    bridge.send(model_events.OffersShown(CatalogueEdition("2026-11-20", 1, False), (two,)))
    screen.select(("model", "g4"))
    assert screen.subject.is_here
    screen.choose_size("Q8_0")
    assert not screen.subject.is_here and screen.subject.fit == two.sizes[1].fit


def test_a_smaller_context_is_a_setting(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.read_at_once(4096)
    (wish,) = bridge.wished(intents.ChangeSettings)
    assert wish.settings == Settings(theme="light", first_run_done=True, n_ctx=4096)


def test_languages_have_names() -> None:
    assert model_detail.languages(("de", "100+")) == "German, more than 100"
    assert model_detail.languages(("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "da")).endswith("and 2 more")


# ---------------------------------------------------------------- the lock
def test_a_closed_lock_is_asked_about_and_the_wish_is_repeated(screen: ModelsModel, bridge: RecordingBridge) -> None:
    questions = asked(screen)
    bridge.send(model_events.NetworkChanged(CLOSED))
    screen.download_row("qwen3-30b-a3b")
    assert bridge.wishes == []
    assert questions[0].hosts == HOSTS and "Qwen3-30B-A3B-GGUF-Q4_K_M.gguf" in questions[0].sends
    screen.gate.open()
    assert bridge.wishes == [model_intents.OpenNetwork("models")]
    bridge.send(model_events.NetworkChanged(OPEN))
    assert bridge.wishes[1:] == [model_intents.DownloadModel("qwen3-30b-a3b", "Q4_K_M")]
    bridge.send(model_events.NetworkChanged(OPEN))
    assert len(bridge.wishes) == 2


def test_a_lock_that_stays_closed_sends_nothing_later(screen: ModelsModel, bridge: RecordingBridge) -> None:
    asked(screen)
    bridge.send(model_events.NetworkChanged(CLOSED))
    screen.download_row("qwen3-30b-a3b")
    screen.gate.forget()
    bridge.send(model_events.NetworkChanged(OPEN))
    assert bridge.wishes == []


def test_a_wish_that_met_a_lock_closed_meanwhile_is_asked_about(screen: ModelsModel, bridge: RecordingBridge) -> None:
    questions = asked(screen)
    screen.download_row("qwen3-30b-a3b")
    refused = errors.NetworkRefused("models", "huggingface.co", "offline")
    bridge.send(model_events.NetworkChanged(CLOSED), events.Trouble(refused, "Qwen3 30B A3B"))
    assert len(questions) == 1
    screen.gate.open()
    bridge.send(model_events.NetworkChanged(OPEN))
    assert len(bridge.wished(model_intents.DownloadModel)) == 2


def test_other_refusals_do_not_offer_to_open_the_lock(screen: ModelsModel, bridge: RecordingBridge) -> None:
    questions = asked(screen)
    screen.download_row("qwen3-30b-a3b")
    bridge.send(events.Trouble(errors.NetworkRefused("models", "evil.example", "host_not_allowed")))
    assert questions == []


# ---------------------------------------------------------------- the hub
def test_typing_asks_nobody(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.filter(typed="ministral")
    assert bridge.wishes == [] and screen.hub.can_search("ministral")
    assert not screen.hub.can_search("m") and not screen.hub.can_search("  ")


def test_only_the_words_typed_are_sent(screen: ModelsModel, bridge: RecordingBridge) -> None:
    questions = asked(screen)
    bridge.send(model_events.NetworkChanged(CLOSED))
    screen.filter(typed="ministral  8b")
    screen.hub.search("ministral  8b")
    assert "“ministral 8b”" in questions[0].sends
    assert not screen.hub.is_searching
    screen.gate.open()
    bridge.send(model_events.NetworkChanged(OPEN))
    (wish,) = bridge.wished(model_intents.SearchHub)
    assert wish.text == "ministral 8b" and screen.hub.is_searching
    bridge.send(model_events.HubSearched(wish.request, "huggingface.co", repositories()))
    assert names(screen)["hub"][0] == "Ministral-3-8B-GGUF"
    assert screen.sections[-1].rows[-1].chip is not None  # asks for sign-in
    screen.filter(typed="something else")
    assert "hub" not in names(screen)


def test_an_answer_to_an_older_search_is_not_shown(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.hub.search("first")
    screen.hub.search("second")
    first, second = bridge.wished(model_intents.SearchHub)
    screen.filter(typed="second")
    bridge.send(model_events.HubSearched(first.request, "huggingface.co", repositories()))
    assert names(screen)["hub"] == []
    bridge.send(model_events.HubSearched(second.request, "huggingface.co", repositories()[:1]))
    assert names(screen)["hub"] == ["Ministral-3-8B-GGUF"]


def test_a_search_that_failed_says_why(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.filter(typed="qwen")
    screen.hub.search("qwen")
    (wish,) = bridge.wished(model_intents.SearchHub)
    failed = errors.NetworkFailed("huggingface.co", "no_address")
    bridge.send(model_events.HubSearched(wish.request, "huggingface.co", error=failed))
    assert "No answer from huggingface.co" in screen.sections[-1].empty


def test_a_repository_is_looked_at_when_somebody_asks(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.filter(typed="ministral 8b")
    screen.hub.search("ministral 8b")
    bridge.send(model_events.HubSearched(bridge.wishes[-1].request, "huggingface.co", repositories()))  # type: ignore[attr-defined]
    name = repositories()[0].id
    screen.select(("found", name))
    assert len(bridge.wishes) == 1 and screen.subject.found is not None
    screen.hub.look_at(name)
    (wish,) = bridge.wished(model_intents.LookAtRepository)
    offer = offered(name, "Ministral 3 8B", "unsloth", "", None, size(name, "Q4_K_M", "smaller", 4.9, fit("fits_well", 6.0)))
    bridge.send(model_events.RepositoryShown(wish.request, name, offer))
    subject = screen.subject
    assert subject.offer == offer and subject.size == offer.sizes[0]
    assert len(names(screen)["hub"]) == 3 and "Ministral 3 8B" not in names(screen).get("catalogue", [])


# ---------------------------------------------------------------- the library
def test_damage_that_can_be_repaired_says_how_much_is_fetched(screen: ModelsModel, bridge: RecordingBridge) -> None:
    facts = {"model": "Gemma 3 4B", "reason": "wrong_checksum"}
    broken = replace(models()[1], problem="model_damaged", problem_facts=facts, can_repair=True)
    check = ModelCheck(ModelId("g4"), False, "0" * 64, "1" * 64, 2, 38_000_000, True)
    bridge.send(events.ModelsListed((models()[0], broken)), model_events.ModelChecked(check))
    screen.select(("model", "g4"))
    words = model_detail.problem(screen.subject, screen.checks)
    assert words is not None and "2 parts are damaged, 38.0 MB" in words.happened and "38.0 MB of 3.3 GB" in words.to_do
    assert model_detail.repair_verb(check) == "Repair, 38.0 MB"
    chip = row(screen, "model", "g4").chip
    assert chip is not None and chip.text == "Damaged"
    screen.repair(broken)
    assert bridge.wishes == [model_intents.RepairModel(ModelId("g4"))]


def test_a_model_without_a_published_checksum_is_not_called_verified(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.select(("model", "g4"))
    assert "No published checksum" in model_detail.checksum(screen.subject, {})[0]
    screen.select(("model", "q17"))
    assert model_detail.checksum(screen.subject, {}) == ("The file has the publisher’s checksum.", "badge-check")


def test_what_depends_on_a_model_is_asked_about(screen: ModelsModel, bridge: RecordingBridge) -> None:
    told: list[model_events.ModelInUse] = []
    screen.in_use.connect(told.append)
    screen.remove(ModelId("q17"))
    bridge.send(model_events.ModelInUse(ModelId("q17"), ("chosen_for_answers",), True))
    screen.remove(ModelId("q17"), even_if_used=True)
    assert len(told) == 1
    assert bridge.wishes == [model_intents.RemoveModel(ModelId("q17")), model_intents.RemoveModel(ModelId("q17"), True)]


def test_a_removed_model_is_no_longer_looked_at(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.select(("model", "g4"))
    bridge.send(events.ModelsListed(models()[:1]))
    assert screen.selected is None and screen.subject.name == ""


def test_library_work_has_progress_and_a_last_word(screen: ModelsModel, bridge: RecordingBridge) -> None:
    told, failed = [], []
    screen.library.told.connect(told.append)
    screen.library.failed.connect(failed.append)
    bridge.send(model_events.LibraryProgress("export", "stick", 1_000_000_000, 4_000_000_000))
    assert (screen.library.title, screen.library.amount, screen.library.share) == ("Exporting stick", "1.0 of 4.0 GB", 0.25)
    bridge.send(model_events.LibraryProgress("export", "stick", is_done=True))
    assert not screen.library.is_running and told == ["Exported to stick, with checksums."]
    unfit = errors.FileUnfit("a.txt", "not_a_gguf")
    bridge.send(model_events.LibraryProgress("import", "a.txt", is_done=True, error=unfit))
    assert failed[0].title == "a.txt can’t be used" and len(told) == 1


def test_a_model_that_is_loading_counts_as_chosen(screen: ModelsModel, bridge: RecordingBridge) -> None:
    screen.load(ModelId("g4"))
    assert bridge.wishes == [intents.ChooseModel(ModelId("g4"))]
    bridge.send(events.ModelStateChanged(ModelState("loading", ModelId("g4"), "Gemma 3 4B")))
    loading = row(screen, "model", "g4")
    assert loading.acts == () and loading.chip is not None and loading.chip.text == "Loading"
    assert row(screen, "model", "q17").acts == ("load", "remove")
