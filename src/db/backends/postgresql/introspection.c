#include "db/backends/postgresql/dialect.h"

#include <string.h>

/* The catalogue: names are looked for where the search path finds them. */
#define VISIBLE "n.nspname NOT IN ('pg_catalog', 'pg_toast') AND pg_table_is_visible(c.oid)"

static nu_str text_of(const nu__cell *cell)
{
    return cell->kind == NU__CELL_NULL ? (nu_str){ 0 } : nu_string(nu__cell_value(cell));
}

static void *grown(const void *items, size_t n, size_t size)
{
    char *copy = nu_alloc_array(char, 2 * (n + 8) * size);

    if (n)
        memcpy(copy, items, n * size);
    return copy;
}

/* Room for one more in an array that doubles whenever its length is 8 times a power of two. */
#define GROWN(items, n)                                                                            \
    ((n) == 0 || ((n) >= 8 && ((n) & ((n)-1)) == 0) ? grown((items), (n), sizeof *(items))         \
                                                    : (items))

/* ---- tables and columns ------------------------------------------------------------------- */

static nu__table *tables(nu__connection *connection, size_t *n)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT c.relname::text, CASE WHEN c.relispartition THEN 'p' "
          "WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END, obj_description(c.oid, 'pg_class') "
          "FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace "
          "WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND " VISIBLE " ORDER BY c.relname"),
        (nu_values){ 0 });
    nu__table *items = NULL;

    for (*n = 0; nu__rows_next(rows); (*n)++) {
        items = GROWN(items, *n);
        items[*n] = (nu__table){ .name = text_of(&rows->cells[0]),
                                 .kind = text_of(&rows->cells[1]).ptr[0],
                                 .comment = text_of(&rows->cells[2]) };
    }
    nu__rows_close(rows);
    return items;
}

/* What the domains of a column `a` are over, the last of them; NOT NULL may be said by each. */
#define BASE_TYPE                                                                                  \
    "WITH RECURSIVE step(type, modifier, required, depth) AS (SELECT a.atttypid, a.atttypmod, "    \
    "false, 0 UNION ALL SELECT d.typbasetype, d.typtypmod, d.typnotnull, depth + 1 FROM step "     \
    "JOIN pg_type d ON d.oid = type WHERE d.typtype = 'd') SELECT "                                \
    "(array_agg(type ORDER BY depth DESC))[1] AS type, "                                           \
    "(array_agg(modifier ORDER BY depth DESC))[1] AS modifier, bool_or(required) AS required "     \
    "FROM step"

static nu__table_column *columns(nu__connection *connection, nu_str table, size_t *n)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT a.attname::text, format_type(base.type, base.modifier) || repeat('[]', "
          "a.attndims - 1), "
          "pg_get_expr(ad.adbin, ad.adrelid), "
          "NOT (a.attnotnull OR base.required), "
          "EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary "
          "AND a.attnum = ANY (i.indkey)), t.typname IN ('json', 'jsonb'), "
          "CASE WHEN collname = 'default' THEN NULL ELSE collname::text END, "
          "col_description(a.attrelid, a.attnum), a.attidentity <> '' OR "
          "coalesce(pg_get_expr(ad.adbin, ad.adrelid) LIKE 'nextval(%', false), "
          "a.attgenerated <> '', a.attidentity = 'a' "
          "FROM pg_attribute a LEFT JOIN pg_attrdef ad ON a.attrelid = ad.adrelid "
          "AND a.attnum = ad.adnum LEFT JOIN pg_collation co ON a.attcollation = co.oid "
          "CROSS JOIN LATERAL (" BASE_TYPE ") base JOIN pg_type t ON base.type = t.oid "
          "JOIN pg_class c ON a.attrelid = c.oid JOIN pg_namespace n ON c.relnamespace = n.oid "
          "WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND c.relname = $1::text AND a.attnum > 0 "
          "AND NOT a.attisdropped AND " VISIBLE " ORDER BY a.attnum"),
        NU_ARGS(table));
    nu__table_column *items = NULL;

    for (*n = 0; nu__rows_next(rows); (*n)++) {
        items = GROWN(items, *n);
        items[*n] = (nu__table_column){ .name = text_of(&rows->cells[0]),
                                        .type = text_of(&rows->cells[1]),
                                        .default_ = text_of(&rows->cells[2]),
                                        .null = rows->cells[3].i,
                                        .primary_key = rows->cells[4].i,
                                        .json = rows->cells[5].i,
                                        .collation = text_of(&rows->cells[6]),
                                        .comment = text_of(&rows->cells[7]),
                                        .counted = rows->cells[8].i,
                                        .computed = rows->cells[9].i,
                                        .always_counted = rows->cells[10].i };
    }
    nu__rows_close(rows);
    return items;
}

/* ---- constraints -------------------------------------------------------------------------- */

typedef struct found {
    nu__table_constraint *items;
    size_t n;
} found;

static nu__table_constraint *add(found *found, nu_str name)
{
    found->items = GROWN(found->items, found->n);
    found->items[found->n] = (nu__table_constraint){ .name = name };
    return &found->items[found->n++];
}

