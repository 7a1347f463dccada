/**
 * @file
 * The place of a row among those of its parent: .order_with_respect_to.
 */
#pragma once
#include "db/models/options.h"

/* { "_order" }, as the ordering of a model. */
const char *const *nu__own_order(void);
/* Before an INSERT: behind the last row of the same parent. Of other models nothing. Yields. */
void nu__take_last_place(const nu__model_info *info, nu_object *object, const char *alias);
