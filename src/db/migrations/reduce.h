/**
 * @file
 * What two operations that follow each other can become, and the optimizer over whole lists.
 *
 *   nu__optimize
 *     nu__reduce          one operation, and a later one of the list
 *       reduce_create.c     into a CreateModel
 *       reduce.c            all others; what may stand between the two
 *         reduce_references.c  what an operation has to do with
 *
 * Counterpart: Operation.reduce(), MigrationOptimizer.
 */
#pragma once
#include "db/migrations/operations.h"

typedef enum nu__reduction_kind {
    NU__BARRIER, /* nothing, and the first may not be moved past the second */
    NU__THROUGH, /* nothing, but it may be */
    NU__REDUCED, /* both become `operations` */
} nu__reduction_kind;

typedef struct nu__reduction {
    nu__reduction_kind kind;
    nu_operation operations[2];
    size_t n;
} nu__reduction;

nu__reduction nu__reduce(const nu_operation *op, const nu_operation *other, const char *app);
/* CreateModel and what changes the same model; NU__BARRIER when there is no rule. */
nu__reduction nu__reduce_create(const nu_operation *op, const nu_operation *other);

/* May the operation have to do with the model, or with a field of it? In doubt true. */
bool nu__references_model(const nu_operation *op, const char *name, const char *app);
bool nu__references_field(const nu_operation *op, const char *model, const char *name,
                          const char *app);

/* An equal or shorter list that ends with { 0 }, in the fiber's arena. */
nu_operation *nu__optimize(const nu_operation *operations, const char *app);
