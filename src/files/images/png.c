/* PNG: every chunk up to the end, and its checksum. */
#include "core/context.h"
#include "files/images/reader.h"

#include <string.h>
#include <zlib.h>

enum { PIECE = 16384 };

typedef struct chunk {
    uint32_t len;
    uint8_t type[4];
} chunk;

static bool is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool take_head(nu__image_reader *r, chunk *c)
{
    uint8_t head[8];

    if (!nu__image_take(r, head, sizeof head))
        return false;
    c->len = nu__be32(head);
    memcpy(c->type, head + 4, 4);
    return is_word(head[4]) && is_word(head[5]) && is_word(head[6]) && is_word(head[7]);
}

static bool checksum_holds(nu__image_reader *r, const chunk *c, uint8_t *piece)
{
    uLong crc = crc32(0, c->type, 4);
    uint8_t sent[4];

    for (uint32_t left = c->len, n; left; left -= n) {
        n = left < PIECE ? left : PIECE;
        if (!nu__image_take(r, piece, n))
            return false;
        crc = crc32(crc, piece, n);
    }
    return nu__image_take(r, sent, 4) && nu__be32(sent) == (uint32_t)crc;
}

/* Depths that a colour type may have, as bits: 1, 2, 4, 8, 16. */
static bool depth_valid(unsigned depth, unsigned colour)
{
    static const uint8_t depths[] = {
        1 | 2 | 4 | 8 | 16, 0, 8 | 16, 1 | 2 | 4 | 8, 8 | 16, 0, 8 | 16
    };

    return colour < sizeof depths && depth && !(depth & (depth - 1)) && (depths[colour] & depth);
}

static bool header_valid(nu__image_reader r, const chunk *c)
{
    uint8_t head[13];

    return c->len >= sizeof head && nu__image_take(&r, head, sizeof head) &&
           nu__image_size_valid(nu__be32(head), nu__be32(head + 4)) &&
           depth_valid(head[8], head[9]) && !head[11];
}

bool nu__png_valid(nu__image_reader *r)
{
    uint8_t *piece = nu__alloc_raw(PIECE);
    bool header = false, data = false;
    chunk c;

    r->at = 8;
    while (take_head(r, &c)) {
        if (!memcmp(c.type, "IEND", 4))
            return header && data;
        if (!memcmp(c.type, "IHDR", 4) && !header && !(header = header_valid(*r, &c)))
            return false;
        data |= !memcmp(c.type, "IDAT", 4);
        if ((data && !header) || !checksum_holds(r, &c, piece))
            return false;
    }
    return false;
}
