/**
 * @file
 * Answers of databases and requests of clients, taken several at a time: what network cards call
 * interrupt moderation.
 *
 * A worker that is quicker than its database would wake for each answer: a look at the kernel, a
 * read, and a write for the statement that follows. Each wake costs the work of several answers. So
 * when many fibers wait for answers that come thick, the loop sleeps a little with nothing to run,
 * and finds several at once. The same with requests that come thick of many clients.
 *
 *   driver: nu__answer_awaited()      … its fiber waits …      nu__answer_came()
 *   http:   nu__request_came()
 *   loop, before it asks the kernel for events:
 *     nu__moderate -> nu__moderation_nap of each: how long -> sleep
 *
 * Of answers those count that a server owes: work goes on there meanwhile. Nobody owes a request:
 * there it is the clients that have asked in the last milliseconds, and will again.
 * docs/decisions/0032 has the constants and what they cost, 0035 those of requests.
 */
#pragma once
#include <stdint.h>

typedef enum nu__moderated { NU__ANSWERS, NU__REQUESTS, NU__MODERATED } nu__moderated;

typedef struct nu__moderation {
    uint32_t awaited;   /* answers that fibers wait for now */
    uint32_t came;      /* since the last turn's end */
    uint64_t last;      /* when the last turn ended, ns; 0: few were awaited then */
    uint64_t slept;     /* after it, ns */
    uint32_t rest;      /* turns until it may sleep again */
    double turn, batch; /* of a turn: ns and answers, running means */
    double brought;     /* answers by a sleep, the same */
} nu__moderation;

/* Clients that have asked since `since`, and in the window of time before. */
typedef struct nu__clients {
    uint64_t since; /* loop's ms */
    uint32_t now, before;
} nu__clients;

/* This fiber waits for an answer of a server; it waits no more, whatever came. In pairs. Where no
   loop runs they do nothing. */
void nu__answer_awaited(void);
void nu__answer_came(void);

/* A client has asked, on the running loop. `asked` is the client's own, 0 at first: by it each is
   counted once in a window. */
void nu__request_came(uint64_t *asked);

/* How many requests to expect soon at `ms` of the loop's time; 0 when the clients are few. */
uint32_t nu__clients_expected(nu__clients *clients, uint64_t ms);

typedef struct nu__moderation_rule {
    uint32_t share;  /* sleep until one of so many awaited has come */
    uint32_t enough; /* more than so many gain little */
    uint64_t most;   /* ns */
} nu__moderation_rule;

/* How long to sleep at the end of a turn in which nothing is left to run; ns, often 0. `now` is
   uv_hrtime(). */
uint64_t nu__moderation_nap(nu__moderation *moderation, const nu__moderation_rule *rule,
                            uint64_t now);

/* The limit, for all loops of the process: microseconds, 100 at first; 0: never sleep. Raises
   NU_IMPROPERLY_CONFIGURED, with the setting's name, for more than 1000 of them. */
void nu__moderation_limit(nu__moderated what, const char *setting, int64_t microseconds);
