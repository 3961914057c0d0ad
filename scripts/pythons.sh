#!/usr/bin/env bash
# Runs the fast tests on each Python we promise that this machine has, but for .venv's own, which `make fast` runs on.
# Each gets an environment of its own from the same lock, kept as .venv-3.12 and so on.
set -uo pipefail
cd "$(dirname "$0")/.."

usual="$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
failed=0
for version in 3.11 3.12 3.13; do
    [ "$version" = "$usual" ] && continue
    # Newest first; a version manager keeps them where PATH need not reach.
    found=""
    for python in "python$version" $(ls -rd "$HOME/.pyenv/versions/$version".*/bin/python 2>/dev/null); do
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then found="$python" && break; fi
    done
    if [ -z "$found" ]; then
        echo "Python $version: not on this machine"
        continue
    fi
    echo "Python $version: $found"
    venv=".venv-$version"
    if [ ! "$venv/installed" -nt requirements.lock ] || [ ! "$venv/installed" -nt pyproject.toml ]; then
        VENV="$venv" PYTHON="$found" scripts/install.sh || { failed=1; continue; }
    fi
    "$venv/bin/python" -m pytest -q -W error -n 2 -m "not slow and not real" "$@" || failed=1
done
exit "$failed"
