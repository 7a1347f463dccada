#include "loop/leak_check.h"

#include "loop/fiber_int.h"

#include <sys/mman.h>
#include <unistd.h>

/* There in programs that are built with the address sanitizer. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
__attribute__((weak)) void __lsan_register_root_region(const void *base, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *base, size_t size);
__attribute__((weak)) void __sanitizer_set_report_fd(void *fd);

/* Fibers that do not run lie on stacks that the sanitizer does not know: what they point to is not
   lost. */
static void for_each_stack(const nu__link *list, void (*fn)(const void *, size_t))
{
    for (const nu__link *at = list->next; at != list; at = at->next) {
        const nu__fiber *fiber = (const nu__fiber *)at;
        const char *from = fiber->at ? fiber->at : (const void *)fiber;

        fn(from, (size_t)((const char *)(fiber + 1) - from));
    }
}

static void for_each(void (*fn)(const void *, size_t))
{
    for_each_stack(&nu__loop_here->live, fn);
    for_each_stack(&nu__loop_here->idle, fn);
}

typedef struct look {
    nu__turn_end turn_end;
    nu__fiber *waiting;
    int report; /* where it is written */
    bool done, leaked;
} look;

/* On the thread's own stack. */
static void look_now(nu__turn_end *self)
{
    look *l = (look *)self;

    for_each(__lsan_register_root_region);
    __sanitizer_set_report_fd((void *)(intptr_t)l->report);
    l->leaked = __lsan_do_recoverable_leak_check();
    __sanitizer_set_report_fd((void *)STDERR_FILENO);
    for_each(__lsan_unregister_root_region);
    l->done = true;
    nu__fiber_wake(l->waiting);
}

static bool looked(int report)
{
    look l = { .turn_end = { .fn = look_now }, .waiting = nu__fiber_current(), .report = report };

    if (!__lsan_do_recoverable_leak_check || !__lsan_register_root_region || !l.waiting)
        return false;
    nu__at_turn_end(&l.turn_end);
    nu__fiber_wait_done(&l.done);
    return l.leaked;
}

bool nu__memory_leaked(void)
{
    return looked(STDERR_FILENO);
}

nu_str nu__memory_leak_report(void)
{
    int file = __lsan_do_recoverable_leak_check ? memfd_create("leaks", MFD_CLOEXEC) : -1;
    nu_str report = { NULL, 0 };
    off_t size;

    if (file < 0)
        return report;
    if (looked(file) && (size = lseek(file, 0, SEEK_END)) > 0) {
        char *text = nu_alloc_array(char, (size_t)size + 1);
        ssize_t got = pread(file, text, (size_t)size, 0);

        report = (nu_str){ text, got > 0 ? (size_t)got : 0 };
    }
    close(file);
    return report;
}
