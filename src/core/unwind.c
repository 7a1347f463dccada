#include "core/unwind.h"

#include <stdbool.h>
#include <unwind.h>

enum { RBX = 3, RBP = 6 }; /* in DWARF's numbers */

typedef struct walk {
    nu__unwound *frames;
    size_t n, most;
    bool inside; /* the first is nu__unwind() itself */
} walk;

static _Unwind_Reason_Code take(struct _Unwind_Context *context, void *arg)
{
    walk *w = arg;
    uintptr_t pc = _Unwind_GetIP(context);

    if (w->inside) {
        w->inside = false;
        return _URC_NO_REASON;
    }
    if (!pc || w->n == w->most)
        return _URC_END_OF_STACK;
    w->frames[w->n] = (nu__unwound){ .pc = pc };
#if defined(__x86_64__)
    w->frames[w->n].frame = _Unwind_GetGR(context, RBP);
    w->frames[w->n].base = _Unwind_GetGR(context, RBX);
#endif
    w->n++;
    return _URC_NO_REASON;
}

__attribute__((noinline)) size_t nu__unwind(nu__unwound *frames, size_t most)
{
    walk w = { .frames = frames, .most = most, .inside = true };

    _Unwind_Backtrace(take, &w);
    return w.n;
}
