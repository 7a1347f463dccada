/**
 * @file
 * Base64 (RFC 4648), as Python's base64 and django.utils.http have it.
 */
#pragma once
#include "core/buf.h"

typedef enum nu__base64 { NU__BASE64, NU__BASE64_URL } nu__base64;

/* With = at the end for NU__BASE64, without for NU__BASE64_URL. */
void nu__base64_encode_to(nu__buf *buf, nu_bytes bytes, nu__base64 alphabet);
nu_str nu__base64_encode(nu_bytes bytes, nu__base64 alphabet);
/* As base64.b64decode(): bytes outside of the alphabet are skipped, what follows complete padding
   is ignored. False when the length cannot be one. Bytes in the arena. */
bool nu__base64_decode(nu_str text, nu__base64 alphabet, nu_bytes *out);
/* The same for text that comes in pieces. All zero but for the alphabet: at the start. */
typedef struct nu__base64_reader {
    nu__base64 alphabet;
    uint8_t letters, pads; /* of the group of four under way */
    bool done;             /* padding was complete */
    uint32_t group;
} nu__base64_reader;
/* The bytes that a piece gives, at most text.len * 3 / 4 + 1; how many there are. Leaf. */
size_t nu__base64_read(nu__base64_reader *reader, nu_str text, uint8_t *into);
/* Whether the text may end here. */
static inline bool nu__base64_is_whole(const nu__base64_reader *reader)
{
    return reader->letters == 0 || reader->done;
}
/* NU__BASE64_URL with as much padding added as the length lacks. */
bool nu__base64_decode_unpadded(nu_str text, nu_bytes *out);
/* Django's: adds as many = as the length is over a multiple of 4, which fits a rest of 2, and is
   one that is ignored for a rest of 3. */
bool nu__urlsafe_base64_decode(nu_str text, nu_bytes *out);
