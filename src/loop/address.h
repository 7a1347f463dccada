/**
 * @file
 * Addresses as people write them: "host:port", "[v6]:port", ":port", "unix:/path".
 */
#pragma once
#include <nuages/values.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct nu__address {
    char host[256]; /* "": every address of this machine */
    char port[8];
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* of a Unix socket; "": TCP */
} nu__address;

/* NULL, or what is wrong with the text; never raises. */
const char *nu__address_parse(nu_str text, nu__address *out);

/* The socket address of a Unix path. */
struct sockaddr_un nu__address_unix(const nu__address *address);
