/**
 * @file
 * Filters over the characters of a text, written as they are made: a value for each of ten million
 * is more than an arena holds.
 */
#pragma once
#include "core/buf.h"
#include "template/library.h"

/* How one character is written: its own text, and what the filter puts around it. At most
   NU__PIECE bytes; the same for the same character. */
typedef void nu__put_character(nu__buf *out, nu_str character, bool escape);
enum { NU__PIECE = 32 };

/* Each character of the text, and `between` them. What is written is measured first: behind a text
   of megabytes no room is to stay unused. */
void nu__write_characters(nu__buf *out, nu_str text, nu_str between, nu__put_character *put,
                          bool escape);
nu__put_character nu__put_plain;     /* the character */
nu__put_character nu__put_list_item; /* as an item of unordered_list */

/* Code points in order, or the other way round. */
nu_str nu__sorted_characters(nu_str text, bool reversed);

/* {{ text|filter }}, where it makes a list: its text. For nu__filter.write. */
bool nu__write_make_list(const nu__filter_call *call);
bool nu__write_escapeseq(const nu__filter_call *call);
bool nu__write_safeseq(const nu__filter_call *call);
/* The same of a list of the text's characters, which is not safe. */
void nu__write_list_of_characters(const nu__filter_call *call, nu_str text);
