/**
 * @file
 * What is known of a function or aggregate of the database.
 */
#pragma once
#include "db/sql/compiler.h"

struct nu__function {
    const char *name;     /* as PostgreSQL and MySQL spell it */
    const char *sqlite;   /* where it differs */
    const char *django;   /* an aggregate's class, for messages */
    nu_field_type output; /* 0: the argument's type */
    bool distinct;        /* an aggregate that takes DISTINCT */
    bool zero;            /* an aggregate that is 0 of no rows, not null */
};

/* What an aggregate is of no rows at all. */
nu_value nu__aggregate_of_nothing(const nu_expr *expr);
