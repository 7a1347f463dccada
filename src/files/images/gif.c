/* GIF: the screen, the extensions before the first picture, its place and its first byte. */
#include "files/images/reader.h"

static bool take_byte(nu__image_reader *r, uint8_t *byte)
{
    return nu__image_take(r, byte, 1);
}

/* Blocks with their length in front, up to an empty one. */
static void skip_blocks(nu__image_reader *r)
{
    uint8_t len;

    while (take_byte(r, &len) && len)
        if (!nu__image_skip(r, len))
            r->at = nu_file_size(r->file);
}

static void skip_palette(nu__image_reader *r, uint8_t flags)
{
    if (flags & 0x80 && !nu__image_skip(r, 3U << ((flags & 7) + 1)))
        r->at = nu_file_size(r->file);
}

/* The picture's place may reach past the screen: then the screen grows. */
static bool picture_valid(nu__image_reader *r, uint32_t width, uint32_t height)
{
    uint8_t place[9], bits;
    uint32_t right, bottom;

    if (!nu__image_take(r, place, sizeof place))
        return false;
    right = nu__le16(place) + nu__le16(place + 4);
    bottom = nu__le16(place + 2) + nu__le16(place + 6);
    skip_palette(r, place[8]);
    return take_byte(r, &bits) &&
           nu__image_size_valid(right > width ? right : width, bottom > height ? bottom : height);
}

bool nu__gif_valid(nu__image_reader *r)
{
    uint8_t screen[13], mark, label;

    if (!nu__image_take(r, screen, sizeof screen))
        return false;
    skip_palette(r, screen[10]);
    if (!take_byte(r, &mark))
        return false;
    do {
        if (mark == ';')
            return false;
        if (mark == ',')
            return picture_valid(r, nu__le16(screen + 6), nu__le16(screen + 8));
        if (mark == '!') {
            if (!take_byte(r, &label))
                return false;
            skip_blocks(r);
        }
    } while (take_byte(r, &mark));
    return false;
}
