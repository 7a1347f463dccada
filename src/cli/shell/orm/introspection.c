/* connection.introspection: which tables, columns and constraints the database has. */
#include "cli/shell/orm/connections.h"
#include "db/backends/base.h"

static nu__connection *connection_of(nu__py self)
{
    return nu__connection_of(self.cp);
}

/* ---- rows with names ---------------------------------------------------------------------------
 */

/* TableInfo and FieldInfo: attributes by name. */
static bool info_get(nu__py self, nu_str name, nu__py *out)
{
    nu__py *found = nu__py_dict_find(self.dict, nu__py_str(name));

    if (found)
        *out = *found;
    return found;
}

static void info_names(nu__py self, nu_list *out)
{
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at));)
        nu_list_append(out, entry->key.s);
}

static void info_repr(nu__py self, nu__buf *out)
{
    nu__py_entry *entry;
    bool first = true;

    nu__buf_fmt(out, "{}(", self.type->name);
    for (size_t at = 0; (entry = nu__py_dict_next(self.dict, &at)); first = false) {
        nu__buf_fmt(out, "{}{}=", first ? "" : ", ", entry->key.s);
        nu__py_repr_to(entry->value, out);
    }
    nu__buf_char(out, ')');
}

static const nu__py_type table_info_type = {
    .name = "TableInfo", .get = info_get, .names = info_names, .repr = info_repr
};
static const nu__py_type field_info_type = {
    .name = "FieldInfo", .get = info_get, .names = info_names, .repr = info_repr
};

static void put(nu__py dict, const char *key, nu__py value)
{
    nu__py_dict_set(dict.dict, nu__py_str(nu_s(key)), value);
}

/* ---- tables ------------------------------------------------------------------------------------
 */

static nu__py names_of_tables(nu__connection *connection, bool views)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 16);
    size_t n;
    const nu__table *tables = connection->backend->introspection->tables(connection, &n);

    for (size_t i = 0; i < n; i++)
        if (views || tables[i].kind == 't')
            nu__py_append(out, nu__py_str(tables[i].name));
    return out;
}

static nu__py table_names(nu__py self, const nu__py *args)
{
    return names_of_tables(connection_of(self), nu__py_true_or(args[1], false));
}

static nu__py get_table_list(nu__py self, const nu__py *args)
{
    nu__connection *connection = nu__orm_cursor_connection(args[0]);
    nu__py out = nu__py_list_new(&nu__py_list_type, 16);
    size_t n;
    const nu__table *tables = connection->backend->introspection->tables(connection, &n);

    (void)self;
    for (size_t i = 0; i < n; i++) {
        nu__py info = nu__py_dict_new(&table_info_type);

        put(info, "name", nu__py_str(tables[i].name));
        put(info, "type", nu__py_str(nu_copy((nu_str){ &tables[i].kind, 1 })));
        nu__py_append(out, info);
    }
    return out;
}

/* The tables of the models. */
static nu__py django_table_names(nu__py self, const nu__py *args)
{
    const nu__registry *registry = nu__models();
    bool only_existing = nu__py_true_or(args[0], false);
    nu__py there = only_existing ? names_of_tables(connection_of(self), true) : (nu__py){ 0 };
    nu__py out = nu__py_list_new(&nu__py_list_type, registry->n_models);

    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];
        nu__py name = nu__py_str(info->db_table);

        if (!info->model->proxy && !nu__py_contains(out, name) &&
            (!only_existing || nu__py_contains(there, name)))
            nu__py_append(out, name);
    }
    return out;
}

/* ---- columns -----------------------------------------------------------------------------------
 */

static nu__py get_table_description(nu__py self, const nu__py *args)
{
    nu__connection *connection = nu__orm_cursor_connection(args[0]);
    nu__py out = nu__py_list_new(&nu__py_list_type, 16);
    size_t n;
    const nu__table_column *columns = connection->backend->introspection->columns(
        connection, nu__py_as_str(args[1], "get_table_description()"), &n);

    (void)self;
    for (size_t i = 0; i < n; i++) {
        nu__py info = nu__py_dict_new(&field_info_type);

        put(info, "name", nu__py_str(columns[i].name));
        put(info, "type_code", nu__py_str(columns[i].type));
        put(info, "null_ok", nu__py_bool(columns[i].null));
        put(info, "default", nu__py_str(columns[i].default_));
        put(info, "collation", nu__py_str(columns[i].collation));
        put(info, "pk", nu__py_bool(columns[i].primary_key));
        put(info, "has_json_constraint", nu__py_bool(columns[i].json));
        nu__py_append(out, info);
    }
    return out;
}

