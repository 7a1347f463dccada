/* Values as {{ }} writes them. */
#include "core/object.h"
#include "template/context.h"
#include "template/formats.h"
#include "template/quick.h"
#include "utils/html.h"
#include "utils/numberformat.h"

nu_value nu__value_localized(nu_value value, nu_template_context *context)
{
    return nu__localized(value, context->use_l10n, nu__zone_of(context));
}

void nu__value_write(nu_value value, nu_template_context *context)
{
    if (value.kind != NU_KIND_STR && value.kind != NU_KIND_SAFE)
        value = nu__value_localized(value, context);
    nu__quick_text(&value, context);
}

nu_value nu__value_rendered(nu_value value, nu_template_context *context)
{
    value = nu__value_localized(value, context);
    if (value.kind == NU_KIND_STR && context->autoescape)
        return nu_safe(nu__escape(value.s));
    return value;
}
