/* django.core.validators: the library's checks, made and called by code. */
#include "db/models/validators.h"
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/orm/query_methods.h"

#include <nuages/models.h>

/* ---- a validator --------------------------------------------------------------------------------
 */

static nu__py call(nu__py self, const nu__py_call *call)
{
    const nu_validator *validator = self.cp;
    nu__py args[NU__PY_MOST_ARGUMENTS];

    nu__py_bind(self.type->name, "value", call, args);
    validator->check(validator, nu__py_to_value(args[0]));
    return nu__py_none();
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{}>", self.type->name);
}

static const nu__py_type function_type = { .name = "function", .call = call, .repr = repr };

static nu_validator *made(nu__py message, nu__py code)
{
    nu_validator *validator = nu_alloc(nu_validator);

    validator->message = nu__orm_cstr(message, "message");
    validator->code = nu__orm_cstr(code, "code");
    return validator;
}

/* A limit is kept by its digits, so that a decimal one never passes through a float. */
static const char *digits_of(nu__py limit)
{
    if (!NU__PY_IS(limit, int) && !NU__PY_IS(limit, float) && !NU__PY_IS(limit, decimal))
        nu_raise(NU_TYPE_ERROR, "a validator's limit must be a number, not {}", limit.type->name);
    return nu__py_text(limit).ptr;
}

static nu__py make_limit(nu__py self, const nu__py *args,
                         void (*check)(const nu_validator *, nu_value))
{
    nu_validator *validator = made(args[1], (nu__py){ 0 });

    validator->check = check;
    validator->text = digits_of(args[0]);
    return nu__py_pointer(self.class_, validator);
}

#define LIMIT(name, function)                                                                      \
    static nu__py make_##name(nu__py self, const nu__py *args)                                     \
    {                                                                                              \
        return make_limit(self, args, function);                                                   \
    }
LIMIT(min, nu__min)
LIMIT(max, nu__max)
LIMIT(min_length, nu__min_length)
LIMIT(max_length, nu__max_length)

static nu__py make_step(nu__py self, const nu__py *args)
{
    nu__py out = make_limit(self, args, nu__step_value);

    if (!nu__orm_is_none(args[2]))
        ((nu_validator *)out.p)->offset = digits_of(args[2]);
    return out;
}

static nu__py make_regex(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[1], args[2]);

    validator->check = nu__regex;
    validator->text = nu__orm_is_none(args[0]) ? "" : nu__orm_cstr(args[0], "regex");
    validator->inverse_match = nu__py_true_or(args[3], false);
    validator->flags = (int)nu__py_int_or(args[4], 0, "flags");
    return nu__py_pointer(self.class_, validator);
}

static const char *const *words_of(nu__py given, const char *what)
{
    return nu__orm_is_none(given) ? NULL : nu__orm_names_of(given, what);
}

static nu__py make_email(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[0], args[1]);

    validator->check = nu__validate_email;
    validator->words = words_of(args[2], "allowlist");
    return nu__py_pointer(self.class_, validator);
}

static nu__py make_url(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[1], args[2]);

    validator->check = nu__validate_url;
    validator->words = words_of(args[0], "schemes");
    return nu__py_pointer(self.class_, validator);
}

static nu__py make_extension(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[1], args[2]);

    validator->check = nu__validate_extension;
    validator->words = words_of(args[0], "allowed_extensions");
    return nu__py_pointer(self.class_, validator);
}

static nu__py make_decimal(nu__py self, const nu__py *args)
{
    nu_validator *validator = made((nu__py){ 0 }, (nu__py){ 0 });

    validator->check = nu__decimal_digits;
    validator->limit = (double)nu__py_int_or(args[0], -1, "max_digits");
    validator->flags = (int)nu__py_int_or(args[1], -1, "decimal_places");
    return nu__py_pointer(self.class_, validator);
}

static nu__py make_no_null(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[0], args[1]);

    validator->check = nu__validate_no_null;
    return nu__py_pointer(self.class_, validator);
}

/* The limit of those that have one, and the code of what they refuse. */
static bool get_option(nu__py self, nu_str name, nu__py *out)
{
    static const struct {
        void (*check)(const nu_validator *self, nu_value value);
        const char *code;
    } limits[] = { { nu__min, "min_value" },
                   { nu__max, "max_value" },
                   { nu__min_length, "min_length" },
                   { nu__max_length, "max_length" },
                   { nu__step_value, "step_size" } };
    const nu_validator *validator = self.cp;
    const char *code = validator->check == nu__decimal_digits ? NULL : "invalid";
    bool limited = false;

    for (size_t i = 0; i < sizeof limits / sizeof *limits && !limited; i++)
        if ((limited = limits[i].check == validator->check))
            code = limits[i].code;
    if (nu_eq(name, "limit_value") && limited)
        *out = nu__py_of(nu__validator_limit(validator));
    else if (nu_eq(name, "code") && code)
        *out = nu__py_str(nu_s(validator->code ? validator->code : code));
    else
        return false;
    return true;
}

