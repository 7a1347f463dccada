/**
 * @file
 * Cases as text: a file of tests/data/ with a case a line, its cells between tabs.
 *
 * In cells, \t \n \r \\ and \xHH stand for the byte. Empty lines and lines that begin with # are
 * comments.
 */
#pragma once
#include "harness.h"

enum { TABLE_CELLS = 8 };

/* Runs each line in a scratch scope; prints the line of a case that gives false. Fails the test
   when the file is missing or holds no case. */
void table_each(const char *file, bool (*run)(const nu_str cells[TABLE_CELLS], size_t n));
