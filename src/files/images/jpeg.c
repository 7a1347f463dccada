/* JPEG: the segments up to the first scan, with a frame that has a size and known layers. */
#include "files/images/reader.h"

enum { START_OF_SCAN = 0xda, TABLES = 0xdb, HIERARCHY = 0xde };

static bool is_frame(uint8_t marker)
{
    return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
            marker != 0xcc) ||
           marker == HIERARCHY;
}

/* Markers that stand alone: restarts, begin and end, reserved ones. */
static bool is_bare(uint8_t marker)
{
    return marker == 0xc8 || (marker >= 0xd0 && marker <= 0xd9) ||
           (marker >= 0xf0 && marker <= 0xfd);
}

static bool frame_valid(nu__image_reader r, uint32_t len)
{
    uint8_t head[6];

    return len >= sizeof head && nu__image_take(&r, head, sizeof head) && head[0] == 8 &&
           nu__image_size_valid(nu__be16(head + 3), nu__be16(head + 1)) &&
           (head[5] == 1 || head[5] == 3 || head[5] == 4);
}

/* Quantization tables of 64 numbers, of one byte or two by the first half byte in front. */
static bool tables_valid(nu__image_reader r, uint32_t len)
{
    uint8_t kind;

    while (len && nu__image_take(&r, &kind, 1)) {
        uint32_t size = 64 * (kind >> 4 ? 2 : 1);

        if (len < 1 + size || !nu__image_skip(&r, size))
            return false;
        len -= 1 + size;
    }
    return !len;
}

/* The next marker, past padding and what is none. */
static bool take_marker(nu__image_reader *r, uint8_t *marker)
{
    do {
        do
            if (!nu__image_take(r, marker, 1))
                return false;
        while (*marker != 0xff);
        do
            if (!nu__image_take(r, marker, 1))
                return false;
        while (*marker == 0xff);
    } while (!*marker);
    return true;
}

bool nu__jpeg_valid(nu__image_reader *r)
{
    bool frame = false;
    uint8_t marker, len[2];

    r->at = 2;
    while (take_marker(r, &marker)) {
        if (is_bare(marker))
            continue;
        if (marker < 0xc0 || !nu__image_take(r, len, 2) || nu__be16(len) < 2)
            return false;
        if (is_frame(marker) && !(frame = frame_valid(*r, nu__be16(len) - 2)))
            return false;
        if (marker == TABLES && !tables_valid(*r, nu__be16(len) - 2))
            return false;
        if (!nu__image_skip(r, nu__be16(len) - 2))
            return false;
        if (marker == START_OF_SCAN)
            return frame;
    }
    return frame;
}
