#!/bin/sh
# system_libraries.sh run|test : see that the system has what Strongroom needs beside Python packages.
#
# Looks for the things themselves (a library, a command, a Python module), not for packages, so that it is
# right on every distribution and silent when nothing is missing. What is missing is installed when root on
# a system with apt-get; otherwise one command to copy is printed and the exit code is 1.
set -eu

purpose="${1:-run}"
PATH="$PATH:/usr/sbin:/sbin"

# kind      what to look for           Debian package
for_run='
command     c++                        g++
module      venv,ensurepip             python3-venv
library     libEGL.so.1                libegl1
library     libGL.so.1                 libgl1
library     libfontconfig.so.1         libfontconfig1
library     libfreetype.so.6           libfreetype6
library     libglib-2.0.so.0           libglib2.0-0
library     libdbus-1.so.3             libdbus-1-3
library     libxkbcommon.so.0          libxkbcommon0
library     libxkbcommon-x11.so.0      libxkbcommon-x11-0
library     libX11.so.6                libx11-6
library     libX11-xcb.so.1            libx11-xcb1
library     libxcb-cursor.so.0         libxcb-cursor0
library     libxcb-glx.so.0            libxcb-glx0
library     libxcb-icccm.so.4          libxcb-icccm4
library     libxcb-image.so.0          libxcb-image0
library     libxcb-keysyms.so.1        libxcb-keysyms1
library     libxcb-randr.so.0          libxcb-randr0
library     libxcb-render-util.so.0    libxcb-render-util0
library     libxcb-shape.so.0          libxcb-shape0
library     libxcb-sync.so.1           libxcb-sync1
library     libxcb-util.so.1           libxcb-util1
library     libxcb-xfixes.so.0         libxcb-xfixes0
library     libxcb-xkb.so.1            libxcb-xkb1
library     libwayland-client.so.0     libwayland-client0
library     libwayland-cursor.so.0     libwayland-cursor0
library     libwayland-egl.so.1        libwayland-egl1
'
# Tests open a real window without a screen, press its keys, look at it, ask a real keyring, and read
# documents a second time with a program that is not ours.
for_test="$for_run"'
command     Xvfb                       xvfb
command     xdotool                    xdotool
command     import                     imagemagick
command     dbus-run-session           dbus-daemon
command     dbus-send                  dbus-bin
file        /usr/share/dbus-1/session.conf  dbus-session-bus-common
command     gnome-keyring-daemon       gnome-keyring
command     pdftotext                  poppler-utils
'

case "$purpose" in
run) table="$for_run" ;;
test) table="$for_test" ;;
*) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

if [ "$(uname -s)" != Linux ]; then
    # PySide6 brings everything but the compiler on macOS and Windows.
    command -v c++ >/dev/null || command -v cl >/dev/null || {
        echo "A C++ compiler is missing: on macOS run 'xcode-select --install', on Windows install the Visual Studio Build Tools." >&2
        exit 1
    }
    exit 0
fi

libraries="$(ldconfig -p)"

present() {
    case "$1" in
    command) command -v "$2" >/dev/null ;;
    library) printf '%s\n' "$libraries" | grep -qF "	$2 " ;;
    module) "${PYTHON:-python3}" -c "import $2" 2>/dev/null ;;
    file) [ -e "$2" ] ;;
    esac
}

packages=""
names=""
while read -r kind what package; do
    [ -z "$kind" ] && continue
    present "$kind" "$what" && continue
    packages="$packages $package"
    names="$names $what"
done <<TABLE
$table
TABLE

[ -z "$packages" ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Strongroom needs these from your system:$names" >&2
    echo "On Debian they are in:$packages" >&2
    exit 1
fi

install="apt-get install -y --no-install-recommends$packages"
if [ "$(id -u)" != 0 ]; then
    echo "Strongroom needs a few system packages. Run this once, then try again:" >&2
    echo "sudo apt-get update && sudo $install" >&2
    exit 1
fi

echo "Installing system packages:$packages"
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
# shellcheck disable=SC2086 # package names have no spaces
$install
