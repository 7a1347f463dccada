/**
 * @file
 * list and tuple, for the files that hold their methods.
 */
#pragma once
#include "cli/shell/object.h"

extern const nu__py_method nu__py_list_methods[], nu__py_tuple_methods[];
/* The items sorted by `key` (None: themselves), stable. */
void nu__py_sort(nu__py list, nu__py key, bool reverse);
/* As --json prints a list; also for query sets, once collected. */
void nu__py_json_items(nu__py list, nu__buf *out);