/* ---- constraints -------------------------------------------------------------------------------
 */

static const nu__table_constraint *constraints_of(const nu__py *args, size_t *n)
{
    nu__connection *connection = nu__orm_cursor_connection(args[0]);

    return connection->backend->introspection->constraints(
        connection, nu__py_as_str(args[1], "a table's name"), n);
}

static nu__py columns_of(const nu__table_constraint *constraint)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, constraint->n_columns);

    for (uint8_t i = 0; i < constraint->n_columns; i++)
        nu__py_append(out, nu__py_str(constraint->columns[i]));
    return out;
}

static nu__py get_primary_key_columns(nu__py self, const nu__py *args)
{
    size_t n;
    const nu__table_constraint *found = constraints_of(args, &n);

    (void)self;
    for (size_t i = 0; i < n; i++)
        if (found[i].primary_key)
            return columns_of(&found[i]);
    return nu__py_list_new(&nu__py_list_type, 1);
}

static nu__py get_primary_key_column(nu__py self, const nu__py *args)
{
    nu__py columns = get_primary_key_columns(self, args);

    return columns.list->len ? columns.list->items[0] : nu__py_none();
}

/* {"department_id": ("id", "registry_department")} */
static nu__py get_relations(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    size_t n;
    const nu__table_constraint *found = constraints_of(args, &n);

    (void)self;
    for (size_t i = 0; i < n; i++)
        if (!nu_is_null(found[i].to_table) && found[i].n_columns)
            nu__py_dict_set(
                out.dict, nu__py_str(found[i].columns[0]),
                nu__py_pair(nu__py_str(found[i].to_column), nu__py_str(found[i].to_table)));
    return out;
}

static nu__py orders_of(const nu__table_constraint *constraint)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, constraint->n_columns);

    for (uint8_t i = 0; i < constraint->n_columns; i++)
        nu__py_append(out, nu__py_str(constraint->descending[i] ? S("DESC") : S("ASC")));
    return out;
}

/* On MariaDB a key without an index of its own name has an empty list of orders. */
static nu__py constraint_of(const nu__table_constraint *constraint, nu__dialect dialect)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    bool refers = !nu_is_null(constraint->to_table);

    put(out, "columns", columns_of(constraint));
    put(out, "primary_key", nu__py_bool(constraint->primary_key));
    put(out, "unique", nu__py_bool(constraint->unique));
    put(out, "foreign_key",
        refers ? nu__py_pair(nu__py_str(constraint->to_table), nu__py_str(constraint->to_column))
               : nu__py_none());
    put(out, "check", nu__py_bool(constraint->check));
    put(out, "index", nu__py_bool(constraint->index));
    if (dialect == NU__MYSQL && !constraint->index && !constraint->check)
        put(out, "orders", nu__py_list_new(&nu__py_list_type, 1));
    if (constraint->index) {
        put(out, "orders", orders_of(constraint));
        put(out, "type", nu__py_str(nu_is_null(constraint->type) ? S("idx") : constraint->type));
    }
    return out;
}

static nu__py get_constraints(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    size_t n;
    const nu__table_constraint *found = constraints_of(args, &n);
    nu__dialect dialect = nu__orm_cursor_connection(args[0])->backend->dialect;

    (void)self;
    for (size_t i = 0; i < n; i++)
        nu__py_dict_set(out.dict, nu__py_str(found[i].name), constraint_of(&found[i], dialect));
    return out;
}

const nu__py_type nu__orm_introspection_type = {
    .name = "DatabaseIntrospection",
    .module = "django.db.backends.base.introspection",
    .methods =
        (const nu__py_method[]){
            { "table_names", "cursor=, include_views=", table_names },
            { "django_table_names", "only_existing=, include_views=", django_table_names },
            { "get_table_list", "cursor", get_table_list },
            { "get_table_description", "cursor, table_name", get_table_description },
            { "get_primary_key_column", "cursor, table_name", get_primary_key_column },
            { "get_primary_key_columns", "cursor, table_name", get_primary_key_columns },
            { "get_relations", "cursor, table_name", get_relations },
            { "get_constraints", "cursor, table_name", get_constraints },
            { 0 },
        },
};