#define VALIDATOR(n, s, m)                                                                         \
    {                                                                                              \
        .name = n, .module = "django.core.validators", .signature = s, .make = m, .call = call,    \
        .repr = repr, .get = get_option                                                            \
    }
static const nu__py_type types[] = {
    VALIDATOR("MinValueValidator", "limit_value, message=", make_min),
    VALIDATOR("MaxValueValidator", "limit_value, message=", make_max),
    VALIDATOR("MinLengthValidator", "limit_value, message=", make_min_length),
    VALIDATOR("MaxLengthValidator", "limit_value, message=", make_max_length),
    VALIDATOR("StepValueValidator", "limit_value, message=, offset=", make_step),
    VALIDATOR("RegexValidator", "regex=, message=, code=, inverse_match=, flags=", make_regex),
    VALIDATOR("EmailValidator", "message=, code=, allowlist=", make_email),
    VALIDATOR("URLValidator", "schemes=, message=, code=", make_url),
    VALIDATOR("FileExtensionValidator", "allowed_extensions=, message=, code=", make_extension),
    VALIDATOR("DecimalValidator", "max_digits, decimal_places", make_decimal),
    VALIDATOR("ProhibitNullCharactersValidator", "message=, code=", make_no_null),
};

/* ---- of a field
 * ------------------------------------------------------------------------------------ */

/* Which class makes those of a check; a function of its own has none. */
static const struct {
    void (*check)(const nu_validator *self, nu_value value);
    const nu__py_type *type;
} made_by[] = {
    { nu__min, &types[0] },
    { nu__max, &types[1] },
    { nu__min_length, &types[2] },
    { nu__max_length, &types[3] },
    { nu__step_value, &types[4] },
    { nu__regex, &types[5] },
    { nu__validate_email, &types[6] },
    { nu__validate_url, &types[7] },
    { nu__validate_extension, &types[8] },
    { nu__decimal_digits, &types[9] },
    { nu__validate_no_null, &types[10] },
};

static nu__py value_of(const nu_validator *validator)
{
    for (size_t i = 0; i < sizeof made_by / sizeof *made_by; i++)
        if (made_by[i].check == validator->check)
            return nu__py_pointer(made_by[i].type, validator);
    if (validator->check == nu__validate_slug || validator->check == nu__validate_unicode_slug)
        return nu__py_pointer(&types[5], validator); /* a RegexValidator, as Django's */
    return nu__py_pointer(&function_type, validator);
}

nu__py nu__orm_validators_of(const nu__field *field)
{
    nu_validator *validators = nu_alloc_array(nu_validator, NU__MOST_VALIDATORS);
    size_t n = nu__field_validators(field, validators);
    nu__py out = nu__py_list_new(&nu__py_list_type, n);

    for (size_t i = 0; i < n; i++)
        nu__py_append(out, value_of(&validators[i]));
    return out;
}

/* ---- validators ready for use
 * -------------------------------------------------------------------- */

static const struct {
    const char *name;
    nu_validator validator;
} ready[] = {
    { "validate_integer", ValidateInteger },
    { "validate_email", ValidateEmail },
    { "validate_slug", ValidateSlug },
    { "validate_unicode_slug", ValidateUnicodeSlug },
    { "validate_domain_name", ValidateDomainName },
    { "validate_ipv4_address", ValidateIPv4Address },
    { "validate_ipv6_address", ValidateIPv6Address },
    { "validate_ipv46_address", ValidateIPv46Address },
    { "validate_comma_separated_integer_list", ValidateCommaSeparatedIntegerList },
};

static nu__py int_list_validator(nu__py self, const nu__py *args)
{
    nu_validator *validator = made(args[1], args[2]);

    (void)self;
    validator->check = nu__validate_int_list;
    validator->text = nu__orm_is_none(args[0]) ? "," : nu__orm_cstr(args[0], "sep");
    validator->flags = nu__py_true_or(args[3], false);
    return nu__py_pointer(&types[5], validator); /* a RegexValidator, as Django's */
}

static bool get(nu_str module, nu_str name, nu__py *out)
{
    (void)module;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (nu_eq(name, types[i].name)) {
            *out = nu__py_class(&types[i]);
            return true;
        }
    for (size_t i = 0; i < sizeof ready / sizeof *ready; i++)
        if (nu_eq(name, ready[i].name)) {
            *out = nu__py_pointer(&function_type, &ready[i].validator);
            return true;
        }
    return false;
}

static void names(nu_str module, nu_list *out)
{
    (void)module;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        nu_list_append(out, types[i].name);
    for (size_t i = 0; i < sizeof ready / sizeof *ready; i++)
        nu_list_append(out, ready[i].name);
}

const nu__py_module_row nu__orm_validators_module = {
    .name = "django.core.validators",
    .functions =
        (const nu__py_method[]){
            { "int_list_validator", "sep=, message=, code=, allow_negative=", int_list_validator },
            { 0 },
        },
    .get = get,
    .names = names,
};
