/**
 * @file
 * Stream sockets for fibers: clients, tests. (The HTTP server drives its connections by callbacks,
 * so that an idle one owns no fiber.)
 *
 * Time-outs are in seconds for each call that waits; 0: none. Where no loop runs the calls block.
 * A socket closes with its fiber, unless it was closed before.
 */
#pragma once
#include "loop/fiber.h"

typedef struct nu__socket nu__socket;

/* `address`: "host:port", "[v6]:port" or "unix:/path". Each address of the host is tried. Raises
   ConnectionError, TimeoutError, NU_CANCELLED. Yields. */
nu__socket *nu__socket_connect(nu_str address, double timeout);
/* Over a connected descriptor, which it takes. */
nu__socket *nu__socket_open(int fd);

void nu__socket_set_timeout(nu__socket *socket, double seconds);
/* Up to `size` bytes, as many as there are, at least one; 0 at the end. Raises TimeoutError,
   ConnectionError, NU_CANCELLED. Yields when none are there. */
size_t nu__socket_read(nu__socket *socket, void *into, size_t size);
/* All of it. Raises and yields as reading does. */
void nu__socket_write(nu__socket *socket, const void *bytes, size_t len);
/* Up to `size` bytes of a file from `offset`, without a copy of them here, waiting for room first.
   Returns how many were taken; 0 at the file's end; -1: this file's system can't, read it instead.
   Raises ConnectionError, NU_CANCELLED, and NU_TIMEOUT when the peer took nothing for that long. */
ssize_t nu__socket_send_file(nu__socket *socket, int file, int64_t offset, size_t size);
/* Bytes that were written and the peer has not taken: the kernel lets megabytes of them leave
   before it tells that there is room again. */
size_t nu__socket_untaken(int fd);
void nu__socket_shutdown(nu__socket *socket); /* no more is written: the peer reads the end */
void nu__socket_close(nu__socket *socket);
int nu__socket_fd(const nu__socket *socket);
