/* list and tuple. */
#include "cli/shell/list.h"

#include "cli/shell/limits.h"
#include "core/arena.h"

#include <string.h>

nu__py nu__py_list_new(const nu__py_type *type, size_t capacity)
{
    nu__py_list *list = nu_alloc(nu__py_list);

    list->cap = capacity;
    list->items = capacity ? nu_alloc_array(nu__py, capacity) : NULL;
    return (nu__py){ .type = type, .list = list };
}

void nu__py_append(nu__py list, nu__py item)
{
    nu__py_list *l = list.list;
    size_t cap = l->cap ? l->cap * 2 : 8;

    if (l->len == l->cap) {
        nu__py_check_size(cap);
        l->items = nu__grow(l->items, l->cap * sizeof(nu__py), cap * sizeof(nu__py));
        l->cap = cap;
    }
    l->items[l->len++] = item;
}

nu__py nu__py_pair(nu__py a, nu__py b)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 2);

    nu__py_append(out, a);
    nu__py_append(out, b);
    return out;
}

/* ---- items ----------------------------------------------------------------------------------- */

static int64_t length(nu__py self)
{
    return (int64_t)self.list->len;
}

static nu__py sliced(nu__py self, const nu__py_slice *slice)
{
    nu__py_bounds b = nu__py_slice_bounds(slice, (int64_t)self.list->len);
    const nu__py_type *type = NU__PY_IS(self, tuple) ? &nu__py_tuple_type : &nu__py_list_type;
    nu__py out = nu__py_list_new(type, (size_t)b.count);

    for (int64_t i = 0; i < b.count; i++)
        nu__py_append(out, self.list->items[b.from + i * b.step]);
    return out;
}

static nu__py item(nu__py self, nu__py key)
{
    if (key.type == &nu__py_slice_type)
        return sliced(self, key.cp);
    return self.list->items[nu__py_index(key, (int64_t)self.list->len,
                                         NU__PY_IS(self, tuple) ? "tuple" : "list")];
}

/* Put `with` in place of `count` items from `from` on. */
static void splice(nu__py_list *list, size_t from, size_t count, const nu__py_list *with)
{
    nu__py made = nu__py_list_new(&nu__py_list_type, list->len - count + with->len + 1);
    nu__py_list *out = made.list;

    for (size_t i = 0; i < from; i++)
        out->items[out->len++] = list->items[i];
    for (size_t i = 0; i < with->len; i++)
        out->items[out->len++] = with->items[i];
    for (size_t i = from + count; i < list->len; i++)
        out->items[out->len++] = list->items[i];
    *list = *out;
}

static void set_slice(nu__py self, const nu__py_slice *slice, nu__py value)
{
    nu__py_bounds b = nu__py_slice_bounds(slice, (int64_t)self.list->len);
    nu__py with;

    if (!nu__py_given(value))
        with = nu__py_list_new(&nu__py_list_type, 0);
    else
        with = nu__py_collect(value, &nu__py_list_type);
    if (b.step == 1) {
        splice(self.list, (size_t)b.from, (size_t)b.count, with.list);
        return;
    }
    if ((int64_t)with.list->len != b.count && nu__py_given(value))
        nu_raise(NU_VALUE_ERROR,
                 "attempt to assign sequence of size {} to extended slice of size {}",
                 with.list->len, b.count);
    for (int64_t i = 0; i < b.count; i++)
        if (nu__py_given(value))
            self.list->items[b.from + i * b.step] = with.list->items[i];
    if (nu__py_given(value))
        return;
    for (int64_t i = 0; i < b.count; i++) { /* from the last on, so that indexes stay */
        int64_t at = b.step > 0 ? b.from + (b.count - 1 - i) * b.step : b.from + i * b.step;

        splice(self.list, (size_t)at, 1, with.list);
    }
}

static int64_t assignable(nu__py self, nu__py key)
{
    int64_t at;

    if (!NU__PY_IS(key, int))
        nu_raise(NU_TYPE_ERROR, "list indices must be integers or slices, not {}", key.type->name);
    at = nu__py_as_int(key, "index");
    at += at < 0 ? (int64_t)self.list->len : 0;
    if (at < 0 || at >= (int64_t)self.list->len)
        nu_raise(NU_INDEX_ERROR, "list assignment index out of range");
    return at;
}

