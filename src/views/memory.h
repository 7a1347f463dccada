/**
 * @file
 * Errors of memory as pages, in programs that are built with the sanitizers: what the address
 * sanitizer ends the process for, what the other one notes and goes on after, and what is lost at
 * the end of a request. The site's own line stands first.
 *
 *     a view writes past a block
 *       the address sanitizer          its report on standard error
 *       on_report                      the page, by `answer`, to the client whose request it was
 *       the process ends               the arbiter starts another worker
 *     a view divides by zero           noted with its frames; the request goes on
 *     nu__memory_checked               the response becomes the page, for notes and for leaks
 */
#pragma once
#include <nuages/http.h>

typedef struct nu__memory_watch {
    /* Sends the page of a process that ends right after; no loop runs any more. */
    bool (*answer)(const nu_response *page);
    /* Of memory that was lost the sanitizer tells at each look from now on, and of undefined
       behaviour in a line never again: another worker is to answer. */
    void (*spent)(void);
} nu__memory_watch;

/* In a worker of the development server, on a fiber; does nothing without the sanitizers. */
void nu__memory_watch_start(const nu__memory_watch *watch);
/* A request of it is done: its response, or the page of what was wrong. */
nu_response *nu__memory_checked(nu_request *req, nu_response *response);
/* The page of a sanitizer's report, or of several. */
nu_response *nu__memory_page(nu_request *req, nu_str report);
