/* django.apps: the registry of apps and their models; and the modules of the apps' models. */
#include "apps/registry.h"
#include "cli/shell/orm/query_methods.h"

/* ---- models
 * -------------------------------------------------------------------------------------- */

static NU_NORETURN void no_model(nu_str label)
{
    const char *dot = memchr(label.ptr, '.', label.len);
    nu_str app;

    if (!dot)
        nu_raise(NU_VALUE_ERROR, "not enough values to unpack (expected 2, got 1)");
    app = nu_copy((nu_str){ label.ptr, (size_t)(dot - label.ptr) });
    (void)nu__app_get(app);
    nu_raise(NU_LOOKUP_ERROR, "App '{}' doesn't have a '{}' model.", app, dot + 1);
}

nu__model_info *nu__orm_model_named(nu__py app_label, nu__py name)
{
    nu_str label = nu__py_as_str(app_label, "get_model()");
    nu__model_info *info;

    if (!nu__orm_is_none(name))
        label = nu_fmt("{}.{}", label, nu__py_as_str(name, "get_model()"));
    info = nu__registry_find(nu__models(), label);
    if (!info)
        no_model(nu_copy(label));
    return info;
}

static nu__py get_model(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_class(nu__orm_type_of(nu__orm_model_named(args[0], args[1])));
}

/* Of one app, or where `label` is null of all. */
static nu__py models_of(nu_str label)
{
    const nu__registry *registry = nu__models();
    nu__py out = nu__py_list_new(&nu__py_list_type, registry->n_models);

    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created &&
            (nu_is_null(label) || nu_eq_(label, registry->models[i]->app_label)))
            nu__py_append(out, nu__py_class(nu__orm_type_of(registry->models[i])));
    return out;
}

static nu__py get_models(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return models_of((nu_str){ 0 });
}

/* ---- an app
 * -------------------------------------------------------------------------------------- */

static const nu__app_config *app_of(nu__py self)
{
    return self.cp;
}

static nu__py app_label(nu__py self)
{
    return nu__py_str(app_of(self)->label);
}

static nu__py app_name(nu__py self)
{
    return nu__py_str(app_of(self)->name);
}

static nu__py app_verbose_name(nu__py self)
{
    return nu__py_str(app_of(self)->verbose_name);
}

static nu__py app_models(nu__py self, const nu__py *args)
{
    (void)args;
    return models_of(app_of(self)->label);
}

static nu__py app_model(nu__py self, const nu__py *args)
{
    return get_model(self, (const nu__py[]){ app_label(self), args[0] });
}

static void app_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<AppConfig: {}>", app_of(self)->label);
}

static const nu__py_type app_type = {
    .name = "AppConfig",
    .module = "django.apps.config",
    .methods = (const nu__py_method[]){ { "get_models", NULL, app_models },
                                        { "get_model", "model_name", app_model },
                                        { 0 } },
    .attributes = (const nu__py_attribute[]){ { "label", app_label },
                                              { "name", app_name },
                                              { "verbose_name", app_verbose_name },
                                              { 0 } },
    .repr = app_repr,
};

static nu__py get_app_config(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_pointer(&app_type, nu__app_get(nu__py_as_str(args[0], "get_app_config()")));
}

static nu__py get_app_configs(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    (void)self, (void)args;
    for (size_t i = 0; apps && i < n; i++)
        nu__py_append(out, nu__py_pointer(&app_type, &apps[i]));
    return out;
}

static nu__py is_installed(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(nu__app_installed(nu__py_as_str(args[0], "is_installed()")));
}

static const nu__py_type apps_type = {
    .name = "Apps",
    .module = "django.apps.registry",
    .methods = (const nu__py_method[]){ { "get_model", "app_label, model_name=", get_model },
                                        { "get_models", NULL, get_models },
                                        { "get_app_config", "app_label", get_app_config },
                                        { "get_app_configs", NULL, get_app_configs },
                                        { "is_installed", "app_name", is_installed },
                                        { 0 } },
};

static nu__py apps(void)
{
    return nu__py_pointer(&apps_type, NULL);
}

const nu__py_module_row nu__orm_apps_module = {
    .name = "django.apps", .constants = (const nu__py_constant[]){ { "apps", apps }, { 0 } }
};

/* ---- the modules of the apps' models
 * ------------------------------------------------------------- */

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

const nu__py_module_row *nu__orm_app_module(nu_str name)
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
