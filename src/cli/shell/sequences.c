/* What list, tuple, str, bytes and range share: indexes and slices. */
#include "cli/shell/object.h"

static int64_t bound_or(nu__py value, int64_t otherwise)
{
    if (value.type == &nu__py_none_type)
        return otherwise;
    if (!NU__PY_IS(value, int))
        nu_raise(NU_TYPE_ERROR,
                 "slice indices must be integers or None or have an __index__ method");
    return nu__py_as_int(value, "slice indices");
}

static int64_t clamp(int64_t at, int64_t low, int64_t high)
{
    return at < low ? low : at > high ? high : at;
}

nu__py_bounds nu__py_slice_bounds(const nu__py_slice *slice, int64_t length)
{
    int64_t step = bound_or(slice->step, 1), from, to, low, high;

    if (!step)
        nu_raise(NU_VALUE_ERROR, "slice step cannot be zero");
    if (step < -INT32_MAX || step > INT32_MAX)
        step = step < 0 ? -INT32_MAX : INT32_MAX;
    low = step < 0 ? -1 : 0;
    high = step < 0 ? length - 1 : length;
    from = bound_or(slice->from, step < 0 ? high : low);
    to = bound_or(slice->to, step < 0 ? low : high);
    if (from < 0 && slice->from.type != &nu__py_none_type)
        from = from < -length ? low : from + length;
    if (to < 0 && slice->to.type != &nu__py_none_type)
        to = to < -length ? low : to + length;
    from = clamp(from, low, high);
    to = clamp(to, low, high);
    return (nu__py_bounds){ from, step,
                            step > 0 ? (to > from ? (to - from + step - 1) / step : 0)
                                     : (from > to ? (from - to - step - 1) / -step : 0) };
}

int64_t nu__py_index(nu__py key, int64_t length, const char *type_name)
{
    int64_t index;

    if (!NU__PY_IS(key, int) && nu_eq(nu_s(type_name), "string"))
        nu_raise(NU_TYPE_ERROR, "string indices must be integers, not '{}'", key.type->name);
    if (!NU__PY_IS(key, int))
        nu_raise(NU_TYPE_ERROR, "{} indices must be integers or slices, not {}", type_name,
                 key.type->name);
    index = nu__py_as_int(key, "index");
    if (index < 0)
        index += length;
    if (index < 0 || index >= length)
        nu_raise(NU_INDEX_ERROR, "{} index out of range", type_name);
    return index;
}

static void repr(nu__py self, nu__buf *out)
{
    const nu__py_slice *slice = self.cp;

    nu__buf_fmt(out, "slice({}, {}, {})", nu__py_repr(slice->from), nu__py_repr(slice->to),
                nu__py_repr(slice->step));
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu__py_slice *slice = nu_alloc(nu__py_slice);
    bool one = !nu__py_given(args[1]);

    (void)self;
    slice->from = one ? nu__py_none() : args[0];
    slice->to = one ? args[0] : args[1];
    slice->step = nu__py_given(args[2]) ? args[2] : nu__py_none();
    return nu__py_pointer(&nu__py_slice_type, slice);
}

const nu__py_type nu__py_slice_type = {
    .name = "slice", .signature = "start, stop=, step=, /", .make = make, .repr = repr
};
