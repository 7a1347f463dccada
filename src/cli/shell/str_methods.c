/* The methods of str. */
#include "cli/shell/str.h"

#include "cli/shell/limits.h"
#include "core/text.h"

#include <string.h>

nu__py nu__py_str_of(nu_str s)
{
    return nu__py_str(s.ptr ? s : S(""));
}

/* ---- case ------------------------------------------------------------------------------------ */

static nu__py lower(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str_of(nu_lower(self.s));
}

static nu__py upper(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str_of(nu_upper(self.s));
}

static nu__py title(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str_of(nu__title(self.s));
}

static nu__py casefold(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str_of(nu__casefold(self.s));
}

static void add_titled(nu__buf *out, uint32_t c)
{
    uint32_t mapped[NU__CASE_MAX];
    int n = nu__char_title(c, mapped);

    for (int i = 0; i < n; i++)
        nu__buf_utf8(out, mapped[i]);
}

static nu__py capitalize(nu__py self, const nu__py *args)
{
    const char *at = self.s.ptr, *end = nu__str_end(self.s);
    nu__buf out = { 0 };

    (void)args;
    if (!self.s.len)
        return self;
    add_titled(&out, nu__utf8_next(&at, end));
    nu__buf_str_add(&out, nu_lower((nu_str){ at, (size_t)(end - at) }));
    return nu__py_str_of(nu__buf_str(&out));
}

static nu__py swapcase(nu__py self, const nu__py *args)
{
    const char *at = self.s.ptr, *end = nu__str_end(self.s), *from;
    nu__buf out = { 0 };

    (void)args;
    while (at < end) {
        nu_str c = { from = at, 0 }, lowered;

        (void)nu__utf8_next(&at, end);
        c.len = (size_t)(at - from);
        lowered = nu_lower(c);
        nu__buf_str_add(&out, nu_eq(lowered, c) ? nu_upper(c) : lowered);
    }
    return nu__py_str_of(nu__buf_str(&out));
}

/* ---- questions ------------------------------------------------------------------------------- */

static bool all_of(nu_str s, bool (*is)(uint32_t))
{
    const char *at = s.ptr, *end = nu__str_end(s);

    while (at < end)
        if (!is(nu__utf8_next(&at, end)))
            return false;
    return true;
}

static bool is_alnum(uint32_t c)
{
    return nu__is_alpha(c) || (nu__is_word(c) && c != '_');
}

#define QUESTION(name, test)                                                                       \
    static nu__py name(nu__py self, const nu__py *args)                                            \
    {                                                                                              \
        (void)args;                                                                                \
        return nu__py_bool(test);                                                                  \
    }
QUESTION(isalpha_, self.s.len &&all_of(self.s, nu__is_alpha))
QUESTION(isalnum_, self.s.len &&all_of(self.s, is_alnum))
QUESTION(isdigit_, self.s.len &&all_of(self.s, nu__is_digit))
QUESTION(isspace_, self.s.len &&all_of(self.s, nu__is_space))
QUESTION(isprintable_, all_of(self.s, nu__is_printable))
QUESTION(isascii_, nu__is_ascii(self.s))
QUESTION(islower_, nu_eq(nu_lower(self.s), self.s) && !nu_eq(nu_upper(self.s), self.s))
QUESTION(isupper_, nu_eq(nu_upper(self.s), self.s) && !nu_eq(nu_lower(self.s), self.s))

static nu__py istitle(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu_eq(nu__title(self.s), self.s) && !nu_eq(nu_lower(self.s), self.s));
}

static nu__py isidentifier(nu__py self, const nu__py *args)
{
    const char *at = self.s.ptr, *end = nu__str_end(self.s);
    bool first = true;

    (void)args;
    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c != '_' && !(first ? nu__is_alpha(c) : nu__is_word(c)))
            return nu__py_bool(false);
        first = false;
    }
    return nu__py_bool(!first);
}

