/**
 * @file
 * What the files of the parser share: refusing a head, and the ends of its lines.
 */
#pragma once
#include "http/h1_parse.h"

/* h1_request_line.c: the line that begins at head->start, whole or not yet. */
nu__h1_result nu__h1_read_request_line(nu__h1_head *head, const char *data, size_t len);

static inline nu__h1_result nu__h1_bad(nu__h1_head *head, int status, const char *problem)
{
    head->status = status;
    head->problem = problem;
    return NU__H1_BAD;
}

/* The line has no end yet: more, unless it is too long already. */
static inline nu__h1_result nu__h1_unfinished(nu__h1_head *head, const char *line, const char *end,
                                              int status)
{
    if (end - line > NU__H1_MAX_LINE)
        return nu__h1_bad(head, status, "a line is too long");
    return NU__H1_MORE;
}

/* `p` stands on what stopped a scan. CR LF ends the line; *next is behind it. */
static inline nu__h1_result nu__h1_line_end(nu__h1_head *head, const char *line, const char *p,
                                            const char *end, int too_long, const char **next)
{
    if (p - line > NU__H1_MAX_LINE)
        return nu__h1_bad(head, too_long, "a line is too long");
    if (p == end || (*p == '\r' && p + 1 == end))
        return NU__H1_MORE;
    if (*p != '\r' || p[1] != '\n')
        return nu__h1_bad(head, 400, "a line holds a control character or a bare CR or LF");
    *next = p + 2;
    return NU__H1_OK;
}
