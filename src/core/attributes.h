/**
 * @file
 * Python's attributes, and methods without arguments, of scalars, lists and dicts.
 */
#pragma once
#include <nuages/values.h>

/* `date.year`, `"text".upper`, `dict.items`: what templates read. False: there is none of that
   name; those that would change the value are left out. Raises MemoryError. */
bool nu__value_attribute(nu_value value, nu_str name, nu_value *out);
