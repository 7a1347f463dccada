/* Validators of arrays, ranges and maps. Django: contrib.postgres.validators */
#include "core/object.h"
#include "db/models/validators.h"

#include <nuages/postgres.h>

/* ---- arrays ------------------------------------------------------------------------------- */

nu_str nu__message_of_count(bool too_many, int64_t length, const nu__message_param *params)
{
    return too_many ? nu__message_counted("List contains %(show_value)d item, it should contain no "
                                          "more than %(limit_value)d.",
                                          "List contains %(show_value)d items, it should contain "
                                          "no more than %(limit_value)d.",
                                          length, params)
                    : nu__message_counted("List contains %(show_value)d item, it should contain no "
                                          "fewer than %(limit_value)d.",
                                          "List contains %(show_value)d items, it should contain "
                                          "no fewer than %(limit_value)d.",
                                          length, params);
}

static void check_length(const nu_validator *self, nu_value value, bool too_long)
{
    nu_value limit = nu__validator_limit(self), length = nu_v_int(nu__value_length(value));
    const nu__message_param params[] = {
        { "limit_value", limit }, { "show_value", length }, { "value", value }, { NULL, nu_null() }
    };

    if (too_long ? length.i <= nu_int(limit) : length.i >= nu_int(limit))
        return;
    nu__validator_refuse(self, too_long ? "max_length" : "min_length",
                         nu__message_of_count(too_long, length.i, params), params);
}

void nu__array_max_length(const nu_validator *self, nu_value value)
{
    check_length(self, value, true);
}

void nu__array_min_length(const nu_validator *self, nu_value value)
{
    check_length(self, value, false);
}

/* ---- ranges ------------------------------------------------------------------------------- */

/* An end that is open is past any limit. */
static void check_end(const nu_validator *self, nu_value value, bool upper)
{
    const nu_range *range = nu_as_range(value);
    nu_value limit = nu__validator_limit(self), end;
    const nu__message_param params[] = {
        { "limit_value", limit }, { "show_value", value }, { "value", value }, { NULL, nu_null() }
    };
    int order;

    if (!range)
        nu_raise(NU_TYPE_ERROR, "{!r} is no range", value);
    end = upper ? range->upper : range->lower;
    if (end.kind != NU_KIND_NULL && !nu__value_compare(end, limit, &order))
        nu_raise(NU_TYPE_ERROR, "{!r} cannot be compared with the limit {}", end, limit);
    if (end.kind != NU_KIND_NULL && (upper ? order <= 0 : order >= 0))
        return;
    nu__validator_refuse(self, upper ? "max_value" : "min_value",
                         upper ? nu__message_translated("Ensure that the upper bound of the range "
                                                        "is not greater than %(limit_value)s.",
                                                        params)
                               : nu__message_translated("Ensure that the lower bound of the range "
                                                        "is not less than %(limit_value)s.",
                                                        params),
                         params);
}

void nu__range_max(const nu_validator *self, nu_value value)
{
    check_end(self, value, true);
}

void nu__range_min(const nu_validator *self, nu_value value)
{
    check_end(self, value, false);
}

/* ---- maps --------------------------------------------------------------------------------- */

static bool is_listed(const char *const *keys, nu_str key)
{
    for (; *keys; keys++)
        if (nu_eq(key, *keys))
            return true;
    return false;
}

static void refuse_keys(const nu_validator *self, const char *code, const char *message,
                        nu_list *keys)
{
    const nu__message_param params[] = { { "keys", nu_v_str(nu_join(S(", "), keys)) },
                                         { NULL, nu_null() } };

    if (nu_list_len(keys))
        nu__validator_refuse(self, code, nu__message_translated(message, params), params);
}

void nu__validate_keys(const nu_validator *self, nu_value value)
{
    nu_dict *map = nu_as_dict(value);
    nu_list *missing = nu_list_new(), *extra = nu_list_new();

    for (const char *const *key = self->words; *key; key++)
        if (!nu_dict_find(map, nu_s(*key), NULL))
            nu_list_append(missing, nu_s(*key));
    for (size_t i = 0; i < nu_dict_len(map); i++)
        if (self->flags && !is_listed(self->words, nu_dict_key(map, i)))
            nu_list_append(extra, nu_dict_key(map, i));
    refuse_keys(self, "missing_keys", "Some keys were missing: %(keys)s", missing);
    refuse_keys(self, "extra_keys", "Some unknown keys were provided: %(keys)s", extra);
}
