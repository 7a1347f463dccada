/* Names of uploaded files: what the client says is no path. */
#include "core/buf.h"
#include "core/text.h"
#include "files/file.h"
#include "utils/html.h"

#include <string.h>

enum { MAX_NAME = 255 }; /* characters */

static nu_str after_last(nu_str text, char separator)
{
    const char *last = text.len ? memrchr(text.ptr, separator, text.len) : NULL;

    return last ? nu__sub(text, (size_t)(last + 1 - text.ptr), text.len) : text;
}

static bool is_folder(nu_str name)
{
    return name.len == 0 || nu_eq(name, ".") || nu_eq(name, "..");
}

static nu_str printable(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    nu__buf out = { 0 };

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (nu__is_printable(c))
            nu__buf_utf8(&out, c);
    }
    return nu__buf_str(&out);
}

nu_str nu__file_name_sanitize(nu_str name)
{
    name = nu__html_unescape(name);
    name = printable(after_last(after_last(name, '/'), '\\'));
    return is_folder(name) ? (nu_str){ 0 } : name;
}

/* os.path.splitext(): a leading dot begins no extension. */
static size_t extension_at(nu_str name)
{
    size_t dots = 0, at = name.len;

    while (dots < name.len && name.ptr[dots] == '.')
        dots++;
    while (at > dots && name.ptr[at - 1] != '.')
        at--;
    return at > dots ? at - 1 : name.len;
}

static nu_str shortened(nu_str name)
{
    size_t dot = extension_at(name), n;
    nu_str extension = nu__utf8_slice(nu__sub(name, dot, name.len), 0, MAX_NAME);

    n = nu__utf8_count(extension);
    return nu_fmt("{}{}", nu__utf8_slice(nu__sub(name, 0, dot), 0, MAX_NAME - n), extension);
}

nu_str nu__file_name_base(nu_str name)
{
    nu_str base = after_last(name, '/');

    if (is_folder(base))
        nu_raise(NU_SUSPICIOUS_FILE_OPERATION, "Could not derive file name from '{}'", name);
    return nu__utf8_count(base) > MAX_NAME ? shortened(base) : nu_copy(base);
}
