#include "http/range.h"

#include "core/text.h"

#include <strings.h>

/* Digits at *p; false without one. Numbers past INT64_MAX are that: past the end of any file. */
static bool take_number(const char **p, const char *end, int64_t *number)
{
    const char *start = *p;

    *number = 0;
    for (; *p < end && **p >= '0' && **p <= '9'; ++*p)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, **p - '0', number))
            *number = INT64_MAX;
    return *p > start;
}

/* "-500": the last bytes. */
static nu__range_result suffix(const char *p, const char *end, int64_t size, int64_t *first,
                               int64_t *length)
{
    if (!take_number(&p, end, length) || p != end)
        return NU__RANGE_NONE;
    if (*length == 0 || size == 0)
        return NU__RANGE_UNSATISFIABLE;
    *length = *length < size ? *length : size;
    *first = size - *length;
    return NU__RANGE_PART;
}

nu__range_result nu__range_parse(nu_str header, int64_t size, int64_t *first, int64_t *length)
{
    const char *p = header.ptr, *end = nu__str_end(header);
    int64_t last = size - 1;

    if (header.len < 7 || strncasecmp(p, "bytes=", 6) != 0)
        return NU__RANGE_NONE;
    p += 6;
    if (*p == '-')
        return suffix(p + 1, end, size, first, length);
    if (!take_number(&p, end, first) || p == end || *p++ != '-')
        return NU__RANGE_NONE;
    if (p < end && (!take_number(&p, end, &last) || p != end || last < *first))
        return NU__RANGE_NONE;
    if (*first >= size)
        return NU__RANGE_UNSATISFIABLE;
    last = last < size ? last : size - 1;
    *length = last - *first + 1;
    return NU__RANGE_PART;
}
