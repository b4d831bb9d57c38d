# Every tests/**/*_test.c is an executable, every tests/system/*_test.py a conversation with the
# processes of the shop. Both are found, not listed.
file(GLOB_RECURSE UNIT_TESTS CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} tests/*_test.c)
file(GLOB SYSTEM_TESTS CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} tests/system/*_test.py)
# What chance finds it finds without sanitizers, too, and in a given time much more of it; and a document
# is the same with them.
if(SOUK_SANITIZE)
    list(REMOVE_ITEM SYSTEM_TESTS tests/system/schemathesis_test.py tests/system/openapi_test.py)
endif()
file(GLOB SUPPORT_SOURCES CONFIGURE_DEPENDS tests/support/*.c)

add_library(test_support INTERFACE)
target_link_libraries(test_support INTERFACE actors PkgConfig::CMOCKA)
if(SUPPORT_SOURCES)
    add_library(test_support_code STATIC ${SUPPORT_SOURCES})
    target_link_libraries(test_support_code PUBLIC actors PkgConfig::CMOCKA)
    target_link_libraries(test_support INTERFACE test_support_code)
    target_include_directories(test_support INTERFACE ${CMAKE_SOURCE_DIR}/tests)
endif()

# tests/lib/wire_test.c is the test lib/wire, and the executable tests/lib/wire_test.
foreach(source ${UNIT_TESTS})
    string(REGEX REPLACE "^tests/(.*)_test\\.c$" "\\1" name ${source})
    string(REPLACE "/" "_" target test_${name})
    get_filename_component(folder ${source} DIRECTORY)
    get_filename_component(executable ${source} NAME_WE)
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${folder} OUTPUT_NAME ${executable})
    target_link_libraries(${target} PRIVATE test_support)
    add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120
        ENVIRONMENT SOUK_BUILD=${CMAKE_BINARY_DIR})
endforeach()

# The longer ones go first, so that none is left over when the others are done.
foreach(source ${SYSTEM_TESTS})
    string(REGEX REPLACE "^tests/(.*)_test\\.py$" "\\1" name ${source})
    add_test(NAME ${name} COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/${source}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 COST 1
        ENVIRONMENT SOUK_BUILD=${CMAKE_BINARY_DIR})
endforeach()
