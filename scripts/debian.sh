# Sourced by the other scripts: installs Debian packages where that can be done without asking anybody.

debian_install() {
    local as=()
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as=(sudo -n)
    fi
    echo "installing $* with apt-get"
    "${as[@]}" apt-get -qq update </dev/null || return 1
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install --yes --no-install-recommends "$@" </dev/null >/dev/null || return 1
}
