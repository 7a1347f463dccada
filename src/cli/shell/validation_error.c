/* ValidationError: one message with its code and parameters, or a list or dict of such. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "cli/shell/list.h"
#include "core/object.h"

static const nu__py_exception *of(nu__py self)
{
    return self.cp;
}

/* Raises RecursionError for what contains itself, when it is given and not when it is shown. */
static void check_nesting(nu__py given)
{
    nu__py_entry *entry;

    nu__py_enter();
    if (NU__PY_IS(given, list))
        for (size_t i = 0; i < given.list->len; i++)
            check_nesting(given.list->items[i]);
    else if (NU__PY_IS(given, dict))
        for (size_t at = 0; (entry = nu__py_dict_next(given.dict, &at));)
            check_nesting(entry->value);
    nu__py_exit();
}

static nu__py make(const nu__py_type *type, const nu__py_call *call)
{
    nu__py args[NU__PY_MOST_ARGUMENTS], kept = nu__py_list_new(&nu__py_tuple_type, 3), out;
    nu__py_exception *e;

    nu__py_bind("ValidationError.__init__", "message, code=, params=", call, args);
    check_nesting(args[0]);
    for (size_t i = 0; i < 3; i++)
        nu__py_append(kept, nu__py_given(args[i]) ? args[i] : nu__py_none());
    out = nu__py_exception_new(type, kept);
    e = out.p;
    e->code = kept.list->items[1];
    e->params = kept.list->items[2];
    return out;
}

static nu__py made(nu__py message, nu__py code)
{
    nu__py args[] = { message, code };
    nu__py_call call = { .args = args, .n = 2 };

    return make(&nu__py_errors[NU_VALIDATION_ERROR], &call);
}

static bool is_invalid(nu__py value)
{
    return nu__py_is_a(value.type, &nu__py_errors[NU_VALIDATION_ERROR]);
}

/* What it was made of: a text, a list, a dict, another one. */
static nu__py content(nu__py self)
{
    const nu__py_list *args = of(self)->args.list;

    return args->len ? args->items[0] : nu__py_str(S(""));
}

/* ---- by field
 * ------------------------------------------------------------------------------------ */

static nu__py error_list(nu__py self);

/* One of the library's, whose message has its parameters in it. */
static nu__py expanded(nu__py message, nu__py code, nu__py params)
{
    nu__py out = made(message, code);

    ((nu__py_exception *)out.p)->params = params;
    ((nu__py_exception *)out.p)->expanded = true;
    return out;
}

nu__py nu__py_invalid_told(nu_str message, nu_str code, nu_value params)
{
    return expanded(nu__py_str(message), code.len ? nu__py_str(code) : nu__py_none(),
                    nu__py_of(params));
}

static nu__py params_at(nu_value lists, size_t i)
{
    bool known = lists.kind == NU_KIND_LIST && i < nu_list_len(lists.list);

    return known ? nu__py_of(nu_at(lists.list, i)) : nu__py_none();
}

/* The messages of an error of the library's, each with its code. */
static nu__py listed(const nu_error *error, nu_str field, const nu_list *messages)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, nu_list_len(messages));
    nu_value codes = nu_null(), params = nu_null();

    if (error->codes)
        nu_dict_find(error->codes, field, &codes);
    if (error->params)
        nu_dict_find(error->params, field, &params);
    for (size_t i = 0; i < nu_list_len(messages); i++) {
        bool known = codes.kind == NU_KIND_LIST && i < nu_list_len(codes.list) &&
                     nu_string(nu_at(codes.list, i)).len;

        nu__py_append(out, expanded(nu__py_of(nu_at(messages, i)),
                                    known ? nu__py_of(nu_at(codes.list, i)) : nu__py_none(),
                                    params_at(params, i)));
    }
    return out;
}

static nu__py library_dict(const nu_error *error)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < nu_dict_len(error->detail); i++) {
        nu_str field = nu_dict_key(error->detail, i);

        nu__py_dict_set(out.dict, nu__py_str(field),
                        listed(error, field, nu__value_items(nu_dict_value(error->detail, i))));
    }
    return out;
}

