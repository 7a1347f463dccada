/* Filters on sequences. */
#include "core/list.h"
#include "core/mapping.h"
#include "core/object.h"
#include "core/text.h"
#include "template/filters/filters.h"
#include "template/numbers.h"
#include "utils/crypto.h"
#include "utils/html.h"

#include <stdlib.h>

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

/* ---- one item
 * ----------------------------------------------------------------------------------------- */

static bool character_at(nu_str text, int64_t index, nu_value *out)
{
    nu_str found = S("");

    index += index < 0 ? (int64_t)nu__utf8_count(text) : 0;
    if (index >= 0 && text.len)
        found = nu__utf8_slice(text, (size_t)index, (size_t)index + 1);
    *out = V(found);
    return found.len;
}

/* value[index], which may count from the end. False past the ends; raises where Python has no such
   operation. */
static bool item_at(nu_value value, int64_t index, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);
    nu_list *items;

    if (nu__mapping_keys(value) || (value.kind == NU_KIND_LIST && value.list->sequence > NU__TUPLE))
        nu_raise(NU_TYPE_ERROR, "'dict' object is not subscriptable by position");
    if (ops && index >= 0 && ops->at)
        return ops->at(value.object, index, out);
    if (value.kind == NU_KIND_DICT)
        nu_raise(NU_KEY_ERROR, "{}", index);
    if (is_text(value))
        return character_at(value.s, index, out);
    items = value.kind == NU_KIND_LIST || value.kind == NU_KIND_BYTES || ops
                ? nu__value_items(value)
                : NULL;
    if (!items)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not subscriptable", nu__kind_name(value.kind));
    index += index < 0 ? (int64_t)items->len : 0;
    *out = index < 0 ? nu_null() : nu_at(items, (size_t)index);
    return index >= 0 && (size_t)index < items->len;
}

static nu_value first(const nu__filter_call *call)
{
    nu_value item;

    return item_at(call->value, 0, &item) ? item : V("");
}

static nu_value last(const nu__filter_call *call)
{
    nu_value item;

    return item_at(call->value, -1, &item) ? item : V("");
}

static nu_value random_item(const nu__filter_call *call)
{
    int64_t len = nu__value_length(call->value);
    nu_value item;

    if (len < 0)
        nu_raise(NU_TYPE_ERROR, "object of type '{}' has no len()",
                 nu__kind_name(call->value.kind));
    if (len == 0)
        return V("");
    return item_at(call->value, nu__random_below(len > INT32_MAX ? INT32_MAX : (uint32_t)len),
                   &item)
               ? item
               : V("");
}

static nu_value length(const nu__filter_call *call)
{
    int64_t len = nu__value_length(call->value);

    return V(len < 0 ? 0 : len);
}

/* ---- join
 * -----------------------------------------------------------------------------------------------
 */

/* Without autoescape, as Python's str.join(): nothing but text may be joined. */
static bool can_join(const nu_list *items, bool autoescape)
{
    for (size_t i = 0; !autoescape && i < items->len; i++)
        if (!is_text(items->items[i]))
            return false;
    return true;
}

/* An item, and the argument before it unless it is the first. */
static void join_item(nu__buf *out, const nu__filter_call *call, nu_value item, bool is_first)
{
    if (!is_first && call->autoescape)
        nu__conditional_escape_to(out, call->arg);
    else if (!is_first)
        nu__buf_str_add(out, call->arg.s);
    if (call->autoescape)
        nu__conditional_escape_to(out, item);
    else
        nu__buf_str_add(out, item.s);
}

enum { SPARE = 256 }; /* what writes entities asks for more room than it takes */

static size_t joined_size(const nu__filter_call *call, nu_str item, bool is_first)
{
    char room[SPARE];
    nu__buf out = NU__BUF_OVER(room);

    join_item(&out, call, nu_v_str(item), is_first);
    return out.len;
}

/* Measured before it is written: a text of megabytes is to leave no room unused behind it. */
static size_t joined_characters_size(const nu__filter_call *call)
{
    const char *at = call->value.s.ptr, *end = nu__str_end(call->value.s);
    size_t between = joined_size(call, S(""), false), size = 0;

    while (at < end) {
        const char *character = at;

        nu__utf8_next(&at, end);
        size += between + joined_size(call, (nu_str){ character, (size_t)(at - character) }, true);
    }
    return size;
}

static nu_value join_characters(const nu__filter_call *call)
{
    const char *start = call->value.s.ptr, *at = start, *end = nu__str_end(call->value.s);
    size_t room = joined_characters_size(call) + SPARE;
    nu__buf out = { .data = nu__alloc_raw(room), .cap = room };

    while (at < end) {
        const char *character = at;

        nu__utf8_next(&at, end);
        join_item(&out, call, nu_v_str((nu_str){ character, (size_t)(at - character) }),
                  character == start);
    }
    return nu_safe(nu__buf_take(&out));
}

static nu_value join(const nu__filter_call *call)
{
    const nu_list *items = is_text(call->value) ? NULL : nu__value_items(call->value);
    nu__buf out = { 0 };

    if (!call->autoescape && !is_text(call->arg))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'join'",
                 nu__kind_name(call->arg.kind));
    if (is_text(call->value))
        return join_characters(call);
    if (!items || !can_join(items, call->autoescape))
        return call->value;
    for (size_t i = 0; i < items->len; i++)
        join_item(&out, call, items->items[i], !i);
    return nu_safe(nu__buf_take(&out));
}

/* ---- slice
 * ---------------------------------------------------------------------------------------------- */

