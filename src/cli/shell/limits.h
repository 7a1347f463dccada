/**
 * @file
 * What keeps code typed into the shell from running away.
 */
#pragma once
#include "core/arena.h"

enum {
    NU__PY_MOST_NESTING = 100, /* brackets and blocks of the text */
    NU__PY_MOST_DEPTH = 1000,  /* evaluations in each other */
/* Bytes of the fiber's stack that evaluations may take: the rest is for the queries at the bottom.
 */
#ifdef NU__ASAN
    NU__PY_MOST_STACK = 640 << 10,
#else
    NU__PY_MOST_STACK = 144 << 10,
#endif
};
#define NU__PY_MOST_ITEMS (16 << 20) /* of one list, bytes of one text made by `*` or join() */

/* One step of a loop or evaluation: raises KeyboardInterrupt after nu__py_interrupt(), where code
   runs. */
void nu__py_tick(void);
/* Code ends by KeyboardInterrupt after so many steps; 0: never, as it is unless told. */
void nu__py_stop_after(uint64_t steps);
/* A piece of code begins here: depth and stack are counted from now on. */
void nu__py_begin(void);
/* Its value is told, or its error caught: what follows, as the error's text, is not interrupted. */
void nu__py_end(void);
/* One evaluation deeper, and back; RecursionError past the most. A raise unwinds by itself: whoever
   catches restores the depth that it took note of. */
void nu__py_enter(void);
void nu__py_exit(void);
int nu__py_depth(void);
void nu__py_restore_depth(int depth);
/* From a signal's handler: the code that runs, or else the next, ends at its next step, unless
   somebody takes the interrupt before. */
void nu__py_interrupt(void);
bool nu__py_interrupted(void);
bool nu__py_take_interrupt(void);
/* Raises OverflowError or MemoryError when that much would be asked for. */
void nu__py_check_size(uint64_t items);
