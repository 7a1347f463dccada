/**
 * @file
 * What workers tell the arbiter and each other, in memory that all of them share.
 *
 * A row belongs to one worker process from its fork to its end; the worker writes, others read.
 */
#pragma once
#include <nuages/base.h>
#include <stdatomic.h>

typedef struct nu__score {
    _Alignas(64) _Atomic uint32_t beats; /* goes up while the worker's loop turns */
    _Atomic uint32_t connections;        /* open ones, as it last saw */
    _Atomic bool taken;                  /* the row has an owner */
    _Atomic bool ready;                  /* it accepts */
    _Atomic bool spent; /* it has served its share of requests or memory: replace it */
} nu__score;

typedef struct nu__scoreboard {
    nu__score *rows;
    uint32_t len;
} nu__scoreboard;

/* false: no memory. */
bool nu__scoreboard_open(nu__scoreboard *board, uint32_t len);
void nu__scoreboard_close(nu__scoreboard *board);
/* A row of its own, all zero but `taken`; NULL when none is free. */
nu__score *nu__score_take(nu__scoreboard *board);
void nu__score_give(nu__score *score);
/* Open connections for each worker that accepts, rounded up; 0 where there is none. */
uint32_t nu__scoreboard_average(const nu__scoreboard *board);
