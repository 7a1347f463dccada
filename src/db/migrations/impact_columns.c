/* How much work a change of a column is: what its statement's words alone do not tell, by the
   column before and after it, and by what the database says of it. */
#include "db/backends/schema.h"
#include "db/connection.h"
#include "db/migrations/impact_int.h"
#include "db/migrations/recorder.h"

#include <string.h>

/* ---- the column before and after ----------------------------------------------------------- */

static const nu__field *find_column(nu__project_state *state, nu_str table, nu_str column)
{
    const nu__registry *registry = nu__state_registry(state);

    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];

        if (!nu_eq(info->db_table, table) || info->concrete != info)
            continue;
        for (size_t k = 0; k < info->n_fields; k++)
            if (!info->fields[k].origin && nu_eq(info->fields[k].column, column))
                return &info->fields[k];
    }
    return NULL;
}

typedef struct change {
    const nu__field *old, *field;
    nu_str old_type, type;
} change;

/* false: the column is none of a model that we know, as in SQL of the site's own. */
static bool find_change(const nu__impact_of *at, const nu__reading *statement, change *out)
{
    out->old = find_column(at->from, statement->before, statement->column_was);
    out->field = find_column(at->to, statement->table, statement->column);
    if (!out->old || !out->field)
        return false;
    out->old_type = nu__field_db_type(out->old, at->all->dialect);
    out->type = nu__field_db_type(out->field, at->all->dialect);
    return true;
}

static bool same_collation(const change *change)
{
    return nu__same_text(nu__field_collation(change->old), nu__field_collation(change->field));
}

/* ---- what the database has on it ------------------------------------------------------------ */

static bool is_over(const nu__table_constraint *constraint, nu_str column)
{
    for (size_t i = 0; i < constraint->n_columns; i++)
        if (nu_eq(constraint->columns[i], column))
            return true;
    return false;
}

static bool has_check(const nu__table_constraint *constraint)
{
    return constraint->check;
}

static bool has_index(const nu__table_constraint *constraint)
{
    return constraint->index || constraint->unique || constraint->primary_key;
}

static bool has_any(const nu__impact_of *at, const nu__reading *statement,
                    bool (*is_it)(const nu__table_constraint *))
{
    nu__connection *connection = at->all->connection;
    size_t n;
    nu__table_constraint *all =
        connection->backend->introspection->constraints(connection, statement->today, &n);

    for (size_t i = 0; i < n; i++)
        if (is_it(&all[i]) && is_over(&all[i], statement->column_was))
            return true;
    return false;
}

static bool is_there(nu__connection *connection, const char *sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, nu__dialect_sql(connection, sql), params);
    bool found = nu__rows_next(rows);

    nu__rows_close(rows);
    return found;
}

/* ---- words of the definition ---------------------------------------------------------------- */

/* Is one of these words behind "ALTER TABLE T ADD COLUMN C"? The list ends with NULL. */
static bool says(const nu__reading *statement, const char *const *words)
{
    for (size_t i = 6; i < statement->n; i++)
        for (const char *const *word = words; *word; word++)
            if (nu__token_is(&statement->tokens[i], *word))
                return true;
    return false;
}
#define SAYS(s, ...) says((s), (const char *const[]){ __VA_ARGS__, NULL })

typedef bool is_volatile(nu__connection *connection, nu_str function);

/* Has the default a value of its own for each row? */
static bool varies(const nu__impact_of *at, const nu__reading *statement, is_volatile *is)
{
    bool in_default = false;

    for (size_t i = 6; i + 1 < statement->n; i++) {
        in_default = in_default || nu__token_is(&statement->tokens[i], "DEFAULT");
        if (in_default && statement->tokens[i].kind == NU__TOKEN_WORD &&
            nu__token_is_char(&statement->tokens[i + 1], '(') &&
            is(at->all->connection, nu_lower(statement->tokens[i].text)))
            return true;
    }
    return false;
}

/* ---- PostgreSQL ----------------------------------------------------------------------------- */

static bool is_pg_volatile(nu__connection *connection, nu_str function)
{
    return is_there(connection,
                    "SELECT 1 FROM pg_proc WHERE proname = %s AND provolatile = 'v' LIMIT 1",
                    NU_ARGS(function));
}

nu__work nu__judge_pg_added(const nu__impact_of *at, const nu__reading *statement)
{
    if ((SAYS(statement, "GENERATED") && !SAYS(statement, "VIRTUAL")) ||
        varies(at, statement, is_pg_volatile))
        return NU__MADE_ANEW;
    if (SAYS(statement, "UNIQUE", "PRIMARY", "CHECK") ||
        (SAYS(statement, "REFERENCES") && SAYS(statement, "DEFAULT")))
        return NU__ROWS_READ;
    return NU__MOMENT;
}

/* "numeric(6, 2)" as its name and two numbers; -1: there is no such number. */
typedef struct sized {
    nu_str name;
    int64_t first, second;
    bool array;
} sized;

