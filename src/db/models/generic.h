/**
 * @file
 * Generic foreign keys and relations. Django: contenttypes.fields
 */
#pragma once
#include "db/models/prefetch.h"
#include "db/models/related_write.h"

#include <nuages/managers.h>

/* What a generic foreign key refers to, loaded once; NULL when it is null or gone. Yields. */
nu_object *nu__generic_follow(const nu_object *object, const nu__generic *key);
/* TypeError for what is no instance. Yields when the model's content type must be read. */
void nu__generic_set(const nu__generic *key, nu_object *object, nu_value value);
/* ValueError, naming `operation`, for a referred row that was not saved. */
void nu__generic_check(const nu__model_info *info, const nu_object *object, const char *operation);

/* The rows that refer to one instance; to any of these, by batches for deletion. */
nu_query *nu__generic_rows(const nu_object *object, const nu__generic *relation);
nu_query *nu__generic_rows_of(const nu__model_info *info, const nu__generic *relation,
                              nu_list *objects, const char *using);

void nu__generic_add(nu_object *object, const nu__generic *relation, nu_values items,
                     bool one_by_one);
void nu__generic_remove(nu_object *object, const nu__generic *relation, nu_values items,
                        bool one_by_one);
void nu__generic_clear(nu_object *object, const nu__generic *relation, bool one_by_one);
void nu__generic_replace(nu_object *object, const nu__generic *relation, nu_values items,
                         const nu_relating *options);
/* What a new row of the relation is given: both fields; ends with a null key. */
nu_var *nu__generic_values(const nu_object *object, const nu__generic *relation);

/* Prefetching: of a key, one statement a model; of a relation, one. Yield. */
nu__level nu__generic_fetch_keys(const nu__generic *key, const nu__level *from);
nu__level nu__generic_fetch_rows(const nu__prefetch_step *step, const nu__level *from,
                                 nu__prefetch **more);
