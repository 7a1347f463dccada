/**
 * @file
 * A database server that says what a script says: each time something is asked of it, the next
 * turn; after the last it hangs up. What it is asked it does not read.
 *
 *     script:  length in two bytes, the larger last | so many bytes | length …
 *
 * It hangs up too on a client that waits for more than a turn has.
 */
#pragma once
#include "core/text.h"

typedef struct scripted_server {
    int client; /* the socket that the client uses */
    int own;
    int quiet;     /* turns of the loop since it was asked */
    nu_str script; /* what is left of it */
} scripted_server;

/* False: no sockets. */
bool scripted_server_open(scripted_server *server, nu_str script);
/* Closes both ends. */
void scripted_server_close(scripted_server *server);
/* On a fiber: run `client` on one of its own, and the server beside it, until the client ends. */
void scripted_server_run(scripted_server *server, void (*client)(void *arg), void *arg);

/* One turn with its length before it, behind those that stand in `script` already. */
void scripted_turn(nu__buf *script, nu_str bytes);
