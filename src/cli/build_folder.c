#include "cli/build_folder.h"

#include "core/buf.h"

#include <nuages/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool nu__file_exists(const char *folder, const char *name)
{
    return access(nu_fmt("{}/{}", folder, name).ptr, R_OK) == 0;
}

/* By the link's text: under valgrind the link itself leads to valgrind. */
bool nu__program_find(char program[static PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", program, PATH_MAX - 1);

    program[n > 0 ? n : 0] = 0;
    return n > 0;
}

bool nu__build_find(char program[static PATH_MAX], char build[static PATH_MAX])
{
    char *slash;

    if (!nu__program_find(program))
        return false;
    memcpy(build, program, strlen(program) + 1);
    while ((slash = strrchr(build, '/')) && slash > build) {
        *slash = 0;
        if (nu__file_exists(build, "build.ninja"))
            return true;
    }
    return false;
}

static nu_str read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    nu__buf out = { 0 };
    char block[4096];
    size_t n;

    while (file && (n = fread(block, 1, sizeof block, file)))
        nu__buf_add(&out, block, n);
    if (file)
        fclose(file);
    return nu__buf_str(&out);
}

nu_str nu__build_sources(const char *build)
{
    nu_str text = read_file(nu_fmt("{}/meson-info/meson-info.json", build).ptr);
    nu_value info = nu_null(), folders, source = nu_null();
    const char *slash = strrchr(build, '/');

    if (text.len && !nu_catch(NU_VALUE_ERROR, info = nu_json_read(text)) &&
        info.kind == NU_KIND_DICT) {
        folders = nu_item(info.dict, "directories");
        if (folders.kind == NU_KIND_DICT)
            source = nu_item(folders.dict, "source");
    }
    return source.kind == NU_KIND_STR ? source.s
                                      : nu_copy((nu_str){ build, (size_t)(slash - build) });
}
