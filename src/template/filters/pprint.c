/* pprint.pformat(): dicts by key, and long containers an item a line. */
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "template/filters/stringformat.h"

#include <stdlib.h>

enum { WIDTH = 80, MAX_DEPTH = 50 };

static int by_key(const void *a, const void *b)
{
    return nu__str_compare(((const nu__entry *)a)->key, ((const nu__entry *)b)->key);
}

static nu__entry *sorted_entries(const nu_dict *dict)
{
    size_t n = nu_dict_len(dict);
    nu__entry *entries = nu_alloc_array(nu__entry, n);

    for (size_t i = 0; i < n; i++)
        entries[i] = (nu__entry){ nu_dict_key(dict, i), nu_dict_value(dict, i) };
    if (n)
        qsort(entries, n, sizeof(*entries), by_key);
    return entries;
}

static void add_repr(nu__buf *out, nu_value value, int depth);

static void repr_dict(nu__buf *out, const nu_dict *dict, int depth)
{
    nu__entry *entries = sorted_entries(dict);

    nu__buf_char(out, '{');
    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        nu__buf_str_add(out, i ? S(", ") : S(""));
        nu__buf_repr_str(out, entries[i].key);
        nu__buf_lit(out, ": ");
        add_repr(out, entries[i].value, depth + 1);
    }
    nu__buf_char(out, '}');
}

static void repr_list(nu__buf *out, const nu_list *list, int depth)
{
    nu__buf_char(out, '[');
    for (size_t i = 0; i < nu_list_len(list); i++) {
        nu__buf_str_add(out, i ? S(", ") : S(""));
        add_repr(out, nu_at(list, i), depth + 1);
    }
    nu__buf_char(out, ']');
}

static void add_repr(nu__buf *out, nu_value value, int depth)
{
    if (depth > MAX_DEPTH)
        nu__buf_lit(out, "...");
    else if (value.kind == NU_KIND_DICT)
        repr_dict(out, value.dict, depth);
    else if (value.kind == NU_KIND_LIST)
        repr_list(out, value.list, depth);
    else
        nu__buf_repr(out, value);
}

static void format(nu__buf *out, nu_value value, size_t indent, size_t after, int depth);

static void new_line(nu__buf *out, size_t indent)
{
    nu__buf_lit(out, ",\n");
    nu__buf_fill(out, ' ', indent);
}

static void format_dict(nu__buf *out, const nu_dict *dict, size_t indent, size_t after, int depth)
{
    nu__entry *entries = sorted_entries(dict);
    size_t n = nu_dict_len(dict);

    nu__buf_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        nu_str key = nu__repr_str(entries[i].key);

        if (i)
            new_line(out, indent + 1);
        nu__buf_fmt(out, "{}: ", key);
        format(out, entries[i].value, indent + nu__utf8_count(key) + 3, i + 1 == n ? after + 1 : 1,
               depth + 1);
    }
    nu__buf_char(out, '}');
}

static void format_list(nu__buf *out, const nu_list *list, size_t indent, size_t after, int depth)
{
    size_t n = nu_list_len(list);

    nu__buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            new_line(out, indent + 1);
        format(out, nu_at(list, i), indent + 1, i + 1 == n ? after + 1 : 1, depth + 1);
    }
    nu__buf_char(out, ']');
}

static void format(nu__buf *out, nu_value value, size_t indent, size_t after, int depth)
{
    nu__buf repr = { 0 };

    add_repr(&repr, value, depth);
    if (depth < MAX_DEPTH && nu__utf8_count(nu__buf_str(&repr)) + indent + after > WIDTH) {
        if (value.kind == NU_KIND_DICT && nu_dict_len(value.dict)) {
            format_dict(out, value.dict, indent, after, depth);
            return;
        }
        if (value.kind == NU_KIND_LIST && nu_list_len(value.list)) {
            format_list(out, value.list, indent, after, depth);
            return;
        }
    }
    nu__buf_str_add(out, nu__buf_str(&repr));
}

void nu__pformat(nu__buf *out, nu_value value)
{
    format(out, value, 0, 0, 0);
}
