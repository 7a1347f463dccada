/**
 * @file
 * Memory that nothing points to any more, as the address sanitizer finds it while the program runs.
 * It finds the same again at each look. On a fiber; both yield.
 */
#pragma once
#include <nuages/strings.h>

/* Whether there is any; the report goes to standard error. false in builds without the sanitizer.
 */
bool nu__memory_leaked(void);
/* The report, in the arena; null where nothing is lost. */
nu_str nu__memory_leak_report(void);
