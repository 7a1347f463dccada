/**
 * @file
 * The known words closest to a misspelt one, by the measure that Django's messages use.
 */
#pragma once
#include <nuages/values.h>

/* Up to three of `words` (texts), the closest first. Python: difflib.get_close_matches() */
nu_list *nu__close_matches(nu_str word, const nu_list *words);
