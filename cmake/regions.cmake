# The regions of all countries by their ISO 3166-2 codes, as region_codes.h: sorted strings, one a line, from
# the list that Debian's iso-codes brings.
set(list /usr/share/iso-codes/json/iso_3166-2.json)
set(header ${CMAKE_BINARY_DIR}/generated/region_codes.h)
add_custom_command(OUTPUT ${header} DEPENDS ${list} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
    COMMAND sh -c "LC_ALL=C; export LC_ALL; sed -n 's/^ *\"code\": \\(\"[A-Z0-9-]*\"\\),*$/\\1,/p' \"$1\" | \
sort -u >\"$2.new\" && test -s \"$2.new\" && mv \"$2.new\" \"$2\"" sh
        ${list} ${header})
add_custom_target(region_codes DEPENDS ${header})
add_dependencies(libsouk region_codes)
