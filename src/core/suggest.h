/**
 * @file
 * "Did you mean …?" for messages about misspelt names.
 */
#pragma once
#include <nuages/values.h>

/* The candidate nearest to `name`, without regard to case, if it is near enough to be meant: at
   most a third of the name's letters inserted, dropped, changed or swapped. NULL when none is.
   NULL candidates are passed over. */
const char *nu__suggest(nu_str name, const char *const *candidates, size_t n);

/* " Did you mean 'roll_no'?" in the arena, or the empty text: to end a message with. */
nu_str nu__suggestion(nu_str name, const char *const *candidates, size_t n);
