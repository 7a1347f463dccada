#include "http/querydict.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/object.h"
#include "core/text.h"
#include "utils/percent.h"

#include <string.h>

enum { INDEXED = 12 }; /* names past which the dict is kept */

nu_querydict *nu_querydict_new(void)
{
    nu_querydict *dict = nu_alloc(nu_querydict);

    dict->object.type = &nu__querydict_class;
    return dict;
}

static nu__query_key *find(const nu_querydict *dict, nu_str name)
{
    nu_value position;

    if (dict->index)
        return nu_dict_find(dict->index, name, &position) ? &dict->keys[position.i] : NULL;
    for (uint32_t i = 0; i < dict->n_keys; i++) {
        nu_str key = dict->keys[i].name;

        if (key.len == name.len && (!key.len || memcmp(key.ptr, name.ptr, key.len) == 0))
            return &dict->keys[i];
    }
    return NULL;
}

/* Double an array of the arena; *cap is how many it holds. */
static void *grown(void *items, uint32_t *cap, size_t size)
{
    uint32_t more = *cap ? *cap * 2 : 8;
    void *copy;

    if (more < *cap)
        nu_raise(NU_MEMORY_ERROR, "too many values in one query string or form");
    copy = nu_alloc_(more, size);
    if (*cap)
        memcpy(copy, items, *cap * size);
    *cap = more;
    return copy;
}

static void add_to_index(nu_querydict *dict, uint32_t position)
{
    if (!dict->index && dict->n_keys <= INDEXED)
        return;
    if (!dict->index) {
        dict->index = nu_dict_new();
        position = 0;
    }
    for (uint32_t i = position; i < dict->n_keys; i++)
        nu_dict_set_str(dict->index, dict->keys[i].name, nu_v_int(i));
}

static nu__query_key *new_key(nu_querydict *dict, nu_str name)
{
    if (dict->n_keys == dict->keys_cap)
        dict->keys = grown(dict->keys, &dict->keys_cap, sizeof *dict->keys);
    dict->keys[dict->n_keys] = (nu__query_key){ .name = name };
    dict->n_keys++;
    add_to_index(dict, dict->n_keys - 1);
    return &dict->keys[dict->n_keys - 1];
}

void nu__querydict_add(nu_querydict *dict, nu_str name, nu_value value)
{
    nu__query_key *key = find(dict, name);

    if (!key)
        key = new_key(dict, name);
    if (dict->n_entries == dict->entries_cap)
        dict->entries = grown(dict->entries, &dict->entries_cap, sizeof *dict->entries);
    dict->entries[dict->n_entries] = (nu__query_entry){ .value = value };
    if (key->count++)
        dict->entries[key->last].next = dict->n_entries + 1;
    else
        key->first = dict->n_entries;
    key->last = dict->n_entries++;
}

bool nu__querydict_last(const nu_querydict *dict, nu_str name, nu_value *value)
{
    const nu__query_key *key = find(dict, name);

    if (key)
        *value = dict->entries[key->last].value;
    return key != NULL;
}

/* ---- query strings ----------------------------------------------------------------------------
 */

bool nu__query_string_next(nu_str text, size_t *at, nu_str *name, nu_str *value)
{
    while (*at < text.len) {
        const char *pair = text.ptr + *at, *end = memchr(pair, '&', text.len - *at), *equals;

        if (!end)
            end = text.ptr + text.len;
        *at = (size_t)(end - text.ptr) + 1;
        if (end == pair)
            continue;
        equals = memchr(pair, '=', (size_t)(end - pair));
        *name = (nu_str){ pair, (size_t)((equals ? equals : end) - pair) };
        *value = equals ? (nu_str){ equals + 1, (size_t)(end - equals - 1) } : S("");
        return true;
    }
    return false;
}

static nu_str decoded(nu_str text, nu__encoding encoding)
{
    char *bytes;
    nu_str out;

    if (!text.len)
        return S("");
    if (!memchr(text.ptr, '%', text.len) && !memchr(text.ptr, '+', text.len))
        return encoding == NU__LATIN1 ? nu__latin1_to_utf8(text) : text;
    bytes = nu__alloc_raw(text.len + 1);
    out = (nu_str){ bytes, nu__percent_decode(text, true, bytes) };
    bytes[out.len] = '\0';
    return encoding == NU__LATIN1 ? nu__latin1_to_utf8(out) : nu__utf8_replace(out);
}

