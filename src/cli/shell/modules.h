/**
 * @file
 * Modules as tables: functions, types and constants by name.
 */
#pragma once
#include "cli/shell/object.h"

typedef struct nu__py_constant {
    const char *name;
    nu__py (*make)(void);
} nu__py_constant;

typedef struct nu__py_module_row {
    const char *name;
    const nu__py_method *functions;   /* ends with { NULL } */
    const nu__py_type *const *types;  /* ends with NULL */
    const nu__py_constant *constants; /* ends with { NULL } */
    /* Names beyond the tables, and which they are. */
    bool (*get)(nu_str module, nu_str name, nu__py *out);
    void (*names)(nu_str module, nu_list *out);
} nu__py_module_row;

extern const nu__py_module_row nu__py_datetime_module, nu__py_decimal_module, nu__py_uuid_module,
    nu__py_zoneinfo_module, nu__py_json_module, nu__py_math_module, nu__py_functools_module,
    nu__py_operator_module, nu__py_itertools_module, nu__py_collections_module, nu__py_copy_module,
    nu__py_re_module;
