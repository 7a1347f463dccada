#include "cli/scaffold.h"

#include "cli/text_files.h"
#include "core/text.h"

#include <nuages/version.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- names --------------------------------------------------------------------------------- */

static void check_free(nu_str name)
{
    static const struct {
        nu_str name;
        const char *owner;
    } taken[] = { { { "nuages", 6 }, "the folder of Nuages' headers" },
                  { { "build", 5 }, "the folder that `make` builds in" },
                  { { "auth", 4 }, "an app of Nuages" },
                  { { "contenttypes", 12 }, "an app of Nuages" },
                  { { "sessions", 8 }, "an app of Nuages" } };

    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (nu_eq_(name, taken[i].name))
            nu_raise(NU_COMMAND_ERROR, "'{}' is the name of {} already: choose another.", name,
                     taken[i].owner);
}

void nu__check_scaffold_name(nu_str name)
{
    if (!nu__is_identifier(name) || name.len > 64)
        nu_raise(
            NU_COMMAND_ERROR,
            "'{}' is not a valid name: use letters, digits and underscores, and a letter first.",
            name);
}

/* Is the line for this kind of project? Without its mark, if so. */
static bool is_for(nu_str *line, nu__project_kind kind)
{
    nu_str vendor = nu_s(kind.vendor ? kind.vendor : "sqlite");
    const struct {
        nu_str mark;
        bool wanted;
    } marks[] = { { S("@PAGES@"), !kind.api },
                  { S("@API@"), kind.api },
                  { S("@SQLITE@"), nu_eq(vendor, "sqlite") },
                  { S("@POSTGRESQL@"), nu_eq(vendor, "postgresql") },
                  { S("@MYSQL@"), nu_eq(vendor, "mysql") } };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (nu_starts_with(*line, marks[i].mark)) {
            *line = nu__sub(*line, marks[i].mark.len, line->len);
            return marks[i].wanted;
        }
    return true;
}

static nu_str lines_for(nu_str text, nu__project_kind kind)
{
    nu_list *lines = nu__split(text, S("\n")), *kept = nu_list_new();

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        nu_str line = nu_at(lines, i).s;

        if (is_for(&line, kind))
            nu_list_append(kept, line);
    }
    return nu__join(S("\n"), kept);
}

static nu_str filled_in(nu_str text, nu_str name)
{
    text = nu__replace(nu__replace(text, S("@NAME@"), name), S("@UPPER@"), nu_upper(name));
    return nu__replace(text, S("@VERSION@"), S(NU_VERSION));
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

/* Names that the library's own tree must not have as such. */
static nu_str real_name(nu_str name)
{
    static const struct {
        const char *kept, *real;
    } names[] = { { "gitignore", ".gitignore" },
                  { "clangd", ".clangd" },
                  { "dockerfile", "Dockerfile" },
                  { "dockerignore", ".dockerignore" },
                  { "ci.yml", ".github/workflows/test.yml" },
                  { "nuages-version", ".nuages-version" } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu_eq(name, names[i].kept))
            return nu_s(names[i].real);
    return name;
}

/* Its path. */
static nu_str write_one(nu_str folder, nu_str file, nu_str text, nu_str name)
{
    nu_str path = nu_fmt("{}/{}", folder, filled_in(file, name));

    nu__make_folders_for(path);
    nu__write_text_file(path, filled_in(text, name));
    return path;
}

static void add(const nu_embedded_file *files, nu_str name, nu_str folder, nu__project_kind kind)
{
    for (; files->name; files++)
        write_one(folder, real_name(nu_s(files->name)),
                  lines_for((nu_str){ (const char *)files->bytes, files->len }, kind), name);
}

void nu__scaffold(const nu_embedded_file *files, nu_str name, nu_str folder, nu__project_kind kind)
{
    nu__check_scaffold_name(name);
    check_free(name);
    check_empty(folder);
    add(files, name, folder, kind);
    if (kind.api)
        add(nu__api_files, name, folder, kind);
}

/* ---- a template of one's own ----------------------------------------------------------------- */

typedef struct copy {
    nu_str from, to, name;
    const nu_list *excluded; /* names of folders */
} copy;

static bool is_left_out(const copy *c, const char *name)
{
    if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git"))
        return true;
    for (size_t i = 0; i < nu_list_len(c->excluded); i++)
        if (nu_eq(nu_at(c->excluded, i).s, name))
            return true;
    return false;
}

/* Who may read it may run it, too. */
static void make_executable(nu_str path)
{
    struct stat about;

    if (stat(path.ptr, &about) || chmod(path.ptr, about.st_mode | ((about.st_mode & 0444) >> 2)))
        nu_raise(NU_COMMAND_ERROR, "{} can't be made executable: {}", path, strerror(errno));
}

static void copy_file(const copy *c, nu_str path, nu_str file, bool executable)
{
    nu_str made = write_one(c->to, file, nu__read_text_file(path), c->name);

    if (executable)
        make_executable(made);
}

static void copy_folder(const copy *c, nu_str below, int depth)
{
    nu_str folder = nu_fmt("{}{}", c->from, below);
    DIR *dir = opendir(folder.ptr);
    const struct dirent *entry;
    struct stat about;

    if (!dir || depth > 16)
        nu_raise(NU_COMMAND_ERROR, "the template {} is no folder that can be read", folder);
    while ((entry = readdir(dir))) {
        nu_str file = nu_fmt("{}/{}", below, (const char *)entry->d_name),
               path = nu_fmt("{}{}", c->from, file);

        if (stat(path.ptr, &about))
            continue;
        if (!S_ISDIR(about.st_mode))
            copy_file(c, path, nu__sub(file, 1, file.len), about.st_mode & S_IXUSR);
        else if (!is_left_out(c, entry->d_name))
            copy_folder(c, file, depth + 1);
    }
    closedir(dir);
}

void nu__scaffold_from(nu_str template_folder, nu_str name, nu_str folder, const nu_list *excluded)
{
    copy c = { template_folder, folder, name, excluded };

    nu__check_scaffold_name(name);
    check_free(name);
    check_empty(folder);
    copy_folder(&c, S(""), 0);
}