/* An array of names; the place of an expression is null, and left out. */
static void take_columns(nu__table_constraint *constraint, const nu__cell *names,
                         const nu__cell *descending)
{
    size_t n = names->kind == NU__CELL_ARRAY ? names->len : 0;

    for (size_t i = 0; i < n && constraint->n_columns < 16; i++) {
        if (names->items[i].kind == NU__CELL_NULL)
            continue;
        if (descending)
            constraint->descending[constraint->n_columns] = descending->items[i].i;
        constraint->columns[constraint->n_columns++] = text_of(&names->items[i]);
    }
}

/* " ON DELETE CASCADE" of a letter in the catalogue; nothing where the database does nothing. */
#define ACTION(letter, event)                                                                      \
    "CASE " letter " WHEN 'c' THEN ' ON " event " CASCADE' WHEN 'n' THEN ' ON " event              \
    " SET NULL' WHEN 'd' THEN ' ON " event " SET DEFAULT' WHEN 'r' THEN ' ON " event               \
    " RESTRICT' ELSE '' END"

static void find_constraints(found *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT con.conname::text, ARRAY(SELECT ca.attname::text "
          "FROM unnest(con.conkey) WITH ORDINALITY cols(colid, place) "
          "JOIN pg_attribute ca ON cols.colid = ca.attnum WHERE ca.attrelid = con.conrelid "
          "ORDER BY cols.place), con.contype::text, fk.relname::text, "
          "fa.attname::text, " ACTION("con.confdeltype", "DELETE") " || " ACTION(
              "con.confupdtype",
              "UPDATE") " "
                        "FROM pg_constraint con JOIN pg_class c ON con.conrelid = c.oid "
                        "LEFT JOIN pg_class fk ON fk.oid = con.confrelid "
                        "LEFT JOIN pg_attribute fa ON fa.attrelid = con.confrelid AND "
                        "fa.attnum = con.confkey[1] "
                        "WHERE c.relname = $1::text AND pg_table_is_visible(c.oid)"),
        NU_ARGS(table));

    while (nu__rows_next(rows)) {
        nu__table_constraint *constraint = add(found, text_of(&rows->cells[0]));
        char kind = text_of(&rows->cells[2]).ptr[0];

        take_columns(constraint, &rows->cells[1], NULL);
        constraint->primary_key = kind == 'p';
        constraint->unique = kind == 'p' || kind == 'u';
        constraint->check = kind == 'c';
        if (kind != 'f')
            continue;
        constraint->to_table = text_of(&rows->cells[3]);
        constraint->to_column = text_of(&rows->cells[4]);
        constraint->actions = text_of(&rows->cells[5]);
    }
    nu__rows_close(rows);
}

static bool is_found(const found *found, nu_str name)
{
    for (size_t i = 0; i < found->n; i++)
        if (nu_eq(found->items[i].name, name))
            return true;
    return false;
}

/* The first four of an array of names; how many. */
static uint8_t take_names(nu_str out[4], const nu__cell *names)
{
    size_t n = names->kind == NU__CELL_ARRAY ? names->len : 0;
    uint8_t taken = 0;

    for (; taken < n && taken < 4; taken++)
        out[taken] = text_of(&names->items[taken]);
    return taken;
}

/* An index with options is one of a user's own, whatever its kind. */
static void find_indexes(found *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT ic.relname::text, array_agg(a.attname::text ORDER BY k.place) "
          "FILTER (WHERE k.place <= i.indnkeyatts), "
          "i.indisunique, i.indisprimary, "
          "array_agg(am.amname = 'btree' AND k.option & 1 = 1 ORDER BY k.place) "
          "FILTER (WHERE k.place <= i.indnkeyatts), "
          "am.amname::text, ic.reloptions IS NOT NULL, "
          "bool_or(i.indpred IS NOT NULL OR k.key = 0), array_agg(a.attname::text ORDER BY "
          "k.place) "
          "FILTER (WHERE k.place > i.indnkeyatts), CASE WHEN bool_or(NOT oc.opcdefault) THEN "
          "array_agg(oc.opcname::text ORDER BY k.place) FILTER (WHERE k.place <= i.indnkeyatts) "
          "END, NULLIF(concat_ws(', ', string_agg(a.attname || ' COLLATE ' || co.collname, ', ' "
          "ORDER BY k.place) FILTER (WHERE co.oid <> a.attcollation), "
          "'WITH (' || array_to_string(ic.reloptions, ', ') || ')'), '') FROM pg_index i "
          "CROSS JOIN LATERAL unnest(i.indkey, i.indoption, i.indclass, i.indcollation) "
          "WITH ORDINALITY "
          "k(key, option, class, coll, place) JOIN pg_class c ON i.indrelid = c.oid "
          "JOIN pg_class ic ON i.indexrelid = ic.oid JOIN pg_am am ON ic.relam = am.oid "
          "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.key "
          "LEFT JOIN pg_opclass oc ON oc.oid = k.class "
          "LEFT JOIN pg_collation co ON co.oid = k.coll "
          "WHERE c.relname = $1::text AND pg_table_is_visible(c.oid) "
          "GROUP BY ic.relname, i.indisunique, i.indisprimary, am.amname, "
          "ic.reloptions ORDER BY 1"),
        NU_ARGS(table));

    while (nu__rows_next(rows)) {
        nu_str name = text_of(&rows->cells[0]), method = text_of(&rows->cells[5]);
        nu__table_constraint *index;

        if (is_found(found, name))
            continue;
        index = add(found, name);
        take_columns(index, &rows->cells[1], &rows->cells[4]);
        index->unique = rows->cells[2].i;
        index->primary_key = rows->cells[3].i;
        index->index = true;
        index->in_part = rows->cells[7].i;
        index->n_included = take_names(index->included, &rows->cells[8]);
        take_names(index->opclasses, &rows->cells[9]);
        index->own = text_of(&rows->cells[10]);
        if (!nu_eq(method, "btree") || nu_ends_with(name, S("_btree")) || rows->cells[6].i)
            index->type = method;
    }
    nu__rows_close(rows);
}

