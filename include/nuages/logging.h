/**
 * @file
 * Logging by level to standard error, as text or JSON lines. Formats as nu_fmt().
 *
 *     2026-03-01T12:00:00.123Z WARNING GET /students/: no such page
 *     {"time": "2026-03-01T12:00:00.123Z", "level": "WARNING", "in": "GET /students/", "message":
 * …}
 *
 * A line is one write(2), so that processes that share the file don't mix theirs, and is cut at
 * 8 KiB. Control characters and bytes that are no UTF-8 are escaped: no text that comes from
 * outside can begin a line. Logging never raises and never yields; it works in pool jobs too, for
 * formats of numbers and text.
 */
#pragma once
#include <nuages/strings.h>

typedef enum nu_log_level {
    NU_LOG_DEBUG,
    NU_LOG_INFO,
    NU_LOG_WARNING,
    NU_LOG_ERROR,
    NU_LOG_CRITICAL
} nu_log_level;
void nu_log_(nu_log_level level, const char *format, nu_values args);
#define nu_debug(f, ...)     nu_log_(NU_LOG_DEBUG, "" f, NU_ARGS(__VA_ARGS__))
#define nu_info(f, ...)      nu_log_(NU_LOG_INFO, "" f, NU_ARGS(__VA_ARGS__))
#define nu_warning(f, ...)   nu_log_(NU_LOG_WARNING, "" f, NU_ARGS(__VA_ARGS__))
#define nu_error_log(f, ...) nu_log_(NU_LOG_ERROR, "" f, NU_ARGS(__VA_ARGS__))
/** Lines below the level are dropped before they are formatted. INFO unless set. */
void nu_log_set_level(nu_log_level level);
void nu_log_set_json(bool json);
