#include "core/arena.h"
#include "middleware/middleware.h"
#include "utils/crypto.h"

#include <string.h>
#include <zlib.h>

/* What is shorter gains nothing. */
#define MIN_LENGTH 200
/* Bytes of a made-up file name at most: they blur the length of the compressed page, from which a
   secret in it could be guessed (BREACH). */
#define MAX_RANDOM 100
#define HEADER     10 /* bytes of gzip's own header; its end has 8 */

static bool is_word(unsigned char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "gzip" as a word of Accept-Encoding. */
static bool accepts_gzip(nu_str header)
{
    const char *at = header.ptr, *end = at ? at + header.len : NULL;

    while (at && (at = memmem(at, (size_t)(end - at), "gzip", 4))) {
        bool starts = at == header.ptr || !is_word((unsigned char)at[-1]);
        bool ends = at + 4 == end || !is_word((unsigned char)at[4]);

        if (starts && ends)
            return true;
        at += 4;
    }
    return false;
}

static size_t header_write(unsigned char *out)
{
    static const unsigned char start[HEADER] = { 0x1F, 0x8B, Z_DEFLATED, 8 /* has a name */,
                                                 0,    0,    0,          0,
                                                 0,    255 };
    size_t name = nu__random_below(MAX_RANDOM);

    memcpy(out, start, HEADER);
    memset(out + HEADER, 'a', name);
    out[HEADER + name] = 0;
    return HEADER + name + 1;
}

static void little_endian(unsigned char *out, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(number >> 8 * i);
}

/* The compressor, with its quarter of a megabyte of tables, is made once; NULL: no memory. */
static z_stream *compressor(void)
{
    static z_stream stream;
    static bool made;

    if (made)
        return deflateReset(&stream) == Z_OK ? &stream : NULL;
    made = deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    return made ? &stream : NULL;
}

/* The body as a gzip file; null when that would not be shorter. */
static nu_str compressed(nu_str body)
{
    unsigned char *out = nu__alloc_raw(body.len + HEADER + MAX_RANDOM + 9);
    size_t len = header_write(out);
    z_stream *stream = compressor();

    if (!stream || body.len > UINT32_MAX / 2)
        return (nu_str){ 0 };
    stream->next_in = (Bytef *)body.ptr;
    stream->avail_in = (uInt)body.len;
    stream->next_out = out + len;
    stream->avail_out = (uInt)body.len;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return (nu_str){ 0 };
    len += stream->total_out;
    little_endian(out + len, (uint32_t)crc32(0, (const Bytef *)body.ptr, (uInt)body.len));
    little_endian(out + len + 4, (uint32_t)body.len);
    len += 8;
    return len < body.len ? (nu_str){ (const char *)out, len } : (nu_str){ 0 };
}

/* Compresses what is worth it for browsers that take it. */
nu_response *GZipMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);
    nu_str body, etag;

    if (response->kind != NU__BODY_TEXT || response->body.len < MIN_LENGTH ||
        nu_response_header(response, "Content-Encoding").ptr)
        return response;
    nu_patch_vary(response, "Accept-Encoding");
    if (!accepts_gzip(nu_request_header(req, "Accept-Encoding")))
        return response;
    body = compressed(response->body);
    if (!body.ptr)
        return response;
    nu_set_body(response, body);
    etag = nu_response_header(response, "ETag");
    if (nu_starts_with(etag, S("\"")))
        nu_set_header(response, "ETag", nu_fmt("W/{}", etag));
    nu_set_header(response, "Content-Encoding", "gzip");
    return response;
}
