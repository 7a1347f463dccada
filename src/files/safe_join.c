#include "files/safe_join.h"

#include "core/buf.h"
#include "core/text.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Append each part of `path` to an absolute path; ".." takes the last part away. */
static void walk(nu__buf *out, nu_str path, size_t root)
{
    const char *p = path.ptr, *end = nu__str_end(path);

    while (p < end) {
        const char *slash = memchr(p, '/', (size_t)(end - p)), *stop = slash ? slash : end;
        nu_str part = { p, (size_t)(stop - p) };

        p = slash ? slash + 1 : end;
        if (!part.len || nu_eq(part, "."))
            continue;
        if (nu_eq(part, "..")) {
            while (out->len > root && out->data[--out->len] != '/')
                ;
            continue;
        }
        nu__buf_char(out, '/');
        nu__buf_str_add(out, part);
    }
}

nu_str nu__path_normalize(nu_str path)
{
    nu__buf out = { 0 };
    nu_str normal;

    walk(&out, path, 0);
    normal = nu__buf_str(&out);
    return normal.len ? nu__sub(normal, 1, normal.len) : S("");
}

static nu_str absolute(nu_str folder)
{
    nu__buf out = { 0 };
    char here[PATH_MAX];

    if (!folder.len || folder.ptr[0] != '/') {
        if (!getcwd(here, sizeof here))
            nu_raise(NU_OS_ERROR, "the current folder has no path");
        walk(&out, nu_s(here), 0);
    }
    walk(&out, folder, 0);
    return nu__buf_str(&out);
}

nu_str nu__safe_join(nu_str folder, nu_str path)
{
    nu_str base = absolute(folder), full;
    nu__buf out = { 0 };

    if (path.len && memchr(path.ptr, '\0', path.len))
        nu_raise(NU_SUSPICIOUS_FILE_OPERATION, "The path holds a null byte.");
    if (!path.len || path.ptr[0] != '/')
        nu__buf_str_add(&out, base);
    walk(&out, path, 0);
    full = nu__buf_str(&out);
    if (!nu_eq_(full, base) &&
        !(base.len == 0 || (nu_starts_with(full, base) && full.ptr[base.len] == '/')))
        nu_raise(NU_SUSPICIOUS_FILE_OPERATION,
                 "The joined path ({}) is located outside of the base path component ({})", full,
                 base);
    return full;
}
