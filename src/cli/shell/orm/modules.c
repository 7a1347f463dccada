/* Django's modules, and those of the apps' models, for code that imports. */
#include "cli/shell/orm/connections.h"
#include "cli/shell/orm/fetch_modes.h"
#include "cli/shell/orm/on_delete.h"
#include "cli/shell/orm/signals.h"
#include "conf/settings.h"

#include <nuages/managers.h>

/* ---- what their names are ----------------------------------------------------------------------
 */

static bool exception_named(nu_str name, nu__py *out)
{
    for (const nu_error_class *e = nu__orm_exceptions; *e; e++)
        if (nu_eq(name, nu_error_class_name(*e))) {
            *out = nu__py_class(&nu__py_errors[*e]);
            return true;
        }
    return false;
}

static bool exceptions_get(nu_str module, nu_str name, nu__py *out)
{
    (void)module;
    return exception_named(name, out);
}

static void exceptions_names(nu_str module, nu_list *out)
{
    (void)module;
    for (const nu_error_class *e = nu__orm_exceptions; *e; e++)
        nu_list_append(out, nu_error_class_name(*e));
}

static bool on_delete_named(nu_str name, nu__py *out)
{
    for (const nu__py_constant *what = nu__orm_on_deletes; what->name; what++)
        if (nu_eq(name, what->name)) {
            *out = what->make();
            return true;
        }
    return false;
}

/* Classes of expressions and fields, and what else django.db.models and its modules have. */
static bool classes_get(nu_str module, nu_str name, nu__py *out)
{
    static const nu__py_type *const others[] = { &nu__orm_model_type, &nu__orm_queryset_type,
                                                 &nu__orm_manager_type, &nu__orm_raw_type };
    const nu__py_type *type = nu__orm_class(name);

    for (size_t i = 0; i < sizeof others / sizeof *others && !type; i++)
        if (nu_eq(name, others[i]->name))
            type = others[i];
    if (type)
        *out = nu__py_class(type);
    return type || on_delete_named(name, out) || exceptions_get(module, name, out);
}

static void classes_names(nu_str module, nu_list *out)
{
    (void)module;
    nu__orm_class_names(out);
    for (const nu__py_constant *what = nu__orm_on_deletes; what->name; what++)
        nu_list_append(out, what->name);
}

static bool transaction_get(nu_str module, nu_str name, nu__py *out)
{
    (void)module;
    return nu__py_find(nu__py_pointer(&nu__orm_transaction_type, NULL), name, out);
}

static nu__py transaction(void)
{
    return nu__py_pointer(&nu__orm_transaction_type, NULL);
}

static nu__py connection(void)
{
    return nu__py_pointer(&nu__orm_connection_type, NULL);
}

static nu__py connections(void)
{
    return nu__py_pointer(&nu__orm_connections_type, NULL);
}

static nu__py router(void)
{
    return nu__py_pointer(&nu__orm_router_type, NULL);
}

static nu__py default_alias(void)
{
    return nu__py_str(S("default"));
}

static nu__py lookup_sep(void)
{
    return nu__py_str(S("__"));
}

static nu__py non_field_errors(void)
{
    return nu__py_str(S("__all__"));
}

static nu__py reset_queries(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    nu__orm_forget_queries();
    return nu__py_none();
}

/* close_old_connections(): the pool looks to their age by itself. */
static nu__py nothing(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_none();
}

/* ---- django.db.models
 * ---------------------------------------------------------------------------- */

static nu__py prefetch_related_objects(nu__py self, const nu__py *args)
{
    nu__py list = nu__py_collect(args[0], &nu__py_list_type);
    nu_object **objects = nu_alloc_array(nu_object *, list.list->len + 1);

    (void)self;
    for (size_t i = 0; i < list.list->len; i++) {
        objects[i] = nu__orm_object(list.list->items[i]);
        if (!objects[i])
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '_prefetched_objects_cache'",
                     list.list->items[i].type->name);
    }
    nu_prefetch_objects_(objects, list.list->len, nu__orm_prefetches(args[1].list));
    return nu__py_none();
}

static const nu__py_method models_functions[] = {
    { "prefetch_related_objects", "model_instances, *related_lookups", prefetch_related_objects },
    { 0 },
};

