#!/bin/sh
# Bring the long real document that tests read: the Debian Policy Manual, from its Debian package.
# The package is unpacked, not installed, so this needs no root; images without /usr/share/doc work too.
set -eu

cd "$(dirname "$0")/.."
folder="$PWD/build/documents"
wanted="$folder/policy.pdf"
inside=usr/share/doc/debian-policy/policy.pdf.gz

[ -s "$wanted" ] && exit 0
mkdir -p "$folder"
work="$(mktemp -d "$folder/XXXXXX")"
trap 'rm -rf "$work"' EXIT

if [ -s "/$inside" ]; then
    gzip -dc "/$inside" >"$work/policy.pdf"
elif command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    download() (cd "$work" && apt-get -q download debian-policy) >"$work/log" 2>&1
    # A fresh image has no package lists yet; only root can fetch them.
    if ! download && { [ "$(id -u)" != 0 ] || ! apt-get -q update >/dev/null || ! download; }; then
        cat "$work/log" >&2
        echo "The package debian-policy could not be downloaded; try 'sudo apt-get update' first." >&2
        exit 1
    fi
    dpkg-deb -x "$work"/debian-policy_*.deb "$work/package"
    gzip -dc "$work/package/$inside" >"$work/policy.pdf"
else
    echo "Tests read a long real PDF. Save the Debian Policy Manual as $wanted:" >&2
    echo "https://www.debian.org/doc/debian-policy/policy.pdf" >&2
    exit 1
fi
mv "$work/policy.pdf" "$wanted"
