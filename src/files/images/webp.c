/* WebP: a RIFF container whose chunks are all there, a size, and a first picture of that size. */
#include "files/images/reader.h"

typedef struct webp {
    nu__image_reader *reader;
    int64_t end;
    bool has_canvas, film, film_head;
    uint64_t width, height; /* of the canvas */
    uint64_t left, top;     /* of the film's frame that is read */
} webp;

/* The headers of the two kinds of pictures. One fills the canvas; those of a film fit in it. */
static bool size_valid(const webp *w, uint32_t width, uint32_t height)
{
    if (!nu__image_size_valid(width, height))
        return false;
    if (w->film)
        return w->left + width <= w->width && w->top + height <= w->height;
    return !w->has_canvas || (width == w->width && height == w->height);
}

static bool lossy_valid(const webp *w, const uint8_t *at, uint32_t len)
{
    uint32_t tag = nu__le24(at);
    bool key_frame = !(tag & 1), known = (tag >> 1 & 7) <= 3, shown = tag >> 4 & 1;

    return len >= 10 && key_frame && known && shown && tag >> 5 < len &&
           !memcmp(at + 3, "\x9d\x01\x2a", 3) &&
           size_valid(w, nu__le16(at + 6) & 0x3fff, nu__le16(at + 8) & 0x3fff);
}

static bool lossless_valid(const webp *w, const uint8_t *at, uint32_t len)
{
    uint32_t bits = nu__le32(at + 1);

    return len >= 5 && at[0] == 0x2f && !(bits >> 29) &&
           size_valid(w, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

/* ---- chunks -----------------------------------------------------------------------------------
 */

typedef struct chunk {
    char type[4];
    uint32_t len;
    int64_t next;
    uint8_t at[16]; /* its first bytes */
} chunk;

static bool take_chunk(webp *w, int64_t end, chunk *c)
{
    uint8_t head[8];
    int64_t at = w->reader->at;

    if (at + 8 > end || !nu__image_take(w->reader, head, sizeof head))
        return false;
    memcpy(c->type, head, 4);
    c->len = nu__le32(head + 4);
    c->next = at + 8 + c->len;
    if (c->next > end)
        return false;
    memset(c->at, 0, sizeof c->at);
    nu_file_read(w->reader->file, at + 8, c->at, c->len < sizeof c->at ? c->len : sizeof c->at);
    c->next += c->next < end ? c->len & 1 : 0;
    return true;
}

static bool is(const chunk *c, const char *type)
{
    return !memcmp(c->type, type, 4);
}

/* The picture among the chunks up to `end`; `frames`: it may stand in the frame of a film. */
static bool has_picture(webp *w, int64_t end, bool frames);

/* A frame's place; then its own chunks. The size that it tells is not looked at. */
static bool frame_valid(const webp *w, const chunk *c, int64_t at)
{
    webp frame = *w;
    nu__image_reader inside = { w->reader->file, at + 16 };

    frame.reader = &inside;
    frame.left = nu__le24(c->at) * 2ULL;
    frame.top = nu__le24(c->at + 3) * 2ULL;
    return c->len >= 16 && has_picture(&frame, at + c->len, false);
}

static bool has_picture(webp *w, int64_t end, bool frames)
{
    chunk c;

    for (int64_t at = w->reader->at; take_chunk(w, end, &c); at = w->reader->at = c.next) {
        w->film_head |= is(&c, "ANIM");
        if (is(&c, "VP8 "))
            return lossy_valid(w, c.at, c.len);
        if (is(&c, "VP8L"))
            return lossless_valid(w, c.at, c.len);
        if (is(&c, "ANMF") && frames && w->film)
            return w->film_head && frame_valid(w, &c, at + 8);
    }
    return false;
}

/* Whether every chunk is there. */
static bool whole(webp w)
{
    chunk c;

    while (w.reader->at < w.end && take_chunk(&w, w.end, &c))
        w.reader->at = c.next;
    return w.reader->at >= w.end;
}

bool nu__webp_valid(nu__image_reader *r)
{
    uint8_t head[12];
    webp w = { .reader = r };
    chunk first;

    if (!nu__image_take(r, head, sizeof head) || memcmp(head, "RIFF", 4))
        return false;
    w.end = (int64_t)nu__le32(head + 4) + 8;
    if (w.end > nu_file_size(r->file) || !take_chunk(&w, w.end, &first))
        return false;
    if (is(&first, "VP8X")) {
        w.has_canvas = true;
        w.film = first.at[0] & 2;
        w.width = nu__le24(first.at + 4) + 1;
        w.height = nu__le24(first.at + 7) + 1;
        if (first.len < 10 || !nu__image_size_valid(w.width, w.height))
            return false;
    } else if (!is(&first, "VP8 ") && !is(&first, "VP8L")) {
        return false;
    }
    r->at = sizeof head;
    if (!whole(w))
        return false;
    r->at = w.has_canvas ? first.next : (int64_t)sizeof head;
    return has_picture(&w, w.end, true);
}
