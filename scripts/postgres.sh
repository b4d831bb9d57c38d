# A private PostgreSQL cluster in $var, reached over a socket that only its owner can reach.

pg_bin=/usr/lib/postgresql/15/bin
pg_pid=''
pg_started=0
as_user=(setpriv --reuid=postgres --regid=postgres --init-groups)
as_user_who_enters=("${as_user[@]}" --inh-caps=+dac_override --ambient-caps=+dac_override)
in_namespace=(unshare --user --map-user=1000 --map-group=1000)

# PostgreSQL refuses root: it runs as the user postgres. Where that user cannot enter the folder, it
# runs in a namespace where root has another number, or, since some systems forbid those, as a postgres
# who may enter. as_postgres is what goes before the command.
choose_postgres_user() {
    as_postgres=()
    pg_owner=$(id -un)
    [ "$(id -u)" -eq 0 ] || return 0
    if can_enter "${as_user[@]}"; then
        as_postgres=("${as_user[@]}") pg_owner=postgres
    elif can_enter "${in_namespace[@]}"; then
        as_postgres=("${in_namespace[@]}") pg_owner=root
    elif can_enter "${as_user_who_enters[@]}"; then
        as_postgres=("${as_user_who_enters[@]}") pg_owner=postgres
    else
        fail "PostgreSQL does not run as root, the user postgres cannot enter $var, and this system" \
            "allows neither namespaces nor capabilities: run as another user, or put the checkout" \
            "where everybody may enter"
    fi
}

# By entering: `test -x` asks access(2), which knows nothing of the capabilities of a user who is not root.
can_enter() {
    "$@" sh -c "cd \"\$1\"" sh "$var" 2>/dev/null
}

# make_cluster: where there is none. It is made aside, so that half a cluster is never taken for one.
make_cluster() {
    choose_postgres_user
    mkdir -p "$pg_socket" "$var/log"
    chmod 700 "$pg_socket"
    give_to_postgres "$pg_socket"
    if [ -f "$pg_data/PG_VERSION" ]; then
        give_to_postgres "$pg_data"
        return 0
    fi
    rm -rf "$pg_data.new"
    mkdir -m 700 "$pg_data.new"
    make_password
    give_to_postgres "$pg_data.new"
    quietly "$var/log/initdb.log" "making a PostgreSQL cluster in $pg_data/" run_initdb
    mv "$pg_data.new" "$pg_data"
}

run_initdb() {
    cd "$pg_data.new" || return
    "${as_postgres[@]}" "$pg_bin/initdb" -D "$pg_data.new/data" -U postgres -E UTF8 --locale=C.UTF-8 \
        --data-checksums --auth-local=trust --auth-host=scram-sha-256 \
        --pwfile="$pg_data.new/password" --no-instructions
    mv "$pg_data.new/data"/* "$pg_data.new/"
    rmdir "$pg_data.new/data"
}

# Of use only over TCP, which SOUK_PG_PORT opens.
make_password() {
    (
        umask 077
        od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$var/postgres-password"
        cp "$var/postgres-password" "$pg_data.new/password"
    )
}

give_to_postgres() {
    [ "$(stat -c %U "$1")" = "$pg_owner" ] || [ "$(id -u)" -ne 0 ] || chown -R "$pg_owner:" "$1"
    [ "$(stat -c %U "$1")" = "$pg_owner" ] ||
        fail "$1 belongs to $(stat -c %U "$1"): run as that user, as root, or remove $var/"
}

# start_postgres: as a child, which ends by itself should this script be killed. In a session of its
# own, so that Ctrl-C reaches only this script and all is stopped in order.
start_postgres() {
    local listen='' signals=(setpriv --pdeathsig INT)
    [ -z "${SOUK_PG_PORT:-}" ] || listen=127.0.0.1
    stop_leftover_postgres
    make_cluster
    say "starting PostgreSQL"
    setsid "${as_postgres[@]}" "${signals[@]}" "$pg_bin/postgres" -D "$pg_data" \
        -c listen_addresses="$listen" -c port="$pg_port" \
        -c unix_socket_directories="$pg_socket" -c unix_socket_permissions=0700 \
        -c max_connections=400 -c shared_buffers="$(buffers_mb)MB" -c max_wal_size=2GB \
        -c cluster_name=souk -c log_line_prefix='%m [%p] %q%u ' -c log_error_verbosity=terse \
        >>"$var/log/postgres.log" 2>&1 9>&- </dev/null &
    pg_pid=$!
    pg_started=$SECONDS
    until "$pg_bin/pg_isready" -q -h "$pg_socket" -p "$pg_port" -U postgres -d postgres; do
        kill -0 "$pg_pid" 2>/dev/null || postgres_refuses
        sleep 0.1 9>&-
    done
}

# A quarter of the memory that the machine, or the container, has, and 2 GB at most: while the indexes
# fit in which orders are looked up, an order costs the same however many there are.
buffers_mb() {
    local memory_kb limit mb
    memory_kb=$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
    [ "$limit" = max ] || [ "$limit" -ge $((memory_kb * 1024)) ] || memory_kb=$((limit / 1024))
    mb=$((memory_kb / 1024 / 4))
    [ $mb -le 2048 ] || mb=2048
    [ $mb -ge 16 ] || mb=16
    printf '%s' $mb
}

postgres_refuses() {
    tail -n 20 "$var/log/postgres.log" >&2
    fail "PostgreSQL does not start; the reason stands above and in $var/log/postgres.log"
}

# Whoever started it: an operator may have, after ours was gone.
postmaster() {
    head -n 1 "$pg_data/postmaster.pid" 2>/dev/null || true
}

stop_postgres() {
    [ -n "$pg_pid" ] || return 0
    signal_all INT postmaster
    ended_within 60 postgres_below "$pg_data" || signal_all QUIT postgres_below "$pg_data"
    ended_within 10 postgres_below "$pg_data" || signal_all KILL postgres_below "$pg_data"
    wait "$pg_pid" 2>/dev/null || true
    pg_pid=''
}

# Of a script that was killed. A server that was killed too leaves its locks, which count as held where
# the system still knows its number; that nobody works on the data is known here.
stop_leftover_postgres() {
    if [ -n "$(postgres_below "$pg_data")" ]; then
        say "stopping the PostgreSQL that an earlier run left"
        signal_all INT postgres_below "$pg_data"
        ended_within 60 postgres_below "$pg_data" ||
            fail "a PostgreSQL of an earlier run does not end: $(postgres_below "$pg_data" | tr '\n' ' ')"
    fi
    rm -f "$pg_data/postmaster.pid" "$pg_socket"/.s.PGSQL.*
}

admin_sql() {
    PGOPTIONS='-c client_min_messages=warning' "$pg_bin/psql" -XAtq -h "$pg_socket" -p "$pg_port" -U postgres -d postgres -v ON_ERROR_STOP=1 -c "$1"
}

make_database() {
    [ -n "$(admin_sql "SELECT 1 FROM pg_database WHERE datname = 'souk'")" ] ||
        admin_sql "CREATE DATABASE souk"
}
