/* .xz and .lzma: liblzma has codecs only; a plain file is below. */
#include "serializers/compressions.h"

#include <errno.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct packed {
    lzma_stream stream;
    FILE *below;
    bool writes, ended; /* ended: of what is read */
    uint8_t block[16384];
} packed;

/* ---- reading --------------------------------------------------------------------------------- */

static ssize_t broken(void)
{
    errno = EBADMSG;
    return -1;
}

static bool refill(packed *p)
{
    p->stream.next_in = p->block;
    p->stream.avail_in = fread(p->block, 1, sizeof p->block, p->below);
    return !ferror(p->below);
}

static ssize_t take(void *cookie, char *into, size_t len)
{
    packed *p = cookie;

    p->stream.next_out = (uint8_t *)into;
    p->stream.avail_out = len;
    while (!p->ended && p->stream.avail_out) {
        lzma_ret status;

        if (!p->stream.avail_in && !refill(p))
            return -1;
        status = lzma_code(&p->stream, feof(p->below) ? LZMA_FINISH : LZMA_RUN);
        p->ended = status == LZMA_STREAM_END;
        if (status != LZMA_OK && !p->ended)
            return broken();
    }
    return (ssize_t)(len - p->stream.avail_out);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Take in what there is and write what comes out; at the end, until nothing comes. */
static bool put(packed *p, lzma_action action)
{
    lzma_ret status = LZMA_OK;

    do {
        size_t len;

        p->stream.next_out = p->block;
        p->stream.avail_out = sizeof p->block;
        status = lzma_code(&p->stream, action);
        len = sizeof p->block - p->stream.avail_out;
        if ((status != LZMA_OK && status != LZMA_STREAM_END) ||
            fwrite(p->block, 1, len, p->below) != len)
            return false;
    } while (action == LZMA_FINISH ? status != LZMA_STREAM_END : p->stream.avail_in > 0);
    return true;
}

static ssize_t give(void *cookie, const char *from, size_t len)
{
    packed *p = cookie;

    p->stream.next_in = (const uint8_t *)from;
    p->stream.avail_in = len;
    return put(p, LZMA_RUN) ? (ssize_t)len : 0;
}

/* ---- a stream -------------------------------------------------------------------------------- */

static int end(void *cookie)
{
    packed *p = cookie;
    bool fine = !p->writes || put(p, LZMA_FINISH);

    lzma_end(&p->stream);
    fine &= fclose(p->below) == 0;
    free(p);
    return fine ? 0 : -1;
}

static lzma_ret begin(packed *p, bool older)
{
    lzma_options_lzma options;

    if (!p->writes)
        return lzma_auto_decoder(&p->stream, UINT64_MAX, 0);
    if (!older)
        return lzma_easy_encoder(&p->stream, LZMA_PRESET_DEFAULT, LZMA_CHECK_CRC64);
    lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT);
    return lzma_alone_encoder(&p->stream, &options);
}

static FILE *open_packed(const char *path, const char *mode, bool older)
{
    packed *p = calloc(1, sizeof *p);
    FILE *stream = NULL;

    if (!p)
        return NULL;
    p->stream = (lzma_stream)LZMA_STREAM_INIT;
    p->writes = *mode == 'w';
    p->below = fopen(path, p->writes ? "we" : "re");
    if (p->below && begin(p, older) == LZMA_OK)
        stream = fopencookie(p, mode,
                             (cookie_io_functions_t){ .read = take, .write = give, .close = end });
    if (!stream) {
        lzma_end(&p->stream);
        if (p->below)
            fclose(p->below);
        free(p);
    }
    return stream;
}

static FILE *open_xz(const char *path, const char *mode)
{
    return open_packed(path, mode, false);
}

static FILE *open_lzma(const char *path, const char *mode)
{
    return open_packed(path, mode, true);
}

const nu__compression nu__xz = { .extension = "xz", .open = open_xz };

const nu__compression nu__lzma = { .extension = "lzma", .open = open_lzma };
