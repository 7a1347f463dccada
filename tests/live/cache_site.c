/* A site that does with its caches what it is told, as JSON, a line each: for the comparison with
 * Django. */
#include <nuages/cli.h>
#include <nuages/nuages.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* None is for ever, 0 is over at once, and what is not there is the cache's own. */
static int64_t timeout_of(const nu_dict *told)
{
    nu_value timeout;

    if (!nu_dict_find(told, S("timeout"), &timeout))
        return 0;
    if (timeout.kind == NU_KIND_NULL)
        return NU_CACHE_FOREVER;
    return timeout.i ? timeout.i : -1;
}

static nu_value made(void *arg)
{
    return *(nu_value *)arg;
}

static nu_value done(const nu_dict *told)
{
    nu_str op = nu_string(nu_item(told, "op")), key = nu_string(nu_item(told, "key"));
    nu_value value = nu_item(told, "value");
    nu_cache_options o = { .using = nu_string(nu_item(told, "using")).ptr,
                           .timeout = timeout_of(told),
                           .version = nu_int(nu_item(told, "version")) };

    if (nu_eq(op, "get"))
        return nu_cache_get_(key, &o);
    if (nu_eq(op, "add"))
        return V(nu_cache_add_(key, value, &o));
    if (nu_eq(op, "touch"))
        return V(nu_cache_touch_(key, &o));
    if (nu_eq(op, "delete"))
        return V(nu_cache_delete_(key, &o));
    if (nu_eq(op, "has_key"))
        return V(nu_cache_has_key_(key, &o));
    if (nu_eq(op, "get_many"))
        return V(nu_cache_get_many_(nu_as_list(value), &o));
    if (nu_eq(op, "get_or_set"))
        return nu_cache_get_or_set_(key, made, &value, &o);
    if (nu_eq(op, "incr"))
        return nu_cache_incr_(key, nu_int(value), &o);
    if (nu_eq(op, "decr"))
        return nu_cache_decr_(key, nu_int(value), &o);
    if (nu_eq(op, "fragment"))
        return V(nu_render_to_string(NULL, "part.html", ("using", o.using), ("part", key),
                                     ("n", value)));
    if (nu_eq(op, "set"))
        nu_cache_set_(key, value, &o);
    else if (nu_eq(op, "set_many"))
        nu_cache_set_many_(nu_as_dict(value), &o);
    else if (nu_eq(op, "delete_many"))
        nu_cache_delete_many_(nu_as_list(value), &o);
    else if (nu_eq(op, "clear"))
        nu_cache_clear(o.using);
    else
        nu_raise(NU_COMMAND_ERROR, "There is no operation “{}”.", op);
    return nu_null();
}

static void answer(nu_str line)
{
    nu_value *value = nu_alloc(nu_value);
    const nu_error *error = nu_catch(NU_EXCEPTION, *value = done(nu_as_dict(nu_json_read(line))));
    nu_dict *said = error ? NU_DICT(("error", nu_fmt("{}: {}", nu_error_class_name(error->klass),
                                                     error->message)))
                          : NU_DICT(("is", *value));

    printf("%s\n", nu_to_json(said).ptr);
}

static int cachedo(const nu_command_run *run)
{
    static char line[1 << 16];

    (void)run;
    while (fgets(line, sizeof line, stdin)) {
        nu_scratch_scope();
        answer(nu_s(line));
    }
    return 0;
}
static const nu_command cachedo_command = { .name = "cachedo",
                                            .help = "Use caches.",
                                            .run = cachedo };

#define PART "{% load cache %}{% cache 60 part part using=using %}{{ n }}{% endcache %}"
static const nu_embedded_file templates[] = {
    { "part.html", (const uint8_t *)PART, sizeof PART - 1 },
    { 0 },
};
static const nu_app app = { .name = "cachesite",
                            .commands = { &cachedo_command },
                            .templates = templates };

/* Tables of caches are in a database of their own where the tests name one. */
static bool is_apart(const nu_model *model)
{
    return getenv("CACHES_DATABASE_URL") && model && !strcmp(model->app_label, "django_cache");
}

static const char *place(const nu_model *model, const void *instance)
{
    (void)instance;
    return is_apart(model) ? "apart" : NULL;
}

static int allow_migrate(const char *alias, const nu_model *model)
{
    return is_apart(model) ? !strcmp(alias, "apart") : -1;
}

static const nu_db_router router = { .db_for_read = place,
                                     .db_for_write = place,
                                     .allow_migrate = allow_migrate };

int main(int argc, char **argv)
{
    const char *folder = getenv("CACHE_FOLDER"), *few = getenv("FEW_FOLDER");
    nu_settings settings = {
        .installed_apps = { &app },
        .databases = { { .alias = "default", .url_env = "DATABASE_URL" },
                       { .alias = "apart",
                         .engine = "sqlite3",
                         .name = "apart.sqlite3",
                         .url_env = "CACHES_DATABASE_URL" } },
        .routers = { &router },
        .caches = { { .alias = "default", .key_prefix = "p", .max_entries = 12 },
                    { .alias = "table",
                      .backend = "db",
                      .location = "my cache",
                      .max_entries = 12,
                      .cull_frequency = 2 },
                    { .alias = "none", .backend = "dummy" },
                    { .alias = "files",
                      .backend = "file",
                      .location = folder ? folder : "/nonexistent",
                      .max_entries = 1000 },
                    { .alias = "few",
                      .backend = "file",
                      .location = few ? few : "/nonexistent/few",
                      .max_entries = 12 } },
    };

    return nu_main(argc, argv, &settings);
}
