# souk_actor(NAME): the folder actors/NAME, its statements db/queries/NAME.sql (and NAME_TOPIC.sql,
# where they are many) as headers queries/NAME.h, and its constant NAME_actor in the list souk_actors.
set(SOUK_ACTORS "")
set(SOUK_ACTOR_SOURCES "")
set(SOUK_ACTOR_QUERIES "")

function(souk_queries name)
    set(from ${CMAKE_SOURCE_DIR}/db/queries/${name}.sql)
    set(to ${CMAKE_BINARY_DIR}/generated/queries/${name}.h)
    add_custom_command(OUTPUT ${to} DEPENDS ${from} ${CMAKE_SOURCE_DIR}/db/embed.awk VERBATIM
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated/queries
        COMMAND sh -c "awk -f \"$1\" \"$2\" >\"$3.new\" && mv \"$3.new\" \"$3\"" sh
            ${CMAKE_SOURCE_DIR}/db/embed.awk ${from} ${to})
    add_custom_target(queries_${name} DEPENDS ${to})
endfunction()

souk_queries(documents)
souk_queries(events)
souk_queries(follow)
souk_queries(once)
souk_queries(throttle)
souk_queries(trail)
add_dependencies(libsouk queries_documents queries_events queries_follow queries_once
    queries_throttle queries_trail)

macro(souk_actor name)
    file(GLOB sources CONFIGURE_DEPENDS actors/${name}/*.c)
    list(APPEND SOUK_ACTOR_SOURCES ${sources})
    list(APPEND SOUK_ACTORS ${name})
    file(GLOB statements CONFIGURE_DEPENDS db/queries/${name}.sql db/queries/${name}_*.sql)
    foreach(file ${statements})
        get_filename_component(topic ${file} NAME_WE)
        souk_queries(${topic})
        list(APPEND SOUK_ACTOR_QUERIES queries_${topic})
    endforeach()
endmacro()

macro(souk_actors_finish)
    set(list ${CMAKE_BINARY_DIR}/generated/actors.c)
    set(text "/* Made by the build: all actors there are. */\n#include \"actor.h\"\n\n")
    foreach(name ${SOUK_ACTORS})
        string(APPEND text "extern const souk_actor_t ${name}_actor;\n")
    endforeach()
    string(APPEND text "\nconst souk_actor_t *const souk_actors[] = {\n")
    foreach(name ${SOUK_ACTORS})
        string(APPEND text "    &${name}_actor,\n")
    endforeach()
    string(APPEND text "    NULL,\n};\n")
    file(CONFIGURE OUTPUT ${list} CONTENT "${text}" @ONLY)
    add_library(actors STATIC ${SOUK_ACTOR_SOURCES} ${list})
    target_link_libraries(actors PUBLIC libsouk)
    add_dependencies(actors ${SOUK_ACTOR_QUERIES})
endmacro()
