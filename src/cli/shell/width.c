/* How wide text is on a terminal. */
#include "cli/shell/width.h"

#include "core/text.h"

#include <utf8proc.h>

static size_t width_of(uint32_t c)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)c);

    return width < 0 ? 0 : (size_t)width;
}

size_t nu__py_width(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    size_t width = 0;

    while (at < end)
        width += width_of(nu__utf8_next(&at, end));
    return width;
}

nu_str nu__py_cut(nu_str text, size_t columns)
{
    const char *at = text.ptr, *end = nu__str_end(text), *before;
    size_t width = 0, next;

    if (nu__py_width(text) <= columns)
        return text;
    for (before = at; at < end; before = at, width = next) {
        next = width + width_of(nu__utf8_next(&at, end));
        if (next >= columns)
            break;
    }
    return nu_fmt("{}…", nu__sub(text, 0, (size_t)(before - text.ptr)));
}
