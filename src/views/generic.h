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
#include <nuages/context_processors.h>
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
#define NU__N_EXTRA_CONTEXT                                                                        \
    (sizeof(((nu_generic *)0)->extra_context) / sizeof(((nu_generic *)0)->extra_context[0]))
const char *nu__generic_template(const nu_generic *options, const char *suffix);
/* The template of a URL's view, and what is known of its context, into `names`; {NULL, 0}: nobody
   says. */
nu_str nu__view_context(const nu_url_entry *entry, nu_dict *names);
/* The names that one of Nuages' context processors adds; false for a site's own. */
bool nu__processor_names(nu_context_processor *processor, nu_dict *names);
/* "registry/student_list.html" for the suffix "_list". */
nu_response *nu__generic_render(nu_request *req, const nu_generic *options, const char *suffix,
                                nu_dict *context);
