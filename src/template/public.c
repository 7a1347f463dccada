/* What a site's tags call; see include/nuages/template.h. */
#include "template/context.h"
#include "utils/html.h"

nu_value nu_safe(nu_str html)
{
    return (nu_value){ .kind = NU_KIND_SAFE, .s = html.ptr ? html : S("") };
}

nu_value nu_format_html_(const char *format, nu_values args)
{
    return nu_safe(nu__format_html_(format, args));
}

nu_value nu_context_get(nu_template_context *context, const char *name)
{
    const nu__symbol *symbol = nu__symbol_intern(context->engine->symbols, nu_s(name));
    nu__variable variable = { .path = &symbol, .n_path = 1 };
    nu_value value;

    return nu__variable_value(&variable, context, &value) ? value : nu_null();
}

void nu_context_set(nu_template_context *context, const char *name, nu_value value)
{
    nu__context_set(context, nu__symbol_intern(context->engine->symbols, nu_s(name)), value);
}

void nu_context_write(nu_template_context *context, nu_value value)
{
    nu__value_write(value, context);
}

nu_request *nu_context_request(nu_template_context *context)
{
    return context->request;
}

uint32_t nu_context_push(nu_template_context *context)
{
    return nu__context_push(context);
}

void nu_context_pop(nu_template_context *context, uint32_t scope)
{
    nu__context_pop(context, scope);
}
