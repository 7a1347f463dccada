/* Dicts of hstore fields. Django: contrib.postgres.fields.hstore */
#include "core/json.h"
#include "core/object.h"
#include "db/models/field_values.h"
#include "db/models/postgres_values.h"

#include <string.h>

/* A text is JSON, as fixtures have it. */
bool nu__to_hstore(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why)
{
    nu__json_error error;

    (void)field;
    *out = in;
    if ((in.kind != NU_KIND_STR && in.kind != NU_KIND_SAFE) ||
        nu__json_try_loads(in.s, out, &error))
        return true;
    *why = (nu__invalid){ "invalid", nu_s(error.message) };
    return false;
}

bool nu__hstore_validate(const nu__field *field, const nu_dict *map, nu__invalid *why)
{
    for (size_t i = 0; i < nu_dict_len(map); i++) {
        nu_kind kind = nu_dict_value(map, i).kind;
        const nu__message_param params[] = { { "key", nu_v_str(nu_dict_key(map, i)) },
                                             { NULL, nu_null() } };

        if (kind == NU_KIND_STR || kind == NU_KIND_SAFE || kind == NU_KIND_NULL)
            continue;
        *why = (nu__invalid){ "not_a_string",
                              nu__field_error_text(
                                  field, "not_a_string",
                                  nu__message_translated(
                                      "The value of “%(key)s” is not a string or null.", params),
                                  params) };
        return false;
    }
    return true;
}

/* ---- PostgreSQL's text -------------------------------------------------------------------- */

void nu__put_quoted(nu__buf *out, nu_str text)
{
    nu__buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            nu__buf_char(out, '\\');
        nu__buf_char(out, text.ptr[i]);
    }
    nu__buf_char(out, '"');
}

nu_str nu__hstore_text(const nu_dict *map)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_dict_len(map); i++) {
        nu_value value = nu_dict_value(map, i);

        if (i)
            nu__buf_lit(&out, ", ");
        nu__put_quoted(&out, nu_dict_key(map, i));
        nu__buf_lit(&out, "=>");
        if (value.kind == NU_KIND_NULL)
            nu__buf_lit(&out, "NULL");
        else
            nu__put_quoted(&out, nu_string(value));
    }
    return out.len ? nu__buf_str(&out) : S("");
}

typedef struct reading {
    const char *at, *end;
} reading;

static bool skip(reading *r, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return false;
    r->at += len;
    return true;
}

static bool read_quoted(reading *r, nu_str *out)
{
    nu__buf text = { 0 };

    if (!skip(r, "\""))
        return false;
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        if (*r->at == '\\' && ++r->at == r->end)
            return false;
        nu__buf_char(&text, *r->at);
    }
    *out = text.len ? nu__buf_str(&text) : S("");
    return skip(r, "\"");
}

bool nu__hstore_parse(nu_str text, nu_dict **out)
{
    reading r = { text.ptr, text.ptr + text.len };
    nu_str key, value;

    *out = nu_dict_new();
    while (r.at < r.end) {
        if (nu_dict_len(*out) && !skip(&r, ", "))
            return false;
        if (!read_quoted(&r, &key) || !skip(&r, "=>"))
            return false;
        if (skip(&r, "NULL"))
            nu_dict_set_str(*out, key, nu_null());
        else if (read_quoted(&r, &value))
            nu_dict_set_str(*out, key, nu_v_str(value));
        else
            return false;
    }
    return true;
}
