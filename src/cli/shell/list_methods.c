/* The methods of list and tuple. */
#include "cli/shell/list.h"

#include "cli/shell/limits.h"

#include <string.h>

/* ---- sorting --------------------------------------------------------------------------------- */

typedef struct keyed {
    nu__py key, item;
} keyed;

/* Merge sort: stable, and safe whatever a comparison answers or raises. */
static void merge_sort(keyed *items, keyed *spare, size_t n, bool reverse)
{
    size_t half = n / 2, a = 0, b = half, k = 0;

    if (n < 2)
        return;
    merge_sort(items, spare, half, reverse);
    merge_sort(items + half, spare, n - half, reverse);
    while (a < half && b < n) {
        bool right = reverse ? nu__py_less(items[a].key, items[b].key)
                             : nu__py_less(items[b].key, items[a].key);

        spare[k++] = right ? items[b++] : items[a++];
    }
    memcpy(spare + k, items + a, (half - a) * sizeof *spare);
    k += half - a;
    memcpy(items, spare, k * sizeof *spare);
}

void nu__py_sort(nu__py list, nu__py key, bool reverse)
{
    size_t n = list.list->len;
    keyed *items = nu_alloc_array(keyed, n + 1), *spare = nu_alloc_array(keyed, n + 1);
    bool plain = !nu__py_given(key) || key.type == &nu__py_none_type;

    for (size_t i = 0; i < n; i++) {
        items[i].item = list.list->items[i];
        items[i].key = plain ? items[i].item : nu__py_apply(key, items[i].item);
    }
    merge_sort(items, spare, n, reverse);
    for (size_t i = 0; i < n && i < list.list->len; i++)
        list.list->items[i] = items[i].item;
}

/* ---- list ------------------------------------------------------------------------------------ */

static nu__py append(nu__py self, const nu__py *args)
{
    nu__py_append(self, args[0]);
    return nu__py_none();
}

static nu__py extend(nu__py self, const nu__py *args)
{
    (void)nu__py_augmented(NU__PY_ADD, self, args[0]);
    return nu__py_none();
}

static nu__py insert(nu__py self, const nu__py *args)
{
    nu__py_list *list = self.list;
    int64_t at = nu__py_as_int(args[0], "insert() index"), n = (int64_t)list->len;

    at = at < 0 ? at + n : at;
    at = at < 0 ? 0 : at > n ? n : at;
    nu__py_append(self, args[1]);
    memmove(list->items + at + 1, list->items + at, (size_t)(n - at) * sizeof(nu__py));
    list->items[at] = args[1];
    return nu__py_none();
}

static nu__py take_out(nu__py_list *list, size_t at)
{
    nu__py out = list->items[at];

    memmove(list->items + at, list->items + at + 1, (list->len - at - 1) * sizeof(nu__py));
    list->len--;
    return out;
}

static nu__py pop(nu__py self, const nu__py *args)
{
    int64_t n = (int64_t)self.list->len, at = nu__py_int_or(args[0], -1, "pop() index");

    if (!n)
        nu_raise(NU_INDEX_ERROR, "pop from empty list");
    at += at < 0 ? n : 0;
    if (at < 0 || at >= n)
        nu_raise(NU_INDEX_ERROR, "pop index out of range");
    return take_out(self.list, (size_t)at);
}

static int64_t position(nu__py self, nu__py item, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to && i < (int64_t)self.list->len; i++)
        if (nu__py_equal(self.list->items[i], item))
            return i;
    return -1;
}

static nu__py remove_item(nu__py self, const nu__py *args)
{
    int64_t at = position(self, args[0], 0, (int64_t)self.list->len);

    if (at < 0)
        nu_raise(NU_VALUE_ERROR, "list.remove(x): x not in list");
    (void)take_out(self.list, (size_t)at);
    return nu__py_none();
}

static nu__py index_of(nu__py self, const nu__py *args)
{
    int64_t n = (int64_t)self.list->len, from = nu__py_int_or(args[1], 0, "start"), at;
    int64_t to = nu__py_int_or(args[2], n, "stop");

    from += from < 0 ? n : 0;
    to += to < 0 ? n : 0;
    at = position(self, args[0], from < 0 ? 0 : from, to);
    if (at < 0 && NU__PY_IS(self, tuple))
        nu_raise(NU_VALUE_ERROR, "tuple.index(x): x not in tuple");
    if (at < 0)
        nu_raise(NU_VALUE_ERROR, "{} is not in list", nu__py_repr(args[0]));
    return nu__py_int(at);
}

static nu__py count(nu__py self, const nu__py *args)
{
    int64_t n = 0;

    for (size_t i = 0; i < self.list->len; i++)
        n += nu__py_equal(self.list->items[i], args[0]);
    return nu__py_int(n);
}

static nu__py sort(nu__py self, const nu__py *args)
{
    nu__py_sort(self, args[0], nu__py_true_or(args[1], false));
    return nu__py_none();
}

static nu__py reverse(nu__py self, const nu__py *args)
{
    nu__py_list *list = self.list;

    (void)args;
    for (size_t i = 0, k = list->len; i + 1 < k; i++) {
        nu__py swap = list->items[i];

        list->items[i] = list->items[--k];
        list->items[k] = swap;
    }
    return nu__py_none();
}

static nu__py copy(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_collect(self, &nu__py_list_type);
}

static nu__py clear(nu__py self, const nu__py *args)
{
    (void)args;
    self.list->len = 0;
    return nu__py_none();
}

const nu__py_method nu__py_list_methods[] = {
    { "append", "object, /", append },
    { "clear", NULL, clear },
    { "copy", NULL, copy },
    { "count", "value, /", count },
    { "extend", "iterable, /", extend },
    { "index", "value, start=, stop=, /", index_of },
    { "insert", "index, object, /", insert },
    { "pop", "index=, /", pop },
    { "remove", "value, /", remove_item },
    { "reverse", NULL, reverse },
    { "sort", "*, key=, reverse=", sort },
    { NULL, NULL, NULL },
};

const nu__py_method nu__py_tuple_methods[] = {
    { "count", "value, /", count },
    { "index", "value, start=, stop=, /", index_of },
    { NULL, NULL, NULL },
};
