/**
 * @file
 * Numbers as a person reads them: separators, groups of digits, rounding for display. As
 * django.utils.numberformat, django.utils.formats.number_format and the filters floatformat and
 * filesizeformat.
 *
 * All work on decimal digits as text, so that no number is rounded but where said. Numbers of more
 * than 200 digits, counting zeros, are written with an exponent: their length is the attacker's.
 */
#pragma once
#include "core/buf.h"
#include "utils/formats.h"

typedef struct nu__numberformat {
    const char *decimal_separator, *thousand_separator;
    uint8_t grouping[4]; /* as nu__locale's; {0}: none */
    int places;          /* digits after the point, cut or filled up; -1: as many as there are */
    bool group;          /* put separators between groups */
} nu__numberformat;

/* A number as text ("-1234.5", "1E+3"), INT, UINT, FLOAT or DECIMAL. Other text is split at its
   point all the same, as Django does. */
nu_str nu__number_text(nu_value number, const nu__numberformat *format);

/* In the locale's way. `places` -1: as many as there are; `force_grouping`: whatever the setting
   USE_THOUSAND_SEPARATOR says. Django: formats.number_format() */
nu_str nu__number_format(nu_value number, int places, const nu__locale *locale,
                         bool force_grouping);
/* The setting USE_THOUSAND_SEPARATOR. */
void nu__set_use_thousand_separator(bool use);
extern bool nu__thousand_separator_used;
static inline bool nu__use_thousand_separator(void)
{
    return nu__thousand_separator_used;
}
/* Number, date or text as a template writes it: numbers and dates localized, all else as it is.
   Django: formats.localize() */
nu_value nu__localize(nu_value value, const nu__locale *locale);

/* The filter: `arg` is a number of places (negative: none where the fraction is zero), or text of
   one with the suffixes "g" (grouped) and "u" (unlocalized). Safe text; plain text where the value
   or the argument is no number. Rounds half up. Raises IndexError for an empty text as the
   argument, TypeError for null, as Django does. */
nu_value nu__floatformat(nu_value number, nu_value arg);
/* The same to the end of `out` for a double of ordinary size to a few places; false: nothing was
   written, and the other one is to be asked. */
bool nu__floatformat_to(nu__buf *out, double number, int64_t places);
/* "13.0 KB" */
nu_str nu__filesizeformat(__int128 bytes, const nu__locale *locale);
