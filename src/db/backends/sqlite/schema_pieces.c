/* The checks and unique constraints in a text of CREATE TABLE. */
#include "core/text.h"
#include "db/backends/sqlite/schema.h"
#include "db/backends/sqlite/sqlite.h"
#include "db/backends/tokens.h"

/* One column or constraint, as it is read. */
typedef struct definition {
    nu_str name;   /* behind CONSTRAINT */
    nu_str column; /* quoted as it is; null: a constraint of the table */
    bool begun;
} definition;

/* Behind a "(": the text up to its ")", which is skipped. */
static nu_str take_body(nu_str *sql)
{
    const char *start = sql->ptr, *end = start;
    int depth = 1;

    while (depth) {
        nu__token token = nu__sql_token(sql);

        if (token.kind == NU__TOKEN_END)
            return (nu_str){ start, (size_t)(sql->ptr - start) };
        depth += nu__token_is_char(&token, '(');
        depth -= nu__token_is_char(&token, ')');
        end = token.text.ptr;
    }
    return (nu_str){ start, (size_t)(end - start) };
}

/* In lower case, without quotes of names, one blank between the words; a text keeps its quotes. */
static nu_str normalized(nu_str body)
{
    nu__buf out = { 0 };
    nu__token token;

    while ((token = nu__sql_token(&body)).kind != NU__TOKEN_END) {
        nu_str text = nu__token_text(NU__SQLITE, &token);

        if (token.kind == NU__TOKEN_TEXT)
            nu__buf_fmt(&out, " '{}'", text);
        else
            nu__buf_fmt(&out, " {}", nu_lower(text));
    }
    return nu__buf_str(&out);
}

/* "((a))" says what "a" does. */
static nu_str without_parens(nu_str body)
{
    for (;;) {
        nu_str rest = body, inner;
        nu__token token = nu__sql_token(&rest);

        if (!nu__token_is_char(&token, '('))
            return body;
        inner = take_body(&rest);
        if (nu__sql_token(&rest).kind != NU__TOKEN_END)
            return body;
        body = inner;
    }
}

static void add_piece(nu__piece **list, definition *at, bool unique, nu_str body)
{
    nu__piece *piece = nu_alloc(nu__piece);

    *piece = (nu__piece){ .name = at->name,
                          .body = nu_copy(body),
                          .normal = normalized(without_parens(body)),
                          .unique = unique };
    while (*list)
        list = &(*list)->next;
    *list = piece;
    at->name = (nu_str){ 0 };
}

static void read_token(nu__piece **list, definition *at, nu__token token, nu_str *sql)
{
    bool first = !at->begun, unique = nu__token_is(&token, "UNIQUE");
    nu_str rest = *sql;

    at->begun = true;
    if (nu__token_is(&token, "CONSTRAINT")) {
        token = nu__sql_token(sql);
        at->name = nu__token_text(NU__SQLITE, &token);
    } else if (unique || nu__token_is(&token, "CHECK")) {
        token = nu__sql_token(&rest);
        if (nu__token_is_char(&token, '(')) {
            *sql = rest;
            add_piece(list, at, unique, take_body(sql));
        } else if (unique && !nu_is_null(at->column)) {
            add_piece(list, at, true, at->column);
        }
    } else if (nu__token_is_char(&token, '(')) {
        take_body(sql);
    } else if (first && !nu__token_is(&token, "PRIMARY") && !nu__token_is(&token, "FOREIGN")) {
        nu__buf quoted = { 0 };

        nu__sqlite_operations.quote_name(&quoted, nu__token_text(NU__SQLITE, &token));
        at->column = nu__buf_str(&quoted);
    }
}

nu__piece *nu__table_pieces(nu_str sql)
{
    nu__piece *list = NULL;
    definition at = { .begun = false };
    nu__token token;

    do
        token = nu__sql_token(&sql);
    while (token.kind != NU__TOKEN_END && !nu__token_is_char(&token, '('));
    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END && !nu__token_is_char(&token, ')'))
        if (nu__token_is_char(&token, ','))
            at = (definition){ .begun = false };
        else
            read_token(&list, &at, token, &sql);
    return list;
}

bool nu__piece_is_among(const nu__piece *piece, const nu__piece *list)
{
    for (; list; list = list->next)
        if (list->unique == piece->unique && ((piece->name.len && nu_eq(piece->name, list->name)) ||
                                              nu_eq(piece->normal, list->normal)))
            return true;
    return false;
}

bool nu__sql_names(nu_str sql, nu_str column)
{
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END)
        if ((token.kind == NU__TOKEN_NAME || token.kind == NU__TOKEN_WORD) &&
            nu_eq(nu_lower(nu__token_text(NU__SQLITE, &token)), nu_lower(column)))
            return true;
    return false;
}
