/* Depth, steps and sizes. */
#include "cli/shell/limits.h"

#include "cli/shell/object.h"

#include <signal.h>

static _Thread_local int depth;
static _Thread_local uintptr_t base; /* of the stack, where the code began */
static _Thread_local uint64_t steps_left;
static _Thread_local bool running;
static volatile sig_atomic_t interrupted;

void nu__py_interrupt(void)
{
    interrupted = 1;
}

bool nu__py_interrupted(void)
{
    return interrupted;
}

bool nu__py_take_interrupt(void)
{
    if (!interrupted)
        return false;
    interrupted = 0;
    return true;
}

void nu__py_stop_after(uint64_t steps)
{
    steps_left = steps;
}

void nu__py_tick(void)
{
    if (!running)
        return;
    if (steps_left && !--steps_left)
        interrupted = 1;
    if (nu__py_take_interrupt())
        nu__py_raise(&nu__py_keyboard_interrupt, "");
}

static uintptr_t here(void)
{
    return (uintptr_t)__builtin_frame_address(0);
}

void nu__py_begin(void)
{
    depth = 0;
    running = true;
    base = here();
}

void nu__py_end(void)
{
    running = false;
    depth = 0;
}

/* What is called from above the place where the code began, as its error's text, is not deep. */
static bool deep_stack(void)
{
    uintptr_t now = here();

    return depth && now < base && base - now > NU__PY_MOST_STACK;
}

void nu__py_enter(void)
{
    nu__py_tick();
    if (depth >= NU__PY_MOST_DEPTH || deep_stack())
        nu__py_raise(&nu__py_recursion_error, "maximum recursion depth exceeded");
    depth++;
}

void nu__py_exit(void)
{
    depth--;
}

int nu__py_depth(void)
{
    return depth;
}

void nu__py_restore_depth(int to)
{
    depth = to;
}

void nu__py_check_size(uint64_t items)
{
    if (items > NU__PY_MOST_ITEMS)
        nu_raise(NU_MEMORY_ERROR, "{} items are more than the shell makes at once ({})", items,
                 (int64_t)NU__PY_MOST_ITEMS);
}
