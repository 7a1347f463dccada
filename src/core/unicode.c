/* What a single character is, and its case mappings. */
#include "core/text.h"

#include <stdlib.h>
#include <utf8proc.h>

/* The unconditional rows of Unicode's SpecialCasing.txt: characters whose upper case or title case
   is several characters. */
static const struct special {
    uint32_t c, upper[NU__CASE_MAX], title[NU__CASE_MAX];
} special_casing[] = {
    /* clang-format off */
    { 0x00DF, { 0x0053, 0x0053 }, { 0x0053, 0x0073 } },
    { 0x0149, { 0x02BC, 0x004E }, { 0x02BC, 0x004E } },
    { 0x01F0, { 0x004A, 0x030C }, { 0x004A, 0x030C } },
    { 0x0390, { 0x0399, 0x0308, 0x0301 }, { 0x0399, 0x0308, 0x0301 } },
    { 0x03B0, { 0x03A5, 0x0308, 0x0301 }, { 0x03A5, 0x0308, 0x0301 } },
    { 0x0587, { 0x0535, 0x0552 }, { 0x0535, 0x0582 } },
    { 0x1E96, { 0x0048, 0x0331 }, { 0x0048, 0x0331 } },
    { 0x1E97, { 0x0054, 0x0308 }, { 0x0054, 0x0308 } },
    { 0x1E98, { 0x0057, 0x030A }, { 0x0057, 0x030A } },
    { 0x1E99, { 0x0059, 0x030A }, { 0x0059, 0x030A } },
    { 0x1E9A, { 0x0041, 0x02BE }, { 0x0041, 0x02BE } },
    { 0x1F50, { 0x03A5, 0x0313 }, { 0x03A5, 0x0313 } },
    { 0x1F52, { 0x03A5, 0x0313, 0x0300 }, { 0x03A5, 0x0313, 0x0300 } },
    { 0x1F54, { 0x03A5, 0x0313, 0x0301 }, { 0x03A5, 0x0313, 0x0301 } },
    { 0x1F56, { 0x03A5, 0x0313, 0x0342 }, { 0x03A5, 0x0313, 0x0342 } },
    { 0x1F80, { 0x1F08, 0x0399 }, { 0x1F88 } },
    { 0x1F81, { 0x1F09, 0x0399 }, { 0x1F89 } },
    { 0x1F82, { 0x1F0A, 0x0399 }, { 0x1F8A } },
    { 0x1F83, { 0x1F0B, 0x0399 }, { 0x1F8B } },
    { 0x1F84, { 0x1F0C, 0x0399 }, { 0x1F8C } },
    { 0x1F85, { 0x1F0D, 0x0399 }, { 0x1F8D } },
    { 0x1F86, { 0x1F0E, 0x0399 }, { 0x1F8E } },
    { 0x1F87, { 0x1F0F, 0x0399 }, { 0x1F8F } },
    { 0x1F88, { 0x1F08, 0x0399 }, { 0x1F88 } },
    { 0x1F89, { 0x1F09, 0x0399 }, { 0x1F89 } },
    { 0x1F8A, { 0x1F0A, 0x0399 }, { 0x1F8A } },
    { 0x1F8B, { 0x1F0B, 0x0399 }, { 0x1F8B } },
    { 0x1F8C, { 0x1F0C, 0x0399 }, { 0x1F8C } },
    { 0x1F8D, { 0x1F0D, 0x0399 }, { 0x1F8D } },
    { 0x1F8E, { 0x1F0E, 0x0399 }, { 0x1F8E } },
    { 0x1F8F, { 0x1F0F, 0x0399 }, { 0x1F8F } },
    { 0x1F90, { 0x1F28, 0x0399 }, { 0x1F98 } },
    { 0x1F91, { 0x1F29, 0x0399 }, { 0x1F99 } },
    { 0x1F92, { 0x1F2A, 0x0399 }, { 0x1F9A } },
    { 0x1F93, { 0x1F2B, 0x0399 }, { 0x1F9B } },
    { 0x1F94, { 0x1F2C, 0x0399 }, { 0x1F9C } },
    { 0x1F95, { 0x1F2D, 0x0399 }, { 0x1F9D } },
    { 0x1F96, { 0x1F2E, 0x0399 }, { 0x1F9E } },
    { 0x1F97, { 0x1F2F, 0x0399 }, { 0x1F9F } },
    { 0x1F98, { 0x1F28, 0x0399 }, { 0x1F98 } },
    { 0x1F99, { 0x1F29, 0x0399 }, { 0x1F99 } },
    { 0x1F9A, { 0x1F2A, 0x0399 }, { 0x1F9A } },
    { 0x1F9B, { 0x1F2B, 0x0399 }, { 0x1F9B } },
    { 0x1F9C, { 0x1F2C, 0x0399 }, { 0x1F9C } },
    { 0x1F9D, { 0x1F2D, 0x0399 }, { 0x1F9D } },
    { 0x1F9E, { 0x1F2E, 0x0399 }, { 0x1F9E } },
    { 0x1F9F, { 0x1F2F, 0x0399 }, { 0x1F9F } },
    { 0x1FA0, { 0x1F68, 0x0399 }, { 0x1FA8 } },
    { 0x1FA1, { 0x1F69, 0x0399 }, { 0x1FA9 } },
    { 0x1FA2, { 0x1F6A, 0x0399 }, { 0x1FAA } },
    { 0x1FA3, { 0x1F6B, 0x0399 }, { 0x1FAB } },
    { 0x1FA4, { 0x1F6C, 0x0399 }, { 0x1FAC } },
    { 0x1FA5, { 0x1F6D, 0x0399 }, { 0x1FAD } },
    { 0x1FA6, { 0x1F6E, 0x0399 }, { 0x1FAE } },
    { 0x1FA7, { 0x1F6F, 0x0399 }, { 0x1FAF } },
    { 0x1FA8, { 0x1F68, 0x0399 }, { 0x1FA8 } },
    { 0x1FA9, { 0x1F69, 0x0399 }, { 0x1FA9 } },
    { 0x1FAA, { 0x1F6A, 0x0399 }, { 0x1FAA } },
    { 0x1FAB, { 0x1F6B, 0x0399 }, { 0x1FAB } },
    { 0x1FAC, { 0x1F6C, 0x0399 }, { 0x1FAC } },
    { 0x1FAD, { 0x1F6D, 0x0399 }, { 0x1FAD } },
    { 0x1FAE, { 0x1F6E, 0x0399 }, { 0x1FAE } },
    { 0x1FAF, { 0x1F6F, 0x0399 }, { 0x1FAF } },
    { 0x1FB2, { 0x1FBA, 0x0399 }, { 0x1FBA, 0x0345 } },
    { 0x1FB3, { 0x0391, 0x0399 }, { 0x1FBC } },
    { 0x1FB4, { 0x0386, 0x0399 }, { 0x0386, 0x0345 } },
    { 0x1FB6, { 0x0391, 0x0342 }, { 0x0391, 0x0342 } },
    { 0x1FB7, { 0x0391, 0x0342, 0x0399 }, { 0x0391, 0x0342, 0x0345 } },
    { 0x1FBC, { 0x0391, 0x0399 }, { 0x1FBC } },
    { 0x1FC2, { 0x1FCA, 0x0399 }, { 0x1FCA, 0x0345 } },
    { 0x1FC3, { 0x0397, 0x0399 }, { 0x1FCC } },
    { 0x1FC4, { 0x0389, 0x0399 }, { 0x0389, 0x0345 } },
    { 0x1FC6, { 0x0397, 0x0342 }, { 0x0397, 0x0342 } },
    { 0x1FC7, { 0x0397, 0x0342, 0x0399 }, { 0x0397, 0x0342, 0x0345 } },
    { 0x1FCC, { 0x0397, 0x0399 }, { 0x1FCC } },
    { 0x1FD2, { 0x0399, 0x0308, 0x0300 }, { 0x0399, 0x0308, 0x0300 } },
    { 0x1FD3, { 0x0399, 0x0308, 0x0301 }, { 0x0399, 0x0308, 0x0301 } },
    { 0x1FD6, { 0x0399, 0x0342 }, { 0x0399, 0x0342 } },
    { 0x1FD7, { 0x0399, 0x0308, 0x0342 }, { 0x0399, 0x0308, 0x0342 } },
    { 0x1FE2, { 0x03A5, 0x0308, 0x0300 }, { 0x03A5, 0x0308, 0x0300 } },
    { 0x1FE3, { 0x03A5, 0x0308, 0x0301 }, { 0x03A5, 0x0308, 0x0301 } },
    { 0x1FE4, { 0x03A1, 0x0313 }, { 0x03A1, 0x0313 } },
    { 0x1FE6, { 0x03A5, 0x0342 }, { 0x03A5, 0x0342 } },
    { 0x1FE7, { 0x03A5, 0x0308, 0x0342 }, { 0x03A5, 0x0308, 0x0342 } },
    { 0x1FF2, { 0x1FFA, 0x0399 }, { 0x1FFA, 0x0345 } },
    { 0x1FF3, { 0x03A9, 0x0399 }, { 0x1FFC } },
    { 0x1FF4, { 0x038F, 0x0399 }, { 0x038F, 0x0345 } },
    { 0x1FF6, { 0x03A9, 0x0342 }, { 0x03A9, 0x0342 } },
    { 0x1FF7, { 0x03A9, 0x0342, 0x0399 }, { 0x03A9, 0x0342, 0x0345 } },
    { 0x1FFC, { 0x03A9, 0x0399 }, { 0x1FFC } },
    { 0xFB00, { 0x0046, 0x0046 }, { 0x0046, 0x0066 } },
    { 0xFB01, { 0x0046, 0x0049 }, { 0x0046, 0x0069 } },
    { 0xFB02, { 0x0046, 0x004C }, { 0x0046, 0x006C } },
    { 0xFB03, { 0x0046, 0x0046, 0x0049 }, { 0x0046, 0x0066, 0x0069 } },
    { 0xFB04, { 0x0046, 0x0046, 0x004C }, { 0x0046, 0x0066, 0x006C } },
    { 0xFB05, { 0x0053, 0x0054 }, { 0x0053, 0x0074 } },
    { 0xFB06, { 0x0053, 0x0054 }, { 0x0053, 0x0074 } },
    { 0xFB13, { 0x0544, 0x0546 }, { 0x0544, 0x0576 } },
    { 0xFB14, { 0x0544, 0x0535 }, { 0x0544, 0x0565 } },
    { 0xFB15, { 0x0544, 0x053B }, { 0x0544, 0x056B } },
    { 0xFB16, { 0x054E, 0x0546 }, { 0x054E, 0x0576 } },
    { 0xFB17, { 0x0544, 0x053D }, { 0x0544, 0x056D } },
    /* clang-format on */
};

