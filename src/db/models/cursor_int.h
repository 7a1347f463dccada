/**
 * @file
 * What the files of a cursor share: its rows, and what their columns become.
 *
 *   cursor.c           opened, read by rows, closed
 *   cursor_plan.c      which columns are whose: of objects (parts), or beside them (extras)
 *   cursor_objects.c   rows as instances, by batches
 *   query_results.c    all rows of a query, or of several that are asked together
 */
#pragma once
#include "db/models/queryset.h"
#include "db/sql/decode.h"

/* One object of a row. */
typedef struct nu__part {
    const nu__class_info *info;
    bool heard; /* someone listens to instances being made */
    uint32_t parent;
    nu__peers *peers; /* the part's objects of the batch */
    size_t cap;
} nu__part;

/* A column beside the objects: an annotation, or one of values(). */
typedef struct nu__beside {
    nu_str name;
    nu__decoder decoder;
    uint32_t column;
} nu__beside;

struct nu__cursor {
    const nu_query *query;
    const char *db;
    nu__rows *rows; /* NULL: at the end, or read from `list` */
    nu_list *list;
    size_t at;
    nu__part *parts;
    uint32_t n_parts;
    nu__beside *extras;
    uint32_t n_extras;
    nu__peers *batch;
    uint32_t batch_size;
    bool whole;  /* all rows are one batch */
    size_t slot; /* of the clean-up that closes the rows */
    bool open;
};

/* cursor_plan.c: of a compiled query; of raw SQL, whose rows are there. Raise. */
void nu__cursor_plan(nu__cursor *cursor, const nu__compiled *compiled);
void nu__cursor_plan_raw(nu__cursor *cursor);

/* cursor.c: `db`: where to, which is asked for once: replicas take turns. */
nu__cursor *nu__cursor_on(const nu_query *query, const char *db);
/* The rows are the cursor's, which closes them when the scope is left. */
void nu__cursor_take_rows(nu__cursor *cursor, nu__rows *rows);
/* The next row is in cursor->rows; false: there is none, and the cursor is closed. */
bool nu__cursor_step(nu__cursor *cursor);
/* A lock lasts until the transaction ends: without one it would be gone at once. Raises. */
void nu__check_lock(const nu_query *query, const nu__connection *connection);
/* Its rows are instances, not values. */
bool nu__query_gives_objects(const nu_query *query);