/* ---- finding --------------------------------------------------------------------------------- */

/* The part between `start` and `end`, by characters; *from: where it begins. false: start is past
   the end. */
static bool range_of(nu_str s, const nu__py *args, nu_str *part, int64_t *from)
{
    int64_t n = (int64_t)nu__utf8_count(s), to;

    *from = nu__py_int_or(args[0], 0, "start");
    to = nu__py_int_or(args[1], n, "end");
    *from = *from < 0 ? (*from + n < 0 ? 0 : *from + n) : *from;
    to = to < 0 ? (to + n < 0 ? 0 : to + n) : to > n ? n : to;
    if (*from > to)
        return false;
    *part = nu__utf8_slice(s, (size_t)*from, (size_t)to);
    return true;
}

static bool affixed(nu_str part, nu__py affix, const char *what, bool (*test)(nu_str, nu_str))
{
    if (affix.type == &nu__py_tuple_type) {
        for (size_t i = 0; i < affix.list->len; i++)
            if (affixed(part, affix.list->items[i], what, test))
                return true;
        return false;
    }
    if (!NU__PY_IS(affix, str))
        nu_raise(NU_TYPE_ERROR, "{} first arg must be str or a tuple of str, not {}", what,
                 affix.type->name);
    return test(part, affix.s);
}

static nu__py startswith(nu__py self, const nu__py *args)
{
    int64_t from;
    nu_str part;

    return nu__py_bool(range_of(self.s, args + 1, &part, &from) &&
                       affixed(part, args[0], "startswith", nu_starts_with));
}

static nu__py endswith(nu__py self, const nu__py *args)
{
    int64_t from;
    nu_str part;

    return nu__py_bool(range_of(self.s, args + 1, &part, &from) &&
                       affixed(part, args[0], "endswith", nu_ends_with));
}

ptrdiff_t nu__py_str_find_last(nu_str s, nu_str needle)
{
    for (size_t at = s.len + 1; at-- > 0;)
        if (s.len - at >= needle.len && !memcmp(s.ptr + at, needle.ptr, needle.len))
            return (ptrdiff_t)at;
    return -1;
}

static int64_t found_at(nu__py self, const nu__py *args, ptrdiff_t (*find)(nu_str, nu_str))
{
    nu_str needle = nu__py_as_str(args[0], "find() argument 1"), part;
    int64_t from;
    ptrdiff_t at;

    if (!range_of(self.s, args + 1, &part, &from))
        return -1;
    at = find(part, needle);
    return at < 0 ? -1 : from + (int64_t)nu__utf8_count((nu_str){ part.ptr, (size_t)at });
}

static nu__py find(nu__py self, const nu__py *args)
{
    return nu__py_int(found_at(self, args, nu__find));
}

static nu__py rfind(nu__py self, const nu__py *args)
{
    return nu__py_int(found_at(self, args, nu__py_str_find_last));
}

static nu__py index_of(nu__py self, const nu__py *args)
{
    int64_t at = found_at(self, args, nu__find);

    if (at < 0)
        nu_raise(NU_VALUE_ERROR, "substring not found");
    return nu__py_int(at);
}

static nu__py rindex_(nu__py self, const nu__py *args)
{
    int64_t at = found_at(self, args, nu__py_str_find_last);

    if (at < 0)
        nu_raise(NU_VALUE_ERROR, "substring not found");
    return nu__py_int(at);
}

static nu__py count(nu__py self, const nu__py *args)
{
    nu_str needle = nu__py_as_str(args[0], "count() argument 1"), part;
    int64_t from, n = 0;
    ptrdiff_t at;

    if (!range_of(self.s, args + 1, &part, &from))
        return nu__py_int(0);
    if (!needle.len)
        return nu__py_int((int64_t)nu__utf8_count(part) + 1);
    while ((at = nu__find(part, needle)) >= 0) {
        n++;
        part = nu__sub(part, (size_t)at + needle.len, part.len);
    }
    return nu__py_int(n);
}