static void set_item(nu__py self, nu__py key, nu__py value)
{
    if (key.type == &nu__py_slice_type)
        set_slice(self, key.cp, value);
    else
        self.list->items[assignable(self, key)] = value;
}

static void del_item(nu__py self, nu__py key)
{
    static const nu__py_list none;

    if (key.type == &nu__py_slice_type)
        set_slice(self, key.cp, (nu__py){ 0 });
    else
        splice(self.list, (size_t)assignable(self, key), 1, &none);
}

/* ---- iteration ------------------------------------------------------------------------------- */

typedef struct walk {
    const nu__py_list *list;
    size_t at;
} walk;

static bool walk_next(void *state, nu__py *out)
{
    walk *w = state;

    if (w->at >= w->list->len)
        return false;
    *out = w->list->items[w->at++];
    return true;
}

static nu__py iterate(nu__py self)
{
    walk *w = nu_alloc(walk);

    w->list = self.list;
    return nu__py_iterator(NU__PY_IS(self, tuple) ? "tuple_iterator" : "list_iterator", walk_next,
                           w);
}

/* ---- operators ------------------------------------------------------------------------------- */

static nu__py repeated(nu__py list, nu__py times)
{
    int64_t n = nu__py_as_int(times, "multiplier");
    const nu__py_type *type = NU__PY_IS(list, tuple) ? &nu__py_tuple_type : &nu__py_list_type;
    uint64_t total;
    nu__py out;

    n = n < 0 ? 0 : n;
    if (__builtin_mul_overflow((uint64_t)n, (uint64_t)list.list->len, &total))
        total = UINT64_MAX;
    nu__py_check_size(total);
    out = nu__py_list_new(type, (size_t)total);
    for (int64_t i = 0; i < n && list.list->len; i++)
        for (size_t k = 0; k < list.list->len; k++)
            nu__py_append(out, list.list->items[k]);
    return out;
}

static nu__py joined(const nu__py_type *type, const nu__py_list *a, const nu__py_list *b)
{
    nu__py out = nu__py_list_new(type, a->len + b->len);

    for (size_t i = 0; i < a->len; i++)
        nu__py_append(out, a->items[i]);
    for (size_t i = 0; i < b->len; i++)
        nu__py_append(out, b->items[i]);
    return out;
}

static bool is_sequence(nu__py value)
{
    return NU__PY_IS(value, list) || NU__PY_IS(value, tuple);
}

static bool same_kind(nu__py a, nu__py b)
{
    return (NU__PY_IS(a, list) && NU__PY_IS(b, list)) ||
           (NU__PY_IS(a, tuple) && NU__PY_IS(b, tuple));
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op == NU__PY_ADD && same_kind(a, b)) {
        *out = joined(NU__PY_IS(a, tuple) ? &nu__py_tuple_type : &nu__py_list_type, a.list, b.list);
        return true;
    }
    if (op == NU__PY_MUL && is_sequence(a) && NU__PY_IS(b, int))
        *out = repeated(a, b);
    else if (op == NU__PY_MUL && is_sequence(b) && NU__PY_IS(a, int))
        *out = repeated(b, a);
    else
        return false;
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!same_kind(a, b))
        return false;
    *out = a.list->len == b.list->len;
    for (size_t i = 0; *out && i < a.list->len && i < b.list->len; i++)
        *out = nu__py_same(a.list->items[i], b.list->items[i]) ||
               nu__py_equal(a.list->items[i], b.list->items[i]);
    return true;
}

static bool rich_compare(const char *op, nu__py a, nu__py b, bool *out)
{
    size_t n;

    if (!same_kind(a, b))
        return false;
    n = a.list->len < b.list->len ? a.list->len : b.list->len;
    for (size_t i = 0; i < n; i++)
        if (!nu__py_same(a.list->items[i], b.list->items[i]) &&
            !nu__py_equal(a.list->items[i], b.list->items[i])) {
            *out = nu__py_ordered(op, a.list->items[i], b.list->items[i]);
            return true;
        }
    *out = nu__py_ordered(op, nu__py_int((int64_t)a.list->len), nu__py_int((int64_t)b.list->len));
    return true;
}

