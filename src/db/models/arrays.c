/* Lists of array fields. Django: contrib.postgres.fields.array */
#include "core/json.h"
#include "core/object.h"
#include "db/models/field_values.h"
#include "db/models/postgres_values.h"

#include <string.h>

nu_list *nu__array_map(const nu__field *array, nu_list *items,
                       nu_value (*of)(const nu__field *base, nu_value item, void *arg), void *arg)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_value item = nu_at(items, i);

        nu_list_append_(out, item.kind == NU_KIND_NULL ? item : of(array->base, item, arg));
    }
    return out;
}

/* ---- to_python ---------------------------------------------------------------------------- */

/* A text is JSON, as fixtures have it. */
bool nu__to_array(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu_list *items = nu_list_new();
    nu__json_error error;

    if (nu__is_text(in) && !nu__json_try_loads(in.s, &in, &error)) {
        *why = (nu__invalid){ "invalid", nu_s(error.message) };
        return false;
    }
    *out = in;
    if (in.kind != NU_KIND_LIST || !field->base)
        return true;
    for (size_t i = 0; i < nu_list_len(in.list); i++) {
        nu_value item;

        if (!nu__field_to_python(field->base, nu_at(in.list, i), &item, why))
            return false;
        nu_list_append_(items, item);
    }
    *out = nu_v_list(items);
    return true;
}

/* ---- validation --------------------------------------------------------------------------- */

/* "Item 2 in the array did not validate: …" */
static nu_str item_message(const nu__field *array, size_t nth, nu_str message)
{
    const nu__message_param params[] = { { "nth", nu_v_int((int64_t)nth + 1) },
                                         { NULL, nu_null() } };
    nu_str prefix = nu__message_translated("Item %(nth)s in the array did not validate:", params);

    return nu_fmt("{} {}", nu__field_error_text(array, "item_invalid", prefix, params), message);
}

static bool have_one_length(nu_list *lists)
{
    for (size_t i = 1; i < nu_list_len(lists); i++)
        if (nu__value_length(nu_at(lists, i)) != nu__value_length(nu_at(lists, 0)))
            return false;
    return true;
}

bool nu__array_validate(const nu__field *array, nu_list *items, nu__invalid *why)
{
    static const nu__message_param none[1];

    for (size_t i = 0; i < nu_list_len(items); i++)
        if (!nu__field_validate(array->base, nu_at(items, i), why)) {
            *why = (nu__invalid){ "item_invalid", item_message(array, i, why->message) };
            return false;
        }
    if (array->base->type->type == NU_ARRAY_FIELD && !have_one_length(items)) {
        *why = (nu__invalid){
            "nested_array_mismatch",
            nu__field_error_text(
                array, "nested_array_mismatch",
                nu__message_translated("Nested arrays must have the same length.", none), none)
        };
        return false;
    }
    return true;
}

/* The first item that is refused is the last one looked at. */
void nu__array_run_validators(const nu__field *array, nu_list *items, nu__refusals *out)
{
    for (size_t i = 0; i < nu_list_len(items) && !nu_list_len(out->messages); i++) {
        nu__refusals refused = nu__refusals_new();

        nu__field_run_validators(array->base, nu_at(items, i), &refused);
        for (size_t k = 0; k < nu_list_len(refused.messages); k++)
            nu__refusals_add(out, "item_invalid",
                             item_message(array, i, nu_at(refused.messages, k).s), NULL);
    }
}

/* ---- PostgreSQL's text -------------------------------------------------------------------- */

enum { MOST_DIMENSIONS = 6 }; /* PostgreSQL's own bound */

typedef struct reading {
    const char *at, *end;
} reading;

/* "a \"b\"", its quotes taken off. */
static bool read_quoted(reading *r, nu_list *out)
{
    nu__buf text = { 0 };

    for (r->at++; r->at < r->end && *r->at != '"'; r->at++) {
        if (*r->at == '\\' && ++r->at == r->end)
            return false;
        nu__buf_char(&text, *r->at);
    }
    if (r->at == r->end)
        return false;
    r->at++;
    nu_list_append(out, nu__buf_str(&text));
    return true;
}

static bool read_plain(reading *r, nu_list *out)
{
    const char *from = r->at;
    nu_str text;

    while (r->at < r->end && *r->at != ',' && *r->at != '}')
        r->at++;
    text = nu_copy((nu_str){ from, (size_t)(r->at - from) });
    nu_list_append_(out, nu_eq(text, "NULL") ? nu_null() : nu_v_str(text));
    return text.len > 0;
}

static bool read_items(reading *r, nu_list *out, int depth)
{
    if (r->at == r->end || *r->at != '{' || depth == MOST_DIMENSIONS)
        return false;
    if (++r->at < r->end && *r->at == '}')
        return ++r->at, true;
    while (r->at < r->end) {
        nu_list *inner = nu_list_new();
        bool nested = *r->at == '{';

        if (nested ? !read_items(r, inner, depth + 1)
                   : !(*r->at == '"' ? read_quoted(r, out) : read_plain(r, out)))
            return false;
        if (nested)
            nu_list_append(out, inner);
        if (r->at == r->end)
            return false;
        if (*r->at++ == '}')
            return true;
        if (r->at[-1] != ',')
            return false;
    }
    return false;
}

bool nu__array_parse(nu_str text, nu_list **out)
{
    reading r = { text.ptr, text.ptr + text.len };
    const char *begins = text.len && *text.ptr == '[' ? memchr(text.ptr, '=', text.len) : NULL;

    /* "[0:1]={…}": bounds that are not counted from 1 */
    if (begins)
        r.at = begins + 1;
    *out = nu_list_new();
    return read_items(&r, *out, 0) && r.at == r.end;
}
