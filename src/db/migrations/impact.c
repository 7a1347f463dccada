#include "db/migrations/impact.h"

#include "db/backends/statements.h"
#include "db/migrations/impact_int.h"

#include <string.h>

/* What was found of one table so far. What runs in no transaction holds its lock for itself. */
typedef struct found {
    nu_str before, today; /* as it was called before the operation, and is in the database */
    bool concurrent;
    nu__lock lock;
    nu__work work;
} found;

/* One operation that is looked at. */
typedef struct looking {
    nu__impact_of of;
    found *found;
    size_t n, capacity;
    bool concurrent;  /* the statement that is looked at */
    nu_dict *columns; /* "table column" of today: what it was called before the operation */
} looking;

nu__impacts *nu__impacts_begin(nu__connection *connection)
{
    nu__impacts *impacts = nu_alloc(nu__impacts);

    *impacts =
        (nu__impacts){ connection, connection->backend->dialect, nu_dict_new(), nu_dict_new() };
    return impacts;
}

/* ---- what is found --------------------------------------------------------------------------- */

static found *entry_of(looking *l, nu_str table, nu_str today)
{
    for (size_t i = 0; i < l->n; i++)
        if (nu_eq(l->found[i].today, today) && l->found[i].concurrent == l->concurrent)
            return &l->found[i];
    if (l->n == l->capacity) {
        found *more = nu_alloc_array(found, l->capacity * 2 + 4);

        if (l->n)
            memcpy(more, l->found, l->n * sizeof *more);
        l->capacity = l->capacity * 2 + 4;
        l->found = more;
    }
    l->found[l->n] = (found){ .before = table, .today = today, .concurrent = l->concurrent };
    return &l->found[l->n++];
}

/* The strongest lock, and the most work, of all that is done to the table. */
static void weigh(looking *l, nu_str table, nu__lock lock, nu__work work)
{
    nu_str today = nu__table_today(l->of.all, table);
    found *entry;

    if (nu_is_null(today) || lock == NU__NO_LOCK)
        return;
    entry = entry_of(l, table, today);
    entry->lock = lock > entry->lock ? lock : entry->lock;
    entry->work = work > entry->work ? work : entry->work;
}

/* ---- one statement --------------------------------------------------------------------------- */

static nu_str column_key(const nu__reading *statement, nu_str column)
{
    return nu_fmt("{} {}", statement->today, column);
}

static void find_column(looking *l, nu__reading *statement)
{
    nu_value was;

    statement->column_was = statement->column;
    if (!nu_is_null(statement->column) &&
        nu_dict_find(l->columns, column_key(statement, statement->column), &was))
        statement->column_was = was.s;
}

/* By what the table is called in the statement: all its names. */
static void find_table(looking *l, nu__reading *statement)
{
    if (nu_is_null(statement->table) && !nu_is_null(statement->name)) {
        nu_str today = nu__table_of_index(l->of.all, statement->name);

        statement->table = nu_is_null(today) ? today : nu__table_then(l->of.all, today);
    }
    statement->today = nu__table_today(l->of.all, statement->table);
    if (!nu_is_null(statement->today))
        statement->before = entry_of(l, statement->table, statement->today)->before;
    find_column(l, statement);
}

/* Where another table's rows are the work, this one is locked as long. */
static nu__work work_beside(const nu__form *form, const nu__reading *statement, nu__work work)
{
    if (form->naming == NU__TABLE_FILLED)
        return work;
    return work == NU__ROWS_READ && !nu_is_null(statement->today) ? NU__REFERRERS_READ : NU__MOMENT;
}

static nu__work work_of(looking *l, const nu__form *form, const nu__reading *statement)
{
    if (nu_is_null(statement->today))
        return form->work;
    if (form->naming == NU__TABLE_FILLED) /* a table of its own, which gets more rows */
        return NU__ROWS_WRITTEN;
    return form->judge ? form->judge(&l->of, statement) : form->work;
}

static void weigh_neighbours(looking *l, const nu__form *form, const nu__reading *statement,
                             nu__work work)
{
    size_t n;
    nu_str *tables;

    if (!form->around || nu_is_null(statement->today))
        return;
    tables = nu__tables_around(l->of.all, form->around, statement, &n);
    for (size_t i = 0; i < n; i++)
        if (!nu_eq(tables[i], statement->today))
            weigh(l, nu__table_then(l->of.all, tables[i]), form->other, work);
}

static void note_column(looking *l, const nu__reading *statement)
{
    nu_dict_set_str(l->columns, column_key(statement, statement->name),
                    nu_v_str(statement->column_was));
}

