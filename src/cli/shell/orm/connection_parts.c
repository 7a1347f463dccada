/* What a connection tells of its database: features, operations, introspection, settings. */
#include "cli/shell/orm/connections.h"
#include "conf/settings.h"
#include "db/backends/base.h"
#include "db/database.h"
#include "db/driver.h"

#include <stddef.h>

static nu__connection *connection_of(nu__py self)
{
    return nu__connection_of(self.cp);
}

/* ---- features ---------------------------------------------------------------------------------
 */

/* Django's names for the facts of nu__features. A row without an offset holds of every database
   here; `lacks`: the fact says the contrary. */
typedef struct feature {
    const char *name;
    size_t offset;
    bool everywhere, lacks;
} feature;

#define FACT(name, member)                                                                         \
    {                                                                                              \
        name, offsetof(nu__features, member), false, false                                         \
    }
#define LACKS(name, member)                                                                        \
    {                                                                                              \
        name, offsetof(nu__features, member), false, true                                          \
    }
#define ALWAYS(name)                                                                               \
    {                                                                                              \
        name, 0, true, false                                                                       \
    }
#define NEVER(name)                                                                                \
    {                                                                                              \
        name, 0, true, true                                                                        \
    }

static const feature features[] = {
    FACT("can_return_columns_from_insert", can_return_from_insert),
    FACT("can_return_rows_from_bulk_insert", can_return_from_insert),
    FACT("can_rollback_ddl", can_rollback_ddl),
    FACT("has_select_for_update", has_select_for_update),
    FACT("has_select_for_update_nowait", has_select_for_update_nowait),
    FACT("has_select_for_update_skip_locked", has_select_for_update_skip_locked),
    FACT("has_select_for_update_of", has_select_for_update_of),
    FACT("has_select_for_no_key_update", has_select_for_no_key_update),
    FACT("can_distinct_on_fields", has_distinct_on),
    FACT("order_by_nulls_first", order_by_nulls_first),
    FACT("supports_ignore_conflicts", supports_ignore_conflicts),
    FACT("supports_update_conflicts_with_target", supports_update_conflicts_with_target),
    FACT("supports_parentheses_in_compound", supports_parentheses_in_compound),
    FACT("supports_slicing_ordering_in_compound", supports_order_in_compound),
    FACT("supports_frame_exclusion", has_frame_exclusion),
    FACT("supports_deferrable_unique_constraints", supports_deferrable_unique_constraints),
    FACT("supports_covering_indexes", supports_covering_indexes),
    FACT("supports_nulls_distinct_unique_constraints", supports_nulls_distinct),
    FACT("supports_timezones", supports_timezones),
    FACT("has_native_duration_field", has_native_durations),
    FACT("has_native_uuid_field", has_native_uuids),
    FACT("supports_logical_xor", has_xor),
    LACKS("supports_partial_indexes", lacks_partial_indexes),
    LACKS("supports_expression_indexes", lacks_expression_indexes),
    LACKS("supports_aggregate_filter_clause", lacks_aggregate_filter),
    LACKS("supports_order_by_nulls_modifier", lacks_nulls_ordering),
    ALWAYS("supports_transactions"),
    ALWAYS("supports_over_clause"),
    ALWAYS("supports_json_field"),
    ALWAYS("supports_foreign_keys"),
    ALWAYS("supports_update_conflicts"),
    ALWAYS("supports_table_check_constraints"),
    ALWAYS("supports_column_check_constraints"),
    ALWAYS("has_bulk_insert"),
    ALWAYS("uses_savepoints"),
    ALWAYS("can_introspect_foreign_keys"),
    NEVER("interprets_empty_strings_as_nulls"),
};

static bool feature_get(nu__py self, nu_str name, nu__py *out)
{
    const nu__features *facts = connection_of(self)->backend->features;

    if (nu_eq(name, "max_query_params")) {
        *out = facts->max_query_params ? nu__py_int(facts->max_query_params) : nu__py_none();
        return true;
    }
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        const feature *row = &features[i];

        if (!nu_eq(name, row->name))
            continue;
        *out = nu__py_bool(row->everywhere
                               ? !row->lacks
                               : *(const bool *)((const char *)facts + row->offset) != row->lacks);
        return true;
    }
    return false;
}

static void feature_names(nu__py self, nu_list *out)
{
    (void)self;
    nu_list_append(out, "max_query_params");
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        nu_list_append(out, features[i].name);
}

const nu__py_type nu__orm_features_type = { .name = "DatabaseFeatures",
                                            .module = "django.db.backends.base.features",
                                            .get = feature_get,
                                            .names = feature_names };

/* ---- operations -------------------------------------------------------------------------------
 */

static bool quoted_already(nu_str name, char quote)
{
    return name.len > 1 && name.ptr[0] == quote && name.ptr[name.len - 1] == quote;
}

