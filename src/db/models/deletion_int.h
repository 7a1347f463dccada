/**
 * @file
 * What the files of collecting share: deletion.c what users call, deletion_collect.c the rows that
 * go, deletion_fast.c what goes by one statement, deletion_refused.c what keeps rows from going.
 */
#pragma once
#include "db/models/deletion.h"
#include "db/models/keys.h"

/* ---- deletion_collect.c ------------------------------------------------------------------- */

/* The rows, what refers to them, and their parents' rows. ProtectedError. Yields. */
void nu__collect(nu__collector *collector, nu__model_info *info, nu_list *objects);
nu__doomed *nu__doomed_of(nu__collector *collector, nu__model_info *info);
/* The group's rows by their keys, with room for more. */
nu__key_index nu__doomed_index(const nu__doomed *group, size_t more);

/* ---- deletion_fast.c ---------------------------------------------------------------------- */

bool nu__deletion_refers(const nu__relation *relation); /* does deleting have to look at it? */
bool nu__deletion_heard(const nu__model_info *info);    /* does anyone want to hear of the rows? */
/* The rows that refer to the objects. */
nu_query *nu__deletion_referring(const nu__collector *collector, const nu__relation *relation,
                                 nu_list *objects);
/* As many objects as one statement takes, and those of them. */
size_t nu__deletion_batch_size(const nu__collector *collector, size_t n_fields, size_t n);
nu_list *nu__deletion_batch(const nu_list *objects, size_t from, size_t n);
bool nu__deletes_fast(const nu__relation *relation);
void nu__add_fast_deletes(nu__collector *collector, const nu__model_info *info, nu_list *fresh);

/* ---- deletion_refused.c ------------------------------------------------------------------- */

/* The names of foreign keys, each once, and the rows that refer by them. */
typedef struct nu__in_the_way {
    nu_list *names, *objects;
} nu__in_the_way;
void nu__in_the_way_add(nu__in_the_way *found, const nu__field *field, const nu_list *objects);
/* Nothing where there is nothing in the way. `how`: "protected", "restricted". */
void nu__in_the_way_raise(const nu__model_info *info, const nu__in_the_way *found,
                          nu_error_class klass, const char *how);
/* RestrictedError for restricted rows that do not go too. Yields. */
void nu__check_restricted(nu__collector *collector, const nu__model_info *info);
