#include "db/backends/sqlite/sqlite.h"

/* SQLite from 3.35 on. max_query_params is Django's, so that batches are cut at the same places. */
const nu__features nu__sqlite_features = {
    .max_query_params = 999,
    .max_name_length = 0,
    .can_return_from_insert = true,
    .can_rollback_ddl = true,
    .has_select_for_update = false,
    .order_by_nulls_first = true,
    .supports_ignore_conflicts = true,
    .supports_update_conflicts_with_target = true,
    .supports_parentheses_in_compound = false,
    .has_string_agg = SQLITE_VERSION_NUMBER >= 3044000,
    .has_aggregate_order_by = SQLITE_VERSION_NUMBER >= 3044000,
    .has_frame_exclusion = true,
    .supports_timezones = false,
    .has_decimals_as_text = true,
    .has_dates_as_text = true,
    .keeps_any_integer = true,
};
