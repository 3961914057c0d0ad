#!/usr/bin/env bash
# Installs what the tests marked `real` and `obsy apply --runner ekos` need on Debian or Ubuntu: KStars, INDI, a screen
# and a message bus; and pyindi-client into the Python given as the first argument. Running it again changes nothing.
# Where it may not install, those tests say what they miss and are skipped; in CI that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/debian.sh

python=${1:-.venv/bin/python}
missing=()
for package in kstars indi-bin xvfb dbus; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ] && ! debian_install "${missing[@]}"; then
    echo "the real parts are not here, and may not be installed without asking: sudo apt-get install ${missing[*]}" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
fi

# Without its dependencies: it names dbus-python, which must be compiled and which the client itself never imports.
"$python" -c 'import PyIndi' 2>/dev/null ||
    "$python" -m pip -qq --disable-pip-version-check install --no-deps 'pyindi-client==2.3.0'
