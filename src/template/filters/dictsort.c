/* dictsort, dictsortreversed. */
#include "template/filters/dictsort.h"

#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "template/filters/characters.h"
#include "template/numbers.h"

#include <stdlib.h>

typedef struct keyed {
    nu_value key, item;
    size_t place;
} keyed;

typedef struct sorting {
    bool reversed, failed;
} sorting;

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

static bool is_number(nu_value arg)
{
    double number;

    return nu__cast_float(arg, &number);
}

/* item[arg], as operator.itemgetter() */
static bool item_key(nu_value item, nu_value arg, nu_value *key)
{
    int64_t index;

    if (item.kind == NU_KIND_DICT) {
        if (nu_dict_find(item.dict, nu_string(arg), key))
            return true;
        nu_raise(NU_KEY_ERROR, "{!r}", arg);
    }
    if (!nu__cast_int_within(arg, INT32_MIN, INT32_MAX, &index) || arg.kind != NU_KIND_INT)
        return false;
    if (item.kind != NU_KIND_LIST && !is_text(item) && !nu__value_ops(item))
        return false;
    if (!nu__item_at(item, index, key))
        nu_raise(NU_INDEX_ERROR, "{} index out of range", is_text(item) ? "string" : "list");
    return true;
}

static bool path_key(nu_value item, const nu_list *path, nu_value *key)
{
    *key = item;
    for (size_t i = 0; i < nu_list_len(path); i++)
        if (key->kind == NU_KIND_LIST || !nu__value_get(*key, nu_at(path, i).s, key))
            return false;
    return true;
}

static int by_key(const void *a, const void *b, void *context)
{
    const keyed *left = a, *right = b;
    sorting *sorting = context;
    int order = 0;

    if (!sorting->failed && !nu__value_compare(left->key, right->key, &order))
        sorting->failed = true;
    if (order)
        return sorting->reversed ? -order : order;
    return left->place < right->place ? -1 : left->place > right->place;
}

static bool find_keys(const nu_list *items, nu_value arg, keyed *keys)
{
    bool number = is_number(arg);
    nu_list *path = number ? NULL : nu__split(nu_string(arg), S("."));

    for (size_t i = 0; i < items->len; i++) {
        keys[i] = (keyed){ .item = items->items[i], .place = i };
        if (number ? !item_key(keys[i].item, arg, &keys[i].key)
                   : !path_key(keys[i].item, path, &keys[i].key))
            return false;
    }
    return true;
}

static bool is_private(nu_value arg)
{
    nu_str path = is_text(arg) ? arg.s : S("");

    return path.len && (path.ptr[0] == '_' || nu__find(path, S("._")) >= 0);
}

static bool has_characters(nu_value value)
{
    return is_text(value) && nu__utf8_count(value.s) > 1;
}

/* A character is its own first and last item; nothing else that it has can be sorted. */
static bool sort_characters(const nu__filter_call *call, bool reversed, nu_str *out)
{
    if (call->arg.kind != NU_KIND_INT)
        return false;
    if (call->arg.i != 0 && call->arg.i != -1)
        nu_raise(NU_INDEX_ERROR, "string index out of range");
    *out = nu__sorted_characters(call->value.s, reversed);
    return true;
}

static bool write_sorted(const nu__filter_call *call, bool reversed)
{
    nu_str text;

    if (!has_characters(call->value) || !sort_characters(call, reversed, &text))
        return false;
    nu__write_list_of_characters(call, text);
    return true;
}

static nu_value sorted(const nu__filter_call *call, bool reversed)
{
    sorting sorting = { .reversed = reversed };
    const nu_list *items;
    nu_list *out;
    nu_str text;
    keyed *keys;

    if (is_text(call->arg) && !call->arg.s.len)
        nu_raise(NU_INDEX_ERROR, "string index out of range");
    if (has_characters(call->value))
        return sort_characters(call, reversed, &text) ? V(nu__value_items(nu_v_str(text))) : V("");
    items = nu__value_items(call->value);
    if (!items || (!is_number(call->arg) && (!is_text(call->arg) || is_private(call->arg))))
        return V("");
    keys = nu_alloc_array(keyed, items->len);
    if (!find_keys(items, call->arg, keys))
        return V("");
    if (items->len == 1 && !nu__value_compare(keys[0].key, keys[0].key, &(int){ 0 }))
        return call->value; /* nothing is compared */
    qsort_r(keys, items->len, sizeof(keyed), by_key, &sorting);
    out = nu_list_new();
    for (size_t i = 0; i < items->len; i++)
        nu_list_append_(out, keys[i].item);
    return sorting.failed ? V("") : V(out);
}

nu_value nu__dictsort(const nu__filter_call *call)
{
    return sorted(call, false);
}

nu_value nu__dictsortreversed(const nu__filter_call *call)
{
    return sorted(call, true);
}

bool nu__write_dictsort(const nu__filter_call *call)
{
    return write_sorted(call, false);
}

bool nu__write_dictsortreversed(const nu__filter_call *call)
{
    return write_sorted(call, true);
}
