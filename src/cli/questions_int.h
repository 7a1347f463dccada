/**
 * @file
 * What the files of the questions share.
 */
#pragma once
#include "cli/questions.h"

/* An answer that the command line gives: --rename, --default. */
typedef struct nu__hint {
    nu_str what, answer;
    bool used;
} nu__hint;

typedef struct nu__asking {
    const nu_command_run *run;
    nu__project_state *to;
    nu__hint *renames, *defaults;
    size_t n_renames, n_defaults;
    bool gave_up;
    nu__questioner questioner;
} nu__asking;

/* ---- questions_hints.c ----------------------------------------------------------------------- */

/* Those of an option. Raises UsageError for one without its shape. */
nu__hint *nu__hints_read(const nu_command_run *run, const char *option, size_t *n);
/* The one for "app.Model" or "app.Model.field", which is used by that; NULL: none. */
nu__hint *nu__hint_find(nu__hint *hints, size_t n, nu_str what);

/* ---- questions_terminal.c -------------------------------------------------------------------- */

/* Is there somebody to ask? */
bool nu__is_interactive(const nu_command_run *run);
/* The number of a choice, from 1. Raises CommandError at the end of input. */
size_t nu__ask_choice(const nu_command_run *run, nu_str question, const char *const *choices);
/* A line of standard input without its end. Raises CommandError at the end of input. */
nu_str nu__read_answer(void);
/* A question or a part of one: whatever the verbosity, as somebody has to answer it. */
void nu__ask(const nu_command_run *run, nu_str text);

/* ---- questions_values.c ---------------------------------------------------------------------- */

/* A value as it is typed or hinted, for a field. false: *wrong says what is wrong with it. */
bool nu__understand_value(const nu__asking *a, const nu_model *model, const nu_field *field,
                          nu_str text, nu__one_off *out, nu_str *wrong);
/* Ask until the field can have it; `fallback` is what Enter gives, NULL: nothing. Raises
   CommandError for "exit". */
void nu__ask_value(const nu__asking *a, const nu_model *model, const nu_field *field,
                   const char *fallback, nu__one_off *out);
