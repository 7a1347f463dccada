/**
 * @file
 * Raising with all of an error's parts, and telling what was raised.
 */
#pragma once
#include "core/buf.h"

#include <nuages/errors.h>

/* Raise a copy of `like`: class, message, file, line, constraint, code, detail (copied deep out of
   the arena) and cause. For database errors with a constraint and validation errors with a code. */
NU_NORETURN void nu__raise_like(const nu_error *like);

/* The error of a failed allocation; needs no memory itself. 0 bytes: the amount is not known. */
NU_NORETURN void nu__raise_no_memory(size_t bytes);

/* What a ValidationError's message was made of, copied to the arena; NULL: nothing. */
nu_dict *nu__error_params(const nu_error *error);

/* Whether errors keep the stack of their raise (nu__error_stack()): under DEBUG. */
extern bool nu__error_traces;

/* Where in a template an error came up, as "page.html:3:14": what is noted first stays. Empty: in
   none, or nobody has noted it. An error of a failed allocation has no room for it. */
void nu__error_note_place(const nu_error *error, nu_str place);
nu_str nu__error_place(const nu_error *error);

/* "ValueError: text (file.c:12)", then its place in a template, its causes and what clean-ups
   raised, a line each. */
void nu__error_describe(const nu_error *error, nu__buf *out);
