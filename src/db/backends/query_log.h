/**
 * @file
 * The log of what is run: django.db.backends at DEBUG.
 */
#pragma once
#include "db/connection.h"

/* "(0.001) SELECT …; args=(1, 'a'); alias=default", in the fiber's arena. */
nu_str nu__db_query_line(const nu__connection *connection, nu_str sql, nu_values params,
                         double seconds);

/* From now on each statement of the process is logged at DEBUG, with its time, parameters and
   alias, as Django does. Takes the place of
   nu__db_listen()'s listener; false gives that place back. */
void nu__db_log_queries(bool on);
