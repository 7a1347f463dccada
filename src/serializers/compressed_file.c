#include "serializers/compressed_file.h"

#include "core/text.h"
#include "serializers/compressions.h"

#include <nuages/errors.h>
#include <string.h>

/* An archive has several files and names of its own: no way to compress one. */
static const nu__compression zip = {
    .extension = "zip",
    .instead = "archives are neither read nor written; unzip -p FILE | … loaddata - --format json"
};
static const nu__compression *const compressions[] = { &nu__gzip, &nu__bzip2, &nu__xz, &nu__lzma,
                                                       &zip };
enum { COMPRESSIONS = sizeof compressions / sizeof *compressions };

const char *nu__compression_at(size_t i)
{
    return i < COMPRESSIONS ? compressions[i]->extension : NULL;
}

bool nu__is_compression(nu_str extension)
{
    for (size_t i = 0; i < COMPRESSIONS; i++)
        if (nu_eq(extension, compressions[i]->extension))
            return true;
    return false;
}

FILE *nu__compressed_open(nu_str path, const char *mode)
{
    for (size_t i = 0; i < COMPRESSIONS; i++) {
        if (!nu_ends_with(path, nu_fmt(".{}", compressions[i]->extension)))
            continue;
        if (!compressions[i]->open)
            nu_raise(NU_COMMAND_ERROR, "{}: {}", path, compressions[i]->instead);
        return compressions[i]->open(path.ptr, mode);
    }
    return fopen(path.ptr, *mode == 'w' ? "we" : "re");
}
