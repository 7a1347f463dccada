/**
 * @file
 * What the files of `linear` share.
 */
#pragma once
#include <nuages/strings.h>

/* What valgrind counts, call by call. */
__attribute__((noinline)) void linear_run(void (*run)(nu_str text), nu_str text);
/* Every filter and every way to write a template; see linear_templates.c. */
void linear_templates(void);
/* Every filter over 10 MB of text: prints its name, what came of it, and the seconds. */
void linear_large(void);
