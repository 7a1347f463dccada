#include "utils/ipv6.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS = 8, SCOPED = 128 /* with a scope */ };

/* A scope ("%eth0") may follow, and is dropped. */
static bool parse(nu_str text, size_t longest, uint16_t groups[GROUPS])
{
    char copy[SCOPED];
    uint8_t bytes[16];
    const char *percent = text.len ? memchr(text.ptr, '%', text.len) : NULL;
    size_t len = percent ? (size_t)(percent - text.ptr) : text.len;

    if (text.len > longest || text.len >= SCOPED || memchr(text.ptr ? text.ptr : "", 0, text.len))
        return false;
    if (percent && (len + 1 == text.len || memchr(percent + 1, '%', text.len - len - 1)))
        return false;
    memcpy(copy, text.len ? text.ptr : "", len);
    copy[len] = 0;
    if (inet_pton(AF_INET6, copy, bytes) != 1)
        return false;
    for (int i = 0; i < GROUPS; i++)
        groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    return true;
}

bool nu__is_valid_ipv6_address(nu_str text)
{
    uint16_t groups[GROUPS];

    return parse(text, NU__IPV6_MAX_LENGTH, groups);
}

static bool is_mapped_ipv4(const uint16_t groups[GROUPS])
{
    for (int i = 0; i < 5; i++)
        if (groups[i])
            return false;
    return groups[5] == 0xffff;
}

/* The first of the longest runs of zeros, if two or more. */
static int longest_zeros(const uint16_t groups[GROUPS], int *start)
{
    int longest = 1;

    *start = GROUPS;
    for (int i = 0, run = 0; i < GROUPS; i++) {
        run = groups[i] ? 0 : run + 1;
        if (run > longest) {
            longest = run;
            *start = i + 1 - run;
        }
    }
    return longest;
}

static size_t compressed(char *out, const uint16_t groups[GROUPS])
{
    int start, zeros = longest_zeros(groups, &start);
    char *at = out;

    for (int i = 0; i < GROUPS; i++) {
        if (i == start) {
            *at++ = ':';
            *at++ = ':';
            i += zeros - 1;
            continue;
        }
        if (i && i != start + zeros)
            *at++ = ':';
        at += snprintf(at, 5, "%x", groups[i]);
    }
    *at = 0;
    return (size_t)(at - out);
}

size_t nu__clean_ipv6_address(char out[NU__IPV6_TEXT], nu_str text, size_t max_length,
                              bool unpack_ipv4)
{
    uint16_t groups[GROUPS];

    *out = 0;
    if (!parse(text, max_length, groups))
        return 0;
    if (!is_mapped_ipv4(groups))
        return compressed(out, groups);
    return (size_t)snprintf(out, NU__IPV6_TEXT, "%s%d.%d.%d.%d",
                            unpack_ipv4 ? "" : "::ffff:", groups[6] >> 8, groups[6] & 255,
                            groups[7] >> 8, groups[7] & 255);
}
