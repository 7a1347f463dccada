/**
 * @file
 * django.db.connection and what hangs on it: cursors, features, operations, introspection, the
 * statements that ran.
 */
#pragma once
#include "cli/shell/orm/query_methods.h"
#include "db/connection.h"

nu__py nu__orm_cursor(nu__connection *connection);
/* The connection of a cursor's; TypeError for what is none, ProgrammingError when it is closed. */
nu__connection *nu__orm_cursor_connection(nu__py value);

/* Each stands for a part of the connection whose alias is its payload. */
extern const nu__py_type nu__orm_features_type, nu__orm_operations_type, nu__orm_introspection_type,
    nu__orm_settings_dict_type;
nu__py nu__orm_settings_dict(const nu__connection *connection);

enum { NU__ORM_QUERIES_LIMIT = 9000 }; /* the oldest go */
/* connection.queries: what ran on it since it is kept, newest last; a list of its own. */
nu__py nu__orm_queries_of(const nu__connection *connection);
bool nu__orm_queries_kept(const nu__connection *connection);
void nu__orm_keep_queries(const nu__connection *connection, bool on);
void nu__orm_forget_queries(void); /* reset_queries() */
extern const nu__py_module_row nu__orm_test_utils_module;

/* connections: an alias each. */
extern const nu__py_type nu__orm_connections_type, nu__orm_router_type;
