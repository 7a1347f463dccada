#include "loop/crash.h"
#include "loop/fiber_int.h"

#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

enum { CRASH_STACK = 256 << 10, TELLING_TIME = 10, MOST_FRAMES = 32 };

static const struct {
    int number;
    const char *name;
} crash_signals[] = { { SIGSEGV, "SIGSEGV" },
                      { SIGBUS, "SIGBUS" },
                      { SIGILL, "SIGILL" },
                      { SIGFPE, "SIGFPE" },
                      { SIGABRT, "SIGABRT" } };

enum { N_SIGNALS = sizeof(crash_signals) / sizeof(crash_signals[0]) };

static struct sigaction previous[N_SIGNALS];

/* ---- writing from a signal handler ----------------------------------------------------------- */

static void put(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return;
}

static void put_number(uintptr_t number, unsigned base)
{
    char digits[24];
    char *p = digits + sizeof(digits);

    *--p = 0;
    do
        *--p = "0123456789abcdef"[number % base];
    while (number /= base);
    put(p);
}

static void put_fiber(const nu__fiber *fiber)
{
    put("fiber \"");
    put(fiber->context.what ? fiber->context.what : "?");
    put("\"");
}

static void put_overflow(const nu__fiber *fiber)
{
    put_fiber(fiber);
    put(" overflowed its stack of ");
    put_number(fiber->stack.size >> 10, 10);
    put(" KiB\n");
}

/* ---- where it happened ----------------------------------------------------------------------- */

/* The frame pointer of the interrupted code; NULL where this architecture is not known. */
static void **frame_of(const ucontext_t *context, void **pc)
{
#if defined(__x86_64__)
    *pc = (void *)context->uc_mcontext.gregs[REG_RIP];
    return (void **)context->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
    *pc = (void *)context->uc_mcontext.pc;
    return (void **)context->uc_mcontext.regs[29];
#else
    *pc = NULL;
    return NULL;
#endif
}

static bool reports_overflows;

void nu__crash_report_overflows(void)
{
    reports_overflows = true;
}

void (*nu__crash_lines)(void *const *addresses, size_t n);

/* Return addresses by the chain of frame pointers, as far as it stays within the fiber's stack. */
__attribute__((no_sanitize("address"))) static void put_frames(const nu__fiber *fiber,
                                                               const ucontext_t *context)
{
    void *found[MOST_FRAMES], *pc, **frame = frame_of(context, &pc);
    int n = 0;

    if (pc)
        found[n++] = pc;
    while (fiber && n < MOST_FRAMES && (char *)frame >= fiber->stack.low &&
           (char *)(frame + 2) <= (char *)fiber && (uintptr_t)frame % sizeof(void *) == 0) {
        void **outer = *frame;

        found[n++] = frame[1];
        if (outer <= frame)
            break;
        frame = outer;
    }
    backtrace_symbols_fd(found, n, STDERR_FILENO);
    if (!nu__crash_lines || !nu__here) /* telling needs a place for its texts */
        return;
    if (pc)
        found[0] = (char *)pc + 1; /* as if it returned there: the others do */
    signal(SIGALRM, SIG_DFL);
    alarm(TELLING_TIME); /* what crashed may hold a lock that telling needs */
    nu__crash_lines(found, (size_t)n);
    alarm(0);
}

/* ---- the handler ----------------------------------------------------------------------------- */

static void put_crash(int i, const siginfo_t *info, const nu__loop_state *loop)
{
    put(crash_signals[i].name);
    if (info->si_code > 0) {
        put(" at address 0x");
        put_number((uintptr_t)info->si_addr, 16);
    }
    put(" in ");
    if (loop && loop->current)
        put_fiber(loop->current);
    else
        put(loop ? "the event loop" : "a thread without a loop");
    put("\n");
}

/* Tell, then let the signal take its course: an overflow the default one where nobody reports it,
   others the one that was there before (the sanitizers' report). A fault happens again on return;
   what was sent is sent again. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    nu__loop_state *loop = nu__loop_here;
    nu__fiber *fiber = loop ? loop->current : NULL;
    bool overflow;
    int i = 0;

    while (crash_signals[i].number != number)
        i++;
    overflow = info->si_code > 0 && (number == SIGSEGV || number == SIGBUS) && fiber &&
               nu__stack_guards(&loop->stacks, fiber->stack.number, info->si_addr);
    if (overflow)
        put_overflow(fiber);
    else
        put_crash(i, info, loop);
    if (overflow && !reports_overflows)
        signal(number, SIG_DFL);
    else
        sigaction(number, &previous[i], NULL);
    put_frames(fiber, context);
    if (info->si_code <= 0)
        raise(number);
}

void nu__overflow_die(const nu__fiber *fiber)
{
    put_overflow(fiber);
    signal(SIGABRT, SIG_DFL);
    abort();
}

void nu__die(const char *message)
{
    if (nu__here && nu__here->what) {
        put(nu__here->what);
        put(": ");
    }
    put(message);
    put("\n");
    abort();
}

static void use_stack(nu__loop_state *loop)
{
    stack_t present, made = { .ss_size = CRASH_STACK };

    if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE))
        return;
    made.ss_sp = loop->crash_stack = malloc(CRASH_STACK);
    if (made.ss_sp)
        sigaltstack(&made, NULL);
}

/* Handlers are the process's: they stay when the loop ends and tell nothing of other threads. */
void nu__crash_install(nu__loop_state *loop)
{
    struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };

    use_stack(loop);
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < N_SIGNALS; i++) {
        struct sigaction present;

        sigaction(crash_signals[i].number, NULL, &present);
        if (present.sa_flags & SA_SIGINFO && present.sa_sigaction == on_crash)
            continue;
        previous[i] = present;
        sigaction(crash_signals[i].number, &action, NULL);
    }
}

void nu__crash_release(nu__loop_state *loop)
{
    stack_t none = { .ss_flags = SS_DISABLE };

    if (!loop->crash_stack)
        return;
    sigaltstack(&none, NULL);
    free(loop->crash_stack);
}
