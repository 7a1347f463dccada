/* What every view of the API answers with, in the shapes of Django REST Framework. */
#pragma once
#include <nuages/nuages.h>

/* 400: what is wrong with a field: {"title": ["This field is required."]}. */
nu_response *invalid(const char *field, const char *message);
/* One page of a query, by ?page=: {"count": 41, "next": …, "previous": null, "results": […]}. Raises Http404
   for a page that is not there. */
nu_response *page_of(nu_request *req, nu_query *query);
