/**
 * @file
 * Text as wide as the terminal. Python: argparse.HelpFormatter, shutil.get_terminal_size()
 */
#pragma once
#include "core/buf.h"

/* Of the variable COLUMNS, else of the terminal at `fd`; 0: it is none, and has no width. */
size_t nu__terminal_columns(int fd);
/* Append pieces, each whole and a space before all but the first, in lines of less than so many
   columns where pieces allow it; the first begins at column `at`, the others' lines at `indent`. 0
   columns: one line. */
void nu__wrap_to(nu__buf *out, nu_list *pieces, size_t at, size_t indent, size_t columns);
/* Append a row of a table of two columns, the right one at `indent` or below the left one where
   that is too long for it, and a newline. */
void nu__wrap_row_to(nu__buf *out, nu_str left, nu_str right, size_t indent, size_t columns);
