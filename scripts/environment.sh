# Where things are, and the settings that every process of this checkout is given.

# Socket addresses have room for this many bytes (sun_path, less its NUL).
socket_path_max=107

# use_folder FOLDER: what runs keeps its cluster, sockets and logs there.
use_folder() {
    mkdir -p "$1" || fail "cannot make the folder $1"
    var=$(cd "$1" && pwd -P)
    mkdir -p "$var/log"
    chmod 700 "$var/log"
    pg_data=$var/postgres
    pg_socket=$var/postgres-run
    pg_port=${SOUK_PG_PORT:-5432}
    check_socket_path "$pg_socket/.s.PGSQL.$pg_port"
    use_endpoints
    SOUK_DSN=${SOUK_DSN:-$(dsn 'souk_{service}')}
    SOUK_ADMIN_DSN=${SOUK_ADMIN_DSN:-$(dsn postgres)}
    export SOUK_DSN SOUK_ADMIN_DSN
}

# use_own_database: whatever the environment says, the cluster in this folder and no other.
use_own_database() {
    local name
    for name in "${!SOUK_DSN@}"; do
        unset "$name"
    done
    SOUK_DSN=$(dsn 'souk_{service}')
    SOUK_ADMIN_DSN=$(dsn postgres)
    export SOUK_DSN SOUK_ADMIN_DSN
}

dsn() {
    local quoted=${pg_socket//\\/\\\\}
    quoted=${quoted//\'/\\\'}
    printf "host='%s' port=%s dbname=souk user=%s" "$quoted" "$pg_port" "$1"
}

# Relative names within the checkout, so that its depth does not count.
use_endpoints() {
    local run=$var/run
    mkdir -p "$run"
    chmod 700 "$run"
    [ "${run#"$root"/}" = "$run" ] || run=${run#"$root"/}
    check_socket_path "$run/events-out.ipc"
    export SOUK_BROKER_BIND=${SOUK_BROKER_BIND:-ipc://$run/broker.ipc}
    export SOUK_BROKERS=${SOUK_BROKERS:-ipc://$run/broker.ipc}
    export SOUK_EVENTS_IN=${SOUK_EVENTS_IN:-ipc://$run/events-in.ipc}
    export SOUK_EVENTS_OUT=${SOUK_EVENTS_OUT:-ipc://$run/events-out.ipc}
    export SOUK_EVENTS_TO=${SOUK_EVENTS_TO:-ipc://$run/events-in.ipc}
    export SOUK_EVENTS_FROM=${SOUK_EVENTS_FROM:-ipc://$run/events-out.ipc}
}

check_socket_path() {
    local path=$1 LC_ALL=C
    [ ${#path} -le $socket_path_max ] ||
        fail "the name of the socket $path has ${#path} bytes, and the system takes $socket_path_max:" \
            "put the checkout, or SOUK_VAR, into a folder with a shorter name"
}
