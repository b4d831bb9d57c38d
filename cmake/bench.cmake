# The load generators and what they are compared with: bench/NAME.c is the executable bench-NAME.
add_library(bench_load STATIC bench/load.c)
target_compile_definitions(bench_load PUBLIC _GNU_SOURCE)
target_link_libraries(bench_load PUBLIC libsouk)

foreach(name bus echo http proxy)
    add_executable(bench-${name} bench/${name}.c)
    target_link_libraries(bench-${name} PRIVATE bench_load)
endforeach()
