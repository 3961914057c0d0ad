#!/usr/bin/env bash
# Writes requirements.lock anew: every library, with the hashes of all its files, for the lowest Python we promise.
# What is locked already keeps its version; `scripts/lock.sh --upgrade` takes the newest of everything.
# The public registry alone is asked, whatever this machine's pip is set to; its address is not written down.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3.11}"
tools="$(mktemp -d)"
trap 'rm -rf "$tools"' EXIT
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_INDEX_URL
export PIP_CONFIG_FILE=/dev/null

"$python" -m venv "$tools"
"$tools/bin/python" -m pip -qq install 'uv==0.13.9'
# pyindi-client asks for dbus-python, which has no wheel and which the client never imports: no machine gets it.
echo "dbus-python; sys_platform == 'never'" >"$tools/overrides.txt"
"$tools/bin/uv" pip compile --quiet --no-config --no-cache "$@" --python "$python" --python-version 3.11 \
    --override "$tools/overrides.txt" --extra ekos --extra indi --extra sensors --extra telling --extra clouds --extra network --extra sampling --extra docs --extra editors --extra dev \
    --generate-hashes --no-strip-markers --no-header --output-file requirements.lock pyproject.toml
