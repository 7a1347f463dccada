/**
 * @file
 * The variable `forloop`.
 */
#pragma once
#include "template/context.h"

typedef struct nu__forloop {
    nu_object object; /* of nu__forloop_class */
    int64_t index, len;
    nu_value parent;
    nu__seen *seen; /* what {% ifchanged %} saw in this loop */
} nu__forloop;

extern const nu_class nu__forloop_class;

bool nu__forloop_get(const nu__forloop *loop, const nu__symbol *name, nu_value *out);
/* The innermost loop; NULL outside of any, and where a variable of the name hides it. */
nu__forloop *nu__forloop_current(nu_template_context *context);
