#!/bin/sh
# Installs Debian packages: those named as arguments, or those of tests/requirements-debian.txt that are missing.
# Where it may not, it says what to type. Nothing it installs is started, and no PostgreSQL cluster is made.
set -eu

list=$(dirname "$0")/../requirements-debian.txt
policy=/usr/sbin/policy-rc.d                                          # asked before a package starts its service
cluster=/etc/postgresql-common/createcluster.d/zz-ippgate-tests.conf  # read before postgresql-15 makes a cluster

if [ $# -eq 0 ]; then
    while read -r package proof; do
        case $package in '' | \#*) continue ;; esac
        [ -e "$proof" ] || set -- "$@" "$package"
    done <"$list"
fi
[ $# -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root() { "$@"; }
elif sudo -n true 2>/dev/null; then
    as_root() { sudo -n "$@"; }
else
    as_root() { false; }
fi
if ! as_root true || ! command -v apt-get >/dev/null; then
    echo "Debian packages are missing, and installing them takes apt-get and root. Please run:" >&2
    echo "    sudo apt-get install --no-install-recommends $*" >&2
    exit 1
fi

own_policy=
clean_up() {
    [ -z "$own_policy" ] || as_root rm -f "$policy"
    as_root rm -f "$cluster"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
if [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
fi
as_root mkdir -p "$(dirname "$cluster")"
echo "create_main_cluster = false" | as_root tee "$cluster" >/dev/null

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"; }
echo "Installing Debian packages: $*"
apt update
apt install --no-install-recommends "$@"
