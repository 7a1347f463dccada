/**
 * @file
 * IPv6 addresses, as django.utils.ipv6. None raises, none yields.
 */
#pragma once
#include <nuages/strings.h>

enum { NU__IPV6_TEXT = 48, NU__IPV6_MAX_LENGTH = 39 /* Django's limit for what is read */ };

bool nu__is_valid_ipv6_address(nu_str text);
/* In its shortest form; `unpack_ipv4`: "::ffff:1.2.3.4" as "1.2.3.4". Returns the length, 0 when it
   is no address or longer than `max_length`; NUL-terminated. */
size_t nu__clean_ipv6_address(char out[NU__IPV6_TEXT], nu_str text, size_t max_length,
                              bool unpack_ipv4);
