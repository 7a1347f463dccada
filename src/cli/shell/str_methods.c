/* The methods of str. */
#include "cli/shell/str.h"

#include "cli/shell/limits.h"
#include "core/text.h"

#include <string.h>

static nu__py text(nu_str s)
{
    return nu__py_str(s.ptr ? s : S(""));
}

/* ---- case ------------------------------------------------------------------------------------ */

static nu__py lower(nu__py self, const nu__py *args)
{
    (void)args;
    return text(nu_lower(self.s));
}

static nu__py upper(nu__py self, const nu__py *args)
{
    (void)args;
    return text(nu_upper(self.s));
}

static nu__py title(nu__py self, const nu__py *args)
{
    (void)args;
    return text(nu__title(self.s));
}

static nu__py casefold(nu__py self, const nu__py *args)
{
    (void)args;
    return text(nu__casefold(self.s));
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
    return text(nu__buf_str(&out));
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
    return text(nu__buf_str(&out));
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

static ptrdiff_t find_last(nu_str s, nu_str needle)
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
    return nu__py_int(found_at(self, args, find_last));
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
    int64_t at = found_at(self, args, find_last);

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

/* ---- splitting and joining ------------------------------------------------------------------- */

static void add_part(nu__py list, const char *from, const char *to)
{
    nu__py_append(list, text((nu_str){ from, (size_t)(to - from) }));
}

/* The next run of no spaces from *at on; false: there is none. */
static bool next_word(const char **at, const char *end, nu_str *word)
{
    const char *next = *at, *from;

    while (*at < end && nu__is_space(nu__utf8_next(&next, end)))
        *at = next;
    from = *at;
    if (from >= end)
        return false;
    for (next = *at; *at < end && !nu__is_space(nu__utf8_next(&next, end)); *at = next) {
    }
    *word = (nu_str){ from, (size_t)(*at - from) };
    return true;
}

static nu__py split_at_spaces(nu_str s, int64_t most)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);
    const char *at = s.ptr, *end = nu__str_end(s);
    nu_str word;

    while (next_word(&at, end, &word)) {
        if (most-- == 0) {
            add_part(out, word.ptr, end);
            break;
        }
        nu__py_append(out, text(word));
    }
    return out;
}

static nu_str separator_of(nu__py sep)
{
    nu_str out = nu__py_as_str(sep, "sep");

    if (!out.len)
        nu_raise(NU_VALUE_ERROR, "empty separator");
    return out;
}

static bool no_separator(nu__py sep)
{
    return !nu__py_given(sep) || sep.type == &nu__py_none_type;
}

static nu__py split(nu__py self, const nu__py *args)
{
    int64_t most = nu__py_int_or(args[1], -1, "maxsplit");
    nu_str rest = self.s, sep;
    nu__py out;
    ptrdiff_t at;

    if (no_separator(args[0]))
        return split_at_spaces(self.s, most);
    sep = separator_of(args[0]);
    out = nu__py_list_new(&nu__py_list_type, 8);
    while (most-- != 0 && (at = nu__find(rest, sep)) >= 0) {
        add_part(out, rest.ptr, rest.ptr + at);
        rest = nu__sub(rest, (size_t)at + sep.len, rest.len);
    }
    nu__py_append(out, text(rest));
    return out;
}

static nu__py rsplit(nu__py self, const nu__py *args)
{
    int64_t most = nu__py_int_or(args[1], -1, "maxsplit");
    nu_str rest = self.s, sep;
    nu__py out, none;
    ptrdiff_t at;

    if (most < 0)
        return split(self, args);
    out = nu__py_list_new(&nu__py_list_type, 8);
    if (no_separator(args[0])) {
        nu__py words = split_at_spaces(self.s, -1);
        size_t n = words.list->len, kept = (uint64_t)most < n ? n - (size_t)most : 0;

        if (kept) {
            nu_str last = words.list->items[kept - 1].s;

            add_part(out, self.s.ptr, last.ptr + last.len);
        }
        for (size_t i = kept; i < n; i++)
            nu__py_append(out, words.list->items[i]);
        return out;
    }
    sep = separator_of(args[0]);
    while (most-- > 0 && (at = find_last(rest, sep)) >= 0) {
        add_part(out, rest.ptr + at + sep.len, nu__str_end(rest));
        rest = nu__sub(rest, 0, (size_t)at);
    }
    nu__py_append(out, text(rest));
    for (size_t i = 0, k = out.list->len; i + 1 < k; i++) {
        none = out.list->items[i];
        out.list->items[i] = out.list->items[--k];
        out.list->items[k] = none;
    }
    return out;
}

static nu__py splitlines(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8);
    const char *at = self.s.ptr, *end = nu__str_end(self.s), *from = at;
    bool keep = nu__py_true_or(args[0], false);

    while (at < end) {
        const char *line_end = at, c = *at++;

        if (c != '\n' && c != '\r' && c != '\v' && c != '\f')
            continue;
        if (c == '\r' && at < end && *at == '\n')
            at++;
        add_part(out, from, keep ? at : line_end);
        from = at;
    }
    if (from < end)
        add_part(out, from, end);
    return out;
}

