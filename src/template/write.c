/* Values as {{ }} writes them. */
#include "core/object.h"
#include "template/context.h"
#include "template/formats.h"
#include "utils/html.h"
#include "utils/numberformat.h"

nu_value nu__value_localized(nu_value value, nu_template_context *context)
{
    return nu__localized(value, context->use_l10n, nu__zone_of(context));
}

static void write_text(nu_value value, nu_template_context *context)
{
    if (value.kind == NU_KIND_STR && context->autoescape)
        nu__escape_to(context->out, value.s);
    else
        nu__buf_str_add(context->out, value.s);
}

void nu__value_write(nu_value value, nu_template_context *context)
{
    switch (value.kind) {
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        write_text(value, context);
        break;
    case NU_KIND_INT:
        if (!nu__use_thousand_separator()) {
            nu__buf_int(context->out, value.i);
            break;
        }
        __attribute__((fallthrough));
    default:
        write_text(nu__value_localized(value, context), context);
    }
}

nu_value nu__value_rendered(nu_value value, nu_template_context *context)
{
    value = nu__value_localized(value, context);
    if (value.kind == NU_KIND_STR && context->autoescape)
        return nu_safe(nu__escape(value.s));
    return value;
}
