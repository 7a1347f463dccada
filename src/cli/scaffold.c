#include "cli/scaffold.h"

#include "cli/text_files.h"
#include "core/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- names --------------------------------------------------------------------------------- */

static void check_name(nu_str name)
{
    bool good =
        name.len && name.len <= 64 && (isalpha((unsigned char)name.ptr[0]) || name.ptr[0] == '_');

    for (size_t i = 0; i < name.len; i++)
        good &= isalnum((unsigned char)name.ptr[i]) || name.ptr[i] == '_';
    if (!good)
        nu_raise(
            NU_COMMAND_ERROR,
            "'{}' is not a valid name: use letters, digits and underscores, and a letter first.",
            name);
}

static nu_str filled_in(nu_str text, nu_str name)
{
    return nu__replace(nu__replace(text, S("@NAME@"), name), S("@UPPER@"), nu_upper(name));
}

/* ---- folders and files --------------------------------------------------------------------- */

static void check_empty(nu_str folder)
{
    DIR *dir = opendir(folder.ptr);
    const struct dirent *entry;
    bool empty = true;

    if (!dir)
        return;
    while ((entry = readdir(dir)))
        empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
    closedir(dir);
    if (!empty)
        nu_raise(NU_COMMAND_ERROR,
                 "{} exists already and is not empty: choose another name or folder.", folder);
}

void nu__scaffold(const nu_embedded_file *files, nu_str name, nu_str folder)
{
    check_name(name);
    check_empty(folder);
    for (; files->name; files++) {
        nu_str hidden = nu_eq(nu_s(files->name), "gitignore") ? S(".gitignore") : nu_s(files->name);
        nu_str path = nu_fmt("{}/{}", folder, filled_in(hidden, name));

        nu__make_folders_for(path);
        nu__write_text_file(path,
                            filled_in((nu_str){ (const char *)files->bytes, files->len }, name));
    }
}
