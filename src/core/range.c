/* Ranges: what a range field of PostgreSQL holds. psycopg: types.range.Range */
#include "core/buf.h"
#include "core/error.h"
#include "core/object.h"

#include <string.h>

static bool is_inclusive(const nu_range *range, bool upper)
{
    return upper ? range->bounds[1] == ']' : range->bounds[0] == '[';
}

static bool lacks_end(const nu_range *range, bool upper)
{
    return range->bounds[0] && (upper ? range->upper : range->lower).kind == NU_KIND_NULL;
}

/* ---- as an object ------------------------------------------------------------------------- */

static nu_value lower(const nu_range *range)
{
    return range->lower;
}

static nu_value upper(const nu_range *range)
{
    return range->upper;
}

static nu_value bounds(const nu_range *range)
{
    return nu_v_cstr(range->bounds);
}

static nu_value isempty(const nu_range *range)
{
    return nu_v_bool(!range->bounds[0]);
}

static nu_value lower_inf(const nu_range *range)
{
    return nu_v_bool(lacks_end(range, false));
}

static nu_value upper_inf(const nu_range *range)
{
    return nu_v_bool(lacks_end(range, true));
}

static nu_value lower_inc(const nu_range *range)
{
    return nu_v_bool(is_inclusive(range, false));
}

static nu_value upper_inc(const nu_range *range)
{
    return nu_v_bool(is_inclusive(range, true));
}

static bool range_get(const nu_object *self, nu_str name, nu_value *out)
{
    static const struct {
        const char *name;
        nu_value (*get)(const nu_range *range);
    } attributes[] = {
        { "lower", lower },         { "upper", upper },         { "bounds", bounds },
        { "isempty", isempty },     { "lower_inf", lower_inf }, { "upper_inf", upper_inf },
        { "lower_inc", lower_inc }, { "upper_inc", upper_inc },
    };

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (nu_eq(name, attributes[i].name)) {
            *out = attributes[i].get((const nu_range *)self);
            return true;
        }
    return false;
}

static nu_value range_text(const nu_object *self)
{
    const nu_range *range = (const nu_range *)self;
    nu__buf out = { 0 };

    if (!range->bounds[0])
        return nu_v_str(S("empty"));
    nu__buf_char(&out, range->bounds[0]);
    nu__buf_fmt(&out, "{}, {}", range->lower, range->upper);
    nu__buf_char(&out, range->bounds[1]);
    return nu_v_str(nu__buf_str(&out));
}

static nu_value range_repr(const nu_object *self)
{
    const nu_range *range = (const nu_range *)self;

    if (!range->bounds[0])
        return nu_v_str(S("Range(empty=True)"));
    return nu_v_str(nu_fmt("Range({!r}, {!r}, '{}')", range->lower, range->upper, range->bounds));
}

static bool range_truth(const nu_object *self)
{
    return ((const nu_range *)self)->bounds[0] != '\0';
}

static bool range_equal(const nu_object *self, const nu_object *other)
{
    const nu_range *a = (const nu_range *)self, *b = (const nu_range *)other;

    return !strcmp(a->bounds, b->bounds) && nu__value_equal(a->lower, b->lower) &&
           nu__value_equal(a->upper, b->upper);
}

/* None is below all. */
static bool order_of(nu_value a, nu_value b, int *order)
{
    if (a.kind == NU_KIND_NULL || b.kind == NU_KIND_NULL) {
        *order = (a.kind != NU_KIND_NULL) - (b.kind != NU_KIND_NULL);
        return true;
    }
    return nu__value_compare(a, b, order);
}

static bool range_compare(const nu_object *self, const nu_object *other, int *order)
{
    const nu_range *a = (const nu_range *)self, *b = (const nu_range *)other;

    if (!order_of(a->lower, b->lower, order))
        return false;
    if (!*order && !order_of(a->upper, b->upper, order))
        return false;
    if (!*order)
        *order = strcmp(a->bounds, b->bounds);
    return true;
}

/* As REST framework's RangeField writes it. */
static nu_value range_json(const nu_object *self)
{
    const nu_range *range = (const nu_range *)self;
    nu_dict *out = nu_dict_new();

    if (!range->bounds[0]) {
        nu_dict_set(out, "empty", true);
        return nu_v_dict(out);
    }
    nu_dict_set_(out, "lower", range->lower);
    nu_dict_set_(out, "upper", range->upper);
    nu_dict_set(out, "bounds", nu_s(range->bounds));
    return nu_v_dict(out);
}

static const nu_object_ops range_ops = {
    .kind = "range",
    .get = range_get,
    .text = range_text,
    .repr = range_repr,
    .truth = range_truth,
    .equal = range_equal,
    .compare = range_compare,
    .json = range_json,
};
static const nu_class range_class = { &range_ops, "Range" };

/* ---- making and asking -------------------------------------------------------------------- */

static bool is_bounds(const char *bounds)
{
    return strlen(bounds) == 2 && strchr("[(", bounds[0]) && strchr("])", bounds[1]);
}

static nu_range *new_range(void)
{
    nu_range *range = nu_alloc(nu_range);

    range->object.type = &range_class;
    return range;
}

const nu_range *nu_range_of(nu_value lower_, nu_value upper_, const char *given)
{
    nu_range *range = new_range();

    if (!given)
        given = "[)";
    if (!is_bounds(given))
        nu_raise(NU_VALUE_ERROR, "bound flags not valid: {!r}", given);
    range->lower = lower_;
    range->upper = upper_;
    range->bounds[0] = lower_.kind == NU_KIND_NULL ? '(' : given[0];
    range->bounds[1] = upper_.kind == NU_KIND_NULL ? ')' : given[1];
    return range;
}

const nu_range *nu_empty_range(void)
{
    return new_range();
}

/* Does the value lie past an end? */
static bool lies_beyond(const nu_range *range, bool is_upper, nu_value value)
{
    nu_value end = is_upper ? range->upper : range->lower;
    int order;

    if (end.kind == NU_KIND_NULL)
        return false;
    if (!nu__value_compare(value, end, &order))
        nu_raise(NU_TYPE_ERROR, "'{}' not supported between instances of '{}' and '{}'",
                 is_upper ? ">" : "<", nu__kind_name(value.kind), nu__kind_name(end.kind));
    if (!order)
        return !is_inclusive(range, is_upper);
    return is_upper ? order > 0 : order < 0;
}

bool nu_range_contains(const nu_range *range, nu_value value)
{
    return range->bounds[0] && !lies_beyond(range, false, value) &&
           !lies_beyond(range, true, value);
}

const nu_range *nu_as_range(nu_value value)
{
    return value.kind == NU_KIND_OBJECT && value.object && value.object->type == &range_class
               ? (const nu_range *)value.object
               : NULL;
}
