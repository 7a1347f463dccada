/* BMP: its header of one of seven lengths, a size, a known depth and compression. */
#include "files/images/reader.h"

enum { FILE_HEADER = 14, CORE_HEADER = 12, INFO_HEADER = 40, LONGEST = 124 };
enum { RAW, RLE8, RLE4, BITFIELDS };

typedef struct header {
    uint32_t len, width, height, bits, compression, colours;
    const uint8_t *masks; /* of BITFIELDS: red, green, blue, alpha */
} header;

/* The layouts of red, green, blue and alpha that there are pixels for. */
static const struct {
    uint32_t bits, red, green, blue, alpha;
} layouts[] = {
    { 32, 0xff0000, 0xff00, 0xff, 0 },
    { 32, 0xff000000, 0xff0000, 0xff00, 0 },
    { 32, 0xff000000, 0xff00, 0xff, 0 },
    { 32, 0xff000000, 0xff0000, 0xff00, 0xff },
    { 32, 0xff, 0xff00, 0xff0000, 0xff000000 },
    { 32, 0xff0000, 0xff00, 0xff, 0xff000000 },
    { 32, 0xff000000, 0xff00, 0xff, 0xff0000 },
    { 32, 0, 0, 0, 0 },
    { 24, 0xff0000, 0xff00, 0xff, 0 },
    { 16, 0xf800, 0x7e0, 0x1f, 0 },
    { 16, 0x7c00, 0x3e0, 0x1f, 0 },
};

static bool layout_known(const header *h)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].bits == h->bits && layouts[i].red == nu__le32(h->masks) &&
            layouts[i].green == nu__le32(h->masks + 4) &&
            layouts[i].blue == nu__le32(h->masks + 8) &&
            (h->bits != 32 || layouts[i].alpha == (h->len >= 56 ? nu__le32(h->masks + 12) : 0)))
            return true;
    return false;
}

/* The fields behind the header's own length. A height with its top byte 0xff counts downwards. */
static void read_header(header *h, const uint8_t *at)
{
    if (h->len == CORE_HEADER) {
        h->width = nu__le16(at);
        h->height = nu__le16(at + 2);
        h->bits = nu__le16(at + 6);
        return;
    }
    h->width = nu__le32(at);
    h->height = at[7] == 0xff ? -nu__le32(at + 4) : nu__le32(at + 4);
    h->bits = nu__le16(at + 10);
    h->compression = nu__le32(at + 12);
    h->colours = nu__le32(at + 28);
    h->masks = at + 36;
}

static bool header_valid(const header *h)
{
    bool indexed = h->bits == 1 || h->bits == 4 || h->bits == 8;

    if (!nu__image_size_valid(h->width, h->height) || h->colours > (indexed ? 65536 : UINT32_MAX))
        return false;
    if (!indexed && h->bits != 16 && h->bits != 24 && h->bits != 32)
        return false;
    return h->compression == BITFIELDS ? layout_known(h) : h->compression < BITFIELDS;
}

bool nu__bmp_valid(nu__image_reader *r)
{
    static const uint8_t lengths[] = { CORE_HEADER, INFO_HEADER, 52, 56, 64, 108, LONGEST };
    uint8_t at[LONGEST] = { 0 };
    header h = { 0 };

    r->at = FILE_HEADER;
    if (!nu__image_take(r, at, 4))
        return false;
    h.len = nu__le32(at);
    if (h.len > LONGEST || !memchr(lengths, (int)h.len, sizeof lengths) ||
        !nu__image_take(r, at, h.len - 4))
        return false;
    read_header(&h, at);
    /* the shortest info header keeps its masks behind itself */
    if (h.compression == BITFIELDS && h.len == INFO_HEADER && !nu__image_take(r, at + 36, 12))
        return false;
    return header_valid(&h);
}
