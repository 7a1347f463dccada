#include "db/backends/sqlite/table_text.h"

#include "core/text.h"
#include "db/backends/sqlite/sqlite.h"
#include "db/backends/tokens.h"

/* ---- words -------------------------------------------------------------------------------- */

static const char *start_of(const nu__token *token)
{
    bool quoted = token->kind == NU__TOKEN_NAME || token->kind == NU__TOKEN_TEXT;

    return token->text.ptr - quoted;
}

static nu_str span(const char *start, const char *end)
{
    return (nu_str){ start, (size_t)(end - start) };
}

/* Behind a "(": the text up to its ")", which is skipped. */
static nu_str take_body(nu_str *sql)
{
    const char *start = sql->ptr, *end = start;
    int depth = 1;

    while (depth) {
        nu__token token = nu__sql_token(sql);

        if (token.kind == NU__TOKEN_END)
            return span(start, sql->ptr);
        depth += nu__token_is_char(&token, '(');
        depth -= nu__token_is_char(&token, ')');
        end = token.text.ptr;
    }
    return span(start, end);
}

nu_str nu__sql_normalized(nu_str sql)
{
    nu__buf out = { 0 };
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END) {
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

bool nu__sql_names(nu_str sql, nu_str column)
{
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END)
        if ((token.kind == NU__TOKEN_NAME || token.kind == NU__TOKEN_WORD) &&
            nu_eq(nu_lower(nu__token_text(NU__SQLITE, &token)), nu_lower(column)))
            return true;
    return false;
}

/* ---- clauses ------------------------------------------------------------------------------ */

/* The words that a clause begins with; those of a column alone come last. */
static const struct {
    const char *word;
    nu__clause_kind kind;
    bool of_column;
} beginnings[] = {
    { "CHECK", NU__CLAUSE_CHECK, false },
    { "UNIQUE", NU__CLAUSE_UNIQUE, false },
    { "PRIMARY", NU__CLAUSE_KEY, false },
    { "FOREIGN", NU__CLAUSE_REFERENCES, false },
    { "REFERENCES", NU__CLAUSE_REFERENCES, true },
    { "COLLATE", NU__CLAUSE_COLLATE, true },
    { "DEFAULT", NU__CLAUSE_DEFAULT, true },
    { "GENERATED", NU__CLAUSE_GENERATED, true },
    { "AS", NU__CLAUSE_GENERATED, true },
    { "NOT", NU__CLAUSE_NULL, true },
    { "NULL", NU__CLAUSE_NULL, true },
};

/* Behind these comes a word that begins nothing: ON DELETE SET NULL, DEFAULT NULL. */
static const char *const takes_next[] = { "SET", "COLLATE", "DEFAULT", "MATCH", "CONFLICT" };

/* A list of clauses as it is read. */
typedef struct reader {
    nu_str *sql;
    nu__clause *first, **end, *current;
    const char *start, *name_start;     /* of the current clause, and of a CONSTRAINT before it */
    const char *first_start, *last_end; /* of all */
    nu_str name;
    bool of_column, takes;
    nu_str column; /* as it is quoted; null: the table's constraints */
} reader;

static void finish(reader *at, const char *end)
{
    nu__clause *clause = at->current;
    nu_str conflict;

    if (!clause)
        return;
    at->last_end = end;
    clause->text = nu_copy(span(at->name_start ? at->name_start : at->start, end));
    clause->normal = nu__sql_normalized(span(at->start, end));
    if (clause->kind == NU__CLAUSE_UNIQUE && nu_is_null(clause->body))
        clause->body = at->column;
    clause->means = nu__sql_normalized(without_parens(clause->body));
    conflict = clause->conflict;
    clause->conflict = conflict.ptr ? nu_copy(span(conflict.ptr, end)) : S("");
    at->current = NULL;
    at->name_start = NULL;
}

