# Building with cmake and ninja, quietly.

# build_shop: only what runs, so that a newcomer does not wait for the tests.
build_shop() {
    SOUK_TARGET=souk build_in build gcc
}

# build_in FOLDER COMPILER CMAKE-OPTION...: everything.
build_in() {
    local folder=$1 compiler=$2
    shift 2
    mkdir -p "$root/$folder"
    need_space "$root/$folder" 500
    quietly "$var/log/${folder//\//-}.log" "building with $compiler in $folder/" \
        flock "$root/$folder/.lock" "$root/scripts/compile" "$root" "$root/$folder" "$compiler" "$@"
}
