/**
 * @file
 * Validators, as django.core.validators: which texts are addresses, and what the fields' own
 * validators share. The tests of texts neither allocate more than a copy, raise nor yield.
 */
#pragma once
#include "db/models/fields.h"

/* validate_email; `allowed`: names of hosts that need no dot, ends with NULL; NULL: localhost. */
bool nu__email_valid(nu_str text, const char *const *allowed);
/* URLValidator; `schemes` NULL: http, https, ftp, ftps. */
bool nu__url_valid(nu_str text, const char *const *schemes);
bool nu__domain_valid(nu_str text, bool accept_idna); /* validate_domain_name */
bool nu__slug_valid(nu_str text);                     /* validate_slug */
bool nu__unicode_slug_valid(nu_str text);
bool nu__ip_valid(nu_str text, int protocol); /* 4, 6, 46: either */

/* DecimalValidator: .limit is max_digits, .flags decimal_places; -1: any number of them. */
void nu__decimal_digits(const nu_validator *self, nu_value value);

/* What a message may name: "%(limit_value)s", "%(max)d". */
typedef struct nu__message_param {
    const char *name;
    nu_value value;
} nu__message_param;
/* As errors keep them: without what has no copy, such as expressions. */
nu_dict *nu__params_dict(const nu__message_param *params);
/* Of the value alone, as most codes have it; NULL for "null" and "blank". */
nu_dict *nu__params_of_value(const char *code, nu_value value);
/* The message with its parameters filled in; `params` ends with a NULL name. */
nu_str nu__message_expand(const char *message, const nu__message_param *params);
/* The same of a message's translation; `plural`: of several, "%(max)d digits". */
nu_str nu__message_translated(const char *message, const nu__message_param *params);
nu_str nu__message_counted(const char *message, const char *plural, int64_t count,
                           const nu__message_param *params);
/* "Ensure this value has at most 3 characters (it has 4)." of limit_value and show_value. */
nu_str nu__message_of_length(bool too_long, int64_t limit, const nu__message_param *params);
/* "List contains 4 items, it should contain no more than 3." of limit_value and show_value. */
nu_str nu__message_of_count(bool too_many, int64_t length, const nu__message_param *params);
/* "Enter a valid IPv4 address." for 4, 6, or either. */
nu_str nu__message_of_ip(int protocol);
/* Of max_digits, max_decimal_places or max_whole_digits, with the parameter max. */
nu_str nu__message_of_digits(const char *code, int max, const nu__message_param *params);

/* What run_validators() runs, in its order: the type's, the field's own, the column's. Copies. */
enum { NU__MOST_VALIDATORS = NU_MAX_VALIDATORS + 4 };
size_t nu__field_validators(const nu__field *field, nu_validator out[NU__MOST_VALIDATORS]);

/* The field's own message for a code, or `message`. */
nu_str nu__field_error_text(const nu__field *field, const char *code, nu_str message,
                            const nu__message_param *params);

/* Raise ValidationError: `message` as it is told, or the validator's own text and code. */
NU_NORETURN void nu__validator_refuse(const nu_validator *self, const char *code, nu_str message,
                                      const nu__message_param *params);
/* The same with a text that is translated here; and of the value alone, as "invalid". */
NU_NORETURN void nu__refuse(const nu_validator *self, const char *code, const char *message,
                            const nu__message_param *params);
NU_NORETURN void nu__refuse_value(const nu_validator *self, const char *message, nu_value value);
nu_value nu__validator_limit(const nu_validator *self);

typedef struct nu__range {
    int64_t min, max;
} nu__range;
/* What an integer field's column holds on the default database. Django: integer_field_range() */
nu__range nu__field_range(const nu__field *field);
