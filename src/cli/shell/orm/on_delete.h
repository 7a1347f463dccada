/**
 * @file
 * models.CASCADE, PROTECT and their like as values of the shell: each is itself alone, and has its
 * name. Nothing here raises or yields.
 */
#pragma once
#include "cli/shell/modules.h"

#include <nuages/models.h>

nu__py nu__orm_on_delete(nu_on_delete what);
/* By name; SET() is a function of its own in Django, and no value. Ends with a null name. */
extern const nu__py_constant nu__orm_on_deletes[];