static void look_at(looking *l, const nu__token *tokens, size_t n)
{
    nu__reading statement = { .tokens = tokens, .n = n };
    const nu__form *form = nu__form_of(l->of.all->dialect, &statement);
    nu__work work;

    if (!form)
        return;
    l->concurrent = strstr(form->words, "CONCURRENTLY") != NULL;
    find_table(l, &statement);
    work = work_of(l, form, &statement);
    weigh(l, statement.table, form->lock, work);
    if (!nu_is_null(statement.other) && !nu_eq(statement.other, statement.table) &&
        (form->naming != NU__TABLE_FILLED || nu_is_null(statement.today)))
        weigh(l, statement.other, form->other, work_beside(form, &statement, work));
    weigh_neighbours(l, form, &statement, work_beside(form, &statement, work));
    if (form->naming == NU__COLUMN_RENAMED && !nu_is_null(statement.today))
        note_column(l, &statement);
    nu__note_naming(l->of.all, form->naming, &statement);
}

/* ---- statements of an operation -------------------------------------------------------------- */

static bool is_left_out(const nu__token *tokens, size_t at, size_t *len)
{
    static const char *const phrases[][3] = { { "IF", "NOT", "EXISTS" },
                                              { "IF", "EXISTS" },
                                              { "ONLY" } };

    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        for (*len = 0; *len < 3 && phrases[i][*len]; (*len)++)
            if (!nu__token_is(&tokens[at + *len], phrases[i][*len]))
                break;
        if (*len == 3 || !phrases[i][*len])
            return true;
    }
    return false;
}

/* The tokens of a statement, with three ends behind the last. */
static nu__token *tokens_of(nu__dialect dialect, nu_str sql, size_t *n)
{
    nu__token *tokens = nu_alloc_array(nu__token, sql.len + 4);
    size_t all = 0, len;

    while (tokens[all] = nu__sql_token_of(dialect, &sql), tokens[all].kind != NU__TOKEN_END)
        all++;
    memset(&tokens[all], 0, 4 * sizeof *tokens);
    *n = 0;
    for (size_t i = 0; i < all; i += len)
        if (!is_left_out(tokens, i, &len)) {
            tokens[(*n)++] = tokens[i];
            len = 1;
        }
    memset(&tokens[*n], 0, 4 * sizeof *tokens);
    return tokens;
}

/* The end of the part that begins at `from`: the next comma outside of parentheses. */
static size_t end_of_part(const nu__token *tokens, size_t n, size_t from)
{
    size_t depth = 0;

    for (size_t i = from; i < n; i++) {
        depth += nu__token_is_char(&tokens[i], '(');
        depth -= depth && nu__token_is_char(&tokens[i], ')');
        if (!depth && nu__token_is_char(&tokens[i], ','))
            return i;
    }
    return n;
}

/* "ALTER TABLE t A, B" is "ALTER TABLE t A" and "ALTER TABLE t B". */
static void look_at_parts(looking *l, nu__token *tokens, size_t n)
{
    enum { HEAD = 3 };

    if (n < HEAD || !nu__token_is(&tokens[0], "ALTER") || !nu__token_is(&tokens[1], "TABLE")) {
        look_at(l, tokens, n);
        return;
    }
    for (size_t from = HEAD, end; from < n; from = end + 1) {
        nu__token *part = nu_alloc_array(nu__token, n + 1);

        end = end_of_part(tokens, n, from);
        memcpy(part, tokens, HEAD * sizeof *part);
        memcpy(part + HEAD, tokens + from, (end - from) * sizeof *part);
        look_at(l, part, HEAD + end - from);
    }
}

static nu_list *collected(nu__connection *connection, const nu__operation_run *run,
                          const nu_operation *op, bool backwards)
{
    nu__schema_editor *editor = nu__schema_begin(connection, true, false);
    nu__operation_run own = *run;

    own.editor = editor;
    if (nu__operation_is_sql(op))
        nu__operation_apply(&own, op, backwards);
    nu__schema_end(editor);
    return editor->collected;
}

static nu__impact *as_impacts(const looking *l, size_t *n)
{
    nu__impact *out = nu_alloc_array(nu__impact, l->n + 1);

    *n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->found[i].lock)
            out[(*n)++] = (nu__impact){ l->found[i].before, l->found[i].today,
                                        nu__impact_words(l->of.all->dialect, l->found[i].lock,
                                                         l->found[i].work) };
    return out;
}

nu__impact *nu__impacts_of(nu__impacts *impacts, const nu__operation_run *run,
                           const nu_operation *op, bool backwards, size_t *n)
{
    looking l = { .of = { impacts, backwards ? run->after : run->before,
                          backwards ? run->before : run->after },
                  .columns = nu_dict_new() };
    nu_list *statements = collected(impacts->connection, run, op, backwards);

    for (size_t i = 0; i < nu_list_len(statements); i++) {
        nu_str script = nu_string(nu_at(statements, i)), sql;
        size_t n_tokens;

        while (nu__next_statement(impacts->connection->backend, &script, &sql)) {
            nu__token *tokens = tokens_of(impacts->dialect, sql, &n_tokens);

            look_at_parts(&l, tokens, n_tokens);
        }
    }
    return as_impacts(&l, n);
}
