/**
 * @file
 * What the generic views share: methods, names, context, template.
 *
 *   nu_list_view(req)
 *     nu__generic_answers        OPTIONS, 405
 *     query                      get_queryset, or the model's default manager; ordering
 *     nu__paginate
 *     nu__generic_render         extra_context, get_context_data, view; the template
 *
 * Django: django.views.generic.base, .list, .detail
 */
#pragma once
#include <nuages/views.h>

#include "db/models/options.h"

/* NULL when the request's method is for the view; else what answers: OPTIONS, or 405. */
nu_response *nu__generic_answers(nu_request *req, int methods);
/* The site's query, or all of the model in its order. Raises ImproperlyConfigured without either.
 */
nu_query *nu__generic_query(nu_request *req, const nu_generic *options);
/* The object that the URL's pk or slug names; Http404 in Django's words. Yields. */
void *nu__generic_object(nu_request *req, const nu_generic *options);
/* Under `object` and the name of its kind. */
void nu__generic_put_object(nu_dict *context, const nu_generic *options, const nu_object *object);
/* "registry/student_list.html" for the suffix "_list". */
nu_response *nu__generic_render(nu_request *req, const nu_generic *options, const char *suffix,
                                nu_dict *context);
