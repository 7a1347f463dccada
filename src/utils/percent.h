/**
 * @file
 * Percent-decoding, and what becomes of bytes that are no UTF-8 afterwards.
 */
#pragma once
#include <nuages/strings.h>

/* Decode %XX, and `+` to a space where `plus` says so; what is no valid escape stays as it is.
   `into` holds text.len bytes and may be text.ptr itself. Returns the length. Leaf. */
size_t nu__percent_decode(nu_str text, bool plus, char *into);

/* Valid UTF-8 is returned as it is; else a copy where each broken byte is percent-encoded again
   (paths: so that no two requests meet) or each broken sequence is U+FFFD (form values). */
nu_str nu__utf8_repercent(nu_str bytes);
nu_str nu__utf8_replace(nu_str bytes);
/* ISO-8859-1 as UTF-8; text of ASCII alone is returned as it is. */
nu_str nu__latin1_to_utf8(nu_str bytes);
