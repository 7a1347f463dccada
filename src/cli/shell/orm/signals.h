/**
 * @file
 * The signals' modules, and the end of what code has connected.
 */
#pragma once
#include "cli/shell/modules.h"

extern const nu__py_module_row nu__orm_signal_modules[]; /* ends with a null name */
/* Forget every receiver of the shell's: their memory is the session's. */
void nu__orm_signals_end(void);
void nu__orm_queries_end(void); /* the same of connection.queries */