static void begin(reader *at, nu__clause_kind kind, const nu__token *token)
{
    at->current = nu_alloc(nu__clause);
    *at->current = (nu__clause){ .kind = kind, .name = at->name };
    *at->end = at->current;
    at->end = &at->current->next;
    at->start = start_of(token);
    if (at->current == at->first)
        at->first_start = at->name_start ? at->name_start : at->start;
    at->name = (nu_str){ 0 };
}

static bool begins_type(const reader *at)
{
    return at->of_column && !at->first && !at->name_start;
}

static nu_str after(nu_str sql)
{
    nu__token token = nu__sql_token(&sql);

    return token.kind == NU__TOKEN_WORD ? nu_upper(token.text) : S("");
}

/* Does the word begin a clause here? "NOT DEFERRABLE" and the AS of GENERATED ALWAYS do not. */
static bool begins(const reader *at, const nu__token *token, nu__clause_kind *kind)
{
    if (nu__token_is(token, "NOT") && nu_eq(after(*at->sql), S("DEFERRABLE")))
        return false;
    if (nu__token_is(token, "AS") && at->current && at->current->kind == NU__CLAUSE_GENERATED)
        return false;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if ((at->of_column || !beginnings[i].of_column) &&
            nu__token_is(token, beginnings[i].word)) {
            *kind = beginnings[i].kind;
            return true;
        }
    return false;
}

/* "NOT" has been read: its NULL is no clause of its own. */
static bool takes_word_after(const nu__token *token)
{
    for (size_t i = 0; i < sizeof takes_next / sizeof *takes_next; i++)
        if (nu__token_is(token, takes_next[i]))
            return true;
    return nu__token_is(token, "NOT");
}

static void read_name(reader *at, const nu__token *token, const char *before)
{
    nu__token name;

    finish(at, before);
    at->name_start = start_of(token);
    name = nu__sql_token(at->sql);
    at->name = nu__token_text(NU__SQLITE, &name);
}

static void read_word(reader *at, const nu__token *token, const char *before)
{
    nu__clause_kind kind;

    if (!at->takes && begins(at, token, &kind)) {
        finish(at, before);
        begin(at, kind, token);
    } else if (!at->current) {
        if (begins_type(at))
            begin(at, NU__CLAUSE_TYPE, token);
    } else if (nu__token_is(token, "ON") && nu_eq(after(*at->sql), S("CONFLICT"))) {
        at->current->conflict = span(start_of(token), start_of(token));
    }
    at->takes = takes_word_after(token);
}

/* Up to a comma between definitions, or the end of all. The token that ended it is returned. */
static nu__token read_clauses(reader *at)
{
    const char *before = at->sql->ptr;
    nu__token token;

    at->end = &at->first;
    while ((token = nu__sql_token(at->sql)).kind != NU__TOKEN_END &&
           !nu__token_is_char(&token, ',') && !nu__token_is_char(&token, ')')) {
        if (nu__token_is(&token, "CONSTRAINT") && !at->takes) {
            read_name(at, &token, before);
        } else if (nu__token_is_char(&token, '(')) {
            nu_str body = take_body(at->sql);

            if (at->current && nu_is_null(at->current->body))
                at->current->body = nu_copy(body);
            at->takes = false;
        } else {
            read_word(at, &token, before);
        }
        before = at->sql->ptr;
    }
    finish(at, before);
    return token;
}

/* ---- columns and constraints -------------------------------------------------------------- */

static nu_str quoted(nu_str name)
{
    nu__buf out = { 0 };

    nu__sqlite_operations.quote_name(&out, name);
    return nu__buf_str(&out);
}

static bool is_constraint(const nu__token *token)
{
    nu__clause_kind kind;
    nu_str nothing = { 0 };
    reader at = { .sql = &nothing };

    return nu__token_is(token, "CONSTRAINT") || begins(&at, token, &kind);
}

