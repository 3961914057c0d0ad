#!/usr/bin/env bash
# Installs what the tests marked `real` and `obsy apply --runner ekos` need on Debian or Ubuntu: KStars, INDI, a screen,
# a message bus, an MQTT broker and a browser, and in .venv-alpaca the Alpaca simulators. Running it again changes nothing; pyindi-client comes with requirements.lock.
# Where it may not install, those tests say what they miss and are skipped; in CI that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/debian.sh
source scripts/ci.sh

missing=()
for package in kstars indi-bin xvfb dbus mosquitto chromium; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ] && ! debian_install "${missing[@]}"; then
    echo "the real parts are not here, and may not be installed without asking: sudo apt-get install ${missing[*]}" >&2
    if in_ci; then exit 1; fi
    exit 0
fi

# An Alpaca server that is none of ours. What draws its sky would ask the network for Gaia; ours stands in its place.
hall=.venv-alpaca
if [ ! -e "$hall/installed" ]; then
    rm -rf "$hall"
    .venv/bin/python -m venv "$hall"
    pip=("$hall/bin/python" -m pip -qq --disable-pip-version-check --no-input)
    if ! "${pip[@]}" install --require-hashes --no-deps -r tests/real/alpaca.lock; then
        echo "the Alpaca simulators cannot be fetched: their tests are skipped" >&2
        if in_ci; then exit 1; fi
        exit 0
    fi
    touch "$hall/installed"
fi
