/**
 * @file
 * What to do about a statement that misses a table or column which only the models have.
 *
 * Databases tell its name and no more: that a migration was forgotten, or not applied, is what
 * somebody who has just changed a model wants to hear.
 */
#pragma once
#include <nuages/errors.h>

/* "The database has no column color …: run …", where the error is of that kind, the name is a
   model's own, and the database has none of it; "" for every other error, such as that of a
   misspelt statement. In the fiber's arena. Yields: the database is asked. */
nu_str nu__unmigrated_advice(const nu_error *error);
