/**
 * @file
 * Reading lines at a prompt, with editing, completion and a history where libedit is built in.
 */
#pragma once
#include "cli/shell/evaluator.h"

typedef struct nu__line_editor nu__line_editor;

typedef enum nu__line_status { NU__LINE_READ, NU__LINE_INTERRUPTED, NU__LINE_END } nu__line_status;

/* The history is kept in $NUAGES_SHELL_HISTORY, by default ~/.nuages_shell_history, readable by
   nobody else; "" keeps none. */
nu__line_editor *nu__line_editor_open(const nu__py_scope *scope);
void nu__line_editor_close(void *editor);
/* A line without its newline, in the arena. Blocks the process: nothing else runs in the shell. */
nu__line_status nu__line_editor_read(nu__line_editor *editor, const char *prompt, nu_str *line);
void nu__line_editor_remember(nu__line_editor *editor, nu_str code);