static bool hash_tuple(nu__py self, uint64_t *out)
{
    *out = 0x345678u + self.list->len;
    for (size_t i = 0; i < self.list->len; i++)
        *out = (*out ^ nu__py_hash(self.list->items[i])) * 0x9E3779B97F4A7C15u;
    return true;
}

static bool unhashable(nu__py self, uint64_t *out)
{
    (void)self, (void)out;
    return false;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void add_items(const nu__py_list *list, nu__buf *out, void (*add)(nu__py, nu__buf *))
{
    for (size_t i = 0; i < list->len; i++) {
        if (i)
            nu__buf_lit(out, ", ");
        add(list->items[i], out);
    }
}

static void repr_list(nu__py self, nu__buf *out)
{
    nu__buf_char(out, '[');
    add_items(self.list, out, nu__py_repr_to);
    nu__buf_char(out, ']');
}

static void repr_tuple(nu__py self, nu__buf *out)
{
    nu__buf_char(out, '(');
    add_items(self.list, out, nu__py_repr_to);
    nu__buf_str_add(out, self.list->len == 1 ? S(",)") : S(")"));
}

/* A list of more than 60 is told by its number, its first 20 and its last 3. */
void nu__py_json_items(nu__py list, nu__buf *out)
{
    const nu__py_list *l = list.list;
    nu__py_list first = { l->items, 20, 20 }, last;

    if (l->len <= 60) {
        nu__buf_char(out, '[');
        add_items(l, out, nu__py_json);
        nu__buf_char(out, ']');
        return;
    }
    last = (nu__py_list){ l->items + l->len - 3, 3, 3 };
    nu__buf_fmt(out, "{{\"$count\": {}, \"first\": [", l->len);
    add_items(&first, out, nu__py_json);
    nu__buf_lit(out, "], \"last\": [");
    add_items(&last, out, nu__py_json);
    nu__buf_lit(out, "]}");
}

/* ---- the types ------------------------------------------------------------------------------- */

static nu__py make_list(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_given(args[0]) ? nu__py_collect(args[0], &nu__py_list_type)
                                 : nu__py_list_new(&nu__py_list_type, 0);
}

static nu__py make_tuple(nu__py self, const nu__py *args)
{
    (void)self;
    if (nu__py_given(args[0]) && args[0].type == &nu__py_tuple_type)
        return args[0];
    return nu__py_given(args[0]) ? nu__py_collect(args[0], &nu__py_tuple_type)
                                 : nu__py_list_new(&nu__py_tuple_type, 0);
}

static nu__py copy_list(nu__py self, nu__py_dict *memo)
{
    nu__py out = nu__py_list_new(self.type, self.list->len);

    nu__py_copied_as(memo, self, out);
    for (size_t i = 0; i < self.list->len; i++)
        nu__py_append(out, nu__py_copied(self.list->items[i], memo));
    return out;
}

/* It changes by its parts alone; a row with names is the query set's, which nothing changes. */
static nu__py copy_tuple(nu__py self, nu__py_dict *memo)
{
    return memo && self.type == &nu__py_tuple_type ? copy_list(self, memo) : self;
}

const nu__py_type nu__py_list_type = {
    .name = "list",
    .methods = nu__py_list_methods,
    .signature = "iterable=, /",
    .make = make_list,
    .copy = copy_list,
    .binary = binary,
    .equal = equal,
    .rich_compare = rich_compare,
    .hash = unhashable,
    .length = length,
    .item = item,
    .set_item = set_item,
    .del_item = del_item,
    .iterate = iterate,
    .repr = repr_list,
    .json = nu__py_json_items,
};

const nu__py_type nu__py_tuple_type = {
    .name = "tuple",
    .methods = nu__py_tuple_methods,
    .signature = "iterable=, /",
    .make = make_tuple,
    .copy = copy_tuple,
    .binary = binary,
    .equal = equal,
    .rich_compare = rich_compare,
    .hash = hash_tuple,
    .length = length,
    .item = item,
    .iterate = iterate,
    .repr = repr_tuple,
    .json = nu__py_json_items,
};
