/**
 * @file
 * A session of the shell: code in, output out, a transaction around each piece.
 */
#pragma once
#include "cli/shell/evaluator.h"

typedef struct nu__py_session {
    nu__py_scope *globals;
    bool json;     /* print values and errors as JSON */
    bool rollback; /* undo what was written */
    bool colour;
    bool quiet; /* print no value of a last expression: a script on standard input */
} nu__py_session;

nu__py_session *nu__py_session_new(void); /* one at a time in a process */
/* Forget what its code has connected and kept: to be deferred after nu__py_session_new(). */
void nu__py_session_end(void *session);
/* Run a piece of code and print its value, or its error: to standard output as JSON, else to
   standard error. All that it writes is committed at its end, or nothing is. The exit status that
   it would give. */
int nu__py_session_run(nu__py_session *session, nu_str code);

/* A value as a person reads it: rows as a table, text and numbers by repr(). */
nu_str nu__py_display(nu__py value);
/* Show each statement and its time on standard error, from now on. */
void nu__py_trace_sql(bool colour);
/* Read, run, print, until the end of input. The exit status. */
int nu__py_repl(nu__py_session *session);
/* What could follow in `line` at its end, as whole words from *from on: sorted texts. */
nu_list *nu__py_complete(const nu__py_scope *scope, nu_str line, size_t *from);
