/* A QueryDict as templates, JSON and the debug page see it, and as a query string again. */
#include "core/buf.h"
#include "core/object.h"
#include "http/querydict.h"
#include "utils/url.h"

static const nu_querydict *self_of(const void *object)
{
    return object;
}

/* ISO-8859-1 where the dict says so; what it lacks stays UTF-8. */
static nu_str in_encoding(const nu_querydict *dict, nu_str text)
{
    char *bytes, *out;
    nu_str plain = text;

    if (!dict->latin1 || !text.len)
        return text;
    out = bytes = nu_alloc_(text.len, 1);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t)text.ptr[i];

        if (byte >= 0x80 && (byte & 0xfc) != 0xc0)
            return plain;
        if (byte >= 0x80 && i + 1 < text.len)
            byte = (uint8_t)(byte << 6 | ((uint8_t)text.ptr[++i] & 0x3f));
        *out++ = (char)byte;
    }
    return (nu_str){ bytes, (size_t)(out - bytes) };
}

static void add_text(nu__buf *out, const nu_querydict *dict, nu_str text, const char *safe)
{
    text = in_encoding(dict, text);
    if (safe && *safe)
        nu__urlquote_to(out, text, safe);
    else
        nu__urlquote_plus_to(out, text, "");
}

nu_str nu_querydict_urlencode(const nu_querydict *dict, const char *safe)
{
    nu__buf out = { 0 };

    for (uint32_t i = 0; i < dict->n_keys; i++)
        for (uint32_t at = dict->keys[i].first + 1; at; at = dict->entries[at - 1].next) {
            if (out.len)
                nu__buf_char(&out, '&');
            add_text(&out, dict, dict->keys[i].name, safe);
            nu__buf_char(&out, '=');
            add_text(&out, dict, nu_string(dict->entries[at - 1].value), safe);
        }
    return nu__buf_str(&out);
}

/* ---- attributes ----------------------------------------------------------------------------- */

static nu_value last_value(const nu_querydict *dict, uint32_t key)
{
    return dict->entries[dict->keys[key].last].value;
}

static nu_list *keys(const nu_object *self)
{
    const nu_querydict *dict = self_of(self);
    nu_list *list = nu_list_new();

    for (uint32_t i = 0; i < dict->n_keys; i++)
        nu_list_append_(list, nu_v_str(dict->keys[i].name));
    return list;
}

static nu_value get_keys(const void *self)
{
    return nu_v_list(keys(self));
}

static nu_value get_values(const void *self)
{
    nu_list *list = nu_list_new();

    for (uint32_t i = 0; i < self_of(self)->n_keys; i++)
        nu_list_append_(list, last_value(self, i));
    return nu_v_list(list);
}

static nu_value pairs(const void *self, bool all)
{
    const nu_querydict *dict = self_of(self);
    nu_list *list = nu_list_new();

    for (uint32_t i = 0; i < dict->n_keys; i++) {
        nu_list *pair = nu_list_new();

        nu_list_append_(pair, nu_v_str(dict->keys[i].name));
        nu_list_append_(pair, all ? nu_v_list(nu_querydict_list(dict, dict->keys[i].name))
                                  : last_value(dict, i));
        nu_list_append_(list, nu_v_list(pair));
    }
    return nu_v_list(list);
}

static nu_value get_items(const void *self)
{
    return pairs(self, false);
}

static nu_value get_lists(const void *self)
{
    return pairs(self, true);
}

static nu_value get_urlencode(const void *self)
{
    return nu_v_str(nu_querydict_urlencode(self, NULL));
}

static nu_value get_dict(const void *self)
{
    nu_dict *dict = nu_dict_new();

    for (uint32_t i = 0; i < self_of(self)->n_keys; i++)
        nu_dict_set_str(dict, self_of(self)->keys[i].name, last_value(self, i));
    return nu_v_dict(dict);
}

static const struct method {
    nu_str name;
    nu_value (*call)(const void *self);
} methods[] = {
    { { "items", 5 }, get_items }, { { "lists", 5 }, get_lists },
    { { "keys", 4 }, get_keys },   { { "values", 6 }, get_values },
    { { "dict", 4 }, get_dict },   { { "urlencode", 9 }, get_urlencode },
};

/* The last value of a name, before a method of that name: a template's dict lookup comes first. */
static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    if (nu__querydict_last(self_of(self), name, out))
        return true;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (nu_eq_(methods[i].name, name)) {
            *out = nu__callable_value(methods[i].call, self);
            return true;
        }
    return false;
}

static nu_value text(const nu_object *self)
{
    const nu_querydict *dict = self_of(self);
    nu_dict *lists = nu_dict_new();

    for (uint32_t i = 0; i < dict->n_keys; i++)
        nu_dict_set_str(lists, dict->keys[i].name,
                        nu_v_list(nu_querydict_list(dict, dict->keys[i].name)));
    return nu_v_str(nu_fmt("<QueryDict: {}>", nu_string(nu_v_dict(lists))));
}

static int64_t length(const nu_object *self)
{
    return self_of(self)->n_keys;
}

static nu_value json(const nu_object *self)
{
    return get_dict(self);
}

static const nu_object_ops ops = {
    .kind = "QueryDict",
    .get = get,
    .text = text,
    .items = keys,
    .length = length,
    .json = json,
};
const nu_class nu__querydict_class = { .ops = &ops, .name = "QueryDict" };

nu_value nu_querydict_value(const nu_querydict *dict)
{
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &dict->object };
}
