/* Ranges. psycopg: types.range.Range */
#include "cli/shell/orm/orm.h"
#include "core/object.h"

static nu_value value_of(nu__py self)
{
    return nu_v_object(self.cp);
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    nu_value value;

    if (!nu__value_get(value_of(self), name, &value))
        return false;
    *out = nu__py_of(value);
    return true;
}

static void names(nu__py self, nu_list *out)
{
    static const char *const attributes[] = { "lower",     "upper",     "bounds",    "isempty",
                                              "lower_inc", "lower_inf", "upper_inc", "upper_inf" };

    (void)self;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        nu_list_append(out, attributes[i]);
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = nu__value_equal(value_of(a), value_of(b));
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    return a.type == b.type && nu__value_compare(value_of(a), value_of(b), order);
}

static bool truth(nu__py self)
{
    return nu__value_truth(value_of(self));
}

static bool contains(nu__py self, nu__py item)
{
    return nu_range_contains(self.cp, nu__py_to_value(item));
}

static bool hash(nu__py self, uint64_t *out)
{
    const nu_range *range = self.cp;

    *out = 31 * nu__py_hash(nu__py_of(range->lower)) + nu__py_hash(nu__py_of(range->upper));
    return true;
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_string(value_of(self)));
}

static void repr(nu__py self, nu__buf *out)
{
    const nu_range *range = self.cp;

    if (!range->bounds[0]) {
        nu__buf_lit(out, "Range(empty=True)");
        return;
    }
    nu__buf_lit(out, "Range(");
    nu__py_repr_to(nu__py_of(range->lower), out);
    nu__buf_lit(out, ", ");
    nu__py_repr_to(nu__py_of(range->upper), out);
    nu__buf_fmt(out, ", '{}')", range->bounds);
}

static void json(nu__py self, nu__buf *out)
{
    const nu_range *range = self.cp;

    nu__buf_lit(out, "{\"$range\": [");
    nu__py_json(nu__py_of(range->lower), out);
    nu__buf_lit(out, ", ");
    nu__py_json(nu__py_of(range->upper), out);
    nu__buf_fmt(out, ", \"{}\"]}}", range->bounds);
}

static nu_value end_of(nu__py value)
{
    return nu__py_given(value) ? nu__py_to_value(value) : nu_null();
}

static nu__py make(nu__py self, const nu__py *args)
{
    const char *bounds = nu__py_given(args[2]) ? nu__orm_cstr(args[2], "Range()") : NULL;
    const nu_range *range = nu__py_true_or(args[3], false)
                                ? nu_empty_range()
                                : nu_range_of(end_of(args[0]), end_of(args[1]), bounds);

    (void)self;
    return nu__py_pointer(&nu__orm_range_type, range);
}

const nu__py_type nu__orm_range_type = {
    .name = "Range",
    .module = "psycopg.types.range",
    .signature = "lower=, upper=, bounds=, empty=",
    .make = make,
    .get = get,
    .names = names,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .contains = contains,
    .repr = repr,
    .text = text,
    .json = json,
};
