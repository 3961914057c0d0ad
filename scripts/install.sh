#!/usr/bin/env bash
# Lays out .venv: everything in requirements.lock, checked by hash, and this tree as obsy.
# PYTHON chooses the interpreter, VENV another folder; with COMPILE=no each library is compiled where it is first imported;
# LEAVE_OUT names, as 'one|another', what is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/debian.sh

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 none}; do
    if recent "$python"; then break; fi
done
if ! recent "$python"; then
    echo "obsy needs Python 3.11 or newer, and none was found." >&2
    echo "mend: apt-get install python3 python3-venv, or say PYTHON=/path/to/python3.11 make night" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if ! debian_install "$package"; then
        echo "$python cannot make a virtual environment." >&2
        echo "mend: sudo apt-get install $package" >&2
        exit 1
    fi
fi

venv="${VENV:-.venv}"
echo "installing obsy's libraries into $venv (some 250 MB to fetch; a minute or two)"
rm -f "$venv/installed"
# Another Python than last time leaves nothing of the old one behind.
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then rm -rf "$venv"; fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip=("$venv/bin/python" -m pip -qq --disable-pip-version-check --no-input)
# The lock is complete: what it leaves out (dbus-python, see decision 4) is left out on purpose.
asked() { awk -v without="^(${LEAVE_OUT:-none})==" '/^[^ #]/ { wanted = $0 !~ without } wanted' requirements.lock; }
# First the lock's own pip: the one that a Python brings may be years old, and takes more than twice as long for the rest.
"${pip[@]}" install --require-hashes --no-deps --no-compile -r <(asked | awk '/^[^ #]/ { wanted = /^pip==/ } wanted')
"${pip[@]}" install --use-pep517 --require-hashes --no-deps --no-compile -r <(asked)
# pip compiles one file after another, and the libraries' own tests too: that takes longer than all the rest.
if [ "${COMPILE:-}" != no ]; then "$venv/bin/python" -W ignore -m compileall -q -j 0 -x '/tests?/|/ades/xxx80y' "$venv/lib"; fi
"${pip[@]}" install --no-deps --no-build-isolation -e .
touch "$venv/installed"
