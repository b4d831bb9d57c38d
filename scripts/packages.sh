# The Debian packages that are needed, and how they get here.

packages_to_run=(
    gcc libc6-dev cmake ninja-build pkg-config
    libczmq-dev libzmq3-dev libmsgpack-dev libpq-dev libmicrohttpd-dev libjansson-dev libsodium-dev libcurl4-gnutls-dev
    uthash-dev libcmocka-dev john-data iso-codes
    postgresql-15 postgresql-client-15 ruby-foreman curl procps util-linux
)
packages_to_test=(clang clang-format shellcheck python3 python3-venv python3-zmq python3-msgpack)

check_debian() {
    local ID=unknown VERSION_ID='' PRETTY_NAME='this system'
    # shellcheck source=/dev/null
    [ ! -r /etc/os-release ] || source /etc/os-release
    command -v apt-get dpkg-query >/dev/null ||
        fail "$PRETTY_NAME has no apt; Souk sets itself up on Debian 12 only"
    [ "$ID$VERSION_ID" = debian12 ] ||
        say "$PRETTY_NAME is not Debian 12, for which Souk is made: package names may differ"
}

missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        awk '$1 == "installed" { print $2 }') || true
    for package; do
        grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
    done
}

# install_packages PACKAGE...: only what is missing, and only then the network.
install_packages() {
    local missing=()
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing packages: ${missing[*]}"
    find_way_to_root "${missing[@]}"
    apt_step "fetching the package lists" apt-get update
    apt_step "installing ${#missing[@]} packages" \
        apt-get install -y --no-install-recommends "${missing[@]}"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] || fail "apt-get ended well, but these are still missing: ${missing[*]}"
}

find_way_to_root() {
    as_root=()
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || fail "installing packages needs root, and there is no sudo here." \
        "As root: apt-get install $*"
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo -n)
    "${as_root[@]}" true || fail "sudo refuses. As root: apt-get install $*"
}

# Installing PostgreSQL or nats-server would set up and start a server of Debian's own; scripts/apt
# keeps them from that. Other apt runs are waited for.
apt_step() {
    local what=$1 log=$var/log/apt.log tries=60
    shift
    mkdir -p "$var/log"
    printf '==> %s ' "$what"
    until run_apt "$@" 2>&1 | tee "$log" | awk 'NR % 25 == 1 { printf "."; fflush() }'; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! grep -q 'Could not get lock' "$log"; then
            printf ' failed\n'
            tail -n 30 "$log" >&2
            fail "$what: failed$(apt_reason "$log"); the whole output is in $log"
        fi
        sleep 5
    done
    printf ' done\n'
}

run_apt() {
    "${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" -o DPkg::Lock::Timeout=300 \
        -o "DPkg::Path=$root/scripts/apt:/usr/sbin:/usr/bin:/sbin:/bin" </dev/null 9>&-
}

# What most often is behind it, in plain words.
apt_reason() {
    if grep -qiE 'no space left|enough free space' "$1"; then
        printf ' (the disk is full)'
    elif grep -qiE 'temporary failure resolving|could not connect|could not resolve|timed out|unreachable' "$1"; then
        printf ' (the package servers cannot be reached: is there a network?)'
    elif grep -qi 'unable to locate package' "$1"; then
        printf ' (the package lists do not know a package: is this Debian 12 with its main section?)'
    fi
}
