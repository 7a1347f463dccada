/**
 * @file
 * The sockets that a server listens on.
 *
 * They are opened once, by the arbiter, and inherited by every worker, so that a connection that no
 * worker has accepted yet outlives any of them. They come from addresses, from systemd
 * (LISTEN_FDS), or from the process's own past before a reload.
 */
#pragma once
#include "server/server.h"

#include <nuages/values.h>
#include <sys/types.h>

enum { NU__MOST_LISTENERS = 16 };

struct nu__listener {
    int fd;
    bool is_unix;
    ino_t inode;     /* of a Unix socket's file that this server made; 0: not ours to remove */
    char asked[300]; /* as it was given; "": systemd's */
    char address[300];
};

typedef struct nu__listeners {
    nu__listener items[NU__MOST_LISTENERS];
    size_t len;
} nu__listeners;

/* From what was passed on, else from `addresses` (ends with NULL). false, logged with what to do,
   when one can't be opened: then none is. */
bool nu__listeners_open(nu__listeners *listeners, const char *const *addresses, int backlog);
/* `remove`: Unix sockets' files go too. */
void nu__listeners_close(nu__listeners *listeners, bool remove);
void nu__listener_close(nu__listener *listener, bool remove);

/* The steps of nu__listeners_open. */
bool nu__listeners_open_one(nu__listeners *listeners, const char *text, int backlog);
nu__listener *nu__listeners_add(nu__listeners *listeners, int fd, const char *asked);

/* ---- inherit.c ------------------------------------------------------------------------------- */

/* systemd's LISTEN_FDS; false: none were passed. */
bool nu__listeners_from_systemd(nu__listeners *listeners);
/* Those of this process before it became another binary. */
void nu__listeners_from_before(nu__listeners *listeners);
/* Move the one that was asked for by that text; false: there is none. */
bool nu__listeners_reuse(nu__listeners *listeners, nu__listeners *passed, const char *asked);
/* Into the environment for the binary to come, and make the descriptors inheritable. */
void nu__listeners_pass_on(const nu__listeners *listeners);
