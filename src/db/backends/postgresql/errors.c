/* ErrorResponses as Django's classes: psycopg decides by the SQLSTATE, Django takes that over. */
#include "db/backends/postgresql/postgresql.h"

#include "core/error.h"
#include "utils/percent.h"

#include <stdlib.h>
#include <string.h>

/* By the whole code first, then by its first two. */
static const struct {
    const char *state;
    nu_error_class klass;
} classes[] = {
    { "40001", NU_SERIALIZATION_FAILURE },
    { "40P01", NU_DEADLOCK_DETECTED },
    { "08", NU_OPERATIONAL_ERROR },
    { "0A", NU_NOT_SUPPORTED_ERROR },
    { "20", NU_PROGRAMMING_ERROR },
    { "21", NU_PROGRAMMING_ERROR },
    { "22", NU_DATA_ERROR },
    { "23", NU_INTEGRITY_ERROR },
    { "24", NU_INTERNAL_ERROR },
    { "25", NU_INTERNAL_ERROR },
    { "26", NU_PROGRAMMING_ERROR },
    { "27", NU_OPERATIONAL_ERROR },
    { "28", NU_OPERATIONAL_ERROR },
    { "2B", NU_INTERNAL_ERROR },
    { "2D", NU_INTERNAL_ERROR },
    { "2F", NU_OPERATIONAL_ERROR },
    { "34", NU_PROGRAMMING_ERROR },
    { "38", NU_OPERATIONAL_ERROR },
    { "39", NU_OPERATIONAL_ERROR },
    { "3B", NU_OPERATIONAL_ERROR },
    { "3D", NU_PROGRAMMING_ERROR },
    { "3F", NU_PROGRAMMING_ERROR },
    { "40", NU_OPERATIONAL_ERROR },
    { "42", NU_PROGRAMMING_ERROR },
    { "44", NU_PROGRAMMING_ERROR },
    { "53", NU_OPERATIONAL_ERROR },
    { "54", NU_OPERATIONAL_ERROR },
    { "55", NU_OPERATIONAL_ERROR },
    { "57", NU_OPERATIONAL_ERROR },
    { "58", NU_OPERATIONAL_ERROR },
    { "F0", NU_OPERATIONAL_ERROR },
    { "HV", NU_OPERATIONAL_ERROR },
    { "P0", NU_PROGRAMMING_ERROR },
    { "XX", NU_INTERNAL_ERROR },
};

static nu_error_class class_of(nu_str state)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t len = strlen(classes[i].state);

        if (state.len >= len && memcmp(state.ptr, classes[i].state, len) == 0)
            return classes[i].klass;
    }
    return NU_DATABASE_ERROR;
}

/* A letter, a text and a NUL each; a NUL ends them. */
nu_str nu__pg_error_field(const char *error, size_t len, char field)
{
    const char *at = error, *end = error + len;

    while (at < end && *at) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));

        if (!nul)
            break;
        if (*at == field)
            return (nu_str){ at + 1, (size_t)(nul - at - 1) };
        at = nul + 1;
    }
    return (nu_str){ 0 };
}

/* ---- the message -------------------------------------------------------------------------- */

/* "LINE 2: SELEC 1" with a caret under the place, which the server counts in characters from 1. */
static void add_place(nu__buf *out, nu_str sql, int64_t position)
{
    size_t at = 0, line = 0;
    int64_t number = 1, column = 0;
    const char *end;
    nu_str text;

    for (int64_t i = 1; i < position && at < sql.len; i++) {
        column++;
        if (sql.ptr[at] == '\n') {
            number++;
            line = at + 1;
            column = 0;
        }
        do
            at++;
        while (at < sql.len && ((uint8_t)sql.ptr[at] & 0xc0) == 0x80);
    }
    if (position < 1)
        return;
    end = memchr(sql.ptr + line, '\n', sql.len - line);
    text = (nu_str){ sql.ptr + line, end ? (size_t)(end - sql.ptr) - line : sql.len - line };
    nu__buf_fmt(out, "\nLINE {}: {}\n", number, text);
    for (int64_t i = 0; i < column + 7 + (int64_t)nu_string(nu_v_int(number)).len; i++)
        nu__buf_char(out, ' ');
    nu__buf_char(out, '^');
}

/* As libpq shows an error, without the severity before it. */
static nu_str message_of(const char *error, size_t len, nu_str sql)
{
    static const struct {
        char field;
        const char *title;
    } parts[] = { { 'D', "DETAIL" }, { 'H', "HINT" }, { 'W', "CONTEXT" } };
    nu__buf out = { 0 };
    nu_str position = nu__pg_error_field(error, len, 'P');

    nu__buf_str_add(&out, nu__pg_error_field(error, len, 'M'));
    if (position.ptr)
        add_place(&out, sql, strtoll(position.ptr, NULL, 10));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        nu_str text = nu__pg_error_field(error, len, parts[i].field);

        if (text.ptr)
            nu__buf_fmt(&out, "\n{}:  {}", parts[i].title, text);
    }
    return nu__buf_str(&out);
}

/* A server speaks its own encoding until ours is agreed on, and may be none of PostgreSQL's. */
static const char *readable(nu_str text)
{
    return text.ptr ? nu_copy(nu__utf8_replace(text)).ptr : NULL;
}

static NU_NORETURN void raise_response(const char *error, size_t len, nu_str sql)
{
    nu_error raised = { .file = __FILE__, .line = __LINE__ };

    raised.klass = class_of(nu__pg_error_field(error, len, 'C'));
    raised.constraint = readable(nu__pg_error_field(error, len, 'n'));
    raised.code = readable(nu__pg_error_field(error, len, 'C'));
    raised.message = nu__utf8_replace(message_of(error, len, sql));
    nu__raise_like(&raised);
}

static NU_NORETURN void raise_lost(const nu__pg *pg)
{
    if (pg->farewell)
        raise_response(pg->farewell, pg->farewell_len, (nu_str){ 0 });
    if (pg->starved)
        nu_raise(NU_MEMORY_ERROR, "out of memory for an answer of the server: its connection is "
                                  "closed, and whether the statement ran is not known");
    nu_raise(NU_OPERATIONAL_ERROR,
             "the connection is lost: the server closed it unexpectedly, or the network between "
             "broke; whether the statement ran is not known");
}

void nu__pg_raise(const nu__pg_request *request, nu_str sql)
{
    if (request->error)
        raise_response(request->error, request->error_len, sql);
    if (request->lost)
        raise_lost(request->pg);
    nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
}

void nu__pg_raise_connecting(const nu__database *database, const char *message)
{
    nu_str text = nu_s(message);

    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    nu_raise(NU_OPERATIONAL_ERROR, "database '{}': {}", database->alias, nu__utf8_replace(text));
}
