/**
 * @file
 * MariaDB's shared connection with a scripted server at its other end: what both the fuzz target
 * and the unit test run.
 */
#pragma once
#include "core/text.h"

#include <nuages/errors.h>

enum { MYSQL_ASKED = 4 };

/* How a question ended. */
typedef struct mysql_asked {
    nu_error_class raised; /* where `failed` */
    bool failed;
    char message[200];
    int64_t rows;
    char first[32]; /* the first cell of the last row, when it is a text that fits */
} mysql_asked;

/* On a fiber: ask MYSQL_ASKED questions, one after the other. Every byte of the answers is looked
   at. The second question is a statement of another text, the others the first one's. */
void mysql_ask_all(nu_str script, mysql_asked *asked);
