/**
 * @file
 * Reading a picture's headers: a place in the file, numbers in either byte order, and the limit on
 * the size of a picture. Every read says whether all of it was there.
 */
#pragma once
#include "files/file.h"

#include <string.h>

/* Twice the 89,478,485 pixels at which Pillow warns of a decompression bomb. */
#define NU__IMAGE_MAX_PIXELS 178956970

typedef struct nu__image_reader {
    nu_file *file;
    int64_t at;
} nu__image_reader;

static inline bool nu__image_take(nu__image_reader *r, uint8_t *into, size_t n)
{
    if (nu_file_read(r->file, r->at, into, n) != n)
        return false;
    r->at += (int64_t)n;
    return true;
}

/* Past `n` bytes, all of which must be there. */
static inline bool nu__image_skip(nu__image_reader *r, uint64_t n)
{
    if (n > (uint64_t)(nu_file_size(r->file) - r->at))
        return false;
    r->at += (int64_t)n;
    return true;
}

static inline uint32_t nu__le16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t nu__be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t nu__le24(const uint8_t *p)
{
    return nu__le16(p) | (uint32_t)p[2] << 16;
}

static inline uint32_t nu__le32(const uint8_t *p)
{
    return nu__le16(p) | nu__le16(p + 2) << 16;
}

static inline uint32_t nu__be32(const uint8_t *p)
{
    return nu__be16(p) << 16 | nu__be16(p + 2);
}

static inline bool nu__image_size_valid(uint64_t width, uint64_t height)
{
    return width && height && width <= NU__IMAGE_MAX_PIXELS && height <= NU__IMAGE_MAX_PIXELS &&
           width * height <= NU__IMAGE_MAX_PIXELS;
}

/* One for each format; the reader stands at the file's first byte. */
bool nu__png_valid(nu__image_reader *r);
bool nu__gif_valid(nu__image_reader *r);
bool nu__jpeg_valid(nu__image_reader *r);
bool nu__webp_valid(nu__image_reader *r);
bool nu__bmp_valid(nu__image_reader *r);
bool nu__tiff_valid(nu__image_reader *r);
