/* Tables under their names of today and under those that the plan gives them; what the database
   says of those around them, and of their rows. */
#include "db/connection.h"
#include "db/migrations/impact_int.h"
#include "db/migrations/recorder.h"

#include <string.h>

/* Counting as many rows takes about as long as a request may. */
enum { MANY = 1000000 };

/* ---- names ---------------------------------------------------------------------------------- */

nu_str nu__table_today(nu__impacts *impacts, nu_str table)
{
    nu_value known;

    if (nu_is_null(table))
        return table;
    if (!nu_dict_find(impacts->today, table, &known)) {
        known = nu__has_table(impacts->connection, table) ? nu_v_str(nu_copy(table)) : nu_null();
        nu_dict_set_str(impacts->today, table, known);
    }
    return known.kind == NU_KIND_STR ? known.s : (nu_str){ NULL, 0 };
}

nu_str nu__table_then(const nu__impacts *impacts, nu_str today)
{
    for (size_t i = 0; i < nu_dict_len(impacts->today); i++) {
        nu_value value = nu_dict_value(impacts->today, i);

        if (value.kind == NU_KIND_STR && nu_eq(value.s, today))
            return nu_dict_key(impacts->today, i);
    }
    return today;
}

static void forget(nu__impacts *impacts, nu_str table)
{
    nu_dict_set_str(impacts->today, table, nu_null());
}

/* `table` is from now on what `other` is. */
static void take_over(nu__impacts *impacts, nu_str table, nu_str other)
{
    nu_str today = nu__table_today(impacts, other);

    nu_dict_set_str(impacts->today, table, nu_is_null(today) ? nu_null() : nu_v_str(today));
}

void nu__note_naming(nu__impacts *impacts, nu__naming naming, const nu__reading *statement)
{
    switch (naming) {
    case NU__TABLE_MADE:
    case NU__TABLE_DROPPED:
        forget(impacts, statement->table);
        break;
    case NU__TABLE_RENAMED:
        take_over(impacts, statement->name, statement->table);
        forget(impacts, statement->table);
        break;
    case NU__KEYS_LEFT_UNCHECKED:
        impacts->unchecked = nu_eq(statement->name, "0");
        break;
    case NU__TABLE_FILLED:
        if (nu_is_null(nu__table_today(impacts, statement->table)))
            take_over(impacts, statement->table, statement->other);
        break;
    default:
        break;
    }
}

/* ---- neighbours ----------------------------------------------------------------------------- */

static nu_str text_of(nu__connection *connection, const char *sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, nu__dialect_sql(connection, sql), params);
    nu_str text = { NULL, 0 };

    if (nu__rows_next(rows))
        text = nu_copy(nu_string(nu__cell_value(&rows->cells[0])));
    nu__rows_close(rows);
    return text;
}

/* NULL: its statement names the table. */
static const char *const index_sql[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = "SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND name = %s",
    [NU__POSTGRESQL] = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                       " WHERE i.indexrelid = to_regclass(quote_ident(%s))",
};

nu_str nu__table_of_index(nu__impacts *impacts, nu_str index)
{
    const char *sql = index_sql[impacts->dialect];

    return sql ? text_of(impacts->connection, sql, NU_ARGS(index)) : (nu_str){ NULL, 0 };
}

static bool is_meant(nu__neighbours around, const nu__reading *statement,
                     const nu__table_constraint *key)
{
    if (nu_is_null(key->to_table))
        return false;
    if (around == NU__OF_CONSTRAINT)
        return nu_eq(key->name, statement->name);
    return around != NU__OF_COLUMN || nu_eq(key->columns[0], statement->column_was);
}

static size_t add_referring(nu__impacts *impacts, nu_str today, nu_str *out, size_t most)
{
    static const char sql[] = "SELECT DISTINCT c.relname FROM pg_constraint k JOIN pg_class c ON"
                              " c.oid = k.conrelid WHERE k.contype = 'f' AND k.confrelid ="
                              " to_regclass(quote_ident(%s)) ORDER BY 1";
    nu__rows *rows = nu__db_query(impacts->connection, nu__dialect_sql(impacts->connection, sql),
                                  NU_ARGS(today));
    size_t n = 0;

    while (n < most && nu__rows_next(rows))
        out[n++] = nu_copy(nu_string(nu__cell_value(&rows->cells[0])));
    nu__rows_close(rows);
    return n;
}

nu_str *nu__tables_around(nu__impacts *impacts, nu__neighbours around, const nu__reading *statement,
                          size_t *n)
{
    enum { REFERRING = 1024 };
    nu__connection *connection = impacts->connection;
    size_t n_keys;
    nu__table_constraint *keys =
        connection->backend->introspection->constraints(connection, statement->today, &n_keys);
    nu_str *out = nu_alloc_array(nu_str, n_keys + 1 + (around == NU__ALL_AROUND ? REFERRING : 0));

    *n = 0;
    for (size_t i = 0; i < n_keys; i++)
        if (is_meant(around, statement, &keys[i]))
            out[(*n)++] = keys[i].to_table;
    if (around == NU__ALL_AROUND)
        *n += add_referring(impacts, statement->today, out + *n, REFERRING);
    return out;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* NULL: there are no statistics that are always kept. */
static const char *const estimate_sql[NU__DIALECT_COUNT] = {
    [NU__POSTGRESQL] = "SELECT reltuples::bigint FROM pg_class WHERE oid ="
                       " to_regclass(quote_ident(%s))",
    [NU__MYSQL] = "SELECT table_rows FROM information_schema.tables WHERE table_schema ="
                  " DATABASE() AND table_name = %s",
};

static int64_t number_of(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    int64_t n = 0;

    if (nu__rows_next(rows) && nu__cell_value(&rows->cells[0]).kind == NU_KIND_INT)
        n = nu__cell_value(&rows->cells[0]).i;
    nu__rows_close(rows);
    return n;
}

static nu_str count_sql(const nu__connection *connection, nu_str table)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "SELECT COUNT(*) FROM ");
    connection->backend->operations->quote_name(&out, table);
    return nu__buf_str(&out);
}

static nu__row_count count(nu__connection *connection, nu_str table)
{
    const char *sql = estimate_sql[connection->backend->dialect];
    int64_t about =
        sql ? number_of(connection, nu__dialect_sql(connection, sql), NU_ARGS(table)) : 0;

    if (about >= MANY)
        return (nu__row_count){ about, true };
    return (nu__row_count){
        number_of(connection, count_sql(connection, table), (nu_values){ NULL, 0 }), false
    };
}

nu__row_count nu__impacts_count(nu__impacts *impacts, nu_str today)
{
    nu_value known;
    nu__row_count counted;

    if (nu_dict_find(impacts->counts, today, &known))
        return (nu__row_count){ nu_at(known.list, 0).i, nu_at(known.list, 1).b };
    counted = count(impacts->connection, today);
    nu_dict_set_str(impacts->counts, today, V(NU_LIST(counted.n, counted.estimated)));
    return counted;
}
