/* The validators that fields may have, as django.core.validators. */
#include "db/models/validators.h"
#include "db/models/field_values.h"

#include "core/error.h"
#include "core/object.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "utils/regex.h"
#include "utils/translation.h"

#include <stdlib.h>
#include <string.h>

/* ---- refusing ----------------------------------------------------------------------------- */

nu_str nu__message_expand(const char *message, const nu__message_param *params)
{
    nu__buf out = { 0 };

    while (*message) {
        const nu__message_param *found = NULL;

        for (const nu__message_param *p = params; p->name && message[0] == '%' && message[1] == '(';
             p++) {
            size_t len = strlen(p->name);

            if (!strncmp(message + 2, p->name, len) && message[2 + len] == ')' && message[3 + len])
                found = p;
        }
        if (!found) {
            nu__buf_char(&out, *message++);
            continue;
        }
        if (message[strlen(found->name) + 3] == 'r')
            nu__buf_repr(&out, found->value);
        else
            nu__buf_str_add(&out, nu_string(found->value));
        message += strlen(found->name) + 4;
    }
    return nu__buf_str(&out);
}

nu_str nu__message_translated(const char *message, const nu__message_param *params)
{
    return nu__message_expand(nu__gettext(nu_s(message)).ptr, params);
}

nu_str nu__message_counted(const char *message, const char *plural, int64_t count,
                           const nu__message_param *params)
{
    return nu__message_expand(nu__ngettext(nu_s(message), nu_s(plural), count).ptr, params);
}

static bool has_copy(nu_value value)
{
    return value.kind != NU_KIND_EXPR && value.kind != NU_KIND_QUERY &&
           value.kind != NU_KIND_OBJECT && value.kind != NU_KIND_CALLABLE;
}

nu_dict *nu__params_dict(const nu__message_param *params)
{
    nu_dict *out = nu_dict_new();

    for (; params->name; params++)
        if (has_copy(params->value))
            nu_dict_set_(out, params->name, params->value);
    return out;
}

nu_dict *nu__params_of_value(const char *code, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    return !strcmp(code, "null") || !strcmp(code, "blank") ? NULL : nu__params_dict(params);
}

NU_NORETURN void nu__validator_refuse(const nu_validator *self, const char *code, nu_str message,
                                      const nu__message_param *params)
{
    const nu_error error = {
        .klass = NU_VALIDATION_ERROR,
        .code = self->code ? self->code : code,
        .message = self->message ? nu__message_expand(self->message, params) : message,
        .params = nu__params_dict(params),
        .file = __FILE__,
        .line = __LINE__,
    };

    nu__raise_like(&error);
}

NU_NORETURN void nu__refuse(const nu_validator *self, const char *code, const char *message,
                            const nu__message_param *params)
{
    nu__validator_refuse(self, code, nu__message_translated(message, params), params);
}

NU_NORETURN void nu__refuse_value(const nu_validator *self, const char *message, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    nu__refuse(self, "invalid", message, params);
}

/* ---- patterns ----------------------------------------------------------------------------- */

/* Patterns are literals of descriptors: each is compiled once, and lives as long as the process. */
static const nu__re *compiled(const char *pattern, int flags)
{
    static struct {
        const char *pattern;
        int flags;
        nu__re *re;
    } * known;
    static size_t n;
    char why[96] = "";
    nu__re *re;

    for (size_t i = 0; i < n; i++)
        if (known[i].flags == flags && !strcmp(known[i].pattern, pattern))
            return known[i].re;
    re = nu__re_compile(nu_s(pattern), flags & NU_RE_IGNORECASE ? NU__RE_IGNORECASE : 0, why);
    if (!re)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Regex(\"{}\"): {}", pattern, (const char *)why);
    known = reallocarray(known, n + 1, sizeof(*known));
    if (!known)
        nu_raise(NU_MEMORY_ERROR, "no memory for a pattern");
    known[n].pattern = strdup(pattern);
    if (!known[n].pattern)
        nu_raise(NU_MEMORY_ERROR, "no memory for a pattern");
    known[n].flags = flags;
    known[n++].re = re;
    return re;
}

void nu__regex(const nu_validator *self, nu_value value)
{
    nu_str text = value.kind == NU_KIND_NULL ? S("None") : nu_string(value);

    if (nu__re_test(compiled(self->text, self->flags), text) == self->inverse_match)
        nu__refuse_value(self, "Enter a valid value.", value);
}

void nu__validate_integer(const nu_validator *self, nu_value value)
{
    if (!nu__re_test(compiled("^-?\\d+\\Z", 0), nu_string(value)))
        nu__refuse_value(self, "Enter a valid integer.", value);
}