static nu__py get_user_model(nu__py self, const nu__py *args)
{
    nu__model_info *info = nu__registry_find(nu__models(), S("auth.User"));

    (void)self, (void)args;
    if (nu__settings.site && nu__settings.site->auth_user_model)
        info = nu__model_info_of(nu__settings.site->auth_user_model);
    if (!info)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "AUTH_USER_MODEL refers to model 'auth.User' that has not been installed");
    return nu__py_class(nu__orm_type_of(info));
}

static const nu__py_method auth_functions[] = { { "get_user_model", NULL, get_user_model }, { 0 } };

/* ---- the table ----------------------------------------------------------------------------------
 */

static const nu__py_constant db_constants[] = {
    { "transaction", transaction },        { "connection", connection },
    { "connections", connections },        { "router", router },
    { "DEFAULT_DB_ALIAS", default_alias }, { 0 }
};
static const nu__py_method db_functions[] = { { "reset_queries", NULL, reset_queries },
                                              { "close_old_connections", NULL, nothing },
                                              { 0 } };
static const nu__py_constant model_constants[] = { { "LOOKUP_SEP", lookup_sep }, { 0 } };
static const nu__py_constant exception_constants[] = { { "NON_FIELD_ERRORS", non_field_errors },
                                                       { 0 } };
static const nu__py_type *const http_types[] = { &nu__py_errors[NU_HTTP404], NULL };

#define EMPTY(n)                                                                                   \
    {                                                                                              \
        .name = (n)                                                                                \
    }
#define CLASSES(n)                                                                                 \
    {                                                                                              \
        .name = (n), .get = classes_get, .names = classes_names                                    \
    }

static const nu__py_module_row rows[] = {
    EMPTY("django"),
    EMPTY("django.core"),
    EMPTY("django.contrib"),
    EMPTY("django.utils"),
    EMPTY("django.test"),
    EMPTY("django.db.backends"),
    { .name = "django.db",
      .functions = db_functions,
      .constants = db_constants,
      .get = exceptions_get,
      .names = exceptions_names },
    { .name = "django.db.models",
      .functions = models_functions,
      .constants = nu__orm_fetch_modes,
      .get = classes_get,
      .names = classes_names },
    CLASSES("django.db.models.aggregates"),
    CLASSES("django.db.models.expressions"),
    CLASSES("django.db.models.functions"),
    CLASSES("django.db.models.lookups"),
    CLASSES("django.db.models.query"),
    CLASSES("django.db.models.query_utils"),
    CLASSES("django.db.models.fields"),
    CLASSES("django.db.models.fields.related"),
    CLASSES("django.db.models.functions.comparison"),
    CLASSES("django.db.models.functions.datetime"),
    CLASSES("django.db.models.functions.math"),
    CLASSES("django.db.models.functions.text"),
    CLASSES("django.db.models.functions.window"),
    CLASSES("django.db.models.manager"),
    CLASSES("django.db.models.base"),
    { .name = "django.db.models.fetch_modes", .constants = nu__orm_fetch_modes },
    { .name = "django.db.models.constants", .constants = model_constants },
    { .name = "django.db.models.deletion",
      .constants = nu__orm_on_deletes,
      .get = exceptions_get,
      .names = exceptions_names },
    { .name = "django.db.transaction", .get = transaction_get },
    { .name = "django.db.utils", .get = exceptions_get, .names = exceptions_names },
    { .name = "django.core.exceptions",
      .constants = exception_constants,
      .get = exceptions_get,
      .names = exceptions_names },
    { .name = "django.http", .types = http_types },
    { .name = "django.contrib.auth", .functions = auth_functions },
};

static const nu__py_module_row *const modules[] = {
    &nu__orm_timezone_module, &nu__orm_shortcuts_module,  &nu__orm_apps_module,
    &nu__orm_conf_module,     &nu__orm_validators_module, &nu__orm_test_utils_module,
    &nu__orm_json_module,     &nu__orm_dateparse_module,
};

const nu__py_module_row *nu__orm_module(nu_str name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (nu_eq(name, rows[i].name))
            return &rows[i];
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (nu_eq(name, modules[i]->name))
            return modules[i];
    for (const nu__py_module_row *row = nu__orm_signal_modules; row->name; row++)
        if (nu_eq(name, row->name))
            return row;
    return nu__orm_app_module(name);
}

void nu__orm_module_names(nu_list *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        nu_list_append(out, rows[i].name);
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        nu_list_append(out, modules[i]->name);
    for (const nu__py_module_row *row = nu__orm_signal_modules; row->name; row++)
        nu_list_append(out, row->name);
}
