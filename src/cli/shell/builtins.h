/**
 * @file
 * The tables of built-in functions, a file each; builtins.c puts them together.
 */
#pragma once
#include "cli/shell/evaluator.h"

extern const nu__py_method nu__py_number_builtins[], nu__py_iterable_builtins[];
