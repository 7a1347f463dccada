/**
 * @file
 * Ctrl-C at the prompt: it ends the code that runs or gives up the line that is read, and is never
 * lost between the two.
 */
#pragma once
#include <signal.h>

/* From now on a press is noted instead of ending the process; what it did before, to restore. */
struct sigaction *nu__py_heed_interrupts(void);
void nu__py_restore_interrupts(void *before);
/* One byte of standard input: 1, or 0 at its end. -1: Ctrl-C came, while reading or before, when no
   code ran that it could end. Blocks the process. */
int nu__py_read_byte(char *byte);
