/* Filters on sequences. */
#include "core/list.h"
#include "core/mapping.h"
#include "core/object.h"
#include "core/text.h"
#include "template/filters/characters.h"
#include "template/filters/dictsort.h"
#include "template/filters/filters.h"
#include "template/numbers.h"
#include "utils/crypto.h"
#include "utils/html.h"

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

bool nu__item_at(nu_value value, int64_t index, nu_value *out)
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

    return nu__item_at(call->value, 0, &item) ? item : V("");
}

static nu_value last(const nu__filter_call *call)
{
    nu_value item;

    return nu__item_at(call->value, -1, &item) ? item : V("");
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
    return nu__item_at(call->value, nu__random_below(len > INT32_MAX ? INT32_MAX : (uint32_t)len),
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

static nu_value join_characters(const nu__filter_call *call)
{
    nu__buf between = { 0 }, out = { 0 };

    if (call->autoescape)
        nu__conditional_escape_to(&between, call->arg);
    else
        nu__buf_str_add(&between, call->arg.s);
    nu__write_characters(&out, call->value.s, nu__buf_str(&between), nu__put_plain,
                         call->autoescape);
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

static const nu__filter filters[] = {
    { "dictsort", nu__dictsort, NU__ARG_NEEDED, 0, NULL, nu__write_dictsort },
    { "dictsortreversed", nu__dictsortreversed, NU__ARG_NEEDED, 0, NULL,
      nu__write_dictsortreversed },
    { "first", first, NU__ARG_NONE, 0, NULL },
    { "join", join, NU__ARG_NEEDED, NU__FILTER_SAFE | NU__FILTER_AUTO, NULL },
    { "last", last, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "length", length, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { "random", random_item, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "slice", slice_filter, NU__ARG_NEEDED, NU__FILTER_SAFE | NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__list_filters = { "", NULL, filters };
