#!/usr/bin/env bash
# Writes requirements.lock anew: every library, with the hashes of all its files, for the lowest Python we promise.
# The public registry alone is asked, whatever this machine's pip is set to; its address is not written down.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3.11}"
tools="$(mktemp -d)"
trap 'rm -rf "$tools"' EXIT
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_INDEX_URL
export PIP_CONFIG_FILE=/dev/null

"$python" -m venv "$tools"
"$tools/bin/python" -m pip -qq install pip-tools
"$tools/bin/pip-compile" --quiet --upgrade --extra ekos --extra dev --build-deps-for editable \
    --generate-hashes --allow-unsafe --strip-extras \
    --no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
    --output-file requirements.lock pyproject.toml
