/**
 * @file
 * The access log: the combined format, and the time taken in seconds.
 *
 *   127.0.0.1 - - [29/Jul/2026:12:00:01 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/7.88" 0.000214
 *
 * Lines are put together over a turn of the loop and written with one write, so that lines of
 * several workers never mix. What comes from the client is escaped as nginx and Apache do (\xHH for
 * quotes, backslashes, controls and bytes past ASCII).
 */
#pragma once
#include <nuages/values.h>

typedef struct nu__access_entry {
    nu_str remote_addr, method, target, protocol, referer, user_agent; /* {NULL, 0}: "-" */
    int status;
    uint64_t bytes; /* of the body */
    double seconds; /* from the first byte of the request to the last one handed to the kernel */
} nu__access_entry;

/* Where to: an open descriptor, borrowed; -1: nowhere (the default). */
void nu__access_log_open(int fd);
bool nu__access_log_enabled(void);
/* Never yields, never raises; without a loop each line is written at once. */
void nu__access_log(const nu__access_entry *entry);
