# db/queries/NAME.sql as a C header: each "-- name: what it does" begins a statement that ends with
# a semicolon. Comments are left out; those right behind the name belong to what it does.
# Usage: awk -f embed.awk NAME.sql > NAME.h; what is wrong is told as FILE:LINE: and the status is 1.

BEGIN {
    print "/* Made by the build from db/queries; see db/embed.awk. */"
    print "#pragma once"
    print "#include \"../db/database.h\""
}

/^-- [a-z_]+: / && !quoted {
    finish()
    begin()
    next
}

/^--/ && !quoted {
    if (name != "" && text == "") {
        sub(/^-- */, "")
        doc = doc " " $0
    }
    next
}

{
    add(without_comment($0))
}

END {
    if (failed)
        exit 1
    finish()
    if (count == 0)
        wrong("there is no statement in it")
    print "\nstatic const souk_sql_t *const sql_all[] __attribute__((unused)) = {"
    for (i = 1; i <= count; i++)
        printf "    &sql_%s,\n", names[i]
    print "    NULL,\n};"
}

function wrong(message)
{
    printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
    failed = 1
    exit 1
}

function begin()
{
    name = $2
    sub(/:$/, "", name)
    doc = $0
    sub(/^-- [a-z_]+: */, "", doc)
    if (name in seen)
        wrong("there is a second statement named " name)
    seen[name] = 1
    names[++count] = name
    text = ""
    ended = 0
}

# Texts may hold anything, so quotes are followed from line to line.
function without_comment(line,    i, c)
{
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "'")
            quoted = !quoted
        else if (!quoted && substr(line, i, 2) == "--")
            return substr(line, 1, i - 1)
        else if (!quoted && c == ";" && substr(line, i + 1) ~ /^[ \t]*(--.*)?$/)
            return substr(line, 1, i)
        else if (!quoted && c == ";")
            wrong("there is something behind the semicolon")
    }
    return line
}

function add(line)
{
    if (!quoted)
        sub(/[ \t]+$/, "", line)
    if (line == "")
        return
    if (name == "")
        wrong("a statement without a name: it begins with \"-- name: what it does\"")
    if (ended)
        wrong("something behind the end of " name)
    if (!quoted && sub(/[ \t]*;$/, "", line))
        ended = 1
    text = text (text == "" ? "" : "\n") line
}

function as_string(s)
{
    gsub(/\\/, "\\\\&", s)
    gsub(/"/, "\\\"", s)
    gsub(/\n/, "\\n\"\n        \"", s)
    return "\"" s "\""
}

function finish()
{
    if (name == "")
        return
    if (text == "")
        wrong(name " has no statement")
    if (quoted)
        wrong(name " ends within a text")
    if (!ended)
        wrong(name " does not end with a semicolon")
    printf "\nstatic const souk_sql_t sql_%s __attribute__((unused)) = {\n", name
    printf "    .name = \"%s\",\n    .doc = %s,\n    .text = %s,\n};\n", name, as_string(doc), as_string(text)
    name = ""
}
