/* Templates in memory: embedded in the executable, or given by a test. */
#include "core/text.h"
#include "template/engine.h"

static const nu_embedded_file *file_named(const nu__loader *self, nu_str name)
{
    for (const nu_embedded_file *file = self->files; file && file->name; file++)
        if (nu_eq(name, file->name))
            return file;
    return NULL;
}

static bool find(const nu__loader *self, nu_str name, nu__source *out)
{
    out->origin = nu_fmt("{}:{}", self->path, name);
    out->mtime_ns = 0;
    return file_named(self, name);
}

static void read_file(const nu__loader *self, nu_str name, nu__source *out)
{
    const nu_embedded_file *file = file_named(self, name);

    out->text = (nu_str){ (const char *)file->bytes, file->len };
}

static void names(const nu__loader *self, nu__name_search *names)
{
    for (const nu_embedded_file *file = self->files; file && file->name; file++)
        nu_dict_set(names->found, file->name, nu_fmt("{}:{}", self->path, file->name));
}

const nu__loader_ops nu__table_loader_ops = { find, read_file, names };
