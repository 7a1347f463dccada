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
/* A frame of a stack, with its source when it is opened. */
void nu__page_frame(nu__page *p, const nu__frame_info *frame, bool open);

/* Sections of their own, but for the first; secrets are masked. */
void nu__page_request(nu__page *p, nu_request *req);
void nu__page_querydict(nu__page *p, const char *title, const nu_querydict *dict);
void nu__page_headers(nu__page *p, const nu_request *req);
void nu__page_settings(nu__page *p);
/* Nothing where none was noted. */
void nu__page_queries(nu__page *p, const nu_request *req);
