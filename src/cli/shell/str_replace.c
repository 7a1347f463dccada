/* str: trimming, padding, replacing, translating. */
#include "cli/shell/str.h"

#include "cli/shell/limits.h"
#include "core/text.h"

#include <string.h>

static bool in_set(nu__py chars, uint32_t c)
{
    const char *at, *end;

    if (nu__py_str_no_separator(chars))
        return nu__is_space(c);
    for (at = chars.s.ptr, end = nu__str_end(chars.s); at < end;)
        if (nu__utf8_next(&at, end) == c)
            return true;
    return false;
}

static nu_str left_stripped(nu_str s, nu__py chars)
{
    const char *at = s.ptr, *end = nu__str_end(s), *next = at;

    while (at < end && in_set(chars, nu__utf8_next(&next, end)))
        at = next;
    return (nu_str){ at, (size_t)(end - at) };
}

static nu_str right_stripped(nu_str s, nu__py chars)
{
    while (s.len) {
        size_t last = s.len - 1;
        const char *at;

        while (last && ((unsigned char)s.ptr[last] & 0xC0) == 0x80)
            last--;
        at = s.ptr + last;
        if (!in_set(chars, nu__utf8_next(&at, s.ptr + s.len)))
            break;
        s.len = last;
    }
    return s;
}

nu__py nu__py_str_strip(nu__py self, const nu__py *args)
{
    return nu__py_str_of(right_stripped(left_stripped(self.s, args[0]), args[0]));
}

nu__py nu__py_str_lstrip(nu__py self, const nu__py *args)
{
    return nu__py_str_of(left_stripped(self.s, args[0]));
}

nu__py nu__py_str_rstrip(nu__py self, const nu__py *args)
{
    return nu__py_str_of(right_stripped(self.s, args[0]));
}

nu__py nu__py_str_removeprefix(nu__py self, const nu__py *args)
{
    nu_str affix = nu__py_as_str(args[0], "removeprefix() argument");

    return nu_starts_with(self.s, affix) ? nu__py_str_of(nu__sub(self.s, affix.len, self.s.len))
                                         : self;
}

nu__py nu__py_str_removesuffix(nu__py self, const nu__py *args)
{
    nu_str affix = nu__py_as_str(args[0], "removesuffix() argument");

    return affix.len && nu_ends_with(self.s, affix)
               ? nu__py_str_of(nu__sub(self.s, 0, self.s.len - affix.len))
               : self;
}

static nu__py padded(nu__py self, const nu__py *args, int where)
{
    int64_t width = nu__py_as_int(args[0], "width"), n = (int64_t)nu__utf8_count(self.s), left;
    nu_str fill = nu__py_given(args[1]) ? nu__py_as_str(args[1], "fill character") : S(" ");
    nu__buf out = { 0 };

    if (nu__utf8_count(fill) != 1)
        nu_raise(NU_TYPE_ERROR, "The fill character must be exactly one character long");
    if (width <= n)
        return self;
    nu__py_check_size((uint64_t)width);
    n = width - n;
    left = where < 0 ? 0 : where > 0 ? n : n / 2 + (n & width & 1);
    for (int64_t i = 0; i < left; i++)
        nu__buf_str_add(&out, fill);
    nu__buf_str_add(&out, self.s);
    for (int64_t i = left; i < n; i++)
        nu__buf_str_add(&out, fill);
    return nu__py_str_of(nu__buf_str(&out));
}

nu__py nu__py_str_ljust(nu__py self, const nu__py *args)
{
    return padded(self, args, -1);
}

nu__py nu__py_str_rjust(nu__py self, const nu__py *args)
{
    return padded(self, args, 1);
}

nu__py nu__py_str_center(nu__py self, const nu__py *args)
{
    return padded(self, args, 0);
}

nu__py nu__py_str_zfill(nu__py self, const nu__py *args)
{
    int64_t width = nu__py_as_int(args[0], "width"), n = (int64_t)nu__utf8_count(self.s);
    bool sign = self.s.len && (self.s.ptr[0] == '+' || self.s.ptr[0] == '-');
    nu__buf out = { 0 };

    if (width <= n)
        return self;
    nu__py_check_size((uint64_t)width);
    nu__buf_str_add(&out, nu__sub(self.s, 0, sign));
    nu__buf_fill(&out, '0', (size_t)(width - n));
    nu__buf_str_add(&out, nu__sub(self.s, sign, self.s.len));
    return nu__py_str_of(nu__buf_str(&out));
}