static nu__table_constraint *constraints(nu__connection *connection, nu_str table, size_t *n)
{
    found found = { 0 };

    find_constraints(&found, connection, table);
    find_indexes(&found, connection, table);
    *n = found.n;
    return found.items;
}

/* ---- sequences and collations ------------------------------------------------------------- */

static nu_str first_text(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_str text = nu__rows_next(rows) ? text_of(&rows->cells[0]) : (nu_str){ 0 };

    nu__rows_close(rows);
    return text;
}

nu_str nu__pg_sequence_of(nu__connection *connection, nu_str table, nu_str column)
{
    return first_text(
        connection,
        S("SELECT s.relname::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid "
          "AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass "
          "JOIN pg_attribute a ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum "
          "JOIN pg_class c ON c.oid = d.refobjid AND c.relname = $1::text "
          "AND pg_table_is_visible(c.oid) WHERE s.relkind = 'S' AND a.attname = $2::text"),
        NU_ARGS(table, column));
}

bool nu__pg_is_deterministic(nu__connection *connection, nu_str collation)
{
    return nu_eq(first_text(connection,
                            S("SELECT collisdeterministic::text FROM pg_collation "
                              "WHERE collname = $1::text"),
                            NU_ARGS(collation)),
                 "true");
}

/* ---- what depends on a column ------------------------------------------------------------- */

/* Views by their rules: DROP TABLE … CASCADE takes them without a word. */
static nu_str views_of(nu__connection *connection, nu_str table)
{
    return first_text(
        connection,
        S("SELECT string_agg(DISTINCT pg_describe_object('pg_class'::regclass, r.ev_class, 0), "
          "', ') FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid JOIN pg_rewrite r ON "
          "d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> c.oid WHERE "
          "d.refclassid = 'pg_class'::regclass AND c.relname = $1::text AND "
          "pg_table_is_visible(c.oid)"),
        NU_ARGS(table));
}

/* Views by their rules, generated columns, which go without a word, and what else DROP COLUMN would
   refuse to take with it; not what is the table's own: constraints, indexes, defaults. */
static nu_str dependents(nu__connection *connection, nu_str table, nu_str column)
{
    if (nu_is_null(column))
        return views_of(connection, table);
    return first_text(
        connection,
        S("SELECT string_agg(DISTINCT CASE "
          "WHEN r.oid IS NOT NULL THEN pg_describe_object('pg_class'::regclass, r.ev_class, 0) "
          "WHEN g.oid IS NOT NULL THEN pg_describe_object('pg_class'::regclass, c.oid, g.adnum) "
          "ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END, ', ') "
          "FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid "
          "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid "
          "LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid "
          "LEFT JOIN pg_attrdef g ON d.classid = 'pg_attrdef'::regclass AND g.oid = d.objid "
          "AND g.adnum <> a.attnum "
          "WHERE d.refclassid = 'pg_class'::regclass AND c.relname = $1::text "
          "AND pg_table_is_visible(c.oid) AND a.attname = $2::text "
          "AND d.classid <> 'pg_constraint'::regclass "
          "AND (g.oid IS NOT NULL OR d.deptype = 'n' AND d.classid <> 'pg_attrdef'::regclass "
          "AND NOT EXISTS (SELECT 1 FROM pg_class i WHERE i.oid = d.objid "
          "AND d.classid = 'pg_class'::regclass AND i.relkind IN ('i', 'I', 'S')) "
          "OR d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid <> 0)"),
        NU_ARGS(table, column));
}

static nu_str referring(nu__connection *connection, nu_str table, nu_str column)
{
    return first_text(
        connection,
        S("SELECT string_agg(format('foreign key %s of table %s', k.conname, o.relname), ', ' "
          "ORDER BY k.conname) FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid "
          "JOIN pg_class o ON o.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND "
          "a.attnum = ANY (k.confkey) WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND "
          "c.relname = $1::text AND pg_table_is_visible(c.oid) AND a.attname = $2::text"),
        NU_ARGS(table, column));
}

const nu__introspection nu__pg_introspection = {
    .tables = tables,
    .columns = columns,
    .constraints = constraints,
    .dependents = dependents,
    .referring = referring,
};
