"""Models, offers and downloads as an engine in use would send them. For tests and pictures only."""

from __future__ import annotations

from typing import Any

from engine import events
from engine.model_events import DownloadChanged, HardwareShown, NetworkChanged, OffersShown
from engine.model_records import (
    CatalogueEdition,
    Download,
    DownloadId,
    FoundModel,
    FoundRepository,
    Gpu,
    Hardware,
    Licence,
    ModelSize,
    Offer,
    OfferedModel,
    OfferedSize,
    RemoteFile,
)
from engine.network_records import NetworkState
from engine.records import Fit, MemorySum, Model, ModelId, ModelState
from engine.settings import Settings
from tests.desktop.recording import NOW

GB = 1 << 30
HOSTS = ("huggingface.co", "cdn-lfs.huggingface.co", "cas-bridge.xethub.hf.co")
CLOSED = NetworkState(hosts=(("models", HOSTS),))
OPEN = NetworkState(open_purposes=("models",), hosts=(("models", HOSTS),))
APACHE = Licence("Apache-2.0", "Apache 2.0", "yes", "You may use it at work, change it and share it.", "https://example.org")
GEMMA = Licence("gemma", "Gemma terms", "with_conditions", "You may use it at work within Google’s rules of use.")
LLAMA = Licence("llama3.3", "Llama licence", "ask_lawyer", "Companies with very many users need a licence of their own.")


def fit(verdict: str, needed: float | None, speed: tuple[float, float] | None = None, **more: Any) -> Fit:
    """A fit against 23.4 GB of free memory; `needed` in gibibytes."""
    low, high = speed or (None, None)
    needed_bytes = int(needed * GB) if needed is not None else None
    parts = None
    if needed_bytes is not None:
        weights, cache, buffers = int(needed_bytes * 0.8), int(needed_bytes * 0.12), int(needed_bytes * 0.05)
        parts = MemorySum(weights, cache, buffers, needed_bytes - weights - cache - buffers)
    return Fit(verdict, needed_bytes, int(23.4 * GB), low, high, 8192, parts, **more)  # type: ignore[arg-type]


def size(
    repository: str, key: str, kind: str, gigabytes: float, its_fit: Fit, *, installed: str | None = None, confirmed: bool = True
) -> OfferedSize:
    n_bytes = int(gigabytes * 1e9)
    path = f"{repository.rsplit('/', 1)[-1]}-{key}.gguf"
    file = RemoteFile(path, n_bytes, "a" * 64) if confirmed else RemoteFile(path)
    commit, listed = ("c" * 40, None) if confirmed else (None, n_bytes)
    of = ModelSize(key, kind, repository, commit, (file,), None, listed)  # type: ignore[arg-type]
    at_least = None if its_fit.needed_bytes else int(n_bytes * 0.95)
    return OfferedSize(of, its_fit, ModelId(installed) if installed else None, at_least)


def offered(
    key: str,
    name: str,
    publisher: str,
    good_for: str,
    licence: Licence | None,
    *sizes: OfferedSize,
    advised: str | None = None,
    **more: Any,
) -> Offer:
    facts: dict[str, Any] = {
        "purpose": "chat",
        "languages": ("en", "de", "fr", "es", "zh", "ar"),
        "n_parameters": 8_200_000_000,
        "n_active_parameters": None,
        "architecture": "qwen3",
        "context_length": 40_960,
        "released": "2025-04",
        "thinks": "switchable",
        **more,
    }
    model = OfferedModel(key, name, publisher, good_for=good_for, licence=licence, **facts)
    return Offer(model, sizes, advised)


def offers() -> tuple[Offer, ...]:
    """The models of the design's picture, and one whose fit is not known."""
    qwen = "Qwen/Qwen3-8B-GGUF"
    return (
        offered(
            "qwen3-1.7b", "Qwen3 1.7B", "Qwen team", "Starter model. Short summaries, labels, drafts", APACHE,
            size("Qwen/Qwen3-1.7B-GGUF", "Q4_K_M", "smaller", 1.4, fit("fits_well", 2.1, (54.2, 54.2)), installed="q17"),
            n_parameters=1_700_000_000,
        ),
        offered(
            "qwen3-8b", "Qwen3 8B", "Qwen team", "Questions on long documents", APACHE,
            size(qwen, "Q4_K_M", "smaller", 5.03, fit("fits_well", 6.3, (16, 20))),
            size(qwen, "Q5_K_M", "balanced", 5.85, fit("fits_well", 7.2, (14, 17))),
            size(qwen, "Q8_0", "closest", 8.71, fit("tight", 10.0, (9.5, 12), offered_n_ctx=4096)),
            advised="Q4_K_M",
        ),
        offered(
            "gemma-3-4b", "Gemma 3 4B", "Google", "Many languages, reads scanned pages", GEMMA,
            size("google/gemma-3-4b-it-GGUF", "Q4_0", "smaller", 3.3, fit("fits_well", 4.4, (25, 30)), installed="g4"),
            languages=("100+",), sees=True,
        ),
        offered(
            "qwen3-30b-a3b", "Qwen3 30B A3B", "Qwen team", "Most capable here. Close other programs first", APACHE,
            size("Qwen/Qwen3-30B-A3B-GGUF", "Q4_K_M", "smaller", 18.6, fit("tight", 20.9, (20, 26), offered_n_ctx=4096)),
            n_parameters=30_500_000_000, n_active_parameters=3_300_000_000,
        ),
        offered(
            "mistral-small-24b", "Mistral Small 24B", "Mistral AI", "Careful drafting in European languages", APACHE,
            size("mistralai/Mistral-Small-24B-GGUF", "Q4_K_M", "smaller", 14.3, fit("slow", 16.5, (5, 7))),
        ),
        offered(
            "granite-4-tiny", "Granite 4 Tiny", "IBM", "Extraction and tables, very light", APACHE,
            size("ibm-granite/granite-4.0-h-tiny-GGUF", "Q4_K_M", "smaller", 4.2, fit("unknown", None), confirmed=False),
        ),
        offered(
            "llama-3.3-70b", "Llama 3.3 70B", "Meta", "Needs a workstation with 64 GB of memory", LLAMA,
            size("meta-llama/Llama-3.3-70B-GGUF", "Q4_K_M", "smaller", 42.5, fit("does_not_fit", 44.8)),
            gated=True,
        ),
    )  # fmt: skip


