/**
 * @file
 * The library's functions by their own names, at the addresses of `nu__mysql_client`.
 */
#pragma once
#include "db/backends/mysql/library.h"

#define mariadb_stmt_fetch_fields     nu__mysql_client.mariadb_stmt_fetch_fields
#define mysql_affected_rows           nu__mysql_client.mysql_affected_rows
#define mysql_close                   nu__mysql_client.mysql_close
#define mysql_data_seek               nu__mysql_client.mysql_data_seek
#define mysql_errno                   nu__mysql_client.mysql_errno
#define mysql_error                   nu__mysql_client.mysql_error
#define mysql_fetch_fields            nu__mysql_client.mysql_fetch_fields
#define mysql_fetch_lengths           nu__mysql_client.mysql_fetch_lengths
#define mysql_fetch_row               nu__mysql_client.mysql_fetch_row
#define mysql_field_count             nu__mysql_client.mysql_field_count
#define mysql_free_result             nu__mysql_client.mysql_free_result
#define mysql_get_socket              nu__mysql_client.mysql_get_socket
#define mysql_get_timeout_value_ms    nu__mysql_client.mysql_get_timeout_value_ms
#define mysql_init                    nu__mysql_client.mysql_init
#define mysql_insert_id               nu__mysql_client.mysql_insert_id
#define mysql_more_results            nu__mysql_client.mysql_more_results
#define mysql_next_result_cont        nu__mysql_client.mysql_next_result_cont
#define mysql_next_result_start       nu__mysql_client.mysql_next_result_start
#define mysql_num_fields              nu__mysql_client.mysql_num_fields
#define mysql_options                 nu__mysql_client.mysql_options
#define mysql_optionsv                nu__mysql_client.mysql_optionsv
#define mysql_ping_cont               nu__mysql_client.mysql_ping_cont
#define mysql_ping_start              nu__mysql_client.mysql_ping_start
#define mysql_real_connect            nu__mysql_client.mysql_real_connect
#define mysql_real_connect_cont       nu__mysql_client.mysql_real_connect_cont
#define mysql_real_connect_start      nu__mysql_client.mysql_real_connect_start
#define mysql_real_query_cont         nu__mysql_client.mysql_real_query_cont
#define mysql_real_query_start        nu__mysql_client.mysql_real_query_start
#define mysql_stmt_affected_rows      nu__mysql_client.mysql_stmt_affected_rows
#define mysql_stmt_bind_param         nu__mysql_client.mysql_stmt_bind_param
#define mysql_stmt_close              nu__mysql_client.mysql_stmt_close
#define mysql_stmt_close_cont         nu__mysql_client.mysql_stmt_close_cont
#define mysql_stmt_close_start        nu__mysql_client.mysql_stmt_close_start
#define mysql_stmt_errno              nu__mysql_client.mysql_stmt_errno
#define mysql_stmt_error              nu__mysql_client.mysql_stmt_error
#define mysql_stmt_execute_cont       nu__mysql_client.mysql_stmt_execute_cont
#define mysql_stmt_execute_start      nu__mysql_client.mysql_stmt_execute_start
#define mysql_stmt_field_count        nu__mysql_client.mysql_stmt_field_count
#define mysql_stmt_free_result        nu__mysql_client.mysql_stmt_free_result
#define mysql_stmt_init               nu__mysql_client.mysql_stmt_init
#define mysql_stmt_insert_id          nu__mysql_client.mysql_stmt_insert_id
#define mysql_stmt_more_results       nu__mysql_client.mysql_stmt_more_results
#define mysql_stmt_next_result_cont   nu__mysql_client.mysql_stmt_next_result_cont
#define mysql_stmt_next_result_start  nu__mysql_client.mysql_stmt_next_result_start
#define mysql_stmt_param_count        nu__mysql_client.mysql_stmt_param_count
#define mysql_stmt_prepare_cont       nu__mysql_client.mysql_stmt_prepare_cont
#define mysql_stmt_prepare_start      nu__mysql_client.mysql_stmt_prepare_start
#define mysql_stmt_row_seek           nu__mysql_client.mysql_stmt_row_seek
#define mysql_stmt_row_tell           nu__mysql_client.mysql_stmt_row_tell
#define mysql_stmt_store_result_cont  nu__mysql_client.mysql_stmt_store_result_cont
#define mysql_stmt_store_result_start nu__mysql_client.mysql_stmt_store_result_start
#define mysql_store_result_cont       nu__mysql_client.mysql_store_result_cont
#define mysql_store_result_start      nu__mysql_client.mysql_store_result_start
#define mysql_thread_end              nu__mysql_client.mysql_thread_end
#define mysql_thread_id               nu__mysql_client.mysql_thread_id
#define mysql_thread_init             nu__mysql_client.mysql_thread_init
