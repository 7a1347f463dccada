/* What may run on a connection that other fibers use too: statements that only read, wait for no
 * lock and ask nothing of the session, told by their words. All the others take one of their own.
 *
 * Every word outside of quotes must be one that is known to do no harm, so a function of the site's
 * own, LAST_INSERT_ID() or SLEEP() has a connection of its own, as has a table that is not in
 * back-ticks: the query compiler puts all names in these. */
#include "db/backends/mysql/line.h"

#include "core/text.h"
#include "loop/loop.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* STUCK: who has waited so long holds up those behind. TRUSTED: a connection that was quiet for
   longer is looked at. LARGE: such parameters would make others wait. */
enum { STUCK_MS = 20, TRUSTED_MS = 100, LARGE = 256 * 1024 };

static const char *const harmless[] = {
    "ALL",      "AND",     "AS",     "ASC",      "AVG",    "BETWEEN", "BINARY", "BY",
    "CASE",     "CAST",    "CHAR",   "COALESCE", "CONCAT", "COUNT",   "CROSS",  "DATE",
    "DATETIME", "DECIMAL", "DESC",   "DISTINCT", "ELSE",   "END",     "EXISTS", "FALSE",
    "FROM",     "GROUP",   "HAVING", "IF",       "IFNULL", "IN",      "INNER",  "INTEGER",
    "IS",       "ISNULL",  "JOIN",   "LEFT",     "LIKE",   "LIMIT",   "LOWER",  "MAX",
    "MIN",      "NOT",     "NULL",   "OFFSET",   "ON",     "OR",      "ORDER",  "OUTER",
    "SELECT",   "SIGNED",  "SUM",    "THEN",     "TRUE",   "UNION",   "UPPER",  "WHEN",
    "WHERE",    "XOR",
};

static int compare(const void *key, const void *name)
{
    const nu_str *word = key;
    const char *known = *(const char *const *)name;
    int order = strncasecmp(word->ptr, known, word->len);

    return order ? order : -(known[word->len] != '\0');
}

static bool is_harmless(nu_str word)
{
    return bsearch(&word, harmless, sizeof harmless / sizeof *harmless, sizeof *harmless, compare);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Behind a quoted part; past the end where it has none. A doubled quote begins another part. */
static size_t behind_quoted(nu_str sql, size_t at)
{
    char quote = sql.ptr[at++];

    while (at < sql.len && sql.ptr[at] != quote)
        at += quote != '`' && sql.ptr[at] == '\\' ? 2 : 1;
    return at + 1;
}

/* Comments, variables and a second statement begin with these. */
static bool is_odd(nu_str sql, size_t at)
{
    char c = sql.ptr[at], next = at + 1 < sql.len ? sql.ptr[at + 1] : ' ';

    return strchr("@;#:{\\", c) || (c == '-' && next == '-') || (c == '/' && next == '*');
}

static size_t behind_word(nu_str sql, size_t at)
{
    while (at < sql.len && is_word(sql.ptr[at]))
        at++;
    return at;
}

static bool only_harmless(nu_str sql)
{
    for (size_t at = 0, end; at < sql.len; at = end) {
        char c = sql.ptr[at];

        end = at + 1;
        if (c == '`' || c == '\'' || c == '"') {
            end = behind_quoted(sql, at);
            if (end > sql.len)
                return false;
        } else if (isdigit((unsigned char)c)) {
            end = behind_word(sql, at);
        } else if (is_word(c)) {
            end = behind_word(sql, at);
            if (!is_harmless((nu_str){ sql.ptr + at, end - at }))
                return false;
        } else if (is_odd(sql, at)) {
            return false;
        }
    }
    return true;
}

static bool begins_with_select(nu_str sql)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut(sql, 7), S("SELECT "));
}

bool nu__mysql_shares(const nu__database *database, nu_str sql)
{
    return !nu__mysql_config_of(database)->alone && begins_with_select(sql) && only_harmless(sql);
}

static bool are_small(nu_values params)
{
    size_t bytes = 0;

    for (size_t i = 0; i < params.len && bytes <= LARGE; i++)
        switch (params.items[i].kind) {
        case NU_KIND_STR:
        case NU_KIND_SAFE:
            bytes += params.items[i].s.len;
            break;
        case NU_KIND_BYTES:
            bytes += params.items[i].bytes.len;
            break;
        default:
            bytes += 40;
        }
    return bytes <= LARGE && params.len <= NU__MYSQL_CACHED_PARAMS;
}

static bool is_stuck(const nu__mysql_line *line)
{
    return line->first && nu__loop_ms() > line->asked_ms + STUCK_MS;
}

uint32_t nu__mysql_line_load(const nu__mysql_line *line)
{
    return is_stuck(line) ? UINT32_MAX / 2 + line->n_pending : line->n_pending;
}

/* Is it a line, or can it become one? Where the server ends results in its newer way it is not. */
static bool is_line(nu__mysql *handle)
{
    enum { DEPRECATE_EOF = 1 << 24 };

    if (handle->line || handle->lost)
        return !handle->lost;
    if (!handle->mysql->net.pvio || handle->mysql->net.pvio->ctls ||
        (handle->mysql->client_flag & handle->mysql->server_capabilities &
         (DEPRECATE_EOF | CLIENT_COMPRESS)))
        return false;
    return nu__mysql_line_begin(handle);
}

bool nu__mysql_shareable(nu__handle *head, nu_str sql, nu_values params)
{
    nu__mysql *handle = nu__mysql_of(head);
    nu__mysql_shape *known;

    if (sql.len > NU__MYSQL_CACHED_TEXT || !are_small(params) || !is_line(handle))
        return false;
    known = nu__mysql_shape_find(handle->line, sql);
    if (!handle->line->n_pending && nu__loop_ms() > handle->line->asked_ms + TRUSTED_MS)
        nu__mysql_line_pump(handle->line, true);
    if (handle->lost || is_stuck(handle->line))
        return false;
    if (known && known->slow) {
        known->slow--;
        return false;
    }
    return known || nu__mysql_shares(head->database, sql);
}
