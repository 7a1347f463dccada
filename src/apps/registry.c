#include "apps/registry.h"
#include "core/text.h"

#include "core/suggest.h"

#include <stdlib.h>
#include <string.h>

#define N_MODELS (sizeof(((nu_app *)0)->models) / sizeof(nu_model *))

static struct {
    nu__app_config *apps;
    const nu_app **list;
    const nu_model **models;
    char *labels; /* the texts of labels and verbose names that had to be made */
    size_t n_apps, labels_used;
    bool ready;
} registry;

void nu__apps_release(void)
{
    free(registry.apps);
    free(registry.list);
    free(registry.models);
    free(registry.labels);
    memset(&registry, 0, sizeof(registry));
}

/* ---- labels ---------------------------------------------------------------------------------- */

static nu_str last_part(nu_str name)
{
    size_t at = name.len;

    while (at && name.ptr[at - 1] != '.')
        at--;
    return (nu_str){ name.ptr + at, name.len - at };
}

/* "blog_posts" is shown as "Blog_posts", as str.title() of an ASCII label gives it. */
static nu_str titled(nu_str label)
{
    char *text = registry.labels + registry.labels_used;
    bool in_word = false;

    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        text[i] = c >= 'a' && c <= 'z' && !in_word ? (char)(c - 32) : c;
        in_word = letter;
    }
    text[label.len] = 0;
    registry.labels_used += label.len + 1;
    return (nu_str){ text, label.len };
}

static void app_take(nu__app_config *config, const nu_app *app)
{
    config->app = app;
    config->name = nu_s(app->name);
    if (!config->name.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "An installed app has no .name.");
    config->label = app->label ? nu_s(app->label) : last_part(config->name);
    if (!nu__is_identifier(config->label))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "The app label '{}' is not a valid Python identifier.",
                 config->label);
    if (nu__app_find(config->label))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Application labels aren't unique, duplicates: {}",
                 config->label);
    if (nu__app_by_name(config->name))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Application names aren't unique, duplicates: {}",
                 config->name);
    config->verbose_name = app->verbose_name ? nu_s(app->verbose_name) : titled(config->label);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static size_t models_of(const nu_app *app)
{
    size_t n = 0;

    while (n < N_MODELS && app->models[n])
        n++;
    return n;
}

static void allocate(const nu_app *const *apps, size_t n)
{
    size_t n_models = 0, text = 0;

    for (size_t i = 0; i < n; i++) {
        n_models += models_of(apps[i]);
        text += strlen(apps[i]->name ? apps[i]->name : "") +
                strlen(apps[i]->label ? apps[i]->label : "") + 1;
    }
    registry.apps = calloc(n + 1, sizeof(*registry.apps));
    registry.list = calloc(n + 1, sizeof(*registry.list));
    registry.models = calloc(n_models + 1, sizeof(*registry.models));
    registry.labels = malloc(text + 1);
    if (!registry.apps || !registry.list || !registry.models || !registry.labels)
        nu_raise(NU_MEMORY_ERROR, "out of memory while listing the apps");
}

/* " Did you mean …?" among the labels of the installed apps. */
static nu_str label_suggestion(nu_str label)
{
    const char *labels[64];
    size_t n = 0;

    for (; n < registry.n_apps && n < sizeof(labels) / sizeof(labels[0]); n++)
        labels[n] = registry.apps[n].label.ptr;
    return nu__suggestion(label, labels, n);
}

static void check_depends(const nu__app_config *config, nu_list *missing)
{
    const nu_app *app = config->app;

    for (size_t i = 0; i < sizeof(app->depends) / sizeof(app->depends[0]) && app->depends[i]; i++)
        if (!nu__app_find(nu_s(app->depends[i])) && !nu__app_by_name(nu_s(app->depends[i])))
            nu_list_append(missing,
                           nu_fmt("The app '{}' needs the app '{}', which is not among the "
                                  "installed apps.{}",
                                  config->label, app->depends[i],
                                  label_suggestion(nu_s(app->depends[i]))));
}

/* All that is missing at once, a line each. */
static void check_all_depends(void)
{
    nu_list *missing = nu_list_new();

    for (size_t i = 0; i < registry.n_apps; i++)
        check_depends(&registry.apps[i], missing);
    if (nu_list_len(missing))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{}", nu__join(S("\n"), missing));
}

void nu__apps_setup(const nu_app *const *apps, size_t n)
{
    size_t count = 0, n_models = 0;

    nu__apps_release();
    while (count < n && apps[count])
        count++;
    allocate(apps, count);
    for (size_t i = 0; i < count; i++) {
        app_take(&registry.apps[i], apps[i]);
        registry.list[i] = apps[i];
        registry.n_apps++;
        for (size_t k = 0; k < models_of(apps[i]); k++)
            registry.models[n_models++] = apps[i]->models[k];
    }
    check_all_depends();
}

void nu__apps_ready(void)
{
    for (size_t i = 0; i < registry.n_apps; i++) {
        const nu_app *app = registry.apps[i].app;

        for (size_t k = 0;
             k < sizeof(app->receivers) / sizeof(app->receivers[0]) && app->receivers[k].fn; k++)
            nu_signal_connect(&app->receivers[k]);
    }
    for (size_t i = 0; i < registry.n_apps; i++)
        for (size_t k = 0; k < models_of(registry.apps[i].app); k++)
            nu_signal_send(.signal = NU_CLASS_PREPARED, .sender = registry.apps[i].app->models[k]);
    for (size_t i = 0; i < registry.n_apps; i++)
        if (registry.apps[i].app->ready)
            registry.apps[i].app->ready();
    registry.ready = true;
}

/* ---- lookups --------------------------------------------------------------------------------- */

const nu__app_config *nu__apps(size_t *n)
{
    *n = registry.n_apps;
    return registry.apps;
}

const nu__app_config *nu__app_find(nu_str label)
{
    for (size_t i = 0; i < registry.n_apps; i++)
        if (nu_eq_(registry.apps[i].label, label))
            return &registry.apps[i];
    return NULL;
}

const nu__app_config *nu__app_by_name(nu_str name)
{
    for (size_t i = 0; i < registry.n_apps; i++)
        if (nu_eq_(registry.apps[i].name, name))
            return &registry.apps[i];
    return NULL;
}

bool nu__app_installed(nu_str name)
{
    return nu__app_by_name(name) != NULL;
}

const nu__app_config *nu__app_get(nu_str label)
{
    const nu__app_config *found = nu__app_find(label);

    if (found)
        return found;
    if (!registry.apps)
        nu_raise(NU_APP_REGISTRY_NOT_READY, "Apps aren't loaded yet.");
    found = nu__app_by_name(label);
    if (found)
        nu_raise(NU_LOOKUP_ERROR, "No installed app with label '{}'. Did you mean '{}'?", label,
                 found->label);
    nu_raise(NU_LOOKUP_ERROR, "No installed app with label '{}'.{}", label,
             label_suggestion(label));
}

const nu_model *const *nu__apps_models(void)
{
    static const nu_model *const none[] = { NULL };

    return registry.models ? registry.models : none;
}

const nu_app *const *nu__apps_list(void)
{
    static const nu_app *const none[] = { NULL };

    return registry.list ? registry.list : none;
}
