/**
 * @file
 * The functions of MariaDB's Connector/C that the backend calls, and where they are.
 *
 * The names of the library mean its functions at these addresses once client.h is included.
 */
#pragma once
#include "db/backends/library.h"
#include <mysql.h>

#define NU__MYSQL_FUNCTIONS(F)                                                                     \
    F(mariadb_stmt_fetch_fields)                                                                   \
    F(mysql_affected_rows)                                                                         \
    F(mysql_close)                                                                                 \
    F(mysql_data_seek)                                                                             \
    F(mysql_errno)                                                                                 \
    F(mysql_error)                                                                                 \
    F(mysql_fetch_fields)                                                                          \
    F(mysql_fetch_lengths)                                                                         \
    F(mysql_fetch_row)                                                                             \
    F(mysql_field_count)                                                                           \
    F(mysql_free_result)                                                                           \
    F(mysql_get_socket)                                                                            \
    F(mysql_get_timeout_value_ms)                                                                  \
    F(mysql_init)                                                                                  \
    F(mysql_insert_id)                                                                             \
    F(mysql_more_results)                                                                          \
    F(mysql_next_result_cont)                                                                      \
    F(mysql_next_result_start)                                                                     \
    F(mysql_num_fields)                                                                            \
    F(mysql_options)                                                                               \
    F(mysql_optionsv)                                                                              \
    F(mysql_ping_cont)                                                                             \
    F(mysql_ping_start)                                                                            \
    F(mysql_real_connect)                                                                          \
    F(mysql_real_connect_cont)                                                                     \
    F(mysql_real_connect_start)                                                                    \
    F(mysql_real_query_cont)                                                                       \
    F(mysql_real_query_start)                                                                      \
    F(mysql_stmt_affected_rows)                                                                    \
    F(mysql_stmt_bind_param)                                                                       \
    F(mysql_stmt_close)                                                                            \
    F(mysql_stmt_close_cont)                                                                       \
    F(mysql_stmt_close_start)                                                                      \
    F(mysql_stmt_errno)                                                                            \
    F(mysql_stmt_error)                                                                            \
    F(mysql_stmt_execute_cont)                                                                     \
    F(mysql_stmt_execute_start)                                                                    \
    F(mysql_stmt_field_count)                                                                      \
    F(mysql_stmt_free_result)                                                                      \
    F(mysql_stmt_init)                                                                             \
    F(mysql_stmt_insert_id)                                                                        \
    F(mysql_stmt_more_results)                                                                     \
    F(mysql_stmt_next_result_cont)                                                                 \
    F(mysql_stmt_next_result_start)                                                                \
    F(mysql_stmt_param_count)                                                                      \
    F(mysql_stmt_prepare_cont)                                                                     \
    F(mysql_stmt_prepare_start)                                                                    \
    F(mysql_stmt_row_seek)                                                                         \
    F(mysql_stmt_row_tell)                                                                         \
    F(mysql_stmt_store_result_cont)                                                                \
    F(mysql_stmt_store_result_start)                                                               \
    F(mysql_store_result_cont)                                                                     \
    F(mysql_store_result_start)                                                                    \
    F(mysql_thread_end)                                                                            \
    F(mysql_thread_id)                                                                             \
    F(mysql_thread_init)

typedef struct nu__mysql_library {
#define NU__ADDRESS(name) __typeof__(name) *name;
    NU__MYSQL_FUNCTIONS(NU__ADDRESS)
#undef NU__ADDRESS
} nu__mysql_library;

extern nu__mysql_library nu__mysql_client;
/* Of a static executable, which has the library in it: src/single/link. */
extern const nu__mysql_library nu__mysql_linked __attribute__((weak));

/* Raises ImproperlyConfigured. */
void nu__mysql_load(void);
