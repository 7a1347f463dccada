/**
 * @file
 * Encoded words of headers (RFC 2047): =?utf-8?q?Gr=C3=BC=C3=9Fe?=, =?utf-8?b?R3LDvMOfZQ==?=.
 */
#pragma once
#include <nuages/strings.h>

/* How long a text is in Q, and so many bytes in B, without what stands around them. */
size_t nu__q_len(nu_str text);
size_t nu__b_len(size_t bytes);

/* "" of an empty text. In B or in Q. */
nu_str nu__encoded_word(nu_str text, bool b);
