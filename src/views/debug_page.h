/**
 * @file
 * The pages for developers, written as HTML for browsers and as text for other clients: a summary,
 * then sections of paragraphs, tables and source.
 */
#pragma once
#include "core/buf.h"
#include "views/backtrace.h"
#include <nuages/http.h>

typedef struct nu__page {
    nu__buf out;
    bool html;
    bool brief; /* a text for others to read: no values of variables */
} nu__page;

/* By what the request accepts. */
nu__page nu__page_for(nu_request *req);
void nu__page_begin(nu__page *p, nu_str title);
nu_response *nu__page_end(nu__page *p, int status);

void nu__page_section(nu__page *p, const char *title);
void nu__page_paragraph(nu__page *p, const char *tag, nu_str text);
void nu__page_table_begin(nu__page *p);
void nu__page_row(nu__page *p, nu_str name, nu_str value);
void nu__page_table_end(nu__page *p);
/* Lines around one of a file, which is marked; nothing where the file is not there. */
void nu__page_source(nu__page *p, nu_str file, int line);
/* The same of lines that are at hand. */
void nu__page_lines(nu__page *p, nu__source_lines around, int line);
/* The frames of a stack, one of them (or none: NULL) opened at its source; what of the library's
   own frames stands together is folded. */
void nu__page_frames(nu__page *p, const nu__frame_info *frames, size_t n,
                     const nu__frame_info *open);
/* A section with a text to take along. */
void nu__page_copy(nu__page *p, nu_str text);

/* Sections of their own, but for the first; secrets are masked. */
/* `raised` is the name of the row with the view: "Raised by". */
void nu__page_request(nu__page *p, nu_request *req, const char *raised);
/* What runs, and when. */
void nu__page_environment(nu__page *p);
void nu__page_querydict(nu__page *p, const char *title, const nu_querydict *dict);
void nu__page_cookies(nu__page *p, nu_request *req);
void nu__page_headers(nu__page *p, const nu_request *req);
/* All of the visitor's: GET, POST, FILES, cookies, headers. */
void nu__page_sent(nu__page *p, nu_request *req);
void nu__page_settings(nu__page *p);
/* Nothing where none was noted. */
void nu__page_queries(nu__page *p, const nu_request *req);
