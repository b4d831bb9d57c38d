# ./souk test [--quick]: every test, on a cluster of its own that is thrown away.

souk_test() {
    [ $# -eq 0 ] || [ "$*" = --quick ] || misused "test takes no words but --quick"
    forget_settings
    use_folder "$root/var/test"
    exec 9>>"$var/test.lock"
    flock -n 9 || fail "the tests of this checkout run already"
    use_own_database
    trap 'exit 143' INT TERM HUP
    trap finish_tests EXIT
    check_debian
    need_space "$var" 2000
    end_all 10 others_of_test || true
    install_packages "${packages_to_run[@]}" "${packages_to_test[@]}"
    start_fresh_postgres

    test_plain
    [ "$*" = --quick ] || test_further
}

# Tests know the shop as it is where nobody has set anything.
forget_settings() {
    local name
    for name in "${!SOUK_@}"; do
        unset "$name"
    done
}

test_plain() {
    check_form
    build_in build gcc
    run_tests build
}

# How the sources look is for .clang-format and shellcheck to decide.
check_form() {
    local sources=() scripts=(souk .ci/run bench/run bench/server scripts/*.sh scripts/compile scripts/keep)
    mapfile -t sources < <(find actors bench broker commands db http-edge lib tests -name '*.[ch]')
    quietly "$var/log/form.log" "holding the sources against .clang-format" \
        clang-format --dry-run -Werror "${sources[@]}"
    quietly "$var/log/form.log" "holding the scripts against shellcheck" shellcheck "${scripts[@]}"
}

# Leaks, overflows and undefined behaviour everywhere; races where the threads are: runtime and broker.
test_further() {
    build_in build-clang clang
    build_in build-asan gcc -DSOUK_SANITIZE=address,undefined
    ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 run_tests build-asan
    build_in build-tsan gcc -DSOUK_SANITIZE=thread
    TSAN_OPTIONS=second_deadlock_stack=1 run_tests build-tsan -R '^(actors|broker|lib)/'
}

# run_tests FOLDER CTEST-OPTION...: four side by side, since each has its own database, sockets and port,
# and waits for most of its time.
run_tests() {
    local folder=$1 child
    shift
    fresh_database "$folder"
    say "running the tests of $folder/"
    SOUK_TEST_MARK=$var "${steady_addresses[@]}" ctest --test-dir "$folder" --output-on-failure --parallel 4 "$@" \
        9>&- </dev/null &
    child=$!
    wait "$child" || fail "tests of $folder/ failed, see above"
}

# The sanitizers' maps do not fit where the kernel randomises addresses with many bits.
choose_addresses() {
    steady_addresses=()
    ! setarch -R true 2>/dev/null || steady_addresses=(setarch -R)
}

start_fresh_postgres() {
    choose_addresses
    stop_leftover_postgres
    rm -rf "$pg_data" "$pg_socket"
    start_postgres
}

fresh_database() {
    admin_sql "DROP DATABASE IF EXISTS souk WITH (FORCE)"
    make_database
    "$1/souk" migrate
}

# What builds and tests started; not this script itself.
others_of_test() {
    marked SOUK_MARK "$var"
    marked SOUK_TEST_MARK "$var"
}

finish_tests() {
    local code=$? left
    trap : INT TERM HUP
    trap - EXIT
    left=$(others_of_test)
    if [ -n "$left" ]; then
        # shellcheck disable=SC2086 # a list of numbers
        describe_processes $left >&2
        end_all 10 others_of_test || true
    fi
    stop_postgres
    left+=$(postgres_below "$var")
    end_all 10 postgres_below "$var" || true
    rm -rf "$pg_data" "$pg_socket"
    [ "$code" -eq 0 ] || exit "$code"
    [ -z "$left" ] || fail "the tests left processes behind (they were ended): see above"
    say "all tests passed, no process is left"
}
