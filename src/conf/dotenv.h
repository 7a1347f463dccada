/**
 * @file
 * The file .env: variables for the environment, where that has none of the name.
 *
 *     DEBUG=1
 *     export SECRET_KEY='with spaces # and marks'
 *     # a comment
 *     GREETING="two\nlines"
 */
#pragma once
#include <nuages/strings.h>

/* Read it, where it is there. Raises ImproperlyConfigured, naming file and line, for a line that is
   no NAME=value, and for a file that is there but cannot be read. */
void nu__dotenv_load(const char *path);
/* The names that it had, for the whole process; as many as *n says. */
char *const *nu__dotenv_names(size_t *n);
