# Which processes belong to a folder, and how they are ended: by their own ids, never by name. Each is
# started with the folder in its environment; PostgreSQL, which writes over its environment, is known
# by the folder that it works in. Processes come and go while they are listed: that grep or find met one
# that is gone, or none at all, is no failure.

# marked VARIABLE FOLDER: the ids of the processes that were started with VARIABLE=FOLDER.
marked() {
    local pid
    { grep -lszxF -- "$1=$2" /proc/[0-9]*/environ || true; } | tr -dc '0-9\n' | while read -r pid; do
        is_postgres "$pid" || printf '%s\n' "$pid"
    done
}

is_postgres() {
    [[ $(readlink "/proc/$1/exe" 2>/dev/null) == */bin/postgres* ]]
}

# postgres_below FOLDER: the ids of the servers and their children with data in it or below.
postgres_below() {
    local pid
    { find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$1" -o -lname "$1/*" \) 2>/dev/null || true; } |
        tr -dc '0-9\n' | while read -r pid; do
        ! is_postgres "$pid" || printf '%s\n' "$pid"
    done
}

# ended_within SECONDS LIST...: whether what LIST prints comes to nothing in time.
ended_within() {
    local tries=$(($1 * 10))
    shift
    while [ -n "$("$@")" ]; do
        [ $tries -gt 0 ] || return 1
        tries=$((tries - 1))
        sleep 0.1 9>&-
    done
}

# signal_all SIGNAL LIST...: what has ended meanwhile is no matter.
signal_all() {
    local signal=$1 pid
    shift
    for pid in $("$@"); do
        kill "-$signal" "$pid" 2>/dev/null || true
    done
}

# end_all SECONDS LIST...: asks, waits, and only then kills; false where it had to.
end_all() {
    local seconds=$1
    shift
    signal_all TERM "$@"
    ! ended_within "$seconds" "$@" || return 0
    signal_all KILL "$@"
    ended_within 5 "$@" || true
    return 1
}

describe_processes() {
    local pid
    for pid; do
        ps -o pid=,args= -p "$pid" 2>/dev/null || true
    done
}
