/**
 * @file
 * A dict whose keys are any values: numbers, dates, tuples; what Python's {1: "one"} is.
 *
 * A nu_dict has keys of text, which is what JSON, contexts and forms need. Where keys may be
 * anything (rows by primary key, choices), a mapping holds pairs in order of insertion. Templates
 * read it as a dict: by a key's text, else a number, else .items, .keys and .values.
 *
 * Counterpart: dict.
 */
#pragma once
#include <nuages/values.h>

/* An OBJECT in the running arena. Raises MemoryError. */
nu_value nu__mapping_new(void);
/* Set a key, equal ones being one, as Python's 1, 1.0 and True are. */
void nu__mapping_set(nu_value mapping, nu_value key, nu_value value);
/* False when there is none. */
bool nu__mapping_find(nu_value mapping, nu_value key, nu_value *out);
/* The keys and the values, in order; NULL where the value is no mapping. */
const nu_list *nu__mapping_keys(nu_value mapping);
const nu_list *nu__mapping_values(nu_value mapping);
