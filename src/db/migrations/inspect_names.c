#include "core/text.h"
#include "db/migrations/inspect.h"

#include <ctype.h>
#include <string.h>

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- models -------------------------------------------------------------------------------- */

/* What the headers call something else, beside the middleware and ValidateEmail and its like. */
static const char *const taken_types[] = {
    "Exists", "F",    "FilteredRelation",       "JSONBAgg", "KT", "Now", "OuterRef", "Subquery",
    "Trunc",  "Enum", "ProhibitNullCharacters",
};

/* ACTOR and FILM_ACTOR, as some write all their names. */
static bool is_all_upper(nu_str table)
{
    bool any = false;

    for (size_t i = 0; i < table.len; i++) {
        if (islower((unsigned char)table.ptr[i]))
            return false;
        any |= isupper((unsigned char)table.ptr[i]) != 0;
    }
    return any;
}

const char *nu__inspected_model_name(nu_str table, const char *app)
{
    nu_str prefix = nu_fmt("{}_", app);
    nu__buf name = { 0 };
    bool upper = true, lower = is_all_upper(table);

    if (nu_starts_with(table, prefix) && table.len > prefix.len)
        table = (nu_str){ table.ptr + prefix.len, table.len - prefix.len };
    for (size_t i = 0; i < table.len; i++) {
        unsigned char c = (unsigned char)table.ptr[i];

        if (isalnum(c) && c < 128) {
            if (!name.len && isdigit(c))
                nu__buf_lit(&name, "Table");
            nu__buf_char(&name, (char)(upper ? toupper(c) : lower ? tolower(c) : c));
        }
        upper = !isalpha(c);
    }
    if (!name.len)
        nu__buf_lit(&name, "Table");
    if (is_among(nu__buf_str(&name).ptr, taken_types, COUNT(taken_types)) ||
        nu_starts_with(nu__buf_str(&name), S("Validate")) ||
        nu_ends_with(nu__buf_str(&name), S("Middleware")))
        nu__buf_lit(&name, "Model");
    return nu__buf_str(&name).ptr;
}

/* ---- fields -------------------------------------------------------------------------------- */

/* Words that a member cannot be called; "object" is in every model's struct, and "pk" is Django's
   name for whatever the key is. */
static const char *const reserved[] = {
    "auto",     "bool",    "break",  "case",     "char",   "const",  "continue",
    "default",  "do",      "double", "else",     "enum",   "extern", "float",
    "for",      "goto",    "if",     "inline",   "int",    "long",   "register",
    "restrict", "return",  "short",  "signed",   "sizeof", "static", "struct",
    "switch",   "typedef", "union",  "unsigned", "void",   "while",  "asm",
    "typeof",   "linux",   "unix",   "i386",     "object", "pk",     "true",
    "false",    "stdin",   "stdout", "stderr",   "errno",  "check",  "null",
};

/* Letters, digits and single underscores. */
static nu_str suitable(nu_str name)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        char put = isalnum(c) && c < 128 ? (char)tolower(c) : '_';

        if (put == '_' && out.len && nu__buf_str(&out).ptr[out.len - 1] == '_')
            continue;
        nu__buf_char(&out, put);
    }
    return nu__buf_str(&out);
}

static nu_str without_id(nu_str name)
{
    return nu_ends_with(name, S("_id")) && name.len > 3
               ? nu_copy((nu_str){ name.ptr, name.len - 3 })
               : name;
}

/* The name, or the one that a relation's key is read by. */
static bool is_taken(nu_str name, bool is_relation, const char *const *taken, size_t n)
{
    return is_among(name.ptr, taken, n) ||
           (is_relation && is_among(nu_fmt("{}_id", name).ptr, taken, n));
}

const char *nu__inspected_field_name(nu_str column, bool is_relation, const char *const *taken,
                                     size_t n, const char **note)
{
    nu_str name = suitable(column);
    nu_str plain;

    *note = nu_eq(name, column) ? NULL : "Renamed: the column's name is none for a member.";
    if (is_relation)
        name = without_id(name);
    if (!name.len || name.ptr[0] == '_')
        name = nu_fmt("field{}", name);
    if (name.ptr[name.len - 1] == '_')
        name = nu_fmt("{}field", name);
    if (isdigit((unsigned char)name.ptr[0]))
        name = nu_fmt("number_{}", name);
    if (is_among(name.ptr, reserved, COUNT(reserved))) {
        name = nu_fmt("{}_field", name);
        *note = "Renamed: the column's name is a reserved word.";
    }
    plain = name;
    for (int64_t i = 0; is_taken(name, is_relation, taken, n); i++) {
        name = nu_fmt("{}_{}", plain, i);
        *note = "Renamed because of a name conflict.";
    }
    return nu_copy(name).ptr;
}
