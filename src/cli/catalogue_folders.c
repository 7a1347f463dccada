#include "cli/catalogue_folders.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/list.h"
#include "core/text.h"
#include "loop/process.h"
#include "utils/language_codes.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOOL_SECONDS = 300, TOOL_OUTPUT = 64 << 20 };

static bool is_folder(nu_str path)
{
    struct stat status;

    return !stat(path.ptr, &status) && S_ISDIR(status.st_mode);
}

size_t nu__catalogue_folders(void (*visit)(void *self, const nu__catalogue_folder *folder),
                             void *self)
{
    const nu__conf_list *paths = &nu__settings.locale_paths;
    size_t n, found = 0;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++) {
        nu_str source = nu_s(apps[i].app->path ? apps[i].app->path : "");
        nu_str path = nu_fmt("{}/locale", source);

        if (source.len && is_folder(path) && ++found)
            visit(self, &(nu__catalogue_folder){ path, source });
    }
    for (size_t i = 0; i < paths->len; i++)
        if (is_folder(paths->items[i]) && ++found)
            visit(self, &(nu__catalogue_folder){ paths->items[i], { 0 } });
    return found;
}

/* ---- locales --------------------------------------------------------------------------------- */

static void check_locale(nu_str name)
{
    nu_str right = nu__to_locale(nu__to_language(name));

    if (!name.len || nu__find(name, S("/")) >= 0 || nu_starts_with(name, S(".")))
        nu_raise(NU_COMMAND_ERROR, "'{}' is no locale. Write one as de or pt_BR.", name);
    if (!nu_eq_(right, name))
        nu_raise(NU_COMMAND_ERROR, "invalid locale {}, did you mean {}?", name, right);
}

static bool is_in(nu_list *list, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(list); i++)
        if (nu_eq_(nu_at(list, i).s, text))
            return true;
    return false;
}

static nu_list *listed(const nu_command_run *run, const char *option)
{
    nu_str text = nu_command_text(run, option);

    return text.len ? nu__split(text, S(",")) : nu_list_new();
}

static void close_dir(void *dir)
{
    closedir(dir);
}

static nu_list *present(nu_str folder)
{
    nu_list *found = nu_list_new();
    DIR *dir = opendir(folder.ptr);

    if (!dir)
        return found;
    nu_defer(close_dir, dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (entry->d_name[0] != '.' &&
            is_folder(nu_fmt("{}/{}/LC_MESSAGES", folder, nu_s(entry->d_name))))
            nu_list_append(found, nu_copy_cstr(entry->d_name));
    return found;
}

nu_list *nu__locales_of(const nu_command_run *run, nu_str folder)
{
    nu_list *named = listed(run, "--locale"), *excluded = listed(run, "--exclude");
    nu_list *kept = nu_list_new();

    for (size_t i = 0; i < nu_list_len(named); i++)
        check_locale(nu_at(named, i).s);
    if (!nu_list_len(named))
        named = present(folder);
    for (size_t i = 0; i < nu_list_len(named); i++)
        if (!is_in(excluded, nu_at(named, i).s))
            nu_list_append(kept, nu_at(named, i));
    return kept;
}

/* ---- gettext --------------------------------------------------------------------------------- */

nu_str nu__gettext_tool(const char *const *argv)
{
    nu_str output = { 0 };
    nu__process_options options = { .argv = argv, .in = NU__NULL_DEVICE, .err = NU__INHERIT };
    int status = 0;
    const nu_error *error = nu_catch(
        NU_OS_ERROR, status = nu__process_run(&options, TOOL_SECONDS, TOOL_OUTPUT, &output));

    if (error)
        nu_raise_from(error, NU_COMMAND_ERROR,
                      "Can't run {}. Make sure you have GNU gettext tools 0.19 or newer installed "
                      "(Debian: apt-get install gettext).",
                      argv[0]);
    if (status)
        nu_raise(NU_COMMAND_ERROR, "{} failed with exit status {}; its message is above.", argv[0],
                 status);
    return output;
}
