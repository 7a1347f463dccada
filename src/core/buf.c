#include "core/buf.h"

#include "core/context.h"
#include "core/error.h"

enum { FIRST = 256, MEGABYTES = 4 << 20 };

/* Doubled, so that what is moved is linear work; of megabytes that come at once no more than
 * wanted. */
static size_t new_capacity(size_t cap, size_t wanted)
{
    size_t grown = cap < FIRST ? FIRST : cap;

    if (wanted > MEGABYTES && wanted / 2 > cap)
        return wanted;
    while (grown < wanted)
        if (__builtin_mul_overflow(grown, 2, &grown))
            return wanted;
    return grown;
}

/* What is there in room for `cap`: of a small buffer the bytes in use alone are moved. */
static char *with_room(const nu__buf *buf, size_t cap)
{
    bool in_arena = buf->cap && !buf->foreign;

    if (in_arena && nu__arena_extend(nu__here->arena, buf->data, buf->cap, cap))
        return buf->data;
    if (buf->foreign || (in_arena && buf->cap <= NU__ARENA_LARGE))
        return memcpy(nu__alloc_raw(cap), buf->data, buf->len);
    return nu__grow(buf->data, buf->cap, cap);
}

void nu__buf_reserve(nu__buf *buf, size_t more)
{
    size_t wanted, cap;

    if (__builtin_add_overflow(buf->len, more, &wanted) ||
        __builtin_add_overflow(wanted, 1, &wanted))
        nu__raise_no_memory(SIZE_MAX);
    if (wanted <= buf->cap)
        return;
    cap = new_capacity(buf->cap, wanted);
    buf->data = with_room(buf, cap);
    buf->foreign = false;
    buf->cap = cap;
}

nu_str nu__buf_str(nu__buf *buf)
{
    nu__buf_reserve(buf, 0);
    buf->data[buf->len] = '\0';
    return (nu_str){ buf->data, buf->len };
}

nu_str nu__buf_take(nu__buf *buf)
{
    nu_str text = nu__buf_str(buf);

    if (buf->foreign)
        text = nu_copy(text);
    else
        nu__arena_shrink(nu__here->arena, buf->data, buf->cap, buf->len + 1);
    *buf = (nu__buf){ 0 };
    return text;
}

static const char PAIRS[201] = "00010203040506070809101112131415161718192021222324"
                               "25262728293031323334353637383940414243444546474849"
                               "50515253545556575859606162636465666768697071727374"
                               "75767778798081828384858687888990919293949596979899";

static char *put_pair(char *to, unsigned pair)
{
    memcpy(to, PAIRS + 2 * pair, 2);
    return to + 2;
}

/* Of a number below 10,000. */
static char *put_few(char *to, unsigned number)
{
    unsigned high = number / 100;

    if (high >= 10)
        to = put_pair(to, high);
    else if (high)
        *to++ = (char)('0' + high);
    else if (number < 10) {
        *to++ = (char)('0' + number);
        return to;
    }
    return put_pair(to, number % 100);
}

__attribute__((noinline)) static char *put_many(char *to, uint64_t number)
{
    uint16_t fours[4];
    int n = 0;

    for (; number >= 10000; number /= 10000)
        fours[n++] = (uint16_t)(number % 10000);
    to = put_few(to, (unsigned)number);
    while (n--)
        to = put_pair(put_pair(to, fours[n] / 100), fours[n] % 100);
    return to;
}

char *nu__put_uint(char *to, uint64_t number)
{
    return number < 10000 ? put_few(to, (unsigned)number) : put_many(to, number);
}

char *nu__put_int(char *to, int64_t number)
{
    if (number >= 0)
        return nu__put_uint(to, (uint64_t)number);
    *to++ = '-';
    return nu__put_uint(to, -(uint64_t)number);
}

void nu__buf_uint(nu__buf *buf, uint64_t number)
{
    nu__buf_room(buf, NU__DIGITS);
    buf->len = (size_t)(nu__put_uint(buf->data + buf->len, number) - buf->data);
}

void nu__buf_int(nu__buf *buf, int64_t number)
{
    nu__buf_room(buf, NU__DIGITS);
    buf->len = (size_t)(nu__put_int(buf->data + buf->len, number) - buf->data);
}

char *nu__put_hex(char *to, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        uint8_t byte = ((const uint8_t *)bytes)[i];

        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    return to;
}

void nu__buf_hex(nu__buf *buf, nu_bytes bytes)
{
    nu__buf_reserve(buf, 2 * bytes.len);
    nu__put_hex(buf->data + buf->len, bytes.ptr, bytes.len);
    buf->len += 2 * bytes.len;
}

void nu__buf_fill(nu__buf *buf, char c, size_t n)
{
    nu__buf_reserve(buf, n);
    memset(buf->data + buf->len, c, n);
    buf->len += n;
}
