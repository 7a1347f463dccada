/* TIFF: the first directory as far as it is there, with a size, a known compression and known
   pixels. */
#include "files/images/reader.h"

enum { WIDTH = 256, HEIGHT = 257, BITS_PER_SAMPLE = 258, COMPRESSION = 259, PHOTOMETRIC = 262 };
enum { STRIP_OFFSETS = 273, SAMPLES_PER_PIXEL = 277, TILE_OFFSETS = 324 };
enum { PALETTE = 320, EXTRA_SAMPLES = 338, SAMPLE_FORMAT = 339 };
enum { BYTE = 1, SHORT = 3, LONG = 4, UNCOMPRESSED = 1, INDEXED = 3, MAX_SAMPLES = 6 };

/* The first values of an entry. */
typedef struct values {
    uint32_t n, first, last;
    bool alike;
} values;

typedef struct tiff {
    nu__image_reader *reader;
    bool big_endian;
    values width, height, bits, compression, photometric, strips, samples, tiles, palette, extras,
        format;
} tiff;

static uint32_t number16(const tiff *t, const uint8_t *p)
{
    return t->big_endian ? nu__be16(p) : nu__le16(p);
}

static uint32_t number32(const tiff *t, const uint8_t *p)
{
    return t->big_endian ? nu__be32(p) : nu__le32(p);
}

/* The values of an entry, which stand in it or where it points; one that is not all there is left
   out. Of many only the first few matter. */
static void take_values(const tiff *t, const uint8_t *entry, values *out)
{
    uint32_t type = number16(t, entry + 2), count = number32(t, entry + 4);
    uint32_t unit = type == BYTE ? 1 : type == SHORT ? 2 : 4;
    nu__image_reader there = { t->reader->file, number32(t, entry + 8) };
    int64_t here = t->reader->at - 4;
    uint8_t bytes[4];

    if ((type != BYTE && type != SHORT && type != LONG) || !count || out->n)
        return;
    if ((uint64_t)count * unit <= 4)
        there.at = here;
    else if (there.at + (int64_t)count * unit > nu_file_size(there.file))
        return;
    *out = (values){ .n = count, .alike = true };
    for (uint32_t i = 0; i < count && i < MAX_SAMPLES && nu__image_take(&there, bytes, unit); i++) {
        out->last = type == BYTE    ? bytes[0]
                    : type == SHORT ? number16(t, bytes)
                                    : number32(t, bytes);
        out->first = i ? out->first : out->last;
        out->alike &= out->last == out->first;
    }
}

static values *member_of(tiff *t, uint32_t tag)
{
    const struct {
        uint16_t tag;
        values *into;
    } members[] = {
        { WIDTH, &t->width },
        { HEIGHT, &t->height },
        { BITS_PER_SAMPLE, &t->bits },
        { COMPRESSION, &t->compression },
        { PHOTOMETRIC, &t->photometric },
        { STRIP_OFFSETS, &t->strips },
        { SAMPLES_PER_PIXEL, &t->samples },
        { TILE_OFFSETS, &t->tiles },
        { PALETTE, &t->palette },
        { EXTRA_SAMPLES, &t->extras },
        { SAMPLE_FORMAT, &t->format },
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].tag == tag)
            return members[i].into;
    return NULL;
}

static uint32_t or_default(values v, uint32_t fallback)
{
    return v.n ? v.first : fallback;
}

/* The pixels that can be read: what they mean, how their samples are written and how many there
   are. `depths` has a bit for each number of bits. */
enum { UNSIGNED = 1, SIGNED, FLOATING };
#define B(n) (1ULL << (n))
static const struct {
    uint8_t photometric, format, colours, extras;
    uint64_t depths;
} layouts[] = {
    { 0, UNSIGNED, 1, 0, B(1) | B(2) | B(4) | B(8) | B(16) },
    { 0, FLOATING, 1, 0, B(32) },
    { 1, UNSIGNED, 1, 0, B(1) | B(2) | B(4) | B(8) | B(12) | B(16) | B(32) },
    { 1, UNSIGNED, 1, 1, B(8) },
    { 1, SIGNED, 1, 0, B(8) | B(16) | B(32) },
    { 1, FLOATING, 1, 0, B(32) },
    { 2, UNSIGNED, 3, 3, B(8) },
    { 2, UNSIGNED, 3, 1, B(16) },
    { 2, UNSIGNED, 4, 0, B(8) | B(16) },
    { 3, UNSIGNED, 1, 0, B(1) | B(2) | B(4) | B(8) },
    { 3, UNSIGNED, 1, 1, B(8) },
    { 5, UNSIGNED, 4, 2, B(8) },
    { 5, UNSIGNED, 4, 0, B(16) },
    { 6, UNSIGNED, 3, 0, B(8) },
    { 6, UNSIGNED, 1, 0, B(8) },
    { 8, UNSIGNED, 3, 0, B(8) },
};

static bool layout_known(const tiff *t)
{
    uint32_t photometric = or_default(t->photometric, 0), bits = or_default(t->bits, 1);
    uint32_t samples = or_default(t->samples, 1), format = or_default(t->format, UNSIGNED);
    uint32_t extras = t->extras.n;

    if (bits > 32 || (t->bits.n > 1 && (!t->bits.alike || t->bits.n < samples)))
        return false;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].photometric == photometric && layouts[i].format == format &&
            layouts[i].colours + extras == samples && extras <= layouts[i].extras &&
            layouts[i].depths & B(bits))
            return true;
    return false;
}
#undef B

static bool compression_known(uint32_t compression)
{
    static const uint16_t known[] = { UNCOMPRESSED, 2,     3,     4,     5,     6,     7,     8,
                                      32771,        32773, 32809, 32946, 34676, 34677, 34925, 50000,
                                      50001 };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == compression)
            return true;
    return false;
}

static bool directory_valid(const tiff *t)
{
    uint32_t compression = or_default(t->compression, UNCOMPRESSED);

    return nu__image_size_valid(t->width.first, t->height.first) &&
           compression_known(compression) && layout_known(t) &&
           (compression != UNCOMPRESSED || t->strips.n || t->tiles.n) &&
           (or_default(t->photometric, 0) != INDEXED || t->palette.n);
}

bool nu__tiff_valid(nu__image_reader *r)
{
    uint8_t head[8], count[2], entry[12];
    tiff t = { .reader = r };

    if (!nu__image_take(r, head, sizeof head))
        return false;
    t.big_endian = head[0] == 'M';
    r->at = number32(&t, head + 4);
    if (!nu__image_take(r, count, 2))
        return false;
    for (uint32_t n = number16(&t, count); n && nu__image_take(r, entry, sizeof entry); n--) {
        values *into = member_of(&t, number16(&t, entry));

        if (into)
            take_values(&t, entry, into);
    }
    return directory_valid(&t);
}
