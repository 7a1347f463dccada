/**
 * @file
 * The switch between the loop and a fiber, and between nested fibers.
 *
 * All of it is inlined: a processor predicts where a function returns to by its call, and is wrong
 * about each return that follows a switch until the stack's own calls are reached.
 */
#pragma once
#include "loop/fiber_int.h"

#ifdef NU__ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef NU__TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* boost.context's assembly; the library has no C header. */
typedef struct nu__transfer {
    void *from;
    void *data;
} nu__transfer;
extern nu__transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *top, size_t size, void (*fn)(nu__transfer));

enum { NU__CANARY = 0xA5 };

void nu__fiber_check_canary(const nu__fiber *fiber);

/* On the fiber, first thing after a jump to it. */
static inline void nu__fiber_arrived(nu__fiber *fiber, void *from)
{
    fiber->resumer = from;
#ifdef NU__ASAN
    __sanitizer_finish_switch_fiber(fiber->fake_stack, &fiber->resumer_low, &fiber->resumer_size);
#endif
}

/* From the fiber back to whoever resumed it; returns when it is resumed again. */
static inline void nu__fiber_leave(nu__fiber *fiber, nu__fiber_state state)
{
    if (__builtin_expect(fiber->has_canary, 0))
        nu__fiber_check_canary(fiber);
    fiber->state = state;
    fiber->here = nu__here;
#ifdef NU__ASAN
    __sanitizer_start_switch_fiber(fiber->fn ? &fiber->fake_stack : NULL, fiber->resumer_low,
                                   fiber->resumer_size);
#endif
#ifdef NU__TSAN
    __tsan_switch_to_fiber(fiber->resumer_tsan, 0);
#endif
    nu__fiber_arrived(fiber, jump_fcontext(fiber->resumer, NULL).from);
}

/* From the loop or another fiber; returns when the fiber gives way. */
static inline void nu__fiber_resume(nu__loop_state *loop, nu__fiber *fiber)
{
    nu__fiber *outer = loop->current;
    nu__context *context = nu__here;

    loop->current = fiber;
    nu__here = fiber->here;
    fiber->state = NU__FIBER_RUNNING;
#ifdef NU__ASAN
    void *fake_stack;

    __sanitizer_start_switch_fiber(&fake_stack, fiber->stack.low, fiber->stack.size);
#endif
#ifdef NU__TSAN
    fiber->resumer_tsan = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->tsan, 0);
#endif
    void *at = jump_fcontext(fiber->at, fiber).from;

#ifdef NU__ASAN
    __sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
#endif
    fiber->at = at;
    loop->current = outer;
    nu__here = context;
}
