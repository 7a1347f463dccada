/* A column as it goes on: what an operation changes in the model is changed in the column that is
 * there, which may have been made by others, in other words than the model's. */
#include "core/text.h"
#include "db/backends/sqlite/schema.h"
#include "db/backends/tokens.h"

#include <string.h>

const nu__clause *nu__clause_of_kind(const nu__column_text *column, nu__clause_kind kind)
{
    for (const nu__clause *one = column->clauses; one; one = one->next)
        if (one->kind == kind)
            return one;
    return NULL;
}

static void retell(nu__column_text *column)
{
    nu__buf out = { 0 };

    for (const nu__clause *one = column->clauses; one; one = one->next)
        nu__buf_fmt(&out, "{}{}", out.len ? " " : "", one->text);
    column->text = nu__buf_str(&out);
}

void nu__column_text_drop(nu__column_text *column, const nu__clause *clause)
{
    nu__clause **at = &column->clauses;

    while (*at && *at != clause)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
    retell(column);
}

/* ---- types of STRICT tables --------------------------------------------------------------- */

/* By a part of the type's name, as SQLite itself does it; the first that is met. */
static const struct {
    const char *part, *strict;
} strict_types[] = {
    { "int", "INTEGER" },  { "bool", "INTEGER" }, { "char", "TEXT" }, { "text", "TEXT" },
    { "date", "TEXT" },    { "time", "TEXT" },    { "blob", "BLOB" }, { "real", "REAL" },
    { "decimal", "REAL" }, { "", "ANY" },
};

void nu__make_strict(nu__column_text *column)
{
    nu__clause *type = column->clauses;

    for (size_t i = 0; type && type->kind == NU__CLAUSE_TYPE; i++)
        if (strstr(type->normal.ptr, strict_types[i].part)) {
            type->text = nu_s(strict_types[i].strict);
            type->normal = nu__sql_normalized(type->text);
            break;
        }
    retell(column);
}

/* ---- merging ------------------------------------------------------------------------------ */

static nu_str target_table(const nu__clause *clause)
{
    nu_str rest = clause->text;
    nu__token token;

    do
        token = nu__sql_token(&rest);
    while (token.kind != NU__TOKEN_END && !nu__token_is(&token, "REFERENCES"));
    token = nu__sql_token(&rest);
    return nu_lower(nu__token_text(NU__SQLITE, &token));
}

static nu_str target_columns(const nu__clause *clause)
{
    nu_str rest = clause->text, start;
    nu__token token;

    do
        token = nu__sql_token(&rest);
    while (token.kind != NU__TOKEN_END && !nu__token_is(&token, "REFERENCES"));
    nu__sql_token(&rest);
    token = nu__sql_token(&rest);
    if (!nu__token_is_char(&token, '('))
        return S("");
    start = rest;
    do
        token = nu__sql_token(&rest);
    while (token.kind != NU__TOKEN_END && !nu__token_is_char(&token, ')'));
    return nu__sql_normalized((nu_str){ start.ptr, (size_t)(rest.ptr - start.ptr - 1) });
}

bool nu__same_target(const nu__clause *a, const nu__clause *b)
{
    nu_str columns = target_columns(b);

    return nu_eq(target_table(a), target_table(b)) &&
           (!columns.len || nu_eq(target_columns(a), columns));
}

static void append(nu__column_text *out, const nu__clause *clause)
{
    nu__clause **end = &out->clauses;

    while (*end)
        end = &(*end)->next;
    *end = nu_alloc(nu__clause);
    **end = *clause;
    (*end)->next = NULL;
}

static bool among(const nu__clause *clause, const nu__column_text *column)
{
    return nu__clause_is_among(clause, column->clauses);
}

/* Those that are there, without what the model gives up, and with what it brings. */
static void merge_checks(nu__column_text *out, const nu__column_text *there,
                         const nu__column_text *before, const nu__column_text *after)
{
    for (const nu__clause *one = there->clauses; one; one = one->next)
        if (one->kind == NU__CLAUSE_CHECK && (!among(one, before) || among(one, after)))
            append(out, one);
    for (const nu__clause *one = after->clauses; one; one = one->next)
        if (one->kind == NU__CLAUSE_CHECK && !among(one, there))
            append(out, one);
}

/* A table that got another name has told those that refer to it already. */
static bool refers_already(const nu__column_text *there, const nu__column_text *after)
{
    const nu__clause *has = nu__clause_of_kind(there, NU__CLAUSE_REFERENCES);
    const nu__clause *asked = nu__clause_of_kind(after, NU__CLAUSE_REFERENCES);

    return has && asked && nu__same_target(asked, has);
}

static bool stays(const nu__column_text *there, const nu__column_text *before,
                  const nu__column_text *after, nu__clause_kind kind)
{
    return nu_eq(nu__clauses_normal(before, kind), nu__clauses_normal(after, kind)) ||
           (kind == NU__CLAUSE_REFERENCES && refers_already(there, after));
}

static bool says_all(const nu__column_text *a, const nu__column_text *b)
{
    for (nu__clause_kind kind = 0; kind < NU__CLAUSE_KINDS; kind++)
        if (!nu_eq(nu__clauses_normal(a, kind), nu__clauses_normal(b, kind)))
            return false;
    return true;
}

nu__column_text *nu__merged_column(const nu__column_text *there, const nu__column_text *before,
                                   const nu__column_text *after)
{
    nu__column_text *out = nu_alloc(nu__column_text);

    *out = *after;
    if (says_all(there, before))
        return out;
    out->clauses = NULL;
    for (nu__clause_kind kind = 0; kind < NU__CLAUSE_KINDS; kind++) {
        const nu__column_text *source = stays(there, before, after, kind) ? there : after;

        if (kind == NU__CLAUSE_CHECK)
            merge_checks(out, there, before, after);
        for (const nu__clause *one = source->clauses; one; one = one->next)
            if (one->kind == kind && kind != NU__CLAUSE_CHECK)
                append(out, one);
    }
    retell(out);
    return out;
}
