/* str: splitting and joining. */
#include "cli/shell/str.h"

#include "cli/shell/limits.h"
#include "core/text.h"

#include <string.h>

static void add_part(nu__py list, const char *from, const char *to)
{
    nu__py_append(list, nu__py_str_of((nu_str){ from, (size_t)(to - from) }));
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
        nu__py_append(out, nu__py_str_of(word));
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

bool nu__py_str_no_separator(nu__py sep)
{
    return !nu__py_given(sep) || sep.type == &nu__py_none_type;
}

nu__py nu__py_str_split(nu__py self, const nu__py *args)
{
    int64_t most = nu__py_int_or(args[1], -1, "maxsplit");
    nu_str rest = self.s, sep;
    nu__py out;
    ptrdiff_t at;

    if (nu__py_str_no_separator(args[0]))
        return split_at_spaces(self.s, most);
    sep = separator_of(args[0]);
    out = nu__py_list_new(&nu__py_list_type, 8);
    while (most-- != 0 && (at = nu__find(rest, sep)) >= 0) {
        add_part(out, rest.ptr, rest.ptr + at);
        rest = nu__sub(rest, (size_t)at + sep.len, rest.len);
    }
    nu__py_append(out, nu__py_str_of(rest));
    return out;
}

nu__py nu__py_str_rsplit(nu__py self, const nu__py *args)
{
    int64_t most = nu__py_int_or(args[1], -1, "maxsplit");
    nu_str rest = self.s, sep;
    nu__py out, none;
    ptrdiff_t at;

    if (most < 0)
        return nu__py_str_split(self, args);
    out = nu__py_list_new(&nu__py_list_type, 8);
    if (nu__py_str_no_separator(args[0])) {
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
    while (most-- > 0 && (at = nu__py_str_find_last(rest, sep)) >= 0) {
        add_part(out, rest.ptr + at + sep.len, nu__str_end(rest));
        rest = nu__sub(rest, 0, (size_t)at);
    }
    nu__py_append(out, nu__py_str_of(rest));
    for (size_t i = 0, k = out.list->len; i + 1 < k; i++) {
        none = out.list->items[i];
        out.list->items[i] = out.list->items[--k];
        out.list->items[k] = none;
    }
    return out;
}

nu__py nu__py_str_splitlines(nu__py self, const nu__py *args)
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

nu__py nu__py_str_join(nu__py self, const nu__py *args)
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
    return nu__py_str_of(nu__buf_str(&out));
}

static nu__py three(nu_str a, nu_str b, nu_str c)
{
    nu__py out = nu__py_pair(nu__py_str_of(a), nu__py_str_of(b));

    nu__py_append(out, nu__py_str_of(c));
    return out;
}

nu__py nu__py_str_partition(nu__py self, const nu__py *args)
{
    nu_str sep = separator_of(args[0]);
    ptrdiff_t at = nu__find(self.s, sep);

    if (at < 0)
        return three(self.s, S(""), S(""));
    return three(nu__sub(self.s, 0, (size_t)at), sep,
                 nu__sub(self.s, (size_t)at + sep.len, self.s.len));
}

nu__py nu__py_str_rpartition(nu__py self, const nu__py *args)
{
    nu_str sep = separator_of(args[0]);
    ptrdiff_t at = nu__py_str_find_last(self.s, sep);

    if (at < 0)
        return three(S(""), S(""), self.s);
    return three(nu__sub(self.s, 0, (size_t)at), sep,
                 nu__sub(self.s, (size_t)at + sep.len, self.s.len));
}
