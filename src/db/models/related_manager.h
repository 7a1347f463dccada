/**
 * @file
 * The manager that an instance has for a set of related rows: student.enrollments.
 */
#pragma once
#include "db/models/queryset.h"

/* Has .all, .count, .first, .exists and the model's named queries, as a query set has. */
const nu_object *nu__related_manager(const nu_object *instance, const nu__relation *relation,
                                     bool reverse);
const nu_object *nu__generic_manager(const nu_object *instance, const nu__generic *relation);
