/**
 * @file
 * The log of what is run: django.db.backends at DEBUG.
 */
#pragma once
#include <nuages/base.h>

/* From now on each statement of the process is logged at DEBUG, with its time, parameters and
   alias, as Django does: "(0.001) SELECT …; args=(1, 'a'); alias=default". Takes the place of
   nu__db_listen()'s listener; false gives that place back. */
void nu__db_log_queries(bool on);
