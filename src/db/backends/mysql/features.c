#include "db/backends/mysql/mysql.h"

/* MariaDB from 10.6 on. */
const nu__features nu__mysql_features = {
    .max_query_params = NU__MYSQL_MAX_PARAMS,
    .max_name_length = 64,
    .can_return_from_insert = true,
    .can_rollback_ddl = false,
    .has_select_for_update = true,
    .has_select_for_update_nowait = true,
    .has_select_for_update_skip_locked = true,
    .order_by_nulls_first = true,
    .supports_ignore_conflicts = true,
    .supports_update_conflicts_with_target = false,
    .supports_parentheses_in_compound = true,
    .has_string_agg = false,
    .has_aggregate_order_by = true,
    .has_frame_exclusion = false,
    .has_except_all = false,
    .lacks_partial_indexes = true,
    .lacks_expression_indexes = true,
    .supports_timezones = false,
};
