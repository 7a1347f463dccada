/* What a text is, told by its words: which connection it may run on, and by which protocol. */
#include "db/backends/postgresql/postgresql.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    nu__pg_class class;
} first_words[] = {
    { "SELECT", NU__PG_PLAIN },  { "INSERT", NU__PG_PLAIN },   { "UPDATE", NU__PG_PLAIN },
    { "DELETE", NU__PG_PLAIN },  { "WITH", NU__PG_PLAIN },     { "VALUES", NU__PG_PLAIN },
    { "MERGE", NU__PG_PLAIN },   { "TABLE", NU__PG_PLAIN },    { "(", NU__PG_PLAIN },
    { "EXPLAIN", NU__PG_PLAIN }, { "SET", NU__PG_STATE },      { "RESET", NU__PG_STATE },
    { "LISTEN", NU__PG_STATE },  { "UNLISTEN", NU__PG_STATE }, { "DISCARD", NU__PG_STATE },
    { "LOAD", NU__PG_STATE },    { "PREPARE", NU__PG_STATE },  { "DEALLOCATE", NU__PG_STATE },
    { "DECLARE", NU__PG_STATE }, { "CREATE", NU__PG_SCHEMA },  { "ALTER", NU__PG_SCHEMA },
    { "DROP", NU__PG_SCHEMA },   { "DO", NU__PG_ANYTHING },    { "CALL", NU__PG_ANYTHING },
};

/* What a query holds that leaves something behind in the session: functions, temporary tables. */
static const char *const leavings[] = { "set_config", "pg_advisory_", "pg_try_advisory_", "setseed",
                                        "into temp" };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Past blanks and comments. */
static nu_str trimmed(nu_str sql)
{
    for (;;) {
        const char *end;

        while (sql.len && strchr(" \t\r\n;", sql.ptr[0]))
            sql = (nu_str){ sql.ptr + 1, sql.len - 1 };
        if (sql.len < 2)
            return sql;
        if (memcmp(sql.ptr, "--", 2) == 0) {
            end = memchr(sql.ptr, '\n', sql.len);
        } else if (memcmp(sql.ptr, "/*", 2) == 0) {
            end = memmem(sql.ptr, sql.len, "*/", 2);
            end = end ? end + 1 : NULL;
        } else {
            return sql;
        }
        if (!end)
            return (nu_str){ sql.ptr, 0 };
        sql = (nu_str){ end + 1, sql.len - (size_t)(end + 1 - sql.ptr) };
    }
}

static bool begins_with(nu_str text, const char *word)
{
    size_t len = strlen(word);

    return text.len >= len && strncasecmp(text.ptr, word, len) == 0;
}

static bool leaves_something(nu_str sql)
{
    bool inside = false; /* of a word */

    for (; sql.len; sql = (nu_str){ sql.ptr + 1, sql.len - 1 }) {
        for (size_t i = 0; !inside && i < sizeof leavings / sizeof *leavings; i++)
            if ((sql.ptr[0] | ' ') == leavings[i][0] && begins_with(sql, leavings[i]))
                return true;
        inside = is_word(sql.ptr[0]);
    }
    return false;
}

/* "SET LOCAL" and "SET TRANSACTION" end with the transaction, "SET CONSTRAINTS" too. */
static nu__pg_class class_of_set(nu_str rest)
{
    static const char *const passing[] = { "LOCAL", "TRANSACTION", "CONSTRAINTS" };

    rest = trimmed(rest);
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (begins_with(rest, passing[i]))
            return NU__PG_COMMAND;
    return NU__PG_STATE;
}

static nu_str without_word(nu_str text)
{
    size_t len = 0;

    while (len < text.len && is_word(text.ptr[len]))
        len++;
    return (nu_str){ text.ptr + len, text.len - len };
}

/* "CREATE OR REPLACE LOCAL TEMPORARY VIEW": the word is among the first four. */
static nu__pg_class class_of_create(nu_str rest)
{
    for (int i = 0; i < 4; i++) {
        rest = trimmed(rest);
        if (begins_with(rest, "TEMP"))
            return NU__PG_ANYTHING;
        rest = without_word(rest);
    }
    return NU__PG_SCHEMA;
}

/* A text of several statements is told by its first one only. */
static bool has_another(nu_str sql)
{
    const char *end = sql.len ? memchr(sql.ptr, ';', sql.len) : NULL;

    return end && trimmed((nu_str){ end, sql.len - (size_t)(end - sql.ptr) }).len;
}

static nu__pg_class class_by_word(nu_str head, size_t len)
{
    nu_str rest = { head.ptr + len, head.len - len };

    for (size_t i = 0; len && i < sizeof first_words / sizeof *first_words; i++) {
        const char *word = first_words[i].word;

        if (strlen(word) != len || strncasecmp(word, head.ptr, len) != 0)
            continue;
        if (strcasecmp(word, "SET") == 0)
            return class_of_set(rest);
        if (strcasecmp(word, "CREATE") == 0)
            return class_of_create(rest);
        if (first_words[i].class == NU__PG_PLAIN && leaves_something(head))
            return NU__PG_STATE;
        return first_words[i].class;
    }
    return NU__PG_COMMAND;
}

nu__pg_class nu__pg_class_of(nu_str sql)
{
    nu_str head = trimmed(sql);
    size_t len = head.len && head.ptr[0] == '(' ? 1 : head.len - without_word(head).len;
    nu__pg_class class = class_by_word(head, len);

    return class != NU__PG_PLAIN && has_another(head) ? NU__PG_ANYTHING : class;
}

bool nu__pg_is_query(nu_str sql)
{
    nu_str head = trimmed(sql);

    return head.len > 5 &&
           (strncasecmp(head.ptr, "SELECT", 6) == 0 || strncasecmp(head.ptr, "WITH", 4) == 0);
}
