# The commonest passwords that are long enough to be allowed, as common_passwords.h: sorted strings in
# lower case, one a line, from the list that Debian's john-data brings.
set(list /usr/share/john/password.lst)
set(header ${CMAKE_BINARY_DIR}/generated/common_passwords.h)
add_custom_command(OUTPUT ${header} DEPENDS ${list} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
    COMMAND sh -c "LC_ALL=C; export LC_ALL; grep -v '^#!' \"$1\" | grep -E '.{8,}' | tr A-Z a-z | \
sort -u | sed 's/[\\\\\"]/\\\\&/g; s/.*/\"&\",/' >\"$2.new\" && mv \"$2.new\" \"$2\"" sh
        ${list} ${header})
add_custom_target(common_passwords DEPENDS ${header})
add_dependencies(libsouk common_passwords)
