/**
 * @file
 * Waiting for a file descriptor: what sockets, processes and foreign client libraries stand on.
 *
 * A watch stays registered with the kernel between two waits for the same events, so that a client
 * that asks and waits for its answer pays for no epoll_ctl. One fiber at a time waits on a watch.
 */
#pragma once
#include "loop/fiber.h"

enum { NU__READABLE = 1, NU__WRITABLE = 2 }; /* as UV_READABLE, UV_WRITABLE */

typedef struct nu__watch nu__watch;

/* `fd` is non-blocking (libuv makes it so); borrowed until nu__watch_close. malloc'd; NULL when out
   of memory or the descriptor can't be polled (errno). Where no loop runs, poll(2) does the work.
 */
nu__watch *nu__watch_open(int fd);
/* What comes are answers that a server owes: see loop/moderation.h. */
void nu__watch_answers(nu__watch *watch);
/* Call it before the descriptor is closed. NULL does nothing. */
void nu__watch_close(nu__watch *watch);
/* Wait until one of `events` is there or an error, which the next read or write tells. false: the
   deadline has come. Raises NU_CANCELLED. */
bool nu__watch_wait(nu__watch *watch, int events, double deadline);
/* Instead of a fiber that waits: `told` is called by the loop whenever one of `events` is there or
   an error, which the next read or write tells; 0 events: no more. It may close the watch. false:
   the descriptor can't be polled. */
bool nu__watch_listen(nu__watch *watch, int events, void (*told)(void *arg, int events), void *arg);
/* Has the kernel told of nothing since the last wait, which was for something to read? Costs no
   call: true also of what came in the present turn of the loop. NULL and watches that no loop
   serves are never quiet. */
bool nu__watch_is_quiet(const nu__watch *watch);
