/**
 * @file
 * A connection to PostgreSQL with a scripted server at its other end: what both the fuzz target and
 * the unit test run.
 */
#pragma once
#include "core/text.h"

#include <nuages/errors.h>

enum { POSTGRESQL_ASKED = 4 };

/* How a question ended. */
typedef struct postgresql_asked {
    bool failed;
    nu_error_class raised; /* where `failed` */
    char message[200];
    int64_t rows;
} postgresql_asked;

/* On a fiber: ask, one after the other: a query; the same into a sink; two queries on one Sync; a
   command. Every byte of the answers is looked at. */
void postgresql_ask_all(nu_str script, postgresql_asked *asked);
