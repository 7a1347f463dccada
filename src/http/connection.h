/**
 * @file
 * The HTTP/1.1 driver of one worker: connections in, requests to the handler, responses out.
 *
 *   nu__http_accept
 *     read callback -> nu__h1_parse -> a fiber: request, handler, response into the output
 *                      … the next request of the same bytes …
 *                   -> one write, with those of other connections
 *
 * Connections that have bytes are read from together, and written to together at the end of the
 * loop's turn: by one entry to the kernel each where it has io_uring, else by a call each.
 *
 * A connection that waits for its next request owns no fiber, stack, buffer or arena: bytes are
 * read into a buffer that the worker's connections share, and are copied away only when a request
 * is unfinished or its fiber waits. One request of a connection is answered at a time, in order.
 *
 * Time-outs: for the head (from its first byte; 408), for the body (while the handler waits for it;
 * a floor rate is asked), between requests, and for a client that takes no bytes.
 */
#pragma once
#include "http/message.h"

#include <sys/socket.h>

/* What the access log is told when a response is ready, or, where it is long, handed to the kernel.
 */
typedef struct nu__http_entry {
    const nu_request *req; /* NULL: refused before there was one */
    nu_str remote_addr;
    int status;
    uint64_t bytes; /* of the body */
    double seconds; /* since the head was read */
} nu__http_entry;

typedef struct nu__http_options {
    nu_response *(*handler)(nu_request *req);
    const nu__http_settings *settings; /* NULL: the defaults */
    void (*log)(const nu__http_entry *entry);
    bool calls_alone;        /* without io_uring, though the kernel may have it */
    const char *server_name; /* for requests without Host; NULL: the address connected to */
    /* seconds; 0: the default */
    double head_time;       /* 20 */
    double body_time;       /* 30, plus a second for each 500 bytes that have come */
    double keep_alive_time; /* 75 */
    double write_time;      /* 60 without a byte taken */
} nu__http_options;

typedef struct nu__http nu__http;

/* On the running loop. The options are copied. NULL, with errno: no memory or no descriptor is
 * left. */
nu__http *nu__http_start(const nu__http_options *options);
/* Take a connected socket (TCP or Unix). In a callback of the loop or a fiber. */
void nu__http_accept(nu__http *http, int fd, const struct sockaddr *peer, socklen_t peer_len);
/* Accept from a listening socket, which it takes, until the drain. false: errno. */
bool nu__http_listen(nu__http *http, int fd);
/* Close idle connections; the others close after the response they are at. Listeners are closed. */
void nu__http_drain(nu__http *http);
size_t nu__http_connections(const nu__http *http); /* open ones; the drain has ended at 0 */
uint64_t nu__http_requests(const nu__http *http);  /* answered since the start */
/* Cuts what is open. The memory goes when the last fiber and handle are done. */
void nu__http_stop(nu__http *http);
/* For a process that is about to end: write a whole response to the client whose request this fiber
   answers, waiting for the socket rather than for the loop. false: its response is out already, or
   no request is answered here. */
bool nu__http_last_words(nu__http *http, const nu_response *response);