enum { CAPITAL_I_WITH_DOT = 0x130, COMBINING_DOT = 0x307 };

static int by_character(const void *key, const void *row)
{
    uint32_t a = *(const uint32_t *)key, b = ((const struct special *)row)->c;

    return (a > b) - (a < b);
}

static const struct special *special_of(uint32_t c)
{
    if (c < special_casing[0].c)
        return NULL;
    return bsearch(&c, special_casing, sizeof(special_casing) / sizeof(special_casing[0]),
                   sizeof(special_casing[0]), by_character);
}

static int copy_row(const uint32_t row[NU__CASE_MAX], uint32_t out[NU__CASE_MAX])
{
    int n = 0;

    for (; n < NU__CASE_MAX && row[n]; n++)
        out[n] = row[n];
    return n;
}

int nu__char_upper(uint32_t c, uint32_t out[NU__CASE_MAX])
{
    const struct special *special = special_of(c);

    if (special)
        return copy_row(special->upper, out);
    out[0] = (uint32_t)utf8proc_toupper((utf8proc_int32_t)c);
    return 1;
}

int nu__char_title(uint32_t c, uint32_t out[NU__CASE_MAX])
{
    const struct special *special = special_of(c);

    if (special)
        return copy_row(special->title, out);
    out[0] = (uint32_t)utf8proc_totitle((utf8proc_int32_t)c);
    return 1;
}

