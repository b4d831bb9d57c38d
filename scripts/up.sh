# ./souk up: everything from a bare Debian to a shop that sells, until Ctrl-C.

foreman_pid=''
pg_again=''
stopping=''

souk_up() {
    procfile=$root/Procfile
    case $* in
    '' | --database) ;;
    --together) procfile=$root/scripts/Procfile.together ;;
    *) misused "up takes no words but --together and --database; for settings see docs/OPERATIONS.md" ;;
    esac
    use_folder "${SOUK_VAR:-$root/var}"
    use_own_database
    http_host=${SOUK_HTTP_HOST:-127.0.0.1} http_port=${SOUK_HTTP_PORT:-8080}
    [ "$http_host" != 0.0.0.0 ] || http_host=127.0.0.1
    url=http://$http_host:$http_port
    [[ $http_host != *:* ]] || url=http://[$http_host]:$http_port

    need_space "$var" 500
    hold_lock
    trap 'stopping=yes; exit 0' INT TERM HUP
    trap stop_everything EXIT
    check_debian
    stop_leftovers
    check_port
    install_packages "${packages_to_run[@]}"
    build_shop
    build/souk settings >/dev/null || exit 2
    [ "$*" != --database ] || start_database_alone
    start_shop
    tell_shop
    watch_shop
}

# For restoring and the like.
start_database_alone() {
    start_postgres
    make_database
    say "the database runs alone, until Ctrl-C: psql -h $pg_socket -p $pg_port -U postgres souk"
    wait "$pg_pid"
    fail "PostgreSQL ended by itself; the reason stands in $var/log/postgres.log"
}

start_shop() {
    start_postgres
    make_database
    say "bringing the database up to date"
    build/souk migrate || fail "the database could not be brought up to date; see above"
    say "putting the sample catalogue on the shelves"
    build/souk seed || fail "the sample catalogue could not be put; see above"
    check_port
    # So that whoever orders something sees it arrive; a shop that is really run has staff and carriers.
    export SOUK_CARRIER_DEMO_MS=${SOUK_CARRIER_DEMO_MS:-3000}
    start_foreman
    await_ready
}

# A second one in the same folder would fight over sockets and data.
hold_lock() {
    exec 9>>"$var/up.lock"
    flock -n 9 || fail "this shop runs already: ./souk up, process $(cat "$var/up.pid" 2>/dev/null || echo ?)," \
        "started in $var"
    echo $$ >"$var/up.pid"
}

check_port() {
    [[ $http_port =~ ^[1-9][0-9]{0,4}$ && $http_port -le 65535 ]] ||
        misused "SOUK_HTTP_PORT: \"$http_port\" is not a port"
    ! timeout 2 bash -c "exec 3<>/dev/tcp/$http_host/$http_port" 2>/dev/null ||
        fail "port $http_port is taken: another program listens on $http_host:$http_port." \
            "Stop it, or choose another port: SOUK_HTTP_PORT=8081 ./souk up"
}

# In a session of its own, see start_postgres.
start_foreman() {
    say "starting the processes of the Procfile"
    SOUK_MARK=$var SOUK_DIE_WITH_PARENT=true setsid setpriv --pdeathsig TERM \
        foreman start -f "$procfile" -d "$root" -t 30 9>&- </dev/null &
    foreman_pid=$!
}

await_ready() {
    local tries=600
    until [ "$(readiness /dev/null)" = 200 ]; do
        kill -0 "$foreman_pid" 2>/dev/null ||
            fail "the processes ended before the shop was ready; see above"
        tries=$((tries - 1))
        [ $tries -gt 0 ] || fail "the shop is not ready after a minute: $(readiness /dev/stderr 2>&1)"
        sleep 0.1 9>&-
    done
}

readiness() {
    curl -s -m 2 -o "$1" -w '%{http_code}' "$url/readyz" 9>&- || true
}

tell_shop() {
    cat <<TEXT

The shop is open: $url        (Ctrl-C closes it)

  curl '$url/v1/products?limit=3'
  curl '$url/v1/stock?sku=MUG-BLUE'
  curl '$url/v1/users' -H 'Content-Type: application/json' -d '{"email": "ada@example.com", "password": "correct horse battery", "name": "Ada"}'

TEXT
}

# Foreman keeps the processes, and this script the database: it is started again, unless it cannot be,
# and the services find it by themselves.
watch_shop() {
    local code
    while :; do
        code=0
        wait -n "$foreman_pid" "$pg_pid" 2>/dev/null || code=$?
        kill -0 "$foreman_pid" 2>/dev/null ||
            fail "foreman ended by itself ($code); what is left is stopped"
        kill -0 "$pg_pid" 2>/dev/null || start_postgres_again
    done
}

start_postgres_again() {
    say "PostgreSQL has ended; the reason stands in $var/log/postgres.log"
    [ -z "$pg_again" ] || [ $((SECONDS - pg_started)) -gt 10 ] ||
        fail "it had only just been started again, so that does not help"
    pg_again=yes
    start_postgres
}

# In the order edge and actors, then the database. Further signals change nothing, nor that nobody
# reads any more what is said: the terminal may be gone, or the pipe's other end.
stop_everything() {
    local code=$?
    set +e
    trap : INT TERM HUP
    trap '' PIPE
    trap - EXIT
    [ -z "$foreman_pid$pg_pid" ] || say "stopping"
    [ -z "$foreman_pid" ] || stop_foreman
    end_all 10 marked SOUK_MARK "$var" || say "some processes had to be killed"
    stop_postgres
    rm -f "$var/up.pid"
    [ -z "$foreman_pid$stopping" ] || say "stopped"
    exit "$code"
}

# Its processes are told beside it, since a foreman that cannot write its log tells nobody.
stop_foreman() {
    kill -TERM "$foreman_pid" 2>/dev/null
    signal_all TERM keepers
    ended_within 35 keepers
}

# The scripts/keep of this shop, which go in the order of the Procfile.
keepers() {
    local pid
    for pid in $(marked SOUK_MARK "$var"); do
        ! grep -qsxzE '(.*/)?scripts/keep' "/proc/$pid/cmdline" || printf '%s\n' "$pid"
    done
}

# Of a run that was killed outright.
stop_leftovers() {
    [ -n "$(marked SOUK_MARK "$var")" ] || return 0
    say "stopping what an earlier run left"
    end_all 10 marked SOUK_MARK "$var" || true
}
