"""What an engine in use would send about this computer, its models and the network. For tests and pictures only."""

from __future__ import annotations

from datetime import timedelta

from engine import events, model_events
from engine.model_records import (
    CatalogueEdition,
    Download,
    DownloadId,
    Gpu,
    Hardware,
    Licence,
    ModelCheck,
    ModelSize,
    Offer,
    OfferedModel,
    OfferedSize,
    RemoteFile,
)
from engine.network_records import Connection, NetworkState
from engine.records import Fit, Model, ModelId, ModelState
from engine.settings import Settings
from tests.desktop.recording import NOW, RecordingBridge, model_ready, models

GIB = 1 << 30
APACHE = Licence("Apache-2.0", "Apache 2.0", "yes", "You may use it at work, change it and share it.")
GEMMA = Licence("gemma", "Gemma terms", "ask_lawyer", "Google's own terms; ask your lawyer.")
HOSTS = (("models", ("cas-bridge.xethub.hf.co", "cdn-lfs.hf.co", "cdn-lfs-eu-1.hf.co", "cdn-lfs-us-1.hf.co", "huggingface.co")),)
CLOSED = NetworkState((), NOW - timedelta(hours=3, minutes=12), HOSTS)  # type: ignore[arg-type]
OPEN = NetworkState(("models",), NOW - timedelta(minutes=4), HOSTS)  # type: ignore[arg-type]


def hardware(**facts: object) -> Hardware:
    known: dict[str, object] = {
        "processor": "AMD Ryzen 7 8845HS",
        "n_cores": 8,
        "n_threads": 16,
        "vector_extensions": ("AVX2", "FMA", "AVX-512"),
        "memory_total": 32 * GIB,
        "memory_free": int(23.4 * GIB),
        "bytes_per_s": 110e9,
        "gpus": (Gpu("Radeon 780M", None, None, None, True, False, "this build computes on the processor"),),
        "disk_free": 212_000_000_000,
        "disk_encrypted": True,
        "on_mains": True,
        "battery_percent": None,
    }
    return Hardware(**(known | facts))  # type: ignore[arg-type]


def offer(
    key: str, name: str, good_for: str, verdict: str, needed: float, speed: tuple[float, float], size: float, **more: object
) -> Offer:
    """An offer in one size; `needed` in GiB, `size` in gigabytes."""
    licence = more.get("licence", APACHE)
    model = OfferedModel(
        key, name, "Publisher", "chat", good_for, licence, ("en", "de"), 8_000_000_000, None, "qwen3", 40_960, "2025-04",
        gated=bool(more.get("gated", False)),
    )  # fmt: skip
    file = RemoteFile(f"{key}.gguf", int(size * 1e9), "a" * 64)
    one = ModelSize("Q4_K_M", "smaller", f"publisher/{key}", "c" * 40, (file,))
    fit = Fit(
        verdict, int(needed * GIB), 23 * GIB, *speed, n_ctx=8192, prompt_tokens_per_s=15_000 / float(more.get("reading", 60))
    )  # type: ignore[arg-type]
    return Offer(model, (OfferedSize(one, fit, more.get("installed")),), advised="Q4_K_M")  # type: ignore[arg-type]


def offers() -> model_events.OffersShown:
    """The catalogue with three first choices, and one that does not fit."""
    return model_events.OffersShown(
        CatalogueEdition("2026-11-01", 25, False),
        (
            offer("qwen3-8b", "Qwen3 8B", "Best balance for questions on long documents", "fits_well", 6.3, (16, 20), 5.0),
            offer("gemma3-4b", "Gemma 3 4B", "Quick, many languages, reads scanned pages", "fits_well", 4.4, (25, 30), 3.3,
                  licence=GEMMA, reading=35),
            offer("qwen3-30b", "Qwen3 30B A3B", "Most capable here. Close other programs first", "tight", 20.9, (20, 26), 18.6,
                  reading=140),
            offer("llama-70b", "Llama 3.3 70B", "Needs a workstation", "does_not_fit", 44.8, (0, 0), 42.5),
        ),
        first_choices=("qwen3-8b", "gemma3-4b", "qwen3-30b"),
    )  # fmt: skip


