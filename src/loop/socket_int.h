/**
 * @file
 * The inside of a socket, for socket.c and connect.c.
 */
#pragma once
#include "loop/io.h"
#include "loop/socket.h"

struct nu__socket {
    int fd;         /* -1: closed */
    double timeout; /* seconds; 0: none */
    nu__watch *watch;
    const char *address; /* for messages */
};
