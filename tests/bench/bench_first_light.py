"""How long a person waits: for the window, for the model, for the first word. Each beside the least it could take.

Run on a display: PYTHONPATH=. xvfb-run python tests/bench/bench_first_light.py
Prints name, value, reference, ratio (seconds; medians of TIMES runs, the two in turn).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent.parent
TIMES = 3
LEASE = "The yearly rent is 12,400 euros. The Tenant may end this Lease by giving six months' written notice. " * 3

BARE_WINDOW = """
import time; began = time.time()
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time() - began); app.quit()
        return False
app = QApplication([]); window = QWidget(); eye = Eye(); window.installEventFilter(eye); window.show(); app.exec()
"""

BARE_LOAD = """
import sys, time; began = time.time()
from pathlib import Path
from engine.inference.context import Context
from engine.inference.model import Model
model = Model(Path(sys.argv[1])); Context(model, n_ctx=4096, n_slots=1, n_ubatch=512, n_threads=2)
print(time.time() - began)
"""

WINDOW = """
import sys, time, json; began = time.time()
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from desktop.application import open_window
from engine.events import AnswerGrew, DocumentChanged, Finished, ModelStateChanged, StoreNeedsKey, StoreOpened
from engine.intents import AddDocuments, AskQuestion, UnlockStore
from engine.records import RequestId
app, bridge, window = open_window(sys.argv[1], [])
seen = {}
class Eye(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            seen.setdefault("painted", time.time() - began)
        return False
eye = Eye(); window.installEventFilter(eye)
def take(event):
    now = time.time() - began
    if isinstance(event, StoreNeedsKey):
        bridge.submit(UnlockStore("memory"))
    elif isinstance(event, ModelStateChanged) and event.state.phase == "ready" and "ready" not in seen:
        seen["ready"] = now
        bridge.submit(AddDocuments(None, (Path(sys.argv[2]),)))
    elif isinstance(event, DocumentChanged) and event.document.status == "ready" and "asked" not in seen:
        seen["asked"] = time.time() - began
        bridge.submit(AskQuestion(RequestId("bench"), event.document.matter, "What is the yearly rent?"))
    elif isinstance(event, AnswerGrew):
        seen.setdefault("first_word", now - seen["asked"])
    elif isinstance(event, Finished):
        seen["model_ttft"] = event.answer.timings.ttft_s
        app.quit()
bridge.happened.connect(take)
app.exec(); bridge.close_engine(20)
print(json.dumps(seen))
"""


def run(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=200
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.splitlines()[-1]


def main() -> None:
    model = str(CHECKOUT / "resources/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    windows, bare_windows, bare_loads = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        lease = Path(folder, "lease.txt")
        lease.write_text(LEASE)
        for number in range(TIMES):
            bare_windows.append(float(run(BARE_WINDOW)))
            bare_loads.append(float(run(BARE_LOAD, model)))
            windows.append(json.loads(run(WINDOW, str(Path(folder, f"profile-{number}")), str(lease))))
            time.sleep(1)
    rows = [
        ("window painted", [each["painted"] for each in windows], bare_windows),
        ("model ready after start", [each["ready"] for each in windows], bare_loads),
        ("first word after asking", [each["first_word"] for each in windows], [each["model_ttft"] for each in windows]),
    ]
    for name, values, references in rows:
        value, reference = median(values), median(references)
        print(f"{name:28} {value:8.2f} {reference:8.2f} {value / reference:8.2f}")


if __name__ == "__main__":
    main()
