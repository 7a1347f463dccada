/**
 * @file
 * Logging by level, as text or JSON lines (setting LOG_FORMAT). Formats as nu_fmt().
 */
#pragma once
#include <nuages/strings.h>

typedef enum {
    NU_LOG_DEBUG,
    NU_LOG_INFO,
    NU_LOG_WARNING,
    NU_LOG_ERROR,
    NU_LOG_CRITICAL
} nu_log_level;
void nu_log_(int level, const char *format, nu_values args);
#define nu_debug(f, ...)     nu_log_(NU_LOG_DEBUG, "" f, NU_ARGS(__VA_ARGS__))
#define nu_info(f, ...)      nu_log_(NU_LOG_INFO, "" f, NU_ARGS(__VA_ARGS__))
#define nu_warning(f, ...)   nu_log_(NU_LOG_WARNING, "" f, NU_ARGS(__VA_ARGS__))
#define nu_error_log(f, ...) nu_log_(NU_LOG_ERROR, "" f, NU_ARGS(__VA_ARGS__))
void nu_log_set_level(nu_log_level level);
void nu_log_set_json(bool json);
