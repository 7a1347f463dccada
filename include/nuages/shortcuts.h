/**
 * @file
 * Shortcuts, as django.shortcuts, and pagination, as django.core.paginator.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/queries.h>

/* ---- pages ----------------------------------------------------------------------------------- */

/**
 * Render a template of the installed apps: nu_render(req, "a.html", ("key", value), …). The
 * settings' context processors add their variables; those given here win.
 *
 * @return  200, text/html; nu_set_status() makes it another
 * @raises  TemplateDoesNotExist, TemplateSyntaxError, and what the template's objects raise
 * Yields: where queries and relations are read.   Django: render()
 */
#define nu_render(req, tmpl, ...) (NU__CALLED_FROM, nu_render_((req), (tmpl), NU_VARS(__VA_ARGS__)))
nu_response *nu_render_(nu_request *req, const char *template_name, const nu_var *context);
/** The same with a dict as the context. */
nu_response *nu_render_dict(nu_request *req, const char *template_name, nu_dict *context);
/**
 * The same, rendered while it is sent: a long page needs no memory for its text. The template is
 * found and compiled at once; an error that is raised later cuts the connection, since the status
 * has gone out. Django: StreamingHttpResponse with a template's pieces
 */
#define nu_render_stream(req, tmpl, ...)                                                           \
    (NU__CALLED_FROM, nu_render_stream_((req), (tmpl), NU_VARS(__VA_ARGS__)))
nu_response *nu_render_stream_(nu_request *req, const char *template_name, const nu_var *context);
/** The text alone; `req` may be NULL. Django: render_to_string() */
#define nu_render_to_string(req, tmpl, ...)                                                        \
    nu_render_to_string_((req), (tmpl), NU_VARS(__VA_ARGS__))
nu_str nu_render_to_string_(nu_request *req, const char *template_name, const nu_var *context);

/* ---- redirects ------------------------------------------------------------------------------- */

/**
 * 302 to a URL's name with arguments: nu_redirect(req, "student-detail", student->id); or to a path
 * or an address as it is: nu_redirect(req, "/students/").
 *
 * @raises  NoReverseMatch for what is no name and does not look like a path; DisallowedRedirect for
 *          an address that is not http, https or ftp
 * Yields: never.   Django: redirect()
 */
#define nu_redirect(req, to, ...) nu_redirect_((req), NU_STR(to), NU_ARGS(__VA_ARGS__))
nu_response *nu_redirect_(nu_request *req, nu_str to, nu_values args);
/** The same, 301. */
#define nu_redirect_permanent(req, to, ...)                                                        \
    nu_redirect_permanent_((req), NU_STR(to), NU_ARGS(__VA_ARGS__))
nu_response *nu_redirect_permanent_(nu_request *req, nu_str to, nu_values args);
/** 302 to the page of a model instance, its model's get_absolute_url(). AttributeError without one.
 */
#define nu_redirect_object(req, p) nu_redirect_object_((req), &(p)->object)
nu_response *nu_redirect_object_(nu_request *req, const nu_object *object);
/** Where nu_redirect() would go. Django: resolve_url() */
nu_str nu_resolve_url(nu_str to, nu_values args);

/* ---- pagination ------------------------------------------------------------------------------ */

/**
 * The page of a query that the request asks for by ?page=: a number, or "last"; 1 without one.
 * In templates: `page` itself is iterated over, page.object_list, page.number, page.has_next,
 * page.next_page_number, page.start_index, page.paginator.num_pages, page.paginator.count…
 *
 * @raises  Http404 in ListView's words for a page that is not there
 * Yields.   Django: ListView.paginate_queryset()
 */
nu_page *nu_paginate(nu_request *req, nu_query *query, int per_page);

typedef struct nu_paginator nu_paginator;
typedef struct nu_paginator_options {
    NU_NAMED_ONLY;
    int per_page;                   /* required */
    int orphans;                    /* that many fewer rows join the page before */
    bool disallow_empty_first_page; /* no rows: no page at all */
    const char *invalid_page, *min_page, *no_results; /* messages instead of Django's */
} nu_paginator_options;
/** Pages over a query (counted once, sliced) or a list: nu_paginator_of(V(query), .per_page = 20).
    Raises ValueError when per_page is not above 0. Yields never. Django: Paginator() */
#define nu_paginator_of(objects, ...)                                                              \
    nu_paginator_new((objects), &(const nu_paginator_options){ __VA_ARGS__ })
nu_paginator *nu_paginator_new(nu_value objects, const nu_paginator_options *options);
/** Page `number`, an integer or its text. Raises PageNotAnInteger, EmptyPage. Yields.
    Django: Paginator.page() */
nu_page *nu_paginator_page(nu_paginator *paginator, nu_value number);
/** The same, but the first for what is no number and the last for what is too high. Yields.
    Django: get_page() */
nu_page *nu_paginator_get_page(nu_paginator *paginator, nu_value number);
int64_t nu_paginator_count(nu_paginator *paginator); /* rows; yields */
int64_t nu_paginator_num_pages(nu_paginator *paginator);
/** Numbers with "…" for what is left out: 1 2 … 40 41 42 … 49 50. Yields.
    Django: get_elided_page_range() */
nu_list *nu_paginator_elided_range(nu_paginator *paginator, int64_t number, int on_each_side,
                                   int on_ends);
nu_value nu_paginator_value(nu_paginator *paginator); /* for template contexts */

int64_t nu_page_number(const nu_page *page);
nu_value nu_page_object_list(const nu_page *page); /* the slice of the query, or a list */
nu_paginator *nu_page_paginator(const nu_page *page);
bool nu_page_has_next(const nu_page *page);
bool nu_page_has_previous(const nu_page *page);
bool nu_page_has_other_pages(const nu_page *page);
int64_t nu_page_start_index(const nu_page *page); /* of its first row, from 1; 0 without rows */
int64_t nu_page_end_index(const nu_page *page);
