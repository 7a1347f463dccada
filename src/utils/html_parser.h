/**
 * @file
 * Tags, text and references of HTML as Python's html.parser tells them apart, which strip_tags and
 * the truncator rest on. It forgives all: nothing is an error.
 *
 *   nu__html_feed    what is surely complete
 *   nu__html_close   the rest, as if nothing followed
 *
 * Each piece is looked at a fixed number of times but for tags that never close: callers refuse
 * input with many of those (see strip_tags.c).
 */
#pragma once
#include "core/buf.h"

/* Each may be NULL; false stops the parser. */
typedef struct nu__html_events {
    /* `raw` is the tag as written; `closed`: it ends in "/>". */
    bool (*start_tag)(void *self, nu_str name, nu_str raw, bool closed);
    bool (*end_tag)(void *self, nu_str name);
    bool (*text)(void *self, nu_str text);
    bool (*entity)(void *self, nu_str name);    /* "amp"; never under `unescape` */
    bool (*character)(void *self, nu_str name); /* "233", "xE9"; the same */
} nu__html_events;

typedef struct nu__html_parser {
    const nu__html_events *events;
    void *self;
    bool unescape; /* references in text become characters */
    nu_str html;
    size_t at;
    nu_str cdata; /* "script", "style": nothing but its end tag is markup; null outside */
    bool stopped;
} nu__html_parser;

void nu__html_feed(nu__html_parser *parser);
void nu__html_close(nu__html_parser *parser);
