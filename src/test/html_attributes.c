#include "test/html_int.h"

#include "core/text.h"
#include "utils/html.h"

#include <stdlib.h>
#include <string.h>

bool nu__html_is_one_of(nu_str name, const char *const *words)
{
    while (*words && !nu_eq(name, *words))
        words++;
    return *words;
}

static bool is_boolean(nu_str name)
{
    static const char *const words[] = {
        "allowfullscreen", "async",      "autofocus", "autoplay",       "checked",
        "controls",        "default",    "disabled",  "formnovalidate", "hidden",
        "ismap",           "itemscope",  "loop",      "multiple",       "muted",
        "nomodule",        "novalidate", "open",      "playsinline",    "readonly",
        "required",        "reversed",   "selected",  "truespeed",      NULL
    };

    return nu__html_is_one_of(name, words);
}

bool nu__html_is_blank(char c)
{
    return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static nu_str sorted_classes(nu_str value)
{
    nu_list *words = nu__split_space(value), *sorted = nu_list_new();
    size_t n = nu_list_len(words);
    nu_str *items = nu_alloc_array(nu_str, n + 1);

    for (size_t i = 0; i < n; i++)
        items[i] = nu_copy(nu_at(words, i).s);
    nu__sort_texts(items, n);
    for (size_t i = 0; i < n; i++)
        nu_list_append(sorted, items[i]);
    return nu__join(S(" "), sorted);
}

static nu_str normalized(nu_str name, nu_str value)
{
    if (nu_eq(name, "class") && value.len)
        value = sorted_classes(value);
    if (is_boolean(name))
        return value.len && !nu_eq_(value, name) ? value : (nu_str){ 0 };
    return value.ptr ? value : S("");
}

static int by_name(const void *a, const void *b)
{
    const nu__html_attribute *one = a, *two = b;
    int order = nu__str_compare(one->name, two->name);

    return order ? order : nu__str_compare(one->value, two->value);
}

/* What stands between the name of a tag and its end. */
typedef struct scan {
    nu_str raw;
    size_t at;
} scan;

static bool at_end(const scan *s)
{
    return s->at >= s->raw.len || s->raw.ptr[s->at] == '>';
}

static void skip_blanks(scan *s)
{
    while (!at_end(s) && (nu__html_is_blank(s->raw.ptr[s->at]) || s->raw.ptr[s->at] == '/'))
        s->at++;
}

static nu_str take_name(scan *s)
{
    size_t from = s->at;

    while (!at_end(s) && !nu__html_is_blank(s->raw.ptr[s->at]) && s->raw.ptr[s->at] != '/' &&
           (s->raw.ptr[s->at] != '=' || s->at == from))
        s->at++;
    return nu_lower(nu__sub(s->raw, from, s->at));
}

static nu_str take_value(scan *s)
{
    char quote;
    size_t from;

    while (!at_end(s) && nu__html_is_blank(s->raw.ptr[s->at]))
        s->at++;
    if (at_end(s) || s->raw.ptr[s->at] != '=')
        return (nu_str){ 0 };
    s->at++;
    while (!at_end(s) && nu__html_is_blank(s->raw.ptr[s->at]))
        s->at++;
    quote = at_end(s) ? 0 : s->raw.ptr[s->at];
    from = s->at;
    if (quote == '"' || quote == '\'') {
        const char *end = memchr(s->raw.ptr + from + 1, quote, s->raw.len - from - 1);
        size_t to = end ? (size_t)(end - s->raw.ptr) : s->raw.len;

        s->at = end ? to + 1 : to;
        return nu__html_unescape(nu__sub(s->raw, from + 1, to));
    }
    while (!at_end(s) && !nu__html_is_blank(s->raw.ptr[s->at]))
        s->at++;
    return nu__html_unescape(nu__sub(s->raw, from, s->at));
}

void nu__html_attributes_read(nu__html_node *node, nu_str raw, size_t from)
{
    scan s = { raw, from };
    size_t room = 0;

    for (skip_blanks(&s); !at_end(&s); skip_blanks(&s)) {
        nu_str name = take_name(&s), value = take_value(&s);

        if (node->n_attributes == room) {
            nu__html_attribute *more = nu_alloc_array(nu__html_attribute, room ? room * 2 : 8);

            if (room)
                memcpy(more, node->attributes, room * sizeof *more);
            node->attributes = more;
            room = room ? room * 2 : 8;
        }
        node->attributes[node->n_attributes++] =
            (nu__html_attribute){ name, normalized(name, value) };
    }
    if (node->n_attributes)
        qsort(node->attributes, node->n_attributes, sizeof *node->attributes, by_name);
}
