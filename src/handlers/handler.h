/**
 * @file
 * From a request to its response: the onion of middleware, the URL, the view, errors.
 *
 *   nu__handle(req)
 *     request_started
 *     nu_next_call               middleware, outermost first; each guarded: an error that leaves
 * one …                        has become a response for the next (exception.c) resolve Resolver404
 * -> 404 view hooks             CSRF nu__view_call          405, transactions, decorators,
 * conditions, the view (view.c) error hooks request_finished           when the fiber ends
 *
 * The onion is built once, by nu__handler_setup(); a request allocates nothing on its way through
 * but what its middleware ask for.
 *
 * Django: django.core.handlers.base, django.core.handlers.exception
 */
#pragma once
#include <nuages/conf.h>

#include "http/message.h"

struct nu_next {
    nu_middleware *fn; /* NULL: the innermost, `last` answers */
    const nu_next *inner;
    nu_view *last;
    bool guarded; /* an error becomes a response here */
};

/* Build the onion for the settings. At start-up, before any request. */
void nu__handler_setup(const nu_settings *site);

/* Answer a request. Never NULL; raises nothing but NU_CANCELLED. Runs in the request's fiber.
   Yields as middleware and views do. */
nu_response *nu__handle(nu_request *req);

/* ---- within handlers/ ------------------------------------------------------------------------ */

/* Run the view of a resolved URL with what its path() says around it. Raises what it raises. */
nu_response *nu__view_call(nu_request *req, const nu_url_entry *entry);
/* The databases whose requests run in a transaction; kept. */
void nu__view_setup(const nu_settings *site);

/* What is answered to an error, and its line in the log. */
nu_response *nu__response_for_error(nu_request *req, const nu_error *error);

/* Mail to the ADMINS what went wrong, when the request has ended. The same error and all of them
   are mailed so often and no more; the next mail says how many were not. Never raises. */
void nu__error_mail(nu_request *req, const nu_error *error);

/* Log a response of status 400 and above once. */
void nu__log_response(nu_request *req, nu_response *response, nu_str message);
void nu__log_error_status(nu_request *req, nu_response *response);

/* ---- start-up -------------------------------------------------------------------------------- */

/**
 * Everything that must be known before the first request or command: settings, apps, models,
 * databases, templates, URLs, middleware; in this order. The apps' ready hooks run last.
 *
 * @raises  ImproperlyConfigured that names what is wrong
 * Django: django.setup()
 */
void nu__setup(const nu_settings *site);
/* Make anew what was made from the settings: all of it but apps, models and databases. For tests.
 */
void nu__setup_again(void);
/* Names, folders and languages in the settings that can hardly be meant: dicts of id, level
   ("error", "warning"), msg and, where Django's words lack it, the value. After the languages have
   been set up. */
nu_list *nu__setup_suspects(void);
/* The settings of requests, made by nu__setup(). */
const nu__http_settings *nu__request_settings(void);
