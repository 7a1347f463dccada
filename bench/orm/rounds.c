#include "rounds.h"

#include "db/connection.h"
#include "db/models/queryset.h"
#include "loop/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t bench_seen;

static const bench_work *work;
static nu_str (*url_of)(const char *database);
static const char *database;
static int rounds;

/* ---- books -------------------------------------------------------------------------------- */

char bench_title[] = "The \"Great\" Book of Chapter & Verse";
Book *bench_new_books;

void bench_make_books(void)
{
    bench_new_books = nu_alloc_array(Book, BENCH_BULK);
    for (int i = 0; i < BENCH_BULK; i++)
        bench_new_books[i] = (Book){ .title = nu_s(bench_title),
                                     .price = DEC(12.50),
                                     .published = nu_date_of(2024, 1, 31),
                                     .created = nu_datetime_of(2024, 1, 31, 8, 0, 0),
                                     .in_stock = i & 1,
                                     .pages = 100 + i % 700,
                                     .author.id = 1 + i % 100 };
}

/* ---- rounds ------------------------------------------------------------------------------- */

static double spent(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9 + (work->also ? work->also() : 0);
}

static double one_round(void)
{
    double before, after;
    nu_scratch_scope();

    if (work->before)
        work->before();
    before = spent();
    work->run();
    after = spent();
    if (work->after)
        work->after();
    return (after - before) / work->parts;
}

static int measure(void *unused)
{
    double best;

    (void)unused;
    nu__models_setup(bench_app.models, NULL);
    nu__database_add("default", url_of(database));
    best = one_round();
    for (int i = 1; i < rounds; i++) {
        double took = one_round();

        best = took < best ? took : best;
    }
    printf("%.3f\n", best * 1e6);
    return !bench_seen;
}

static int usage(const char *program, const bench_work *works)
{
    fprintf(stderr, "usage: %s DATABASE WORK ROUNDS, where WORK is one of", program);
    for (; works->name; works++)
        fprintf(stderr, " %s", works->name);
    fprintf(stderr, "\n");
    return 2;
}

int bench_main(int argc, char **argv, const bench_work *works, void (*open)(const char *database),
               nu_str (*url)(const char *database))
{
    work = works;
    while (argc == 4 && work->name && strcmp(work->name, argv[2]))
        work++;
    if (argc != 4 || !work->name)
        return usage(argv[0], works);
    database = argv[1];
    url_of = url;
    rounds = atoi(argv[3]);
    open(database);
    return nu__loop_main(measure, NULL);
}
