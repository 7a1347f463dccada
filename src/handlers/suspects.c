/* What the settings say that can hardly be meant: told at start-up and by `check`, never an end. */
#include "conf/settings.h"
#include "handlers/handler.h"
#include "utils/language_codes.h"
#include "utils/languages.h"

#include <nuages/strings.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add(nu_list *messages, const char *id, const char *level, nu_str msg)
{
    nu_list_append(messages, NU_DICT(("id", id), ("level", level), ("msg", msg)));
}

static bool is_folder(nu_str path)
{
    struct stat found;

    return stat(path.ptr, &found) == 0 && S_ISDIR(found.st_mode);
}

/* Variables with the prefix whose names are no setting's. */
static void check_names(nu_list *messages)
{
    nu_list *names = nu__conf_suspects();

    for (size_t i = 0; i < nu_list_len(names); i++)
        add(messages, "nuages.W001", "warning", nu_string(nu_at(names, i)));
}

/* ---- folders that are read ---------------------------------------------------------------------
 */

static const struct folders {
    const char *id, *setting;
    const nu__conf_list *list;
} folders[] = {
    { "staticfiles.W004", "STATICFILES_DIRS", &nu__settings.staticfiles_dirs },
    { "nuages.W002", "TEMPLATE_DIRS", &nu__settings.template_dirs },
    { "nuages.W002", "LOCALE_PATHS", &nu__settings.locale_paths },
};

static void check_folders(nu_list *messages)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        for (size_t k = 0; k < folders[i].list->len; k++)
            if (!is_folder(folders[i].list->items[k]))
                add(messages, folders[i].id, "warning",
                    nu_fmt("The directory '{}' in the {} setting does not exist.",
                           folders[i].list->items[k], folders[i].setting));
}

/* ---- folders that are written ------------------------------------------------------------------
 */

/* The folder that holds `path`. */
static nu_str parent(nu_str path)
{
    const char *slash;

    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    slash = memrchr(path.ptr, '/', path.len);
    if (!slash)
        return S(".");
    return slash == path.ptr ? S("/") : nu_copy((nu_str){ path.ptr, (size_t)(slash - path.ptr) });
}

/* MEDIA_ROOT is made by the first upload, inside a folder that is there. */
static void check_media_root(nu_list *messages)
{
    nu_str root = nu__settings.media_root, above;

    if (!root.len)
        return;
    above = is_folder(root) ? root : parent(root);
    if (!is_folder(above))
        add(messages, "nuages.W003", "warning",
            nu_fmt("The directory '{}' in the MEDIA_ROOT setting does not exist, nor does '{}' in "
                   "which it would be made: uploads will fail.",
                   root, above));
    else if (access(above.ptr, W_OK | X_OK) != 0)
        add(messages, "nuages.W003", "warning",
            nu_fmt("MEDIA_ROOT: the directory '{}' can't be written to: uploads will fail.",
                   above));
}

/* ---- languages ------------------------------------------------------------------------------- */

/* LANGUAGES, which are all that Django knows unless the site lists its own. */
static const char *const *known_codes(void)
{
    const nu__conf_list *own = &nu__settings.languages;
    size_t n = own->len;
    const char **codes;

    while (!own->len && nu__languages[n].code)
        n++;
    codes = nu_alloc_array(const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        codes[i] = own->len ? nu_lower(own->items[i]).ptr : nu__languages[i].code;
    return codes;
}

/* "de-at" is German where that is listed. */
static bool is_language(nu_str code)
{
    nu__language_settings known = { .codes = known_codes(), .otherwise = "en-us" };

    return nu__get_supported_language_variant(code, false, &known).ptr != NULL;
}

static void check_language(nu_list *messages)
{
    if (!nu__settings.use_i18n || is_language(nu__settings.language_code))
        return;
    add(messages, "translation.E004", "error",
        S("You have provided a value for the LANGUAGE_CODE setting that is not in the LANGUAGES "
          "setting."));
    nu_dict_set(nu_at(messages, nu_list_len(messages) - 1).dict, "value",
                nu__settings.language_code);
}

nu_list *nu__setup_suspects(void)
{
    nu_list *messages = nu_list_new();

    check_names(messages);
    check_folders(messages);
    check_media_root(messages);
    check_language(messages);
    return messages;
}
