/**
 * @file
 * Values of variables and expressions while rendering.
 */
#pragma once
#include "template/node.h"

/* False when a part of the path does not exist (VariableDoesNotExist). Yields, and raises what
   objects raise; DoesNotExist counts as string_if_invalid. */
bool nu__variable_value(const nu__variable *variable, nu_template_context *context, nu_value *out);

/* The same in every rendering: `variable.literal`. */
static inline bool nu__is_literal(const nu_template_expression *expression)
{
    return !expression->n_filters && !expression->variable.n_path &&
           !expression->variable.translate;
}
/* What does not exist is null. Django: resolve(ignore_failures=True) */
nu_value nu__expression_or_null(const nu_template_expression *expression,
                                nu_template_context *context);
/* {{ expression }} */
void nu__expression_write(const nu_template_expression *expression, nu_template_context *context);
nu_tag_render nu__render_variable;
/* {{ block.super }}, straight into the output; false where it has to be asked for as a variable. */
bool nu__write_super(nu_template_context *context);

/* A value as {{ }} writes it: localized, escaped unless safe. */
void nu__value_write(nu_value value, nu_template_context *context);
/* The same as a value: STR (to be escaped) or SAFE. */
nu_value nu__value_localized(nu_value value, nu_template_context *context);
/* render_value_in_context() as a value for `as name`: escaped where it has to be. */
nu_value nu__value_rendered(nu_value value, nu_template_context *context);
