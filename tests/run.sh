#!/bin/sh
# run.sh [PYTEST ARGUMENT]... : run pytest with a keyring of its own.
#
# Without arguments everything runs, in two processes beside each other, since most tests wait for one process or another
# and leave a core idle. What the second one says is shown when it has ended.
set -eu
cd "$(dirname "$0")/.."

pytest=".venv/bin/python -m pytest"
if [ $# -gt 0 ]; then
    exec tests/secret_service.sh $pytest "$@"
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
tests/secret_service.sh $pytest tests/engine >"$log" 2>&1 &
second=$!
first=0
tests/secret_service.sh $pytest tests --ignore=tests/engine || first=$?
code=0
wait "$second" || code=$?
cat "$log"
[ "$first" -eq 0 ] || exit "$first"
exit "$code"
