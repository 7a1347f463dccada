#include "core/log.h"

#include "core/context.h"
#include "core/error.h"
#include "core/text.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 8192, MESSAGE_ROOM = 512, ESCAPE_ROOM = 16 };

static nu_log_level least = NU_LOG_INFO;
static bool as_json;
static int log_fd = STDERR_FILENO;

/* One for each thread, and none of it outlives a call: escaping never yields. */
static _Thread_local struct {
    char bytes[LINE_MAX_BYTES];
    size_t len;
} line;

void nu_log_set_level(nu_log_level level)
{
    least = level;
}

void nu_log_set_json(bool json)
{
    as_json = json;
}

void nu__log_set_fd(int fd)
{
    log_fd = fd;
}

bool nu__log_wants(nu_log_level level)
{
    return level >= least;
}

/* ---- the line -------------------------------------------------------------------------------- */

static void put(const char *bytes, size_t len)
{
    if (len > sizeof(line.bytes) - line.len)
        len = sizeof(line.bytes) - line.len;
    memcpy(line.bytes + line.len, bytes, len);
    line.len += len;
}

static void put_s(const char *text)
{
    put(text, strlen(text));
}

/* \n, \x1b, \u2028 in text; \u000a in JSON, where a byte that is no UTF-8 becomes U+FFFD. */
static void put_escaped(uint32_t c, bool wrong_byte)
{
    char escape[ESCAPE_ROOM];

    if (as_json && wrong_byte)
        put_s("\xEF\xBF\xBD");
    else if (!as_json && (c == '\n' || c == '\r' || c == '\t'))
        put_s(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    else if (as_json && c > 0xFFFF)
        put(escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x\\u%04x", 0xD7C0 + (c >> 10),
                                     0xDC00 + (c & 0x3FF)));
    else
        put(escape, (size_t)snprintf(
                        escape, sizeof(escape),
                        as_json || c > 0xFF ? c > 0xFFFF ? "\\U%08x" : "\\u%04x" : "\\x%02x", c));
}

/* Text with nothing in it that moves a terminal or begins a line. */
static void put_text(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);

    while (at < end && line.len < LINE_MAX_BYTES - ESCAPE_ROOM) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);
        bool wrong_byte = c == NU__REPLACEMENT && at - start == 1;

        if (as_json && (c == '"' || c == '\\'))
            put_s("\\");
        if (wrong_byte || (!nu__is_printable(c) && c != ' '))
            put_escaped(wrong_byte ? (uint8_t)*start : c, wrong_byte);
        else
            put(start, (size_t)(at - start));
    }
}

static void put_time(void)
{
    struct timespec now;
    struct tm utc;
    char text[40];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    put(text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc));
    put(text, (size_t)snprintf(text, sizeof(text), ".%03dZ", (int)(now.tv_nsec / 1000000)));
}

static void write_line(nu_log_level level, const char *where, nu_str message)
{
    static const char *const names[] = { "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL" };
    ssize_t written;

    line.len = 0;
    put_s(as_json ? "{\"time\": \"" : "");
    put_time();
    put_s(as_json ? "\", \"level\": \"" : " ");
    put_s(level <= NU_LOG_CRITICAL ? names[level] : "?");
    put_s(as_json ? "\"" : " ");
    if (where) {
        put_s(as_json ? ", \"in\": \"" : "");
        put_text(nu__utf8_cut(nu_s(where), LINE_MAX_BYTES / 4));
        put_s(as_json ? "\"" : ": ");
    }
    put_s(as_json ? ", \"message\": \"" : "");
    put_text(message);
    put_s(as_json ? "\"}\n" : "\n");
    written = write(log_fd, line.bytes, line.len);
    (void)written; /* there is nowhere left to tell */
}

/* ---- the message ----------------------------------------------------------------------------- */

typedef struct record {
    nu_log_level level;
    const char *format;
    nu_values args;
} record;

static void format_and_write(void *pointer)
{
    const record *r = pointer;
    char room[MESSAGE_ROOM];
    nu__buf message = NU__BUF_OVER(room);

    nu__buf_fmt_(&message, r->format, r->args);
    write_line(r->level, nu__here->what, nu__buf_str(&message));
}

void nu_log_(nu_log_level level, const char *format, nu_values args)
{
    record r = { level, format, args };
    nu__context *outer = nu__here, own;

    if (!nu__log_wants(level))
        return;
    if (!outer) { /* a pool's thread, or before the first fiber */
        nu__context_init(&own, NULL);
        nu__here = &own;
    }
    if (nu__guard(format_and_write, &r))
        write_line(level, nu__here->what, nu_s(format));
    if (!outer) {
        nu__context_release(&own);
        nu__arena_stock_free();
    }
    nu__here = outer;
}
