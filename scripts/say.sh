# Telling what goes on: a line for each step, plain words where something is wrong.

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf 'souk: %s\n' "$*" >&2
    exit 1
}

# misused WHAT: wrong words or a wrong setting.
misused() {
    printf 'souk: %s\n' "$*" >&2
    exit 2
}

# quietly LOG WHAT COMMAND...: a dot every two seconds; the output is shown only where it fails.
# In the background, so that a signal is heard at once and not when the command is done; marked, so
# that it is ended then.
quietly() {
    local log=$1 what=$2 child ticks=0
    shift 2
    mkdir -p "$(dirname "$log")"
    printf '==> %s ' "$what"
    SOUK_MARK=$var "$@" >"$log" 2>&1 9>&- </dev/null &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2 9>&-
        ticks=$((ticks + 1))
        [ $((ticks % 10)) -ne 0 ] || printf '.'
    done
    if wait "$child"; then
        printf ' done\n'
        return 0
    fi
    printf ' failed\n'
    tail -n 60 "$log" >&2
    fail "$what: failed; the whole output is in $log"
}

# need_space FOLDER MEGABYTES
need_space() {
    local free_mb
    free_mb=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free_mb" -ge "$2" ] ||
        fail "the disk of $1 has $free_mb MB left; this needs $2 MB. Nothing was started."
}
