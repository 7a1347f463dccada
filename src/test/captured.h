/**
 * @file
 * What a running test prints (--buffer) and the statements that it runs (--debug-sql), in files of
 * the memory that the parent holds too: they outlive a test that ends its process.
 */
#pragma once
#include "test/runner.h"

typedef struct nu__captured {
    int output, statements; /* files; -1: nobody asks */
} nu__captured;

/* Files for what the options ask for. Raises OSError. */
nu__captured nu__captured_open(const nu__test_options *options);
void nu__captured_close(nu__captured captured);

/* In the worker, once: what is printed goes to the file, where there is one. */
void nu__captured_redirect(nu__captured captured);
/* Around a test: forget what the last one left; note its statements from the begin to the end. */
void nu__captured_begin(nu__captured captured);
void nu__captured_end(nu__captured captured);

/* `told` of a test, and after it what belongs to the outcome: the output of one that failed, the
   statements of all but one that was skipped. In the arena. */
nu_str nu__captured_told(nu__captured captured, nu_str told, nu__outcome outcome);
