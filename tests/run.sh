#!/bin/sh
# run.sh [PYTEST ARGUMENT]... : run pytest with a keyring of its own.
#
# Without arguments everything runs, in four processes beside each other, since most tests wait for one process or another.
# Each keeps to one half of the cores, with all that it starts: models compute with as many threads as they may use cores, and
# threads of llama.cpp wait for each other without resting. Beside other work, two of them take three times the processor
# time of one. The last one is seen at work; what the others say is shown when they have ended.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
if [ $# -gt 0 ]; then
    exec tests/secret_service.sh $python -m pytest "$@"
fi

# Workers write no bytecode: without this, each of them would compile the program again.
$python -m compileall -q engine desktop main.py

halves="$($python -c '
import os, shutil
cores = sorted(os.sched_getaffinity(0)) if shutil.which("taskset") else []
middle = (len(cores) + 1) // 2
for half in cores[:middle], cores[middle:] or cores:
    print("taskset -c " + ",".join(map(str, half)) if half else "env")')"
one="$(echo "$halves" | head -n 1)"
other="$(echo "$halves" | tail -n 1)"

logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
trap 'trap "" TERM; kill 0; exit 130' INT # what runs in the background does not hear of it otherwise
in_background() { # in_background NAME COMMAND... : its exit code goes into a file beside what it says
    name="$1"
    shift
    code=0
    "$@" >"$logs/$name" 2>&1 || code=$?
    echo "$code" >"$logs/$name.code"
}

pytest="tests/secret_service.sh $python -m pytest"
in_background screens $one $pytest tests/desktop tests/engine/work &
in_background workers $one $pytest tests/worker tests/engine --ignore-glob='tests/engine/*/*' &
in_background journeys $other $pytest tests --ignore=tests/desktop --ignore=tests/engine --ignore=tests/worker &
worst=0
$other $pytest tests/engine --ignore=tests/engine/work --ignore-glob='tests/engine/test_*.py' || worst=$?
wait

for name in screens workers journeys; do
    cat "$logs/$name"
    read -r code <"$logs/$name.code"
    [ "$code" -eq 0 ] || worst="$code"
done
exit "$worst"
