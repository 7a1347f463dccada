/**
 * @file
 * The words of a tag with texts to translate, read as the finder of texts does: never an error,
 * whatever is left open. All are slices of what is given but where "new" is said: in the arena.
 *
 * Counterpart: the regular expressions of django.utils.translation.template
 */
#pragma once
#include <nuages/strings.h>

nu_str nu__without_blanks(nu_str text); /* at its beginning */
/* The "text" or 'text' that begins here, with its quotes; {NULL, 0}: there is none. */
nu_str nu__quoted_text(nu_str text);
nu_str nu__unquoted_text(nu_str quoted); /* new */
/* How long the string is that begins behind "_(" and ends before ")", with its quotes; 0: none. */
size_t nu__constant_length(nu_str text);
/* New: as templates read the string: \" is ", and \\ is \. */
nu_str nu__unescaped(nu_str text);

/* The word that contents begin with; *rest is what is behind it. */
nu_str nu__first_word(nu_str contents, nu_str *rest);
/* The last string behind the word "context", unquoted, new; {NULL, 0}: none, or a variable. */
nu_str nu__context_of(nu_str rest);
bool nu__has_word(nu_str rest, const char *word); /* outside of strings */
