/**
 * @file
 * Emptying every table: tests without a transaction, `manage flush`.
 */
#pragma once
#include "db/connection.h"

/**
 * The statements that do it, for the tables of the site's models that the database has; each ends
 * with ";".
 *
 * @param reset_sequences  keys count from 1 again
 * Yields.   Django: django.core.management.sql.sql_flush()
 */
nu_list *nu__sql_flush(nu__connection *connection, bool reset_sequences);
/* Run them, in one transaction. Yields. Django: execute_sql_flush() */
void nu__flush(nu__connection *connection, bool reset_sequences);
/* The names of the tables that the site's models have and the database too, by name. Yields.
   Django: introspection.django_table_names(only_existing=True) */
nu_list *nu__model_tables(nu__connection *connection);
