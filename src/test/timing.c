/* --timing: what the databases of the tests took. */
#include "test/runner.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { MOST_ALIASES = 8, MOST_PROCESSES = 64 };

typedef struct spent {
    double setup, teardown;
    struct {
        char alias[64];
        double seconds;
    } making[MOST_ALIASES];
} spent;

/* A row for each process, between them; one that is started again adds to its row. */
static spent *rows;
static spent *own;

void nu__timing_share(void)
{
    rows = mmap(NULL, MOST_PROCESSES * sizeof *rows, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (rows == MAP_FAILED)
        nu_raise(NU_MEMORY_ERROR, "no memory that the test processes share");
}

void nu__timing_of_process(int number)
{
    own = rows ? &rows[number - 1] : NULL;
}

void nu__timing_made(nu_str alias, double seconds)
{
    if (!own)
        return;
    own->setup += seconds;
    for (size_t i = 0; i < MOST_ALIASES; i++) {
        if (own->making[i].alias[0] && !nu_eq(alias, own->making[i].alias))
            continue;
        snprintf(own->making[i].alias, sizeof own->making[i].alias, "%s", alias.ptr);
        own->making[i].seconds += seconds;
        return;
    }
}

void nu__timing_dropped(double seconds)
{
    if (own)
        own->teardown += seconds;
}

static void print(const char *what, double seconds)
{
    fprintf(stderr, "%s took %.3fs\n", what, seconds);
}

/* Processes work side by side: the slowest is what one waits for. */
void nu__timing_print(double total)
{
    const spent *slowest = rows;

    if (!rows)
        return;
    for (size_t i = 1; i < MOST_PROCESSES; i++)
        if (rows[i].setup > slowest->setup)
            slowest = &rows[i];
    print("Total database setup", slowest->setup);
    for (size_t i = 0; i < MOST_ALIASES && slowest->making[i].alias[0]; i++)
        print(nu_fmt("  Creating '{}'", (const char *)slowest->making[i].alias).ptr,
              slowest->making[i].seconds);
    print("Total database teardown", slowest->teardown);
    print("Total run", total);
    munmap(rows, MOST_PROCESSES * sizeof *rows);
    rows = NULL;
}
