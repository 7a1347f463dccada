#include "serializers/fixture_files.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/text.h"
#include "serializers/compressed_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 512 << 20, MOST_FILES = 64 };

/* ---- names ----------------------------------------------------------------------------------- */

/* "registry/students.json.gz" taken apart; what is not given is null. */
typedef struct label {
    nu_str name; /* "registry/students" */
    nu_str format, compression;
} label;

static bool cut_extension(nu_str *name, nu_str *extension)
{
    const char *dot = name->len ? memrchr(name->ptr, '.', name->len) : NULL;
    size_t at = dot ? (size_t)(dot - name->ptr) : 0;

    if (!dot || memchr(dot, '/', name->len - at) || !at)
        return false;
    *extension = nu__sub(*name, at + 1, name->len);
    *name = nu__sub(*name, 0, at);
    return true;
}

static label parse_label(nu_str given)
{
    label parsed = { .name = given };
    nu_str extension;

    if (!cut_extension(&parsed.name, &extension))
        return parsed;
    if (nu__is_compression(extension)) {
        parsed.compression = extension;
        if (!cut_extension(&parsed.name, &extension))
            return parsed;
    }
    if (!nu__serializer_find(extension))
        nu_raise(NU_COMMAND_ERROR,
                 "Problem installing fixture '{}': {} is not a known serialization format.",
                 parsed.name, extension);
    parsed.format = extension;
    return parsed;
}

static nu_str folder_of(nu_str path)
{
    const char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;

    return slash ? nu__sub(path, 0, (size_t)(slash - path.ptr)) : S("");
}

static nu_str base_of(nu_str path)
{
    nu_str folder = folder_of(path);

    return nu__sub(path, folder.len + (path.len > folder.len && path.ptr[folder.len] == '/'),
                   path.len);
}

/* ---- folders --------------------------------------------------------------------------------- */

static nu_str real_path(nu_str path)
{
    char *real = realpath(path.len ? path.ptr : ".", NULL);
    nu_str copy = real ? nu_copy_cstr(real) : path;

    free(real);
    return copy;
}

static bool is_folder(nu_str path)
{
    struct stat status;

    return stat(path.ptr, &status) == 0 && S_ISDIR(status.st_mode);
}

static void add_app_folders(nu_list *folders, nu_str only)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++) {
        nu_str folder = apps[i].app->path ? nu_fmt("{}/fixtures", apps[i].app->path) : S("");

        if (folder.len && (!only.ptr || nu_eq_(only, apps[i].label)) && is_folder(folder))
            nu_list_append(folders, real_path(folder));
    }
}

/* Where a name is looked for; a path's own folders go behind those. */
static nu_list *folders_for(nu_str name, nu_str app)
{
    nu_list *all = nu_list_new(), *folders = nu_list_new();
    nu_str below = folder_of(name);

    if (nu_starts_with(name, S("/")))
        return NU_LIST(below);
    add_app_folders(all, app);
    for (size_t i = 0; i < nu__settings.fixture_dirs.len; i++)
        nu_list_append(all, real_path(nu_copy(nu__settings.fixture_dirs.items[i])));
    nu_list_append(all, real_path(S("")));
    for (size_t i = 0; i < nu_list_len(all); i++)
        nu_list_append(folders,
                       below.len ? nu_v_str(nu_fmt("{}/{}", nu_at(all, i), below)) : nu_at(all, i));
    return folders;
}

nu_str nu__fixture_folder_named(nu_str folder)
{
    return folder.len ? nu_fmt("'{}'", folder) : S("current directory");
}

/* ---- finding --------------------------------------------------------------------------------- */

/* What is found so far of one label. */
typedef struct finding {
    const nu__fixture_options *options;
    label label;
    nu_str name, folder; /* "students", the folder that is looked at */
    nu__fixture_file *files;
    size_t n;
} finding;

static void tell(const finding *f, nu_str text)
{
    if (f->options->tell)
        f->options->tell(f->options->self, NU__TELL_STEPS, text);
}

static void take_if_there(finding *f, nu_str ending, nu_str format)
{
    nu_str path = nu_fmt("{}/{}.{}", f->folder, f->name, ending);

    if (access(path.ptr, R_OK) || f->n == MOST_FILES)
        return;
    f->files[f->n++] =
        (nu__fixture_file){ .path = path, .name = f->name, .folder = f->folder, .format = format };
}

