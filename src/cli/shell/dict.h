/**
 * @file
 * dict, for the files that hold its methods, and set, which stands on it.
 */
#pragma once
#include "cli/shell/object.h"

typedef enum nu__py_part { NU__PY_KEYS, NU__PY_VALUES, NU__PY_ITEMS } nu__py_part;

extern const nu__py_method nu__py_dict_methods[], nu__py_dict_statics[], nu__py_set_methods[];
nu__py nu__py_dict_iterate(const nu__py_dict *dict, nu__py_part part, const char *name);
/* As a type's `copy`: of a dict, its kin, a set. */
nu__py nu__py_dict_copied(nu__py self, nu__py_dict *memo);
NU_NORETURN void nu__py_raise_key(nu__py key);
