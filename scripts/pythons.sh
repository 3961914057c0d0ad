#!/usr/bin/env bash
# Runs the fast tests on each Python we promise that this machine has, but for .venv's own, which `make fast` runs on.
# Each gets an environment of its own from the same lock, kept as .venv-3.12 and so on; side by side, two processes each.
# What is marked `once` says nothing of a Python, and is left out.
# Where nobody looks, a Python that is missing is a failure: CI promises all of them.
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/ci.sh

find_python() { # Newest first; a version manager keeps them where PATH need not reach.
    local python
    for python in "python$1" $(ls -rd "$HOME/.pyenv/versions/$1".*/bin/python 2>/dev/null); do
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then echo "$python" && return; fi
    done
    return 1
}

on_its_own() { # VERSION PYTHON: install what is not there yet, and test.
    local venv=".venv-$1"
    echo "Python $1: $2"
    if [ ! "$venv/installed" -nt requirements.lock ] || [ ! "$venv/installed" -nt pyproject.toml ]; then
        # The tests import less than half. What builds the manual and checks types is asked of one Python: half of all files.
        VENV="$venv" PYTHON="$2" COMPILE=no LEAVE_OUT="mkdocs-material|mypy" scripts/install.sh || return
    fi
    # What is tried here is the Python and not the laws, so a few examples of each do, and a few cases of each test.
    env -u PYTHONDONTWRITEBYTECODE OBSY_LAWS=pythons "$venv/bin/python" -m pytest -q -W error --processes 2 \
        -m "not slow and not real and not long and not once" "${asked[@]}"
}

asked=("$@")
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
trap 'wait; exit 130' INT
usual="$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
failed=0
declare -A running
for version in 3.11 3.12 3.13; do
    [ "$version" = "$usual" ] && continue
    if python="$(find_python "$version")"; then
        (trap - INT && on_its_own "$version" "$python") >"$logs/$version" 2>&1 &
        running[$version]=$!
    elif in_ci; then
        echo "Python $version: not on this machine, and CI promises it" >&2
        echo "mend: name $version under python-version in .github/workflows/ci.yml, or install python$version and its venv" >&2
        failed=1
    else
        echo "Python $version: not on this machine, so nothing is tried on it"
    fi
done
for version in "${!running[@]}"; do
    wait "${running[$version]}" || failed=1
    cat "$logs/$version"
done
exit "$failed"
