#include "http/cache_headers.h"

#include "core/buf.h"
#include "core/text.h"
#include "core/time.h"
#include "utils/http.h"

#include <nuages/timezone.h>

/* ---- lists in a header --------------------------------------------------------------------------
 */

/* Split at "\s*,\s*": the parts keep the white space at the whole's beginning and end. */
static nu_list *split_list(nu_str text)
{
    nu_list *parts = nu__split(text, S(",")), *out = nu_list_new();
    size_t n = nu_list_len(parts);

    for (size_t i = 0; i < n; i++) {
        nu_str part = nu_at(parts, i).s, trimmed = nu_trim(part);
        size_t from = i ? (size_t)(trimmed.ptr - part.ptr) : 0;
        size_t to = i + 1 < n ? (size_t)(trimmed.ptr - part.ptr) + trimmed.len : part.len;

        nu_list_append_(out, nu_v_str(trimmed.len ? nu__sub(part, from, to) : S("")));
    }
    return out;
}

/* ---- Cache-Control
 * -------------------------------------------------------------------------------- */

/* Directives in order; the values of no-cache are kept side by side, others replace each other. */
static void set_directive(nu_dict *directives, nu_str name, nu_value value)
{
    nu_value known;

    if (!nu_eq(name, "no-cache")) {
        nu_dict_set_str(directives, name, value);
        return;
    }
    if (!nu_dict_find(directives, name, &known)) {
        known = nu_v_dict(nu_dict_new());
        nu_dict_set_str(directives, name, known);
    }
    nu_dict_set_str(known.dict, value.kind == NU_KIND_STR ? value.s : S("\x01"), value);
}

static void read_directives(nu_dict *directives, nu_str header)
{
    nu_list *parts = split_list(header);

    for (size_t i = 0; i < nu_list_len(parts); i++) {
        nu_str part = nu_at(parts, i).s;
        ptrdiff_t equal = nu__find(part, S("="));

        if (equal < 0)
            set_directive(directives, nu_lower(part), nu_v_bool(true));
        else
            set_directive(directives, nu_lower(nu__sub(part, 0, (size_t)equal)),
                          nu_v_str(nu__sub(part, (size_t)equal + 1, part.len)));
    }
}

static void write_directive(nu__buf *out, nu_str name, nu_value value)
{
    if (out->len)
        nu__buf_lit(out, ", ");
    nu__buf_str_add(out, name);
    if (value.kind != NU_KIND_BOOL)
        nu__buf_fmt(out, "={}", value);
}

/* no-cache alone stands above no-cache of certain fields. */
static void write_directives(nu__buf *out, const nu_dict *directives)
{
    for (size_t i = 0; i < nu_dict_len(directives); i++) {
        nu_str name = nu_dict_key(directives, i);
        nu_value value = nu_dict_value(directives, i), all;

        if (value.kind != NU_KIND_DICT)
            write_directive(out, name, value);
        else if (nu_dict_find(value.dict, S("\x01"), &all))
            write_directive(out, name, all);
        else
            for (size_t n = nu_dict_len(value.dict); n > 0; n--)
                write_directive(out, name, nu_dict_value(value.dict, n - 1));
    }
}

static bool parse_int(nu_str text, int64_t *out)
{
    bool minus;
    int64_t number = 0;

    text = nu_trim(text);
    minus = text.len && (*text.ptr == '-' || *text.ptr == '+');
    if (text.len == minus)
        return false;
    for (size_t i = minus; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, text.ptr[i] - '0', &number))
            return false;
    *out = minus && *text.ptr == '-' ? -number : number;
    return true;
}

static nu_value smaller_age(const nu_dict *directives, nu_str wanted)
{
    nu_value known;
    int64_t have, want;

    if (!nu_dict_find(directives, S("max-age"), &known))
        return nu_v_str(wanted);
    if (known.kind != NU_KIND_STR || !parse_int(known.s, &have) || !parse_int(wanted, &want))
        nu_raise(NU_VALUE_ERROR, "max-age of Cache-Control is no number: {}", known);
    return nu_v_int(have < want ? have : want);
}

void nu__patch_cache_control(nu_response *response, const nu__cache_directive *directives, size_t n)
{
    nu_str header = nu_response_header(response, "Cache-Control");
    nu_dict *all = nu_dict_new();
    nu__buf out = { 0 };
    nu_value found;

    if (header.len)
        read_directives(all, header);
    for (size_t i = 0; i < n; i++) {
        if (nu_eq(directives[i].name, "public") && nu_dict_find(all, S("private"), &found))
            nu_dict_remove(all, S("private"));
        else if (nu_eq(directives[i].name, "private") && nu_dict_find(all, S("public"), &found))
            nu_dict_remove(all, S("public"));
    }
    for (size_t i = 0; i < n; i++) {
        nu_value value = directives[i].value.ptr ? nu_v_str(directives[i].value) : nu_v_bool(true);

        if (nu_eq(directives[i].name, "max-age"))
            value = smaller_age(all, directives[i].value);
        set_directive(all, nu_s(directives[i].name), value);
    }
    write_directives(&out, all);
    nu_set_header(response, "Cache-Control", nu__buf_str(&out));
}

bool nu__cache_max_age(const nu_response *response, int64_t *seconds)
{
    nu_list *parts = split_list(nu_response_header(response, "Cache-Control"));
    bool found = false;

    for (size_t i = 0; i < nu_list_len(parts); i++) {
        nu_str part = nu_at(parts, i).s;

        if (nu_starts_with(nu_lower(part), S("max-age=")))
            found = parse_int(nu__sub(part, 8, part.len), seconds);
    }
    return found;
}

void nu__add_never_cache_headers(nu_response *response)
{
    static const nu__cache_directive never[] = { { "max-age", { "0", 1 } },
                                                 { "no-cache", { 0 } },
                                                 { "no-store", { 0 } },
                                                 { "must-revalidate", { 0 } },
                                                 { "private", { 0 } } };

    if (!nu_response_header(response, "Expires").ptr)
        nu_set_header(response, "Expires",
                      nu__http_date_str((nu_now().us - NU__UNIX_EPOCH_US) / 1000000));
    nu__patch_cache_control(response, never, sizeof never / sizeof *never);
}

/* ---- Vary
 * ------------------------------------------------------------------------------------------- */

static bool list_has(const nu_list *list, nu_str name)
{
    for (size_t i = 0; i < nu_list_len(list); i++)
        if (nu__eq_ignore_ascii_case(nu_at(list, i).s, name))
            return true;
    return false;
}

bool nu__vary_has(const nu_response *response, nu_str name)
{
    nu_str header = nu_response_header(response, "Vary");

    return header.ptr && list_has(split_list(header), name);
}

void nu_patch_vary(nu_response *response, const char *names)
{
    nu_str header = nu__header_text(nu_response_header(response, "Vary"));
    nu_list *vary = header.ptr ? split_list(header) : nu_list_new(),
            *more = *names ? split_list(nu_s(names)) : nu_list_new();
    size_t before = nu_list_len(vary);

    for (size_t i = 0; i < nu_list_len(more); i++) {
        nu_str name = nu_trim(nu_at(more, i).s);
        bool known = false;

        for (size_t j = 0; j < before && !known; j++)
            known = nu__eq_ignore_ascii_case(nu_at(vary, j).s, name);
        if (!known)
            nu_list_append_(vary, nu_v_str(name));
    }
    if (list_has(vary, S("*")))
        nu_set_header(response, "Vary", "*");
    else
        nu_set_header(response, "Vary", nu__join(S(", "), vary));
}
