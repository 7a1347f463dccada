/**
 * @file
 * Deleting rows and what refers to them. Django: deletion.Collector
 *
 *   collect(rows)                                   deletion_collect.c
 *     nothing refers to the model        -> a fast delete: one statement, deletion_fast.c
 *     else the rows are read into a group, and for each foreign key that refers to them
 *       CASCADE       collect its rows     PROTECT  an error
 *       SET_NULL, …   an update            RESTRICT an error, unless they go too:
 *                                                   deletion_refused.c
 *   run: fast deletes, updates, then the groups, those that refer before what they refer to
 *                                                   deletion_run.c
 */
#pragma once
#include "db/models/queryset.h"

#include <nuages/managers.h>

/* The rows of one model that go. */
typedef struct nu__doomed {
    nu__model_info *info;
    nu_list *objects; /* each once */
    nu_list *keys;
} nu__doomed;

typedef struct nu__field_update {
    const nu__field *field;
    nu_value value;
    nu_list *conditions; /* "field__in" each: lists of what is deleted */
} nu__field_update;

typedef struct nu__restricted {
    const nu__field *field;
    nu_list *objects;
} nu__restricted;

typedef struct nu__dependency {
    const nu__model_info *model, *on; /* `model` is deleted after `on` */
} nu__dependency;

#define NU__LIST(T)                                                                                \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t n, cap;                                                                             \
    }
#define NU__LIST_ADD(list, ...)                                                                    \
    ({                                                                                             \
        __auto_type nu__l = &(list);                                                               \
        if (nu__l->n == nu__l->cap) {                                                              \
            size_t nu__cap = nu__l->cap ? 2 * nu__l->cap : 8;                                      \
            void *nu__grown = nu_alloc_(nu__cap, sizeof(*nu__l->items));                           \
            if (nu__l->n)                                                                          \
                memcpy(nu__grown, nu__l->items, nu__l->n * sizeof(*nu__l->items));                 \
            nu__l->items = nu__grown;                                                              \
            nu__l->cap = nu__cap;                                                                  \
        }                                                                                          \
        nu__l->items[nu__l->n++] = (__VA_ARGS__);                                                  \
    })

typedef struct nu__collector {
    const char *using;
    nu__connection *connection;
    bool keep_parents;       /* the rows of the bases' tables stay */
    const nu_object *origin; /* the instance or query that is being deleted */
    NU__LIST(nu__doomed) groups;
    NU__LIST(nu_query *) fast;
    NU__LIST(nu__field_update) updates;
    NU__LIST(nu__restricted) restricted;
    NU__LIST(nu__dependency) dependencies;
} nu__collector;

/* One statement will do: nothing refers to the rows, and no one wants to hear of them. `from`: the
   relation over which they are deleted, or NULL. */
bool nu__can_fast_delete(const nu__model_info *info, const nu__relation *from);
/* DELETE FROM … of the query, whatever refers to it. Rows deleted. Yields. */
int64_t nu__delete_raw(const nu_query *query);
/* Delete what was collected. Yields. */
nu_deleted nu__collector_run(nu__collector *collector);