static nu__py quote_name(nu__py self, const nu__py *args)
{
    const nu__backend *backend = connection_of(self)->backend;
    nu_str name = nu__py_as_str(args[0], "quote_name()");
    nu__buf out = { 0 };

    if (quoted_already(name, backend->driver->name_quote))
        return args[0];
    backend->operations->quote_name(&out, name);
    return nu__py_str(nu__buf_str(&out));
}

static nu__py max_name_length(nu__py self, const nu__py *args)
{
    uint32_t most = connection_of(self)->backend->features->max_name_length;

    (void)args;
    return most ? nu__py_int(most) : nu__py_none();
}

static nu__py bulk_batch_size(nu__py self, const nu__py *args)
{
    size_t n_fields = (size_t)nu__py_length(args[0]), n = (size_t)nu__py_length(args[1]);

    return nu__py_int(
        (int64_t)connection_of(self)->backend->operations->bulk_batch_size(n_fields, n));
}

#define SAVEPOINT(name, words)                                                                     \
    static nu__py savepoint_##name(nu__py self, const nu__py *args)                                \
    {                                                                                              \
        return nu__py_str(nu_fmt(words " {}", nu__py_text(quote_name(self, args))));               \
    }
SAVEPOINT(create, "SAVEPOINT")
SAVEPOINT(commit, "RELEASE SAVEPOINT")
SAVEPOINT(rollback, "ROLLBACK TO SAVEPOINT")

static nu__py prep_for_like_query(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_text(args[0]);
    nu__buf out = { 0 };

    (void)self;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' || text.ptr[i] == '%' || text.ptr[i] == '_')
            nu__buf_char(&out, '\\');
        nu__buf_char(&out, text.ptr[i]);
    }
    return nu__py_str(nu__buf_str(&out));
}

const nu__py_type nu__orm_operations_type = {
    .name = "DatabaseOperations",
    .module = "django.db.backends.base.operations",
    .methods =
        (const nu__py_method[]){
            { "quote_name", "name", quote_name },
            { "max_name_length", NULL, max_name_length },
            { "savepoint_create_sql", "sid", savepoint_create },
            { "savepoint_commit_sql", "sid", savepoint_commit },
            { "savepoint_rollback_sql", "sid", savepoint_rollback },
            { "bulk_batch_size", "fields, objs", bulk_batch_size },
            { "prep_for_like_query", "x", prep_for_like_query },
            { "prep_for_iexact_query", "x", prep_for_like_query },
            { 0 },
        },
};

/* ---- settings ----------------------------------------------------------------------------------
 */

static void put(nu__py dict, const char *key, nu__py value)
{
    nu__py_dict_set(dict.dict, nu__py_str(nu_s(key)), value);
}

static nu__py text_or_empty(const char *text)
{
    return nu__py_str(nu_s(text ? text : ""));
}

/* The engine by Django's name: of a driver's names, the one that is a module. */
static nu__py engine_of(const nu__driver *driver)
{
    size_t last = 0;

    while (last + 1 < sizeof driver->schemes / sizeof *driver->schemes &&
           !nu_starts_with(nu_s(driver->schemes[last]), S("django.")) && driver->schemes[last + 1])
        last++;
    return nu__py_str(nu_s(driver->schemes[last]));
}

static nu__py options_of(const nu__database *database)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < database->n_options; i++)
        put(out, database->options[i].name, text_or_empty(database->options[i].value));
    return out;
}

static bool atomic_requests(const char *alias)
{
    const nu_settings *site = nu__settings.site;

    for (size_t i = 0; site && i < sizeof site->databases / sizeof *site->databases; i++)
        if (site->databases[i].alias && nu_eq(nu_s(alias), site->databases[i].alias))
            return site->databases[i].atomic_requests;
    return false;
}

nu__py nu__orm_settings_dict(const nu__connection *connection)
{
    const nu__database *database = connection->database;
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    bool limited = database->max_age > 0 && database->max_age < 1e12;

    put(out, "ENGINE", engine_of(database->driver));
    put(out, "NAME", text_or_empty(database->name));
    put(out, "USER", text_or_empty(database->user));
    put(out, "PASSWORD", nu__py_str(database->password ? S("********************") : S("")));
    put(out, "HOST", text_or_empty(database->host));
    put(out, "PORT", text_or_empty(database->port));
    put(out, "CONN_MAX_AGE", limited ? nu__py_int((int64_t)database->max_age) : nu__py_none());
    put(out, "CONN_HEALTH_CHECKS", nu__py_bool(database->health_checks));
    put(out, "ATOMIC_REQUESTS", nu__py_bool(atomic_requests(connection->alias)));
    put(out, "AUTOCOMMIT", nu__py_bool(true));
    put(out, "OPTIONS", options_of(database));
    return out;
}