/* {field: errors}; false: it is no dict. */
static bool error_dict(nu__py self, nu__py *out)
{
    const nu_error *error = of(self)->error;
    nu__py given = content(self);
    nu__py_entry *entry;

    if (error && error->detail) {
        *out = library_dict(error);
        return true;
    }
    if (is_invalid(given))
        return error_dict(given, out);
    if (error || !NU__PY_IS(given, dict))
        return false;
    *out = nu__py_dict_new(&nu__py_dict_type);
    for (size_t at = 0; (entry = nu__py_dict_next(given.dict, &at));)
        nu__py_dict_set(out->dict, entry->key, error_list(made(entry->value, nu__py_none())));
    return true;
}

/* ---- as a list
 * ------------------------------------------------------------------------------------ */

static void extend(nu__py list, nu__py more)
{
    for (size_t i = 0; i < more.list->len; i++)
        nu__py_append(list, more.list->items[i]);
}

static nu__py listed_in(nu__py self, nu__py given)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 4), dict;
    nu__py_entry *entry;

    if (error_dict(self, &dict)) {
        for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));)
            extend(out, entry->value);
    } else if (!NU__PY_IS(given, list)) {
        nu__py_append(out, self);
    } else {
        for (size_t i = 0; i < given.list->len; i++) {
            nu__py item = given.list->items[i];

            extend(out, error_list(is_invalid(item) ? item : made(item, nu__py_none())));
        }
    }
    return out;
}

/* A list may have come to contain itself since the error was made of it. */
static nu__py error_list(nu__py self)
{
    nu__py given = content(self), out;

    nu__py_enter();
    out = is_invalid(given) ? error_list(given) : listed_in(self, given);
    nu__py_exit();
    return out;
}

/* ---- messages
 * ------------------------------------------------------------------------------------ */

static nu__py message_of(nu__py leaf)
{
    nu__py params = of(leaf)->params, text = nu__py_str(nu__py_text(content(leaf)));

    if (of(leaf)->expanded || of(leaf)->error || !nu__py_given(params) || !nu__py_truth(params))
        return text;
    return nu__py_binary(NU__PY_MOD, text, params);
}

static nu__py messages_of(nu__py errors)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, errors.list->len);

    for (size_t i = 0; i < errors.list->len; i++)
        nu__py_append(out, message_of(errors.list->items[i]));
    return out;
}

nu__py nu__py_invalid_detail(nu__py self)
{
    nu__py dict, out;
    nu__py_entry *entry;

    if (!error_dict(self, &dict))
        return messages_of(error_list(self));
    out = nu__py_dict_new(&nu__py_dict_type);
    for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));)
        nu__py_dict_set(out.dict, entry->key, messages_of(entry->value));
    return out;
}

/* ---- what it has
 * ------------------------------------------------------------------------------------ */

static nu__py params_of(const nu_error *error)
{
    return error && error->params ? nu__py_of(nu_v_dict(error->params)) : nu__py_none();
}

/* What only one message has. */
static bool own(nu__py self, nu_str name, nu__py *out)
{
    const nu__py_exception *e = of(self);

    if (is_invalid(content(self)))
        return own(content(self), name, out);
    if (NU__PY_IS(content(self), list))
        return false;
    if (nu_eq(name, "message"))
        *out = content(self);
    else if (nu_eq(name, "params"))
        *out = nu__py_given(e->params) ? e->params : params_of(e->error);
    else if (nu_eq(name, "code") && nu__py_given(e->code))
        *out = e->code;
    else if (nu_eq(name, "code"))
        *out = e->error && e->error->code ? nu__py_str(nu_s(e->error->code)) : nu__py_none();
    else
        return false;
    return true;
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    nu__py dict;
    bool by_field = error_dict(self, &dict);

    if (nu_eq(name, "messages"))
        *out = messages_of(error_list(self));
    else if (by_field && nu_eq(name, "error_dict"))
        *out = dict;
    else if (by_field && nu_eq(name, "message_dict"))
        *out = nu__py_invalid_detail(self);
    else if (!by_field && nu_eq(name, "error_list"))
        *out = error_list(self);
    else
        return !by_field && own(self, name, out);
    return true;
}

