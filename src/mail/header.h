/**
 * @file
 * Headers of messages: encoded words (RFC 2047), folding, what is refused. Byte for byte what
 * Python's email.header makes of them.
 */
#pragma once
#include <nuages/strings.h>

/* Name and value as the message keeps them: no line breaks, ASCII only. Raises BadHeaderError for
   line breaks, ValueError for addresses that are none. Django: forbid_multi_line_headers() */
nu_str nu__header_safe(nu_str name, nu_str value);

/* "Name: value" and the line's end, folded to 78 characters where it can be. `value` is ASCII. */
nu_str nu__header_fold(nu_str name, nu_str value, const char *line_end);

/* Encoded words where the text is not ASCII, else the text itself; folded with "\n". */
nu_str nu__header_encode(nu_str text);

/* The lines of a text without their ends, as str.splitlines(). */
nu_list *nu__split_lines(nu_str text);
