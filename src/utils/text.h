/**
 * @file
 * Text for people, as django.utils.text. Lengths are in characters. Results lie in the fiber's
 * arena, or share the input where nothing changes. None yields.
 */
#pragma once
#include <nuages/strings.h>

nu_str nu__normalize_newlines(nu_str text); /* CRLF and CR as LF */
nu_str nu__camel_case_to_spaces(nu_str text);
/* For a file's name: spaces as _, all but word characters, dashes and points dropped. Raises
   SuspiciousFileOperation when nothing is left. */
nu_str nu__get_valid_filename(nu_str name);
/* As nu_slugify(), but keeps letters of every script. Django: slugify(allow_unicode=True) */
nu_str nu__slugify_unicode(nu_str text);
nu_str nu__phone2numeric(nu_str phone);
/* Lines of at most `width` where words allow it. */
nu_str nu__wrap(nu_str text, int64_t width);
/* "a, b or c" */
nu_str nu__get_text_list(const nu_list *texts, nu_str last_word);

/* At spaces, but not within quotes: the bits with their quotes and backslashes. */
nu_list *nu__smart_split(nu_str text);
/* False when it is not in quotes. */
bool nu__unescape_string_literal(nu_str literal, nu_str *out);

/* ---- cutting ------------------------------------------------------------------------------ */

/* `suffix` marks the cut: text to append, or a pattern with %(truncated_text)s; null: "…". */
nu_str nu__truncate_chars(nu_str text, int64_t length, nu_str suffix);
nu_str nu__truncate_words(nu_str text, int64_t words, nu_str suffix);
/* The same over HTML: tags do not count, and those left open are closed. */
nu_str nu__truncate_html_chars(nu_str html, int64_t length, nu_str suffix);
nu_str nu__truncate_html_words(nu_str html, int64_t words, nu_str suffix);
