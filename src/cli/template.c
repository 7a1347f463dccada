/* template render: a template by itself, outside of any site. */
#include "template/template.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "conf/settings.h"
#include "core/json.h"
#include "core/suggest.h"
#include "i18n/translation.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void close_listing(void *listing)
{
    closedir(listing);
}

static nu_dict *context_of(nu_str json)
{
    nu_value value = nu_null();
    nu__json_error error;

    if (!json.ptr)
        return NULL;
    if (!nu__json_try_read_exact(json, &value, &error))
        nu_raise(NU_COMMAND_ERROR, "--context is no JSON: {}: line {} column {} (char {})",
                 error.message, error.line, error.column, error.position);
    if (value.kind != NU_KIND_DICT)
        nu_raise(NU_COMMAND_ERROR, "--context must be an object, {{\"name\": value}}, not {}",
                 json);
    return value.dict;
}

/* The file nearest to a name in its own folder alone: below may lie a whole disk. */
static nu_str suggested(const char *folder, const char *name)
{
    enum { MOST = 10000 };
    const char **names = nu_alloc_array(const char *, MOST);
    struct dirent *entry;
    DIR *listing = opendir(folder);
    size_t n = 0;

    if (!listing)
        return S("");
    nu_defer(close_listing, listing);
    while (n < MOST && (entry = readdir(listing)))
        if (entry->d_name[0] != '.')
            names[n++] = nu_copy_cstr(entry->d_name).ptr;
    return nu__suggestion(nu_s(name), names, n);
}

static void check_file(nu_str file, const char *folder, const char *name)
{
    struct stat status;

    if (stat(file.ptr, &status))
        nu_raise(NU_COMMAND_ERROR, "There is no template '{}': {}.{}", file, strerror(errno),
                 suggested(folder, name));
    if (!S_ISREG(status.st_mode))
        nu_raise(NU_COMMAND_ERROR, "'{}' is no file, and so no template. Name one.", file);
}

/* Its folder is where the templates lie that it extends and includes. */
static nu_str rendered(nu_str file, nu_dict *context)
{
    const char *folder = dirname((char *)nu_copy(file).ptr);
    const char *name = basename((char *)nu_copy(file).ptr);
    nu__template_engine *engine;
    nu__buf out = { 0 };

    check_file(file, folder, name);
    engine = nu__template_engine_new(&(nu__template_options){
        .dirs = (const char *const[]){ folder, NULL },
        .static_url = "/static/",
        .media_url = "/media/",
        .debug = true,
    });
    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    nu__template_render(nu__template_engine_get(engine, nu_s(name)), context, NULL, &out);
    return nu__buf_str(&out);
}

/* Without a site: the settings as they are by themselves, and all languages. */
static void set_up_languages(void)
{
    static const nu_settings none = { .secret_key = "a template alone signs nothing" };

    nu__conf_setup(&none);
    nu__i18n_setup();
}

static int template_command(const nu_command_run *run)
{
    nu_str action = nu_command_text(run, "action"), text;

    if (!nu_eq(action, "render"))
        nu_raise(NU_COMMAND_ERROR, "'template' can do one thing, 'render', and not '{}'.", action);
    set_up_languages();
    text = rendered(nu_command_text(run, "file"), context_of(nu_command_text(run, "--context")));
    return fwrite(text.ptr, 1, text.len, stdout) != text.len || fflush(stdout) != 0;
}

const nu_command nu__template_command = {
    .name = "template", .help = "Render a template file: template render page.html --context JSON.",
    .run = template_command, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "action", .help = "render" },
        { "file", .help = "the template; those that it uses lie beside it" },
        { "--context", .metavar = "JSON", .help = "the variables, as an object" },
    },
};
