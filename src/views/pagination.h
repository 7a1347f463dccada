/**
 * @file
 * What paginator.c, the view of pages in templates (paginator_objects.c) and ListView share.
 */
#pragma once
#include <nuages/shortcuts.h>

struct nu_paginator {
    nu_object object;
    nu_value objects; /* QUERY or LIST */
    nu_paginator_options options;
    int64_t count; /* -1: not counted yet */
};

struct nu_page {
    nu_object object;
    nu_paginator *paginator;
    int64_t number;
    nu_value objects;
};

extern const nu_class nu__paginator_class, nu__page_class;

/* The page asked for: a number, its text or "last". Raises Http404 in ListView's words. Yields. */
nu_page *nu__paginate(nu_paginator *paginator, nu_value asked);
/* A page's number, checked. Raises PageNotAnInteger, EmptyPage. Yields. */
int64_t nu__paginator_validate(nu_paginator *paginator, nu_value value);
/* Append first, first + 1 … last. */
void nu__range_add(nu_list *list, int64_t first, int64_t last);
