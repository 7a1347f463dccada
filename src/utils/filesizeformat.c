#include "core/text.h"
#include "utils/numberformat.h"
#include "utils/translation.h"

#include <stdlib.h>

/* Python's round(number, 1): half to even, by the double's exact value. */
static double rounded(double number)
{
    nu_str text = nu_fmt("{:.1f}", number);

    return strtod(text.ptr, NULL);
}

nu_str nu__filesizeformat(__int128 bytes, const nu__locale *locale)
{
    static const char *const units[] = { "%s KB", "%s MB", "%s GB", "%s TB", "%s PB" };
    unsigned __int128 size = (unsigned __int128)(bytes < 0 ? -bytes : bytes);
    int unit = 0;
    nu_str text;

    if (size < 1024) {
        text = nu__counted("%(size)d byte", "%(size)d bytes", "%(size)d", (int64_t)size);
    } else {
        while (unit < 4 && size >> (10 * (unit + 2)))
            unit++;
        text = nu__number_format(V(rounded((double)size / (double)(1ULL << 10 * (unit + 1)))), 1,
                                 locale, false);
        text = nu__replace(nu__gettext(nu_s(units[unit])), S("%s"), text);
    }
    if (bytes < 0)
        text = nu_fmt("-{}", text);
    return nu__replace(text, S(" "), S("\u00a0"));
}
