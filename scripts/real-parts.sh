#!/bin/sh
# Installs what the tests marked `real` and `obsy apply --runner ekos` need on Debian or Ubuntu: KStars, INDI, a screen
# and a message bus; and pyindi-client into the Python given as the first argument. Running it again changes nothing.
set -eu

python=${1:-python3}
packages="kstars indi-bin xvfb dbus"

missing=""
for package in $packages; do
    if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        missing="$missing $package"
    fi
done

if [ -n "$missing" ]; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get update
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends $missing
fi

# Without its dependencies: it names dbus-python, which must be compiled and which the client itself never imports.
"$python" -c 'import PyIndi' 2>/dev/null || "$python" -m pip install --no-deps 'pyindi-client==2.3.0'
