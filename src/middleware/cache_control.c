#include "middleware/cache_control.h"

#include "core/buf.h"
#include "core/text.h"
#include "utils/http.h"

#include <string.h>
#include <time.h>

#define MAX_DIRECTIVES 32

typedef struct directives {
    nu__cache_directive items[MAX_DIRECTIVES];
    size_t len;
} directives;

/* ---- reading -----------------------------------------------------------------------------------
 */

/* The next item of a comma-separated header, without the spaces around the commas. */
static bool item_next(nu_str *rest, nu_str *item)
{
    const char *comma;

    if (!rest->ptr)
        return false;
    comma = rest->len ? memchr(rest->ptr, ',', rest->len) : NULL;
    *item = nu_trim((nu_str){ rest->ptr, comma ? (size_t)(comma - rest->ptr) : rest->len });
    *rest = comma ? (nu_str){ comma + 1, rest->len - (size_t)(comma + 1 - rest->ptr) }
                  : (nu_str){ NULL, 0 };
    return true;
}

static nu__cache_directive directive_of(nu_str item)
{
    const char *equals = item.len ? memchr(item.ptr, '=', item.len) : NULL;

    if (!equals)
        return (nu__cache_directive){ nu_lower(item), { 0 } };
    return (nu__cache_directive){ nu_lower((nu_str){ item.ptr, (size_t)(equals - item.ptr) }),
                                  { equals + 1, item.len - (size_t)(equals + 1 - item.ptr) } };
}

static nu__cache_directive *find(directives *all, nu_str name)
{
    for (size_t i = 0; i < all->len; i++)
        if (nu_eq_(all->items[i].name, name))
            return &all->items[i];
    return NULL;
}

static bool has(const directives *all, nu__cache_directive wanted)
{
    for (size_t i = 0; i < all->len; i++)
        if (nu_eq_(all->items[i].name, wanted.name) && nu_eq_(all->items[i].value, wanted.value))
            return true;
    return false;
}

/* no-cache may stand several times, with different fields; of anything else the last counts. */
static void put(directives *all, nu__cache_directive made)
{
    nu__cache_directive *there = find(all, made.name);

    if (there && nu_eq(made.name, "no-cache")) {
        if (has(all, made))
            return;
        there = NULL;
    }
    if (there)
        *there = made;
    else if (all->len < MAX_DIRECTIVES)
        all->items[all->len++] = made;
}

static void drop(directives *all, nu_str name)
{
    nu__cache_directive *there = find(all, name);

    if (there) {
        memmove(there, there + 1, (size_t)(all->items + all->len - there - 1) * sizeof(*there));
        all->len--;
    }
}

static directives read_header(const nu_response *response)
{
    nu_str rest = nu_response_header(response, "Cache-Control"), item;
    directives all = { .len = 0 };

    if (rest.len)
        while (item_next(&rest, &item))
            put(&all, directive_of(item));
    return all;
}

static bool number(nu_str text, int64_t *out)
{
    bool minus = text.len && text.ptr[0] == '-';
    int64_t n = 0;

    if (text.len <= minus)
        return false;
    for (size_t i = minus; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, text.ptr[i] - '0', &n))
            return false;
    *out = minus ? -n : n;
    return true;
}

bool nu__cache_max_age(const nu_response *response, int64_t *seconds)
{
    directives all = read_header(response);
    const nu__cache_directive *age = find(&all, S("max-age"));

    return age && number(age->value, seconds);
}

/* ---- writing -----------------------------------------------------------------------------------
 */

/* The fields of no-cache stand in order, behind the first; one without a field makes them moot. */
static void write_no_cache(nu__buf *out, const directives *all)
{
    const nu__cache_directive *last = NULL;

    if (has(all, (nu__cache_directive){ S("no-cache"), { 0 } })) {
        nu__buf_lit(out, "no-cache");
        return;
    }
    for (;;) {
        const nu__cache_directive *next = NULL;

        for (size_t i = 0; i < all->len; i++) {
            const nu__cache_directive *each = &all->items[i];

            if (nu_eq(each->name, "no-cache") &&
                (!last || nu__str_compare(each->value, last->value) > 0) &&
                (!next || nu__str_compare(each->value, next->value) < 0))
                next = each;
        }
        if (!next)
            return;
        nu__buf_fmt(out, "{}no-cache={}", last ? ", " : "", next->value);
        last = next;
    }
}

