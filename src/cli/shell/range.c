/* range. */
#include "cli/shell/object.h"

#include <math.h>

typedef struct range {
    int64_t start, stop, step, len;
} range;

static nu__py range_of(int64_t start, int64_t stop, int64_t step)
{
    range *r = nu_alloc(range);
    __int128 span = step > 0 ? (__int128)stop - start : (__int128)start - stop;
    __int128 unit = step > 0 ? step : -(__int128)step,
             len = span > 0 ? (span + unit - 1) / unit : 0;

    if (len > INT64_MAX)
        nu_raise(NU_OVERFLOW_ERROR, "Python int too large to convert to C ssize_t");
    *r = (range){ start, stop, step, (int64_t)len };
    return nu__py_pointer(&nu__py_range_type, r);
}

static nu__py make(nu__py self, const nu__py *args)
{
    bool one = !nu__py_given(args[1]);
    int64_t step = nu__py_given(args[2]) ? nu__py_as_int(args[2], "range() arg 3") : 1;

    (void)self;
    if (!step)
        nu_raise(NU_VALUE_ERROR, "range() arg 3 must not be zero");
    for (int i = 0; i < 2; i++)
        if (nu__py_given(args[i]) && !NU__PY_IS(args[i], int))
            nu_raise(NU_TYPE_ERROR, "'{}' object cannot be interpreted as an integer",
                     args[i].type->name);
    return range_of(one ? 0 : nu__py_as_int(args[0], "range() arg 1"),
                    nu__py_as_int(one ? args[0] : args[1], "range() arg 2"), step);
}

static int64_t length(nu__py self)
{
    return ((const range *)self.cp)->len;
}

static nu__py item(nu__py self, nu__py key)
{
    const range *r = self.cp;
    nu__py_bounds b;

    if (key.type != &nu__py_slice_type)
        return nu__py_int(r->start + nu__py_index(key, r->len, "range object") * r->step);
    b = nu__py_slice_bounds(key.cp, r->len);
    return range_of(r->start + b.from * r->step, r->start + (b.from + b.count * b.step) * r->step,
                    r->step * b.step);
}

static bool contains(nu__py self, nu__py value)
{
    const range *r = self.cp;
    __int128 distance;

    if (value.type == &nu__py_float_type && value.f == floor(value.f) && fabs(value.f) < 9e18)
        value = nu__py_int((int64_t)value.f);
    if (value.type != &nu__py_int_type && value.type != &nu__py_bool_type)
        return false;
    distance = (__int128)nu__py_as_int(value, "value") - r->start;
    return distance % r->step == 0 && distance / r->step >= 0 && distance / r->step < r->len;
}

typedef struct walk {
    const range *range;
    int64_t at;
} walk;

static bool walk_next(void *state, nu__py *out)
{
    walk *w = state;

    if (w->at >= w->range->len)
        return false;
    *out = nu__py_int(w->range->start + w->at++ * w->range->step);
    return true;
}

static nu__py iterate(nu__py self)
{
    walk *w = nu_alloc(walk);

    w->range = self.cp;
    return nu__py_iterator("range_iterator", walk_next, w);
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    const range *x = a.cp, *y = b.cp;

    if (a.type != b.type)
        return false;
    *out = x->len == y->len &&
           (!x->len || (x->start == y->start && (x->len == 1 || x->step == y->step)));
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    const range *r = self.cp;

    *out = r->len ? (uint64_t)(r->start * 31 + (r->len > 1 ? r->step : 0)) : 0;
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    const range *r = self.cp;

    if (r->step == 1)
        nu__buf_fmt(out, "range({}, {})", r->start, r->stop);
    else
        nu__buf_fmt(out, "range({}, {}, {})", r->start, r->stop, r->step);
}

#define PART(name)                                                                                 \
    static nu__py name(nu__py self)                                                                \
    {                                                                                              \
        return nu__py_int(((const range *)self.cp)->name);                                         \
    }
PART(start)
PART(stop)
PART(step)

const nu__py_type nu__py_range_type = {
    .name = "range",
    .attributes =
        (const nu__py_attribute[]){
            { "start", start }, { "stop", stop }, { "step", step }, { NULL, NULL } },
    .signature = "start, stop=, step=, /",
    .make = make,
    .equal = equal,
    .hash = hash,
    .length = length,
    .item = item,
    .contains = contains,
    .iterate = iterate,
    .repr = repr,
};
