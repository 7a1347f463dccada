/* SIGINT: noted for the code that runs, or a jump out of the reading. */
#include "cli/shell/interrupts.h"

#include "cli/shell/limits.h"
#include "db/interrupt.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

static pthread_t reader;
static sigjmp_buf given_up;
static volatile sig_atomic_t reading;

static void interrupt(int number)
{
    if (!pthread_equal(pthread_self(), reader)) {
        pthread_kill(reader, number);
        return;
    }
    nu__py_interrupt();
    if (reading)
        siglongjmp(given_up, 1);
}

/* A query is the database's step, not one of the code's: it looks by itself. */
static const nu__db_interrupt of_queries = { nu__py_interrupted, nu__py_tick };

/* Calls go on after the signal: a write that it cut short would lose a prompt. */
struct sigaction *nu__py_heed_interrupts(void)
{
    struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART };
    struct sigaction *before = nu_alloc(struct sigaction);

    reader = pthread_self();
    sigaction(SIGINT, &action, before);
    nu__db_heed(&of_queries);
    return before;
}

void nu__py_restore_interrupts(void *before)
{
    nu__db_heed(NULL);
    sigaction(SIGINT, before, NULL);
}

/* By a jump: a press between the look at the flag and read() would otherwise wait for a key. */
int nu__py_read_byte(char *byte)
{
    volatile ssize_t n = 0;

    if (!sigsetjmp(given_up, 1)) {
        reading = 1;
        if (!nu__py_interrupted())
            n = read(STDIN_FILENO, byte, 1);
    }
    reading = 0;
    return nu__py_take_interrupt() ? -1 : n == 1;
}
