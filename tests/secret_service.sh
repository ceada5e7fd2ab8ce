#!/bin/sh
# secret_service.sh COMMAND... : run a command with a system keyring of its own.
#
# A private D-Bus session with an unlocked GNOME keyring, both in a temporary home that is removed at the end:
# nothing reaches the keyring of whoever runs the tests, and nothing asks for a password.
set -eu

home="$(mktemp -d)"
mkdir -m 700 "$home/run"
trap 'rm -rf "$home"' EXIT

# The keyring and what it writes live in the temporary home; the command keeps its own environment but for the
# session bus, so that caches and settings of the test tools stay where they are.
KEYRING_HOME="$home" \
    dbus-run-session -- sh -c '
    set -eu
    printf throw-away | HOME="$KEYRING_HOME" XDG_RUNTIME_DIR="$KEYRING_HOME/run" XDG_DATA_HOME="$KEYRING_HOME/data" \
        XDG_CACHE_HOME="$KEYRING_HOME/cache" \
        gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>"$KEYRING_HOME/log" &
    keyring=$!

    answers() {
        dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
            org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true"
    }
    tries=0
    until answers; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$keyring" 2>/dev/null; then
            echo "The test keyring did not start:" >&2
            cat "$KEYRING_HOME/log" >&2
            exit 97
        fi
        sleep 0.1
    done

    code=0
    "$@" || code=$?
    kill "$keyring" 2>/dev/null || true
    wait "$keyring" 2>/dev/null || true
    exit "$code"' sh "$@"
