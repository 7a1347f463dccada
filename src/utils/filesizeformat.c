#include "core/text.h"
#include "utils/numberformat.h"

#include <stdlib.h>

/* Python's round(number, 1): half to even, by the double's exact value. */
static double rounded(double number)
{
    nu_str text = nu_fmt("{:.1f}", number);

    return strtod(text.ptr, NULL);
}

nu_str nu__filesizeformat(int64_t bytes, const nu__locale *locale)
{
    static const char *const units[] = { "KB", "MB", "GB", "TB", "PB" };
    uint64_t size = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;
    int unit = 0;
    nu_str text;

    if (size < 1024) {
        text = nu__plural_text(locale->bytes, (int64_t)size);
    } else {
        while (unit < 4 && size >> 10 * (unit + 2))
            unit++;
        text =
            nu_fmt("{} {}",
                   nu__number_format(V(rounded((double)size / (double)(1ULL << 10 * (unit + 1)))),
                                     1, locale, false),
                   units[unit]);
    }
    if (bytes < 0)
        text = nu_fmt("-{}", text);
    return nu__replace(text, S(" "), S("\u00a0"));
}
