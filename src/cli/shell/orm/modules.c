/* Django's modules, and those of the apps' models, for code that imports. */
#include "apps/registry.h"
#include "cli/shell/orm/query_methods.h"

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

/* Classes of expressions and fields, and what else django.db.models and its modules have. */
static bool classes_get(nu_str module, nu_str name, nu__py *out)
{
    static const nu__py_type *const others[] = { &nu__orm_model_type, &nu__orm_queryset_type,
                                                 &nu__orm_manager_type };
    const nu__py_type *type = nu__orm_class(name);

    for (size_t i = 0; i < sizeof others / sizeof *others && !type; i++)
        if (nu_eq(name, others[i]->name))
            type = others[i];
    if (!type)
        return exceptions_get(module, name, out);
    *out = nu__py_class(type);
    return true;
}

static void classes_names(nu_str module, nu_list *out)
{
    (void)module;
    nu__orm_class_names(out);
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

/* ---- apps and their models --------------------------------------------------------------------
 */

nu__model_info *nu__orm_model_named(nu__py app_label, nu__py name)
{
    nu_str label = nu__py_as_str(app_label, "get_model()");
    nu__model_info *info;

    if (!nu__orm_is_none(name))
        label = nu_fmt("{}.{}", label, nu__py_as_str(name, "get_model()"));
    info = nu__registry_find(nu__models(), label);
    if (info)
        return info;
    nu_raise(NU_LOOKUP_ERROR, "No installed app has a model '{}'.", label);
}

static nu__py get_model(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_class(nu__orm_type_of(nu__orm_model_named(args[0], args[1])));
}

static nu__py get_models(nu__py self, const nu__py *args)
{
    const nu__registry *registry = nu__models();
    nu__py out = nu__py_list_new(&nu__py_list_type, registry->n_models);

    (void)self, (void)args;
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__py_append(out, nu__py_class(nu__orm_type_of(registry->models[i])));
    return out;
}

static const nu__py_type apps_type = {
    .name = "Apps",
    .module = "django.apps.registry",
    .methods = (const nu__py_method[]){ { "get_model", "app_label, model_name=", get_model },
                                        { "get_models", NULL, get_models },
                                        { 0 } },
};

static nu__py apps(void)
{
    return nu__py_pointer(&apps_type, NULL);
}

/* Is it of the module "registry.models"? */
static bool belongs(const nu__model_info *info, nu_str module)
{
    return !info->auto_created && nu_eq(module, nu__orm_type_of((nu__model_info *)info)->module);
}

static bool models_get(nu_str module, nu_str name, nu__py *out)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++)
        if (belongs(registry->models[i], module) && nu_eq(name, registry->models[i]->name)) {
            *out = nu__py_class(nu__orm_type_of(registry->models[i]));
            return true;
        }
    return false;
}

static void models_names(nu_str module, nu_list *out)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++)
        if (belongs(registry->models[i], module))
            nu_list_append(out, registry->models[i]->name);
}

/* "registry.models", and "registry" in front of it; none before the models are loaded. */
static const nu__py_module_row *app_module(nu_str name)
{
    const nu__registry *volatile registry = NULL;
    nu__py_module_row *row;

    (void)!nu_catch(NU_APP_REGISTRY_NOT_READY, registry = nu__models());
    for (size_t i = 0; registry && i < registry->n_models; i++) {
        nu_str module = nu_s(nu__orm_type_of(registry->models[i])->module);

        if (!nu_eq(module, name) && !nu_starts_with(module, nu_fmt("{}.", name)))
            continue;
        row = nu_alloc(nu__py_module_row);
        *row = (nu__py_module_row){ .name = nu_copy(name).ptr,
                                    .get = models_get,
                                    .names = models_names };
        return row;
    }
    return NULL;
}

/* ---- the table ----------------------------------------------------------------------------------
 */

static const nu__py_constant db_constants[] = { { "transaction", transaction },
                                                { "connection", connection },
                                                { 0 } };
static const nu__py_constant apps_constants[] = { { "apps", apps }, { 0 } };
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
    { .name = "django.db",
      .constants = db_constants,
      .get = exceptions_get,
      .names = exceptions_names },
    { .name = "django.db.models",
      .functions = models_functions,
      .get = classes_get,
      .names = classes_names },
    CLASSES("django.db.models.aggregates"),
    CLASSES("django.db.models.expressions"),
    CLASSES("django.db.models.functions"),
    CLASSES("django.db.models.lookups"),
    CLASSES("django.db.models.query"),
    CLASSES("django.db.models.query_utils"),
    CLASSES("django.db.models.fields.json"),
    { .name = "django.db.transaction", .get = transaction_get },
    { .name = "django.db.utils", .get = exceptions_get, .names = exceptions_names },
    { .name = "django.core.exceptions", .get = exceptions_get, .names = exceptions_names },
    { .name = "django.apps", .constants = apps_constants },
    { .name = "django.http", .types = http_types },
};

static const nu__py_module_row *const modules[] = { &nu__orm_timezone_module,
                                                    &nu__orm_shortcuts_module };

const nu__py_module_row *nu__orm_module(nu_str name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (nu_eq(name, rows[i].name))
            return &rows[i];
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (nu_eq(name, modules[i]->name))
            return modules[i];
    return app_module(name);
}

void nu__orm_module_names(nu_list *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        nu_list_append(out, rows[i].name);
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        nu_list_append(out, modules[i]->name);
}
