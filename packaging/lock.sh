#!/bin/sh
# Write requirements.lock and requirements-test.lock anew from pyproject.toml: newest allowed versions, all
# hashes, one resolution for Linux, macOS and Windows. Nothing of this machine goes into them.
set -eu

cd "$(dirname "$0")/.."
tool=build/lock-tool
[ -x "$tool/bin/uv" ] || { "${PYTHON:-python3}" -m venv "$tool" && "$tool/bin/python" -m pip install -q uv==0.13.9; }

compile() {
    env -u PIP_FIND_LINKS -u UV_FIND_LINKS "$tool/bin/uv" pip compile pyproject.toml --quiet \
        --universal --python-version 3.11 --generate-hashes --default-index https://pypi.org/simple \
        --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile --upgrade --output-file requirements.lock
# An existing lock is what uv starts from, so the test lock agrees with the runtime lock.
cp requirements.lock requirements-test.lock
compile --extra test --output-file requirements-test.lock