/* ---- the table ------------------------------------------------------------------------------- */

const nu__py_method nu__py_str_statics[] = {
    { "maketrans", "x, y=, z=, /", nu__py_str_maketrans },
    { NULL, NULL, NULL },
};

static nu__py encode(nu__py self, const nu__py *args)
{
    nu_str encoding =
        nu__py_given(args[0]) ? nu_lower(nu__py_as_str(args[0], "encoding")) : S("utf-8");

    if (nu_eq(encoding, "ascii") && !nu__is_ascii(self.s))
        nu_raise(NU_UNICODE_ERROR, "'ascii' codec can't encode the text: it is not all ASCII");
    if (!nu_eq(encoding, "utf-8") && !nu_eq(encoding, "utf8") && !nu_eq(encoding, "ascii"))
        nu_raise(NU_LOOKUP_ERROR, "unknown encoding: {} (the shell knows utf-8 and ascii)",
                 encoding);
    return nu__py_bytes((nu_bytes){ (const uint8_t *)self.s.ptr, self.s.len });
}

static nu__py format(nu__py self, const nu__py *args)
{
    return nu__py_str_of(nu__py_str_format(self.s, args[0], args[1]));
}

const nu__py_method nu__py_str_methods[] = {
    { "capitalize", NULL, capitalize },
    { "casefold", NULL, casefold },
    { "center", "width, fillchar=, /", nu__py_str_center },
    { "count", "sub, start=, end=, /", count },
    { "encode", "encoding=, errors=", encode },
    { "endswith", "suffix, start=, end=, /", endswith },
    { "expandtabs", "tabsize=", nu__py_str_expandtabs },
    { "find", "sub, start=, end=, /", find },
    { "format", "*args, **kwargs", format },
    { "index", "sub, start=, end=, /", index_of },
    { "isalnum", NULL, isalnum_ },
    { "isalpha", NULL, isalpha_ },
    { "isascii", NULL, isascii_ },
    { "isdecimal", NULL, isdigit_ },
    { "isdigit", NULL, isdigit_ },
    { "isidentifier", NULL, isidentifier },
    { "islower", NULL, islower_ },
    { "isnumeric", NULL, isdigit_ },
    { "isprintable", NULL, isprintable_ },
    { "isspace", NULL, isspace_ },
    { "istitle", NULL, istitle },
    { "isupper", NULL, isupper_ },
    { "join", "iterable, /", nu__py_str_join },
    { "ljust", "width, fillchar=, /", nu__py_str_ljust },
    { "lower", NULL, lower },
    { "lstrip", "chars=, /", nu__py_str_lstrip },
    { "partition", "sep, /", nu__py_str_partition },
    { "removeprefix", "prefix, /", nu__py_str_removeprefix },
    { "removesuffix", "suffix, /", nu__py_str_removesuffix },
    { "replace", "old, new, count=, /", nu__py_str_replace },
    { "rfind", "sub, start=, end=, /", rfind },
    { "rindex", "sub, start=, end=, /", rindex_ },
    { "rjust", "width, fillchar=, /", nu__py_str_rjust },
    { "rpartition", "sep, /", nu__py_str_rpartition },
    { "rsplit", "sep=, maxsplit=", nu__py_str_rsplit },
    { "rstrip", "chars=, /", nu__py_str_rstrip },
    { "split", "sep=, maxsplit=", nu__py_str_split },
    { "splitlines", "keepends=", nu__py_str_splitlines },
    { "startswith", "prefix, start=, end=, /", startswith },
    { "strip", "chars=, /", nu__py_str_strip },
    { "swapcase", NULL, swapcase },
    { "title", NULL, title },
    { "translate", "table, /", nu__py_str_translate },
    { "upper", NULL, upper },
    { "zfill", "width, /", nu__py_str_zfill },
    { NULL, NULL, NULL },
};