void nu__validate_int_list(const nu_validator *self, nu_value value)
{
    const char *sign = self->flags & 1 ? "-?" : "";
    nu__buf pattern = { 0 };

    nu__buf_fmt(&pattern, "^{}\\d+(?:", sign);
    for (const char *at = self->text; *at; at++)
        nu__buf_fmt(&pattern, "\\x{:02x}", (int64_t)(unsigned char)*at);
    nu__buf_fmt(&pattern, "{}\\d+)*\\Z", sign);
    if (!nu__re_test(compiled(nu__buf_str(&pattern).ptr, 0), nu_string(value)))
        nu__refuse_value(self, "Enter only digits separated by commas.", value);
}

/* ---- texts -------------------------------------------------------------------------------- */

void nu__validate_email(const nu_validator *self, nu_value value)
{
    if (!nu__is_text(value) || !nu__email_valid(value.s, self->words))
        nu__refuse_value(self, "Enter a valid email address.", value);
}

void nu__validate_url(const nu_validator *self, nu_value value)
{
    if (!nu__is_text(value) || !nu__url_valid(value.s, self->words))
        nu__refuse_value(self, "Enter a valid URL.", value);
}

void nu__validate_domain(const nu_validator *self, nu_value value)
{
    if (!nu__is_text(value) || !nu__domain_valid(value.s, !self->inverse_match))
        nu__refuse_value(self, "Enter a valid domain name.", value);
}

void nu__validate_slug(const nu_validator *self, nu_value value)
{
    if (!nu__slug_valid(nu_string(value)))
        nu__refuse_value(
            self, "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
            value);
}

void nu__validate_unicode_slug(const nu_validator *self, nu_value value)
{
    if (!nu__unicode_slug_valid(nu_string(value)))
        nu__refuse_value(
            self,
            "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or "
            "hyphens.",
            value);
}

nu_str nu__message_of_ip(int protocol)
{
    nu_str name = nu__gettext(protocol == 4   ? S("IPv4")
                              : protocol == 6 ? S("IPv6")
                                              : S("IPv4 or IPv6"));
    const nu__message_param params[] = { { "protocol", nu_v_str(name) }, { NULL, nu_null() } };

    return nu__message_translated("Enter a valid %(protocol)s address.", params);
}

void nu__validate_ip(const nu_validator *self, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    if (!nu__is_text(value) || !nu__ip_valid(value.s, self->flags))
        nu__validator_refuse(self, "invalid", nu__message_of_ip(self->flags), params);
}

void nu__validate_no_null(const nu_validator *self, nu_value value)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };
    nu_str text = nu_string(value);

    if (text.len && memchr(text.ptr, 0, text.len))
        nu__refuse(self, "null_characters_not_allowed", "Null characters are not allowed.", params);
}

/* ---- files -------------------------------------------------------------------------------- */

/* No library that opens images is linked: as Django's without Pillow. */
const char *const nu_image_extensions[] = { NULL };

/* What follows the last dot of a file's name, in lower case; a name that begins with the dot has
   none. */
static nu_str extension_of(nu_str path)
{
    const char *slash = path.len ? memrchr(path.ptr, '/', path.len) : NULL;
    nu_str name = path;
    size_t dot;

    if (slash)
        name = (nu_str){ slash + 1, path.len - (size_t)(slash + 1 - path.ptr) };
    dot = name.len;
    while (dot && name.ptr[dot - 1] != '.')
        dot--;
    if (dot < 2 || strspn(name.ptr, ".") >= dot)
        return S("");
    return nu_lower((nu_str){ name.ptr + dot, name.len - dot });
}

void nu__validate_extension(const nu_validator *self, nu_value value)
{
    nu_str extension = extension_of(nu_string(value));
    nu__buf allowed = { 0 };

    for (const char *const *word = self->words; word && *word; word++) {
        nu_str lower = nu_lower(nu_s(*word));

        if (nu_eq(lower, extension))
            return;
        nu__buf_fmt(&allowed, "{}{}", word == self->words ? "" : ", ", lower);
    }
    if (!self->words)
        return;
    {
        const nu__message_param params[] = { { "extension", nu_v_str(extension) },
                                             { "allowed_extensions",
                                               nu_v_str(nu__buf_str(&allowed)) },
                                             { "value", value },
                                             { NULL, nu_null() } };

        nu__refuse(self, "invalid_extension",
                   "File extension “%(extension)s” is not allowed. Allowed extensions are: "
                   "%(allowed_extensions)s.",
                   params);
    }
}

/* ---- columns ------------------------------------------------------------------------------ */

nu__range nu__field_range(const nu__field *field)
{
    const nu__field_type *type = field->type;

    if (nu__connection_of(NULL)->backend->features->keeps_any_integer)
        return (nu__range){ type->min < 0 ? INT64_MIN : 0, INT64_MAX };
    return (nu__range){ type->min, type->max };
}