/* "" is found before each character and at the end. */
static nu__py interspersed(nu_str s, nu_str with, int64_t most)
{
    const char *at = s.ptr, *end = nu__str_end(s), *from;
    nu__buf out = { 0 };

    while (at < end) {
        if (most-- != 0)
            nu__buf_str_add(&out, with);
        else
            most = 0;
        from = at;
        (void)nu__utf8_next(&at, end);
        nu__buf_add(&out, from, (size_t)(at - from));
    }
    if (most != 0)
        nu__buf_str_add(&out, with);
    return nu__py_str_of(nu__buf_str(&out));
}

nu__py nu__py_str_replace(nu__py self, const nu__py *args)
{
    nu_str old = nu__py_as_str(args[0], "replace() argument 1"), rest = self.s;
    nu_str with = nu__py_as_str(args[1], "replace() argument 2");
    int64_t most = nu__py_int_or(args[2], -1, "count");
    nu__buf out = { 0 };
    ptrdiff_t at;

    if (!old.len)
        return interspersed(self.s, with, most);
    while (most-- != 0 && (at = nu__find(rest, old)) >= 0) {
        nu__buf_add(&out, rest.ptr, (size_t)at);
        nu__buf_str_add(&out, with);
        nu__py_check_size(out.len);
        rest = nu__sub(rest, (size_t)at + old.len, rest.len);
    }
    nu__buf_str_add(&out, rest);
    return nu__py_str_of(nu__buf_str(&out));
}

nu__py nu__py_str_expandtabs(nu__py self, const nu__py *args)
{
    int64_t size = nu__py_int_or(args[0], 8, "tabsize"), column = 0;
    const char *at = self.s.ptr, *end = nu__str_end(self.s), *from;
    nu__buf out = { 0 };

    nu__py_check_size((uint64_t)(size < 0 ? 0 : size));
    while (at < end) {
        from = at;
        if (nu__utf8_next(&at, end) != '\t') {
            nu__buf_add(&out, from, (size_t)(at - from));
            column = *from == '\n' || *from == '\r' ? 0 : column + 1;
            continue;
        }
        for (int64_t n = size > 0 ? size - column % size : 0; n > 0; n--, column++)
            nu__buf_char(&out, ' ');
        nu__py_check_size(out.len);
    }
    return nu__py_str_of(nu__buf_str(&out));
}

nu__py nu__py_str_translate(nu__py self, const nu__py *args)
{
    const char *at = self.s.ptr, *end = nu__str_end(self.s), *from;
    nu__buf out = { 0 };
    nu__py *found;

    if (!NU__PY_IS(args[0], dict))
        nu_raise(NU_TYPE_ERROR, "translate() argument must be a dict, not {}", args[0].type->name);
    while (at < end) {
        from = at;
        found = nu__py_dict_find(args[0].dict, nu__py_int(nu__utf8_next(&at, end)));
        if (!found)
            nu__buf_add(&out, from, (size_t)(at - from));
        else if (NU__PY_IS(*found, int))
            nu__buf_utf8(&out, (uint32_t)nu__py_as_int(*found, "character"));
        else if (found->type != &nu__py_none_type)
            nu__buf_str_add(&out, nu__py_as_str(*found, "character mapping"));
    }
    return nu__py_str_of(nu__buf_str(&out));
}

/* str.maketrans("ab", "xy", "z"), or a dict of characters. */
nu__py nu__py_str_maketrans(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    nu_str from, to;
    const char *a, *b;

    (void)self;
    if (!nu__py_given(args[1])) {
        nu__py_dict_update(out.dict, args[0]);
        return out;
    }
    from = nu__py_as_str(args[0], "maketrans() argument 1");
    to = nu__py_as_str(args[1], "maketrans() argument 2");
    if (nu__utf8_count(from) != nu__utf8_count(to))
        nu_raise(NU_VALUE_ERROR, "the first two maketrans arguments must have equal length");
    for (a = from.ptr, b = to.ptr; a < nu__str_end(from);)
        nu__py_dict_set(out.dict, nu__py_int(nu__utf8_next(&a, nu__str_end(from))),
                        nu__py_int(nu__utf8_next(&b, nu__str_end(to))));
    if (nu__py_given(args[2]))
        from = nu__py_as_str(args[2], "maketrans() argument 3");
    for (a = from.ptr; nu__py_given(args[2]) && a < nu__str_end(from);)
        nu__py_dict_set(out.dict, nu__py_int(nu__utf8_next(&a, nu__str_end(from))), nu__py_none());
    return out;
}
