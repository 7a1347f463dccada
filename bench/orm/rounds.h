/**
 * @file
 * The frame of the ORM's measurements: works by name, the least CPU of several rounds of one.
 *
 *     static const bench_work works[] = { { "rows", rows, .parts = 1 }, { 0 } };
 *     int main(int argc, char **argv) { return bench_main(argc, argv, works, open_peer); }
 *
 * `PROGRAM DATABASE WORK ROUNDS` prints the least time of one part in microseconds: of all threads
 * of this process, and of what `also` tells.
 */
#pragma once
#include "books.h"

typedef struct bench_work {
    const char *name;
    void (*run)(void);
    void (*before)(void), (*after)(void); /* of each round, not counted; NULL: nothing */
    int parts;                            /* of one round that are told each */
    double (*also)(void);                 /* seconds that others spent for it; NULL: nobody */
} bench_work;

/* How many rows the works have seen: a work that saw none fails. */
extern size_t bench_seen;

/* A hundred thousand books that are in no table yet. */
enum { BENCH_BULK = 100000 };
extern char bench_title[];
extern Book *bench_new_books;
void bench_make_books(void);

/* `open` is given what DATABASE is, once, before the loop starts. `url` makes an address of it. */
int bench_main(int argc, char **argv, const bench_work *works, void (*open)(const char *database),
               nu_str (*url)(const char *database));