static nu__py join(nu__py self, const nu__py *args)
{
    nu__py iterator, each;
    nu__buf out = { 0 };

    if (!nu__py_is_iterable(args[0].type))
        nu_raise(NU_TYPE_ERROR, "can only join an iterable");
    iterator = nu__py_iterate(args[0]);
    for (size_t n = 0; nu__py_step(iterator, &each); n++) {
        if (!NU__PY_IS(each, str))
            nu_raise(NU_TYPE_ERROR, "sequence item {}: expected str instance, {} found", n,
                     each.type->name);
        nu__py_check_size(out.len + each.s.len);
        if (n)
            nu__buf_str_add(&out, self.s);
        nu__buf_str_add(&out, each.s);
    }
    return text(nu__buf_str(&out));
}

static nu__py three(nu_str a, nu_str b, nu_str c)
{
    nu__py out = nu__py_pair(text(a), text(b));

    nu__py_append(out, text(c));
    return out;
}

static nu__py partition(nu__py self, const nu__py *args)
{
    nu_str sep = separator_of(args[0]);
    ptrdiff_t at = nu__find(self.s, sep);

    if (at < 0)
        return three(self.s, S(""), S(""));
    return three(nu__sub(self.s, 0, (size_t)at), sep,
                 nu__sub(self.s, (size_t)at + sep.len, self.s.len));
}

static nu__py rpartition(nu__py self, const nu__py *args)
{
    nu_str sep = separator_of(args[0]);
    ptrdiff_t at = find_last(self.s, sep);

    if (at < 0)
        return three(S(""), S(""), self.s);
    return three(nu__sub(self.s, 0, (size_t)at), sep,
                 nu__sub(self.s, (size_t)at + sep.len, self.s.len));
}

/* ---- trimming, padding, replacing ------------------------------------------------------------ */

static bool in_set(nu__py chars, uint32_t c)
{
    const char *at, *end;

    if (no_separator(chars))
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

static nu__py strip(nu__py self, const nu__py *args)
{
    return text(right_stripped(left_stripped(self.s, args[0]), args[0]));
}

static nu__py lstrip(nu__py self, const nu__py *args)
{
    return text(left_stripped(self.s, args[0]));
}

static nu__py rstrip(nu__py self, const nu__py *args)
{
    return text(right_stripped(self.s, args[0]));
}

static nu__py removeprefix(nu__py self, const nu__py *args)
{
    nu_str affix = nu__py_as_str(args[0], "removeprefix() argument");

    return nu_starts_with(self.s, affix) ? text(nu__sub(self.s, affix.len, self.s.len)) : self;
}

static nu__py removesuffix(nu__py self, const nu__py *args)
{
    nu_str affix = nu__py_as_str(args[0], "removesuffix() argument");

    return affix.len && nu_ends_with(self.s, affix)
               ? text(nu__sub(self.s, 0, self.s.len - affix.len))
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
    return text(nu__buf_str(&out));
}

static nu__py ljust(nu__py self, const nu__py *args)
{
    return padded(self, args, -1);
}

static nu__py rjust(nu__py self, const nu__py *args)
{
    return padded(self, args, 1);
}

static nu__py center(nu__py self, const nu__py *args)
{
    return padded(self, args, 0);
}

static nu__py zfill(nu__py self, const nu__py *args)
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
    return text(nu__buf_str(&out));
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
    return text(nu__buf_str(&out));
}

static nu__py replace(nu__py self, const nu__py *args)
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
    return text(nu__buf_str(&out));
}

static nu__py expandtabs(nu__py self, const nu__py *args)
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
    return text(nu__buf_str(&out));
}

static nu__py translate(nu__py self, const nu__py *args)
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
    return text(nu__buf_str(&out));
}

/* str.maketrans("ab", "xy", "z"), or a dict of characters. */
static nu__py maketrans(nu__py self, const nu__py *args)
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

const nu__py_method nu__py_str_statics[] = {
    { "maketrans", "x, y=, z=, /", maketrans },
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
    return text(nu__py_str_format(self.s, args[0], args[1]));
}

const nu__py_method nu__py_str_methods[] = {
    { "capitalize", NULL, capitalize },
    { "casefold", NULL, casefold },
    { "center", "width, fillchar=, /", center },
    { "count", "sub, start=, end=, /", count },
    { "encode", "encoding=, errors=", encode },
    { "endswith", "suffix, start=, end=, /", endswith },
    { "expandtabs", "tabsize=", expandtabs },
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
    { "join", "iterable, /", join },
    { "ljust", "width, fillchar=, /", ljust },
    { "lower", NULL, lower },
    { "lstrip", "chars=, /", lstrip },
    { "partition", "sep, /", partition },
    { "removeprefix", "prefix, /", removeprefix },
    { "removesuffix", "suffix, /", removesuffix },
    { "replace", "old, new, count=, /", replace },
    { "rfind", "sub, start=, end=, /", rfind },
    { "rindex", "sub, start=, end=, /", rindex_ },
    { "rjust", "width, fillchar=, /", rjust },
    { "rpartition", "sep, /", rpartition },
    { "rsplit", "sep=, maxsplit=", rsplit },
    { "rstrip", "chars=, /", rstrip },
    { "split", "sep=, maxsplit=", split },
    { "splitlines", "keepends=", splitlines },
    { "startswith", "prefix, start=, end=, /", startswith },
    { "strip", "chars=, /", strip },
    { "swapcase", NULL, swapcase },
    { "title", NULL, title },
    { "translate", "table, /", translate },
    { "upper", NULL, upper },
    { "zfill", "width, /", zfill },
    { NULL, NULL, NULL },
};