static sized sized_of(nu_str type)
{
    sized out = { .first = -1, .second = -1 };
    const char *bracket = memchr(type.ptr, '(', type.len);
    int64_t *to = &out.first;

    out.array = memchr(type.ptr, '[', type.len) != NULL;
    out.name = bracket ? (nu_str){ type.ptr, (size_t)(bracket - type.ptr) } : type;
    for (size_t i = out.name.len; i < type.len && type.ptr[i] != ')'; i++) {
        char c = type.ptr[i];

        if (c == ',')
            to = &out.second;
        else if (c >= '0' && c <= '9')
            *to = (*to < 0 ? 0 : *to * 10) + c - '0';
    }
    return out;
}

static bool is_text(nu_str type)
{
    return nu_eq(type, "varchar") || nu_eq(type, "text") || nu_eq(type, "citext");
}

/* Whether the values stay as they are stored: the new type takes all that the old one took. */
static bool is_roomier(nu_str from, nu_str to)
{
    sized old = sized_of(from), new = sized_of(to);

    if (nu_eq(from, to))
        return true;
    if (old.array || new.array)
        return false;
    if (is_text(old.name) && is_text(new.name))
        return new.first < 0 || (old.first >= 0 && new.first >= old.first);
    return nu_eq(old.name, "numeric") && nu_eq(new.name, "numeric") &&
           old.second == new.second &&new.first >= old.first;
}

nu__work nu__judge_pg_type(const nu__impact_of *at, const nu__reading *statement)
{
    change change;

    if (!find_change(at, statement, &change) || !is_roomier(change.old_type, change.type))
        return NU__MADE_ANEW;
    if ((!same_collation(&change) && has_any(at, statement, has_index)) ||
        has_any(at, statement, has_check))
        return NU__ROWS_READ;
    return NU__MOMENT;
}

/* A valid check that the column is not null spares the look at the rows. */
nu__work nu__judge_pg_not_null(const nu__impact_of *at, const nu__reading *statement)
{
    static const char known[] =
        "SELECT 1 FROM pg_attribute a LEFT JOIN pg_constraint c ON c.conrelid = a.attrelid"
        " AND c.contype = 'c' AND c.convalidated AND c.conkey = ARRAY[a.attnum]"
        " AND pg_get_constraintdef(c.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)"
        " WHERE a.attrelid = to_regclass(quote_ident(%s)) AND a.attname = %s"
        " AND (a.attnotnull OR c.oid IS NOT NULL)";

    return is_there(at->all->connection, known, NU_ARGS(statement->today, statement->column_was))
               ? NU__MOMENT
               : NU__ROWS_READ;
}

/* ---- MariaDB -------------------------------------------------------------------------------- */

/* The server has no catalogue of them; RAND() is called once for all rows. */
static bool is_mysql_volatile(nu__connection *connection, nu_str function)
{
    static const char *const names[] = { "uuid",    "uuid_short", "uuid_v4",
                                         "uuid_v7", "sys_guid",   "sysdate" };

    (void)connection;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu_eq(function, names[i]))
            return true;
    return false;
}

nu__work nu__judge_mysql_added(const nu__impact_of *at, const nu__reading *statement)
{
    if (SAYS(statement, "STORED", "PERSISTENT", "AUTO_INCREMENT", "PRIMARY") ||
        varies(at, statement, is_mysql_volatile))
        return NU__MADE_ANEW;
    return SAYS(statement, "UNIQUE") ? NU__MADE_BESIDE : NU__MOMENT;
}

/* InnoDB keeps the length of a value in one byte where the column has at most 255, of four a
   character, and of values up to 127 in any: a column may grow at once where that stays so. */
static bool grows_at_once(int64_t from, int64_t to)
{
    enum { BYTES = 4, SHORT = 127, ONE = 255 };

    return to >= from && (from * BYTES <= SHORT || from * BYTES > ONE || to * BYTES <= ONE);
}

static bool stays_in_place(nu_str from, nu_str to)
{
    sized old = sized_of(from), new = sized_of(to);

    return nu_eq(from, to) || (nu_eq(old.name, "varchar") && nu_eq(new.name, "varchar") &&
                               grows_at_once(old.first, new.first));
}

bool nu__keeps_rows(nu__dialect dialect, nu_str from, nu_str to)
{
    return dialect == NU__MYSQL ? stays_in_place(from, to) : is_roomier(from, to);
}

nu__work nu__judge_mysql_modified(const nu__impact_of *at, const nu__reading *statement)
{
    change change;

    if (!find_change(at, statement, &change) || !stays_in_place(change.old_type, change.type))
        return NU__MADE_ANEW;
    if (change.old->null != change.field->null)
        return NU__MADE_BESIDE;
    return !same_collation(&change) && has_any(at, statement, has_index) ? NU__ROWS_READ
                                                                         : NU__MOMENT;
}

nu__work nu__judge_mysql_key(const nu__impact_of *at, const nu__reading *statement)
{
    (void)statement;
    return at->all->unchecked ? NU__ROWS_READ : NU__MADE_ANEW;
}

nu__work nu__judge_mysql_dropped(const nu__impact_of *at, const nu__reading *statement)
{
    return has_any(at, statement, has_index) ? NU__ROWS_READ : NU__MOMENT;
}

/* ---- SQLite --------------------------------------------------------------------------------- */

nu__work nu__judge_sqlite_added(const nu__impact_of *at, const nu__reading *statement)
{
    (void)at;
    return SAYS(statement, "CHECK") ? NU__ROWS_READ : NU__MOMENT;
}
