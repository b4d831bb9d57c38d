# The load generators and what they are compared with: bench-NAME is made of bench/NAME.c and
# whatever else of its own it has.
add_library(bench_load STATIC bench/load.c bench/questions.c)
target_compile_definitions(bench_load PUBLIC _GNU_SOURCE)
target_link_libraries(bench_load PUBLIC libsouk)

function(souk_bench name)
    add_executable(bench-${name} bench/${name}.c ${ARGN})
    target_link_libraries(bench-${name} PRIVATE bench_load)
endfunction()
souk_bench(bus)
souk_bench(echo)
souk_bench(grow bench/copy.c bench/past.c)
souk_bench(http bench/http_connections.c bench/http_kinds.c)
souk_bench(idle)
souk_bench(page)
souk_bench(proxy)

# Only the benchmark needs it, and installs it before it builds.
pkg_check_modules(NATS IMPORTED_TARGET libnats)
if(NATS_FOUND)
    souk_bench(nats bench/nats_line.c)
    target_link_libraries(bench-nats PRIVATE PkgConfig::NATS)
endif()