static nu__token read_column(nu__column_text *column, nu_str name, nu_str *sql)
{
    reader at = { .sql = sql, .of_column = true, .column = quoted(name) };
    nu__token end = read_clauses(&at);

    *column = (nu__column_text){ .name = name, .clauses = at.first, .text = S("") };
    if (at.first)
        column->text = nu_copy(span(at.first_start, at.last_end));
    return end;
}

nu__column_text *nu__column_text_of(nu_str name, nu_str definition)
{
    nu__column_text *column = nu_alloc(nu__column_text);

    read_column(column, name, &definition);
    return column;
}

/* The columns come before the constraints, which may go without commas. */
static void read_definitions(nu__table_text *table, nu_str *sql)
{
    nu__column_text **column = &table->columns;
    nu__clause **constraint = &table->constraints;
    nu__token token;

    do {
        nu_str rest = *sql;

        token = nu__sql_token(&rest);
        if (token.kind == NU__TOKEN_END || is_constraint(&token)) {
            reader at = { .sql = sql };

            token = read_clauses(&at);
            for (*constraint = at.first; *constraint;)
                constraint = &(*constraint)->next;
            continue;
        }
        *sql = rest;
        *column = nu_alloc(nu__column_text);
        token = read_column(*column, nu__token_text(NU__SQLITE, &token), sql);
        column = &(*column)->next;
    } while (nu__token_is_char(&token, ','));
}

static void read_options(nu__table_text *table, nu_str sql)
{
    nu__buf out = { 0 };
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END) {
        table->without_rowid |= nu__token_is(&token, "ROWID");
        table->strict |= nu__token_is(&token, "STRICT");
        nu__buf_fmt(&out, "{}{}", nu__token_is_char(&token, ',') ? "" : " ", token.text);
    }
    table->options = nu__buf_str(&out);
}

nu__table_text *nu__table_text_of(nu_str sql)
{
    nu__table_text *table = nu_alloc(nu__table_text);
    nu__token token;

    *table = (nu__table_text){ .columns = NULL };
    do {
        token = nu__sql_token(&sql);
        table->is_virtual |= nu__token_is(&token, "VIRTUAL");
    } while (token.kind != NU__TOKEN_END && !nu__token_is_char(&token, '('));
    if (token.kind == NU__TOKEN_END)
        return table;
    read_definitions(table, &sql);
    read_options(table, sql);
    return table;
}

/* ---- questions ---------------------------------------------------------------------------- */

nu__column_text *nu__column_text_find(const nu__table_text *table, nu_str name)
{
    for (nu__column_text *column = table->columns; column; column = column->next)
        if (nu_eq(nu_lower(column->name), nu_lower(name)))
            return column;
    return NULL;
}

nu_str nu__clauses_normal(const nu__column_text *column, nu__clause_kind kind)
{
    nu__buf out = { 0 };

    for (const nu__clause *one = column->clauses; one; one = one->next)
        if (one->kind == kind)
            nu__buf_fmt(&out, "{};", one->normal);
    return nu__buf_str(&out);
}

bool nu__clauses_match(const nu__clause *a, const nu__clause *b)
{
    return a->kind == b->kind &&
           ((a->name.len && nu_eq(a->name, b->name)) || nu_eq(a->means, b->means));
}

bool nu__clause_is_among(const nu__clause *clause, const nu__clause *list)
{
    for (; list; list = list->next)
        if (nu__clauses_match(clause, list))
            return true;
    return false;
}

bool nu__clause_is_over(const nu__clause *clause, nu_str column)
{
    nu_str rest = clause->body;
    nu__token token = nu__sql_token(&rest), more = nu__sql_token(&rest);

    return (token.kind == NU__TOKEN_NAME || token.kind == NU__TOKEN_WORD) &&
           more.kind != NU__TOKEN_PUNCT &&
           nu_eq(nu_lower(nu__token_text(NU__SQLITE, &token)), nu_lower(column));
}