typedef struct slice {
    bool set[3];
    int64_t parts[3]; /* start, stop, step */
    size_t n;
} slice;

static bool parse_slice(nu_value arg, slice *s)
{
    nu_list *bits = nu__split(nu_string(arg), S(":"));

    s->n = nu_list_len(bits);
    if (s->n > 3)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        nu_value bit = nu_at(bits, i);

        s->set[i] = bit.s.len;
        if (bit.s.len && !nu__cast_int_within(bit, INT64_MIN / 2, INT64_MAX / 2, &s->parts[i]))
            return false;
    }
    if (s->n == 1) { /* slice(stop) */
        s->set[1] = s->set[0];
        s->parts[1] = s->parts[0];
        s->set[0] = false;
    }
    return !s->set[2] || s->parts[2] != 0;
}

static int64_t clamp(int64_t index, int64_t len, int64_t low, int64_t high)
{
    index += index < 0 ? len : 0;
    return index < low ? low : index > high ? high : index;
}

/* Python's slice.indices(). */
static void bounds(const slice *s, int64_t len, int64_t *start, int64_t *stop, int64_t *step)
{
    bool down = s->set[2] && s->parts[2] < 0;
    int64_t low = down ? -1 : 0, high = down ? len - 1 : len;

    *step = s->set[2] ? s->parts[2] : 1;
    *start = s->set[0] ? clamp(s->parts[0], len, low, high) : down ? high : low;
    *stop = s->set[1] ? clamp(s->parts[1], len, low, high) : down ? low : high;
}

static nu_list *slice_list(const nu_list *items, const slice *s)
{
    nu_list *out = nu_list_new();
    int64_t start, stop, step;

    bounds(s, (int64_t)nu_list_len(items), &start, &stop, &step);
    if (step > 0 ? start < stop : start > stop)
        nu__list_reserve(out, (size_t)((stop - start) / step) + 1);
    for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
        nu_list_append_(out, items->items[i]);
    return nu__list_as(out, items->sequence);
}

/* Every step-th character. */
static nu_str every_character(nu_str text, int64_t step)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    nu__buf out = { 0 };

    for (int64_t i = 0; at < end; i++) {
        const char *character = at;

        nu__utf8_next(&at, end);
        if (i % step == 0)
            nu__buf_add(&out, character, (size_t)(at - character));
    }
    return nu__buf_str(&out);
}

/* The same from the last one back. */
static nu_str every_character_back(nu_str text, int64_t step)
{
    const char *end = nu__str_end(text);
    nu__buf out = { 0 };

    for (int64_t i = 0; end > text.ptr; i++) {
        const char *character = end - 1;

        while (character > text.ptr && (*character & 0xC0) == 0x80)
            character--;
        if (i % step == 0)
            nu__buf_add(&out, character, (size_t)(end - character));
        end = character;
    }
    return nu__buf_str(&out);
}

static nu_str slice_text(nu_str text, const slice *s)
{
    int64_t start, stop, step;

    bounds(s, (int64_t)nu__utf8_count(text), &start, &stop, &step);
    if (step > 0 ? start >= stop : start <= stop)
        return S("");
    if (step < 0)
        return every_character_back(nu__utf8_slice(text, (size_t)stop + 1, (size_t)start + 1),
                                    -step);
    text = nu__utf8_slice(text, (size_t)start, (size_t)stop);
    return step == 1 ? text : every_character(text, step);
}

static nu_value slice_filter(const nu__filter_call *call)
{
    nu_value value = call->value;
    slice s = { 0 };

    if (!parse_slice(call->arg, &s))
        return value;
    if (is_text(value))
        return V(slice_text(value.s.ptr ? value.s : S(""), &s));
    if (nu__mapping_keys(value) || (value.kind == NU_KIND_LIST && value.list->sequence > NU__TUPLE))
        return value;
    if (value.kind != NU_KIND_LIST && !(nu__value_ops(value) && nu__value_ops(value)->items))
        return value;
    if (value.kind == NU_KIND_QUERY && (s.parts[0] < 0 || s.parts[1] < 0))
        return value; /* Django's query sets have no negative slices */
    return V(slice_list(nu__value_items(value), &s));
}

/* ---- dictsort
 * --------------------------------------------------------------------------------------------- */

typedef struct keyed {
    nu_value key, item;
    size_t place;
} keyed;

typedef struct sorting {
    bool reversed, failed;
} sorting;

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
    if (!item_at(item, index, key))
        nu_raise(NU_INDEX_ERROR, "list index out of range");
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

static nu_value sorted(const nu__filter_call *call, bool reversed)
{
    const nu_list *items = nu__value_items(call->value);
    sorting sorting = { .reversed = reversed };
    nu_list *out;
    keyed *keys;

    if (is_text(call->arg) && !call->arg.s.len)
        nu_raise(NU_INDEX_ERROR, "string index out of range");
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

static nu_value dictsort(const nu__filter_call *call)
{
    return sorted(call, false);
}

static nu_value dictsortreversed(const nu__filter_call *call)
{
    return sorted(call, true);
}

static const nu__filter filters[] = {
    { "dictsort", dictsort, NU__ARG_NEEDED, 0, NULL },
    { "dictsortreversed", dictsortreversed, NU__ARG_NEEDED, 0, NULL },
    { "first", first, NU__ARG_NONE, 0, NULL },
    { "join", join, NU__ARG_NEEDED, NU__FILTER_SAFE | NU__FILTER_AUTO, NULL },
    { "last", last, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "length", length, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { "random", random_item, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "slice", slice_filter, NU__ARG_NEEDED, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__list_filters = { "", NULL, filters };
