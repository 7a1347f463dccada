/* findstatic: where a static file comes from. */
#include "cli/commands.h"
#include "staticfiles/staticfiles.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct search {
    nu_str path;
    nu_list *found;
} search;

static nu_str place_of(const nu__static_file *file)
{
    char *real;
    nu_str place;

    if (file->embedded)
        return nu_fmt("compiled in: {}", file->path);
    place = nu_fmt("{}/{}", file->folder, file->path);
    real = realpath(place.ptr, NULL);
    place = real ? nu_copy_cstr(real) : place;
    free(real);
    return place;
}

static void look(void *self, const nu__static_file *file)
{
    search *s = self;

    if (nu_eq_(file->path, s->path))
        nu_list_append(s->found, place_of(file));
}

/* STATICFILES_DIRS, then the apps' folders: Django's searched_locations. */
static void tell_locations(FILE *out)
{
    nu_list *folders = nu__static_folders();

    fprintf(out, "Looking in the following locations:\n");
    for (size_t i = 0; i < nu_list_len(folders); i++)
        fprintf(out, "  %s\n", nu_string(nu_at(folders, i)).ptr);
}

static void tell_missing(nu_str path, int64_t verbosity)
{
    if (verbosity < 1)
        return;
    fprintf(stderr, "No matching file found for '%s'.\n", path.ptr);
    if (verbosity > 1) {
        fputs("\n", stderr);
        tell_locations(stderr);
    }
}

static void tell_found(const nu_list *found, size_t n, nu_str path, int64_t verbosity)
{
    if (verbosity > 0)
        printf("Found '%s' here:\n", path.ptr);
    for (size_t i = 0; i < n; i++)
        printf("%s%s\n", verbosity > 0 ? "  " : "", nu_string(nu_at(found, i)).ptr);
    if (verbosity > 1)
        tell_locations(stdout);
}

static void find(const nu_command_run *run, nu_str path)
{
    search s = { .path = path, .found = nu_list_new() };
    size_t n;

    nu__static_each(&(nu__walk_rules){ 0 }, look, &s);
    n = nu_list_len(s.found);
    if (n)
        tell_found(s.found, nu_command_flag(run, "--first") ? 1 : n, path,
                   nu_command_verbosity(run));
    else
        tell_missing(path, nu_command_verbosity(run));
}

static int findstatic(const nu_command_run *run)
{
    const nu_list *paths = nu_command_list(run, "staticfile");

    for (size_t i = 0; i < nu_list_len(paths); i++)
        find(run, nu_at(paths, i).s);
    return 0;
}

const nu_command nu__findstatic_command = {
    .name = "findstatic", .help = "Find the absolute paths of static files.",
    .run = findstatic,
    .arguments = {
        { "staticfile", .repeated = true, .help = "below a static/ folder: registry/site.css" },
        { "--first", .flag = true, .help = "only the one that is served" },
    },
};
