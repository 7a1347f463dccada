/**
 * @file
 * Writing through relations: what the functions of managers.h stand on.
 */
#pragma once
#include "db/models/queryset.h"

#include <nuages/managers.h>

/* A many-to-many from one instance's side. */
typedef struct nu__many_end {
    nu_object *object;
    const nu__relation *relation;
    const nu__field *near, *far; /* of the model between */
    bool reverse;
    const char *using;
} nu__many_end;

/* ValueError for an instance that has no key. */
nu__many_end nu__many_side(nu_object *object, const nu__relation *relation, bool reverse);
void nu__many_add(const nu__many_end *side, nu_values items, const nu_relating *options);
void nu__many_remove(const nu__many_end *side, nu_values items);
void nu__many_clear(const nu__many_end *side);
void nu__many_set(const nu__many_end *side, nu_values items, const nu_relating *options);

/* The rows of another model whose foreign key refers to the instance. */
void nu__referring_add(nu_object *object, const nu__relation *relation, nu_values items,
                       bool one_by_one);
void nu__referring_remove(nu_object *object, const nu__relation *relation, nu_values items,
                          bool one_by_one);
void nu__referring_clear(nu_object *object, const nu__relation *relation, bool one_by_one);
void nu__referring_set(nu_object *object, const nu__relation *relation, nu_values items,
                       const nu_relating *options);
/* Which of `present` are not in `items`, and which of `items` are not there yet. */
typedef struct nu__difference {
    nu_values gone, fresh;
} nu__difference;
nu__difference nu__difference_of(const nu_list *present, nu_values items);
/* ValueError for an instance that has no key. */
void nu__referring_check(const nu_object *object, const nu__relation *relation);