/* Messages, or pairs of a field and its messages. */
static nu__py iterate(nu__py self)
{
    nu__py detail = nu__py_invalid_detail(self), pairs;
    nu__py_entry *entry;

    if (!NU__PY_IS(detail, dict))
        return nu__py_iterate(detail);
    pairs = nu__py_list_new(&nu__py_list_type, detail.dict->len);
    for (size_t at = 0; (entry = nu__py_dict_next(detail.dict, &at));)
        nu__py_append(pairs, nu__py_pair(entry->key, entry->value));
    return nu__py_iterate(pairs);
}

static void text(nu__py self, nu__buf *out)
{
    nu__py_repr_to(nu__py_invalid_detail(self), out);
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "ValidationError({})", nu__py_text(self));
}

/* ---- equality
 * ------------------------------------------------------------------------------------ */

static void identity(nu__py self, nu__buf *out);

static nu_str identity_of(nu__py self)
{
    nu__buf out = { 0 };

    identity(self, &out);
    return nu__buf_str(&out);
}

static void identities(nu__py errors, nu__buf *out)
{
    for (size_t i = 0; i < errors.list->len; i++) {
        identity(errors.list->items[i], out);
        nu__buf_char(out, ',');
    }
}

/* Those of a list are the same in any order. */
static nu__py sorted_identities(nu__py errors)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, errors.list->len);

    for (size_t i = 0; i < errors.list->len; i++)
        nu__py_append(out, nu__py_str(identity_of(errors.list->items[i])));
    nu__py_sort(out, nu__py_none(), false);
    return out;
}

static nu__py fields_of(nu__py dict)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, dict.dict->len);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));)
        nu__py_append(out, entry->key);
    nu__py_sort(out, nu__py_none(), false);
    return out;
}

/* What makes two of them one: the same text of their parts, by field or each. */
static void identity(nu__py self, nu__buf *out)
{
    nu__py dict, message, fields;

    if (error_dict(self, &dict)) {
        fields = fields_of(dict);
        for (size_t i = 0; i < fields.list->len; i++) {
            nu__py_repr_to(fields.list->items[i], out);
            identities(*nu__py_dict_find(dict.dict, fields.list->items[i]), out);
        }
    } else if (own(self, S("message"), &message)) {
        nu__py_repr_to(message, out);
        nu__py_repr_to(nu__py_get(self, S("code")), out);
        nu__py_repr_to(nu__py_get(self, S("params")), out);
    } else {
        nu__py_repr_to(sorted_identities(error_list(self)), out);
    }
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!is_invalid(a) || !is_invalid(b))
        return false;
    *out = nu_eq(identity_of(a), identity_of(b));
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = nu__py_hash(nu__py_str(identity_of(self)));
    return true;
}

/* ---- the type
 * ------------------------------------------------------------------------------------ */

static void add_errors(nu__py to, nu__py field, nu__py errors)
{
    nu__py *found = nu__py_dict_find(to.dict, field);
    nu__py list = found ? *found : nu__py_list_new(&nu__py_list_type, errors.list->len);

    if (!found)
        nu__py_dict_set(to.dict, field, list);
    extend(list, errors);
}

static nu__py update_error_dict(nu__py self, const nu__py *args)
{
    nu__py dict;
    nu__py_entry *entry;

    if (!NU__PY_IS(args[0], dict))
        nu_raise(NU_TYPE_ERROR, "update_error_dict() takes a dict");
    if (!error_dict(self, &dict))
        add_errors(args[0], nu__py_str(S("__all__")), error_list(self));
    else
        for (size_t at = 0; (entry = nu__py_dict_next(dict.dict, &at));)
            add_errors(args[0], entry->key, entry->value);
    return args[0];
}

static const nu__py_method methods[] = { { "update_error_dict", "error_dict", update_error_dict },
                                         { 0 } };

const nu__py_type nu__py_invalid_type = {
    .name = "ValidationErrorBase",
    .base = &nu__py_errors[NU_EXCEPTION],
    .methods = methods,
    .make_any = make,
    .get = get,
    .equal = equal,
    .hash = hash,
    .iterate = iterate,
    .text = text,
    .repr = repr,
};
