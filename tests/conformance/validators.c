/* validators.jsonl: the validators of fields, called with a value. */
#include "conformance.h"
#include "validators_ops.h"

#include "core/object.h"
#include "db/models/validators.h"

#include <math.h>

/* The limit of the case that is run, for limits that are no numbers. */
static nu_value limit_value;

static nu_value the_limit(void)
{
    return limit_value;
}

static nu_value argument(const conf_case *c, const char *name)
{
    nu_value given = conf_kwarg(c, name);

    return given.kind == NU_KIND_NULL && nu_list_len(c->args) ? conf_arg(c, 0) : given;
}

static const char *text_of(nu_value value)
{
    return value.kind == NU_KIND_NULL ? NULL : nu_copy(nu_string(value)).ptr;
}

/* NULL for None; else the texts, with a NULL after them. */
static const char *const *words_of(nu_value list)
{
    size_t n = list.kind == NU_KIND_LIST ? nu_list_len(list.list) : 0;
    const char **words = nu_alloc_array(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        words[i] = text_of(nu_at(list.list, i));
    return list.kind == NU_KIND_LIST ? words : NULL;
}

static nu_validator with_limit(const conf_case *c)
{
    limit_value = argument(c, "limit_value");
    if (limit_value.kind == NU_KIND_DATETIME)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "a datetime without its zone");
    return (nu_validator){ .limit_call = the_limit, .offset = text_of(conf_kwarg(c, "offset")) };
}

static nu_validator with_pattern(const conf_case *c)
{
    nu_value pattern = nu_list_len(c->args) ? conf_raw(c, 0) : conf_raw_kwarg(c, "regex");
    nu_value flags = conf_kwarg(c, "flags"), inverse = conf_kwarg(c, "inverse_match");
    bool folds =
        pattern.kind == NU_KIND_DICT && nu__value_truth(nu_item(pattern.dict, "ignorecase"));

    if (pattern.kind == NU_KIND_DICT)
        pattern = nu_item(pattern.dict, "__regex__");
    return (nu_validator){
        .text = pattern.kind == NU_KIND_NULL ? "" : text_of(pattern),
        .flags = folds                       ? NU_RE_IGNORECASE
                 : flags.kind == NU_KIND_INT ? (int)flags.i
                                             : 0,
        .inverse_match = nu__value_truth(inverse),
    };
}

static nu_validator with_digits(const conf_case *c)
{
    nu_value digits = conf_kwarg(c, "max_digits"), places = conf_kwarg(c, "decimal_places");

    return (nu_validator){ .limit = digits.kind == NU_KIND_INT ? (double)digits.i : -1,
                           .flags = places.kind == NU_KIND_INT ? (int)places.i : -1 };
}

static nu_validator with_extensions(const conf_case *c)
{
    return (nu_validator){ .words = words_of(argument(c, "allowed_extensions")) };
}

static nu_validator with_hosts(const conf_case *c)
{
    return (nu_validator){ .words = words_of(conf_kwarg(c, "allowlist")) };
}

static nu_validator with_schemes(const conf_case *c)
{
    return (nu_validator){ .words = words_of(conf_kwarg(c, "schemes")) };
}

static nu_validator with_idna(const conf_case *c)
{
    nu_value accept = conf_kwarg(c, "accept_idna");

    return (nu_validator){ .inverse_match = accept.kind == NU_KIND_BOOL && !accept.b };
}

static const struct {
    const char *name;
    nu_validator plain;
    nu_validator (*make)(const conf_case *c); /* NULL: as it is */
} rows[] = {
    { "validate_integer", ValidateInteger, NULL },
    { "validate_email", ValidateEmail, NULL },
    { "EmailValidator", ValidateEmail, with_hosts },
    { "validate_slug", ValidateSlug, NULL },
    { "validate_unicode_slug", ValidateUnicodeSlug, NULL },
    { "validate_ipv4_address", ValidateIPv4Address, NULL },
    { "validate_ipv6_address", ValidateIPv6Address, NULL },
    { "validate_ipv46_address", ValidateIPv46Address, NULL },
    { "validate_comma_separated_integer_list", ValidateCommaSeparatedIntegerList, NULL },
    { "RegexValidator", { .check = nu__regex }, with_pattern },
    { "MinValueValidator", { .check = nu__min }, with_limit },
    { "MaxValueValidator", { .check = nu__max }, with_limit },
    { "MinLengthValidator", { .check = nu__min_length }, with_limit },
    { "MaxLengthValidator", { .check = nu__max_length }, with_limit },
    { "StepValueValidator", { .check = nu__step_value }, with_limit },
    { "DecimalValidator", { .check = nu__decimal_digits }, with_digits },
    { "FileExtensionValidator", { .check = nu__validate_extension }, with_extensions },
    { "validate_image_file_extension", ValidateImageFileExtension, NULL },
    { "ProhibitNullCharactersValidator", ProhibitNullCharacters, NULL },
    { "URLValidator", ValidateURL, with_schemes },
    { "validate_domain_name", ValidateDomainName, NULL },
    { "DomainNameValidator", ValidateDomainName, with_idna },
};

static nu_validator validator_of(const conf_case *c)
{
    nu_str name = conf_member_text(c, "validator");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        nu_validator made = rows[i].plain;

        if (!nu_eq(name, rows[i].name))
            continue;
        if (rows[i].make) {
            made = rows[i].make(c);
            made.check = rows[i].plain.check;
        }
        made.message = text_of(conf_kwarg(c, "message"));
        made.code = text_of(conf_kwarg(c, "code"));
        return made;
    }
    nu_raise(NU_NOT_IMPLEMENTED_ERROR, "no validator {}", name);
}

/* A file is its name; infinity, which decimals do not have here, comes as the double. */
static nu_value value_of(nu_value raw)
{
    nu_value inner = nu_null();

    if (raw.kind == NU_KIND_DICT && nu_dict_find(raw.dict, S("__file__"), &inner))
        return inner;
    if (raw.kind == NU_KIND_DICT && nu_dict_find(raw.dict, S("__decimal__"), &inner) &&
        nu_ends_with(inner.s, S("Infinity")))
        return nu_v_float(INFINITY);
    return conf_untag(raw);
}

static nu_value run_validator(const conf_case *c)
{
    nu_validator validator = validator_of(c);
    nu_value value = value_of(nu_item(c->data, "value"));
    const nu_error *error = nu_catch(NU_VALIDATION_ERROR, validator.check(&validator, value));
    nu_dict *out = nu_dict_new(), *one = nu_dict_new();

    nu_dict_set(out, "valid", conf_bool(!error));
    if (!error)
        return V(out);
    nu_dict_set(one, "code", error->code);
    nu_dict_set(one, "message", nu_copy(error->message));
    nu_dict_set(out, "errors", nu_v_list(NU_LIST(nu_v_dict(one))));
    return V(out);
}

const conf_op conf_validators[] = { { "validate", run_validator, "valid errors" }, { 0 } };
