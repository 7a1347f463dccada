/**
 * @file
 * Answers of databases, taken several at a time: what network cards call interrupt moderation.
 *
 * A worker that is quicker than its database would wake for each answer: a look at the kernel, a
 * read, and a write for the statement that follows. Each wake costs the work of several answers. So
 * when many fibers wait for answers that come thick, the loop sleeps a little with nothing to run,
 * and finds several at once, and what clients have asked meanwhile.
 *
 *   driver: nu__answer_awaited()      … its fiber waits …      nu__answer_came()
 *   loop, before it asks the kernel for events:
 *     nu__moderate -> nu__moderation_nap: how long -> sleep
 *
 * What is counted are answers that a server owes: work goes on there meanwhile. docs/decisions/0032
 * has the constants and what they cost.
 */
#pragma once
#include <stdint.h>

typedef struct nu__moderation {
    uint32_t awaited;   /* answers that fibers wait for now */
    uint32_t came;      /* since the last turn's end */
    uint64_t last;      /* when the last turn ended, ns; 0: few were awaited then */
    uint64_t slept;     /* after it, ns */
    uint32_t rest;      /* turns until it may sleep again */
    double turn, batch; /* of a turn: ns and answers, running means */
    double brought;     /* answers by a sleep, the same */
} nu__moderation;

/* This fiber waits for an answer of a server; it waits no more, whatever came. In pairs. Where no
   loop runs they do nothing. */
void nu__answer_awaited(void);
void nu__answer_came(void);

/* How long to sleep at the end of a turn in which nothing is left to run; ns, often 0. `now` is
   uv_hrtime(), `most` the limit in ns. */
uint64_t nu__moderation_nap(nu__moderation *moderation, uint64_t now, uint64_t most);

/* The limit, for all loops of the process: microseconds, 100 at first; 0: never sleep. */
void nu__moderation_limit(uint32_t microseconds);
