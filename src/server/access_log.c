#include "server/access_log.h"

#include "loop/loop.h"

#include <errno.h>
#include <nuages/logging.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    BUFFER = 64 << 10,
    MOST_TEXT = 2048,
    FIXED_PARTS = 256,
    MOST_LINE = 6 * 4 * MOST_TEXT + FIXED_PARTS
};

static void flush(nu__turn_end *work);

static struct {
    int fd;
    nu__turn_end at_end;
    size_t len;
    size_t begun;   /* bytes at the front that finish a line of which a part is out */
    uint64_t lost;  /* lines that could not be written since it was last told */
    time_t second;  /* of `stamp` */
    char stamp[32]; /* "29/Jul/2026:12:00:01 +0000" */
    char bytes[BUFFER];
} out = { .fd = -1, .at_end = { .fn = flush } };

void nu__access_log_open(int fd)
{
    out.fd = fd;
}

bool nu__access_log_enabled(void)
{
    return out.fd >= 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static size_t count_lines(const char *bytes, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += bytes[i] == '\n';
    return n;
}

/* The rest of a line that was cut stays, to be finished first; further lines are lost. */
static void keep_rest_of_line(size_t written, size_t len)
{
    size_t end = written < out.begun ? out.begun : written;

    if (end == written && written && out.bytes[written - 1] != '\n')
        while (out.bytes[end++] != '\n')
            continue;
    out.lost += count_lines(out.bytes + end, len - end);
    out.len = out.begun = end - written;
    memmove(out.bytes, out.bytes + written, out.len);
}

static void tell_lost(void)
{
    if (!out.lost)
        return;
    nu_warning("{} lines of the access log could not be written", out.lost);
    out.lost = 0;
}

/* One write a turn. What a full pipe or disk does not take is lost, and told of later: answering
   goes before logging. */
static void flush(nu__turn_end *work)
{
    size_t len = out.len;
    ssize_t n;

    (void)work;
    out.len = 0;
    if (!len)
        return;
    do
        n = write(out.fd, out.bytes, len);
    while (n < 0 && errno == EINTR);
    if (n == (ssize_t)len) {
        out.begun = 0;
        tell_lost();
    } else {
        keep_rest_of_line(n > 0 ? (size_t)n : 0, len);
    }
}

/* ---- a line ---------------------------------------------------------------------------------- */

static void put(const char *bytes, size_t len)
{
    memcpy(out.bytes + out.len, bytes, len);
    out.len += len;
}

static void put_escaped(unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";

    put((char[]){ '\\', 'x', digits[c >> 4], digits[c & 15] }, 4);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void put_text(nu_str text)
{
    size_t len = text.len < MOST_TEXT ? text.len : MOST_TEXT;

    if (!len) {
        put("-", 1);
        return;
    }
    for (size_t i = 0, from = 0; i <= len; i++) {
        if (i < len && is_plain((unsigned char)text.ptr[i]))
            continue;
        put(text.ptr + from, i - from);
        from = i + 1;
        if (i < len)
            put_escaped((unsigned char)text.ptr[i]);
    }
}

/* Local time, as the servers that this format is from write it; made once a second. */
static void put_time(void)
{
    struct timespec now;
    struct tm local;

    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != out.second) {
        localtime_r(&now.tv_sec, &local);
        strftime(out.stamp, sizeof(out.stamp), "%d/%b/%Y:%H:%M:%S %z", &local);
        out.second = now.tv_sec;
    }
    put(out.stamp, strlen(out.stamp));
}

static void put_number(uint64_t number, int digits)
{
    char text[24];
    char *p = text + sizeof(text);

    do
        *--p = (char)('0' + number % 10);
    while ((number /= 10) || p > text + sizeof(text) - digits);
    put(p, (size_t)(text + sizeof(text) - p));
}

/* To the microsecond. */
static void put_seconds(double seconds)
{
    uint64_t us = seconds > 0 ? (uint64_t)(seconds * 1e6 + 0.5) : 0;

    put_number(us / 1000000, 1);
    put(".", 1);
    put_number(us % 1000000, 6);
}

static void put_line(const nu__access_entry *entry)
{
    put_text(entry->remote_addr);
    put(" - - [", 6);
    put_time();
    put("] \"", 3);
    put_text(entry->method);
    put(" ", 1);
    put_text(entry->target);
    put(" ", 1);
    put_text(entry->protocol);
    put("\" ", 2);
    put_number((uint64_t)entry->status, 3);
    put(" ", 1);
    put_number(entry->bytes, 1);
    put(" \"", 2);
    put_text(entry->referer);
    put("\" \"", 3);
    put_text(entry->user_agent);
    put("\" ", 2);
    put_seconds(entry->seconds);
    put("\n", 1);
}

void nu__access_log(const nu__access_entry *entry)
{
    if (out.fd < 0)
        return;
    if (BUFFER - out.len < MOST_LINE)
        flush(&out.at_end);
    if (BUFFER - out.len >= MOST_LINE)
        put_line(entry);
    else
        out.lost++;
    nu__at_turn_end(&out.at_end);
}