static void write_header(nu_response *response, const directives *all)
{
    nu__buf out = { 0 };
    bool no_cache = false;

    for (size_t i = 0; i < all->len; i++) {
        const nu__cache_directive *each = &all->items[i];
        bool is_no_cache = nu_eq(each->name, "no-cache");

        if (is_no_cache && no_cache)
            continue;
        if (out.len)
            nu__buf_lit(&out, ", ");
        if (is_no_cache)
            write_no_cache(&out, all);
        else if (each->value.ptr)
            nu__buf_fmt(&out, "{}={}", each->name, each->value);
        else
            nu__buf_str_add(&out, each->name);
        no_cache |= is_no_cache;
    }
    nu_set_header(response, "Cache-Control", nu__buf_str(&out));
}

void nu__patch_cache_control(nu_response *response, const nu__cache_directive *added, size_t n)
{
    directives all = read_header(response);
    int64_t old, new;

    for (size_t i = 0; i < n; i++) {
        nu__cache_directive each = added[i];
        const nu__cache_directive *there = find(&all, each.name);

        if (nu_eq(each.name, "max-age") && there && number(there->value, &old) &&
            number(each.value, &new) && old < new)
            each.value = there->value;
        if (nu_eq(each.name, "public"))
            drop(&all, S("private"));
        else if (nu_eq(each.name, "private"))
            drop(&all, S("public"));
        put(&all, each);
    }
    write_header(response, &all);
}

/* ---- options and never_cache --------------------------------------------------------------------
 */

static const struct {
    nu_str name;
    size_t offset;
    bool seconds;
} options_table[] = {
#define FLAG(n, m)                                                                                 \
    {                                                                                              \
        { n, sizeof(n) - 1 }, offsetof(nu_cache_control, m), false                                 \
    }
#define AGE(n, m)                                                                                  \
    {                                                                                              \
        { n, sizeof(n) - 1 }, offsetof(nu_cache_control, m), true                                  \
    }
    FLAG("public", public),
    FLAG("private", private),
    FLAG("no-cache", no_cache),
    FLAG("no-store", no_store),
    FLAG("no-transform", no_transform),
    FLAG("must-revalidate", must_revalidate),
    FLAG("proxy-revalidate", proxy_revalidate),
    FLAG("immutable", immutable),
    AGE("max-age", max_age),
    AGE("s-maxage", s_maxage),
    AGE("stale-while-revalidate", stale_while_revalidate),
    AGE("stale-if-error", stale_if_error),
};

void nu__apply_cache_control(nu_response *response, const nu_cache_control *options)
{
    nu__cache_directive added[sizeof(options_table) / sizeof(options_table[0])];
    size_t n = 0;

    for (size_t i = 0; i < sizeof(options_table) / sizeof(options_table[0]); i++) {
        const void *at = (const char *)options + options_table[i].offset;
        int seconds = options_table[i].seconds ? *(const int *)at : 0;

        if (!seconds && (options_table[i].seconds || !*(const bool *)at))
            continue;
        added[n++] = (nu__cache_directive){ options_table[i].name,
                                            seconds ? nu_fmt("{}", seconds < 0 ? 0 : seconds)
                                                    : (nu_str){ 0 } };
    }
    nu__patch_cache_control(response, added, n);
}

void nu__never_cache(nu_response *response)
{
    static const nu__cache_directive never[] = {
        { { "max-age", 7 }, { "0", 1 } },   { { "no-cache", 8 }, { NULL, 0 } },
        { { "no-store", 8 }, { NULL, 0 } }, { { "must-revalidate", 15 }, { NULL, 0 } },
        { { "private", 7 }, { NULL, 0 } },
    };

    if (!nu_response_header(response, "Expires").ptr)
        nu_set_header(response, "Expires", nu__http_date_str((int64_t)time(NULL)));
    nu__patch_cache_control(response, never, sizeof(never) / sizeof(never[0]));
}