void nu__querydict_read(nu_querydict *dict, nu_str text, size_t max_fields, nu__encoding encoding)
{
    nu_str name, value;
    size_t at = 0, fields = 1;

    for (size_t i = 0; i < text.len; i++)
        fields += text.ptr[i] == '&';
    if (max_fields && fields > max_fields)
        nu_raise(NU_TOO_MANY_FIELDS_SENT, "The number of GET/POST parameters exceeded "
                                          "settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.");
    if (encoding == NU__UTF8 && !nu__utf8_valid(text))
        text = nu__latin1_to_utf8(text);
    while (nu__query_string_next(text, &at, &name, &value))
        nu__querydict_add(dict, decoded(name, encoding), nu_v_str(decoded(value, encoding)));
}

nu_querydict *nu_querydict_parse(nu_str query_string, size_t max_fields)
{
    nu_querydict *dict = nu_querydict_new();

    if (query_string.len)
        nu__querydict_read(dict, query_string, max_fields, NU__UTF8);
    return dict;
}

/* ---- reading and changing -----------------------------------------------------------------------
 */

nu_str nu_querydict_get(const nu_querydict *dict, nu_str name)
{
    nu_value value;

    return nu__querydict_last(dict, name, &value) && value.kind == NU_KIND_STR ? value.s
                                                                               : (nu_str){ 0 };
}

bool nu_querydict_has(const nu_querydict *dict, nu_str name)
{
    return find(dict, name) != NULL;
}

static nu_list *values_of(const nu_querydict *dict, const nu__query_key *key)
{
    nu_list *list = nu_list_new();

    if (key)
        for (uint32_t at = key->first + 1; at; at = dict->entries[at - 1].next)
            nu_list_append_(list, dict->entries[at - 1].value);
    return list;
}

nu_list *nu_querydict_list(const nu_querydict *dict, nu_str name)
{
    return values_of(dict, find(dict, name));
}

void nu_querydict_append(nu_querydict *dict, nu_str name, nu_str value)
{
    nu__querydict_add(dict, name, nu_v_str(value));
}

void nu_querydict_set(nu_querydict *dict, nu_str name, nu_str value)
{
    nu__query_key *key = find(dict, name);

    if (!key) {
        nu__querydict_add(dict, name, nu_v_str(value));
        return;
    }
    dict->entries[key->first] = (nu__query_entry){ .value = nu_v_str(value) };
    key->last = key->first;
    key->count = 1;
}

bool nu_querydict_remove(nu_querydict *dict, nu_str name)
{
    nu_querydict *rest = nu_querydict_new();
    nu__query_key *gone = find(dict, name);

    if (!gone)
        return false;
    for (uint32_t i = 0; i < dict->n_keys; i++)
        if (&dict->keys[i] != gone)
            for (uint32_t at = dict->keys[i].first + 1; at; at = dict->entries[at - 1].next)
                nu__querydict_add(rest, dict->keys[i].name, dict->entries[at - 1].value);
    rest->latin1 = dict->latin1;
    *dict = *rest;
    return true;
}

nu_querydict *nu_querydict_copy(const nu_querydict *dict)
{
    nu_querydict *copy = nu_querydict_new();

    for (uint32_t i = 0; i < dict->n_keys; i++)
        for (uint32_t at = dict->keys[i].first + 1; at; at = dict->entries[at - 1].next)
            nu__querydict_add(copy, dict->keys[i].name, dict->entries[at - 1].value);
    copy->latin1 = dict->latin1;
    return copy;
}

size_t nu_querydict_len(const nu_querydict *dict)
{
    return dict->n_keys;
}

nu_str nu_querydict_key(const nu_querydict *dict, size_t index)
{
    return index < dict->n_keys ? dict->keys[index].name : (nu_str){ 0 };
}