def model(key: str, name: str, gigabytes: float, its_fit: Fit, **more: Any) -> Model:
    facts: dict[str, Any] = {
        "licence": "Apache-2.0",
        "purpose": "chat",
        "is_verified": True,
        "source": "Qwen/Qwen3-1.7B-GGUF",
    } | more
    file = f"/home/anna/models/{name.replace(' ', '-')}-Q4_K_M.gguf"
    return Model(ModelId(key), name, file, int(gigabytes * 1e9), "b" * 64, "Q4_K_M", 1_700_000_000, 40_960, fit=its_fit, **facts)


def models() -> tuple[Model, ...]:
    return (
        model("q17", "Qwen3 1.7B", 1.4, fit("fits_well", 2.1, (54.2, 54.2), is_measured=True), note="Starter model"),
        model("g4", "Gemma 3 4B", 3.3, fit("fits_well", 4.4, (29.0, 29.0), is_measured=True), licence="gemma", is_verified=None),
    )


def download(key: str = "d1", phase: str = "downloading", done: float = 0.58, **more: Any) -> Download:
    whole = 5_030_000_000
    facts: dict[str, Any] = {
        "name": "Qwen3 8B", "model": "qwen3-8b", "size_key": "Q4_K_M", "file": "Qwen3-8B-Q4_K_M.gguf", "hosts": HOSTS,
        "bytes_per_s": 11_400_000 if phase == "downloading" else None, "seconds_left": 185 if phase == "downloading" else None,
        "n_bytes": whole, "n_done": int(whole * done),
    } | more  # fmt: skip
    return Download(DownloadId(key), phase=phase, **facts)  # type: ignore[arg-type]


def found_models() -> tuple[FoundModel, ...]:
    home = "/home/anna"
    return (
        FoundModel(f"{home}/.lmstudio/models/lmstudio-community/Qwen2.5-7B-Instruct-GGUF/Qwen2.5-7B-Instruct-Q4_K_M.gguf",
                   "Qwen2.5 7B Instruct", 4_680_000_000, "lm_studio"),
        FoundModel(f"{home}/.ollama/models/blobs/sha256-{'a' * 64}", "llama3.2:3b", 2_020_000_000, "ollama", "a" * 64),
        FoundModel(f"{home}/.cache/huggingface/hub/models--Qwen--Qwen3-1.7B-GGUF/snapshots/c/Qwen3-1.7B-Q4_K_M.gguf",
                   "Qwen3 1.7B", 1_400_000_000, "hugging_face", installed=ModelId("q17")),
    )  # fmt: skip


def repositories() -> tuple[FoundRepository, ...]:
    return (
        FoundRepository("unsloth/Ministral-3-8B-GGUF", 182_400, NOW, APACHE, False),
        FoundRepository("bartowski/" + "a-name-that-goes-on-and-on-" * 4 + "Instruct-v2.1-GGUF", 940, NOW, None, False),
        FoundRepository("meta-llama/Llama-Guard-GGUF", 12_300, None, LLAMA, True),
    )  # fmt: skip


def hardware() -> Hardware:
    gpu = Gpu("Radeon 780M", "Mesa 24", None, None, True, False, "built without graphics")
    return Hardware(
        "AMD Ryzen 7 8845HS", 8, 16, ("AVX2",), 32 * GB, int(23.4 * GB), 110e9, (gpu,), 212_000_000_000, True, True, None
    )


def a_day_with_models() -> list[events.Event]:
    """From start to a running download, as in the design's picture."""
    return [
        events.SettingsChanged(Settings(theme="light", first_run_done=True)),
        NetworkChanged(OPEN),
        events.ModelsListed(models()),
        OffersShown(CatalogueEdition("2026-11-20", len(offers()), False), offers()),
        HardwareShown(hardware()),
        events.ModelStateChanged(ModelState("ready", ModelId("q17"), "Qwen3 1.7B", 8192, 2 * GB, 54.0)),
        DownloadChanged(download()),
    ]