/* "json", "json.gz", "default.json" …, as the label leaves open. */
static void look_for_format(finding *f, nu_str format)
{
    const char *compression;

    if (!f->label.compression.ptr) {
        take_if_there(f, format, format);
        take_if_there(f, nu_fmt("{}.{}", f->options->using, format), format);
    }
    for (size_t i = 0; (compression = nu__compression_at(i)); i++) {
        if (f->label.compression.ptr && !nu_eq(f->label.compression, compression))
            continue;
        take_if_there(f, nu_fmt("{}.{}", format, compression), format);
        take_if_there(f, nu_fmt("{}.{}.{}", f->options->using, format, compression), format);
    }
}

static void look_in(finding *f, nu_str folder)
{
    static const char *const formats[] = { "json", "jsonl", "xml", "yaml", "yml" };
    size_t before = f->n;

    f->folder = folder;
    tell(f, nu_fmt("Checking {} for fixtures...", nu__fixture_folder_named(folder)));
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (nu__serializer_find(nu_s(formats[i])) &&
            (!f->label.format.ptr || nu_eq(f->label.format, formats[i])))
            look_for_format(f, nu_s(formats[i]));
    if (f->n == before)
        tell(f, nu_fmt("No fixture '{}' in {}.", f->name, nu__fixture_folder_named(folder)));
    if (f->n > before + 1)
        nu_raise(NU_COMMAND_ERROR, "Multiple fixtures named '{}' in {}. Aborting.", f->name,
                 nu__fixture_folder_named(folder));
}

static nu__fixture_file *standard_input(const nu__fixture_options *options, size_t *n)
{
    nu__fixture_file *file = nu_alloc(nu__fixture_file);

    if (!options->format.ptr)
        nu_raise(NU_COMMAND_ERROR, "--format must be specified when reading from stdin.");
    if (!nu__serializer_find(options->format))
        nu_raise(NU_COMMAND_ERROR, "Unknown serialization format: {}. There are: {}.",
                 options->format, nu__serializer_names());
    *file = (nu__fixture_file){ .path = S("-"), .name = S("-"), .format = options->format };
    *n = 1;
    return file;
}

nu__fixture_file *nu__fixture_files_find(const nu__fixture_options *options, nu_str given,
                                         size_t *n)
{
    finding f = { .options = options };
    nu_list *folders;

    if (nu_eq(given, "-"))
        return standard_input(options, n);
    f.label = parse_label(given);
    f.name = base_of(f.label.name);
    tell(&f, nu_fmt("Loading '{}' fixtures...", f.label.name));
    folders = folders_for(f.label.name, options->app);
    f.files = nu_alloc_array(nu__fixture_file, MOST_FILES);
    for (size_t i = 0; i < nu_list_len(folders); i++)
        look_in(&f, nu_string(nu_at(folders, i)));
    if (!f.n)
        nu_raise(NU_COMMAND_ERROR, "No fixture named '{}' found.", f.name);
    *n = f.n;
    return f.files;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void close_file(void *file)
{
    fclose(file);
}

nu_str nu__fixture_file_read(const nu__fixture_file *file)
{
    FILE *stream =
        file->folder.ptr ? nu__compressed_open(file->path, "r") : fdopen(dup(STDIN_FILENO), "r");
    nu__buf out = { 0 };
    char block[16384];
    size_t n;

    if (!stream)
        nu_raise(NU_OS_ERROR, "{} can't be read: {}", file->path, (const char *)strerror(errno));
    nu_defer(close_file, stream);
    while ((n = fread(block, 1, sizeof block, stream))) {
        nu__buf_add(&out, block, n);
        if (out.len > MOST_BYTES)
            nu_raise(NU_COMMAND_ERROR, "{} is larger than {} bytes", file->path,
                     (int64_t)MOST_BYTES);
    }
    if (ferror(stream))
        nu_raise(NU_OS_ERROR, "{} can't be read: {}", file->path,
                 errno == EBADMSG ? S("what it has is not compressed as its name says, or was cut")
                                  : nu_s(strerror(errno)));
    return nu__buf_str(&out);
}