def first_start() -> list[events.Event]:
    """A profile that has never been used, as the engine opens it."""
    return [
        events.StoreOpened("keyring"),
        events.SettingsChanged(Settings(theme="light")),
        events.MattersChanged(()),
        model_events.NetworkChanged(NetworkState((), None, HOSTS)),  # type: ignore[arg-type]
        events.ModelsListed(models()),
        events.ModelStateChanged(model_ready()),
        events.MemoryMeasured(int(2.1 * GIB), 32 * GIB),
        model_events.HardwareShown(hardware()),
        offers(),
    ]


def connections() -> tuple[Connection, ...]:
    """A week of the log, newest first, with every way to end."""

    def one(key: int, hours: float, host: str, about: str, sent: int, received: int, outcome: str, **more: object) -> Connection:
        facts: dict[str, object] = {"purpose": "models", "method": "GET", "port": 443, "status": 200, "duration_s": 0.4} | more
        return Connection(
            id=key, time=NOW - timedelta(hours=hours), about=about, host=host, sent=sent, received=received, outcome=outcome,
            **facts,  # type: ignore[arg-type]
        )  # fmt: skip

    return (
        one(9, 0.01, "cas-bridge.xethub.hf.co", "Qwen3 8B", 1_210, 0, "open", status=None, duration_s=None),
        one(8, 0.02, "huggingface.co", "Qwen3 8B", 912, 1_400, "done", status=302),
        one(7, 0.4, "api.example.org", "", 1_600, 2_200, "done", purpose="compare", method="POST"),
        one(6, 1, "fonts.example.net", "", 0, 0, "refused", purpose=None, reason="bypass", status=None),
        one(5, 5, "huggingface.co", "search: qwen3", 880, 48_300, "done"),
        one(4, 26, "huggingface.co", "Gemma 3 4B", 0, 0, "refused", reason="offline", status=None),
        one(3, 30, "cdn-lfs.hf.co", "Gemma 3 4B", 4_100, 5_027_000_000, "done"),
        one(2, 31, "cdn-lfs.hf.co", "Gemma 3 4B", 990, 312_000_000, "failed", reason="broken_off", status=206),
        one(1, 120, "mirror.example.org", "Granite 4 Tiny", 0, 0, "refused", reason="host_not_allowed", status=None),
    )


DAMAGED = ModelId("qwen3-8b")


def damaged_model() -> list[events.Event]:
    """Qwen3 8B was chosen and cannot be opened; its file can be mended."""
    fit = Fit("fits_well", 6 * GIB, 23 * GIB, 16.0, 20.0)
    qwen = Model(
        DAMAGED, "Qwen3 8B", "/models/Qwen3-8B-Q4_K_M.gguf", 5_027_000_000, None, "Q4_K_M", 8_000_000_000, 40_960, "Apache-2.0",
        "chat", fit, source="publisher/qwen3-8b@c0ffee", can_repair=True,
    )  # fmt: skip
    facts: dict[str, object] = {"model": "Qwen3-8B-Q4_K_M.gguf", "reason": "wrong_checksum"}
    return [
        events.SettingsChanged(Settings(theme="light", model=DAMAGED, first_run_done=True)),
        events.ModelsListed((models()[0], qwen)),
        events.ModelStateChanged(ModelState("failed", problem="model_damaged", problem_facts=facts)),
    ]


def check(n_parts: int = 2, n_bytes: int = 38_000_000) -> model_events.ModelChecked:
    return model_events.ModelChecked(ModelCheck(DAMAGED, False, "b" * 64, "a" * 64, n_parts, n_bytes, True))


def repair(phase: str, n_done: int = 12_000_000) -> model_events.DownloadChanged:
    download = Download(
        DownloadId("r1"), "Qwen3 8B", "qwen3-8b", "Q4_K_M", "Qwen3-8B-Q4_K_M.gguf", phase, 38_000_000, n_done, is_repair=True,  # type: ignore[arg-type]
    )  # fmt: skip
    return model_events.DownloadChanged(download)


def start_first_run(bridge: RecordingBridge) -> None:
    """Send what opens the first start and forget what was wished for meanwhile."""
    bridge.send(*first_start())
    bridge.wishes.clear()