int nu__char_lower(uint32_t c, uint32_t out[NU__CASE_MAX])
{
    if (c == CAPITAL_I_WITH_DOT) {
        out[0] = 'i';
        out[1] = COMBINING_DOT;
        return 2;
    }
    out[0] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
    return 1;
}

/* ---- what a character is ------------------------------------------------------------------ */

static utf8proc_category_t category(uint32_t c)
{
    return utf8proc_category((utf8proc_int32_t)c);
}

static bool between(utf8proc_category_t category_, utf8proc_category_t first,
                    utf8proc_category_t last)
{
    return category_ >= first && category_ <= last;
}

bool nu__is_space(uint32_t c)
{
    utf8proc_category_t kind;

    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
    if (c == 0x85)
        return true;
    kind = category(c);
    return between(kind, UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_ZP);
}

bool nu__is_alpha(uint32_t c)
{
    if (c < 0x80)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return between(category(c), UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}

bool nu__is_digit(uint32_t c)
{
    return c < 0x80 ? c >= '0' && c <= '9' : category(c) == UTF8PROC_CATEGORY_ND;
}

/* Unicode lays the digits of a script out from 0 to 9, and scripts side by side in whole tens. */
int nu__digit_value(uint32_t c)
{
    uint32_t zero = c;

    while (zero > 0 && nu__is_digit(zero - 1))
        zero--;
    return (int)((c - zero) % 10);
}

bool nu__is_word(uint32_t c)
{
    if (c < 0x80)
        return nu__is_alpha(c) || nu__is_digit(c) || c == '_';
    return nu__is_alpha(c) || between(category(c), UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

bool nu__is_printable(uint32_t c)
{
    if (c < 0x7F)
        return c >= ' ';
    switch (category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return true;
    }
}

bool nu__is_case_ignorable(uint32_t c)
{
    utf8proc_category_t kind = category(c);

    return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME ||
           kind == UTF8PROC_CATEGORY_CF || kind == UTF8PROC_CATEGORY_LM ||
           kind == UTF8PROC_CATEGORY_SK || c == '\'' || c == '.' || c == ':' || c == 0xB7 ||
           c == 0x2018 || c == 0x2019 || c == 0x2024 || c == 0x2027;
}

/* Unicode's Other_Lowercase and Other_Uppercase: superscript, circled and Roman letters. */
static const uint32_t other_cased[][2] = {
    { 0x00AA, 0x00AA },   { 0x00BA, 0x00BA },   { 0x02B0, 0x02B8 },   { 0x02C0, 0x02C1 },
    { 0x02E0, 0x02E4 },   { 0x0345, 0x0345 },   { 0x037A, 0x037A },   { 0x1D2C, 0x1D6A },
    { 0x1D78, 0x1D78 },   { 0x1D9B, 0x1DBF },   { 0x2071, 0x2071 },   { 0x207F, 0x207F },
    { 0x2090, 0x209C },   { 0x2160, 0x217F },   { 0x24B6, 0x24E9 },   { 0x2C7C, 0x2C7D },
    { 0xA69C, 0xA69D },   { 0xA770, 0xA770 },   { 0xA7F8, 0xA7F9 },   { 0xAB5C, 0xAB5F },
    { 0x10780, 0x10780 }, { 0x10783, 0x10785 }, { 0x10787, 0x107B0 }, { 0x107B2, 0x107BA },
    { 0x1F130, 0x1F149 }, { 0x1F150, 0x1F169 }, { 0x1F170, 0x1F189 }
};

bool nu__is_cased(uint32_t c)
{
    utf8proc_category_t kind = category(c);

    if (kind == UTF8PROC_CATEGORY_LU || kind == UTF8PROC_CATEGORY_LL ||
        kind == UTF8PROC_CATEGORY_LT)
        return true;
    for (size_t i = 0; i < sizeof(other_cased) / sizeof(other_cased[0]) && c >= other_cased[i][0];
         i++)
        if (c <= other_cased[i][1])
            return true;
    return false;
}

nu_str nu__ascii_digits(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text), *start;
    nu__buf out = { 0 };

    if (nu__is_ascii(text))
        return text;
    while (at < end) {
        uint32_t c;

        start = at;
        c = nu__utf8_next(&at, end);
        if (nu__is_digit(c))
            nu__buf_char(&out, (char)('0' + nu__digit_value(c)));
        else
            nu__buf_add(&out, start, (size_t)(at - start));
    }
    return nu__buf_take(&out);
}
