/**
 * @file
 * Equal queries of one request: the mark of a loop that asks the database for each row.
 *
 * Under DEBUG each SELECT of a request is counted by its text, whatever its parameters. At the end
 * those that ran more than once are logged, with how often and from which line of the site's code:
 *
 *     3 equal queries from registry/views.c:42: SELECT … WHERE "registry_tag"."id" = ?
 */
#pragma once
#include <nuages/strings.h>

/* Count the fiber's statements from here on; nothing more where there is no memory. */
void nu__repeats_begin(void);
/* A statement was run. */
void nu__repeats_note(nu_str sql);
/* Log what was repeated, and stop counting. */
void nu__repeats_end(void);
