#include "conf/dotenv.h"

#include "core/buf.h"

#include <ctype.h>
#include <errno.h>
#include <nuages/errors.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_name(nu_str name)
{
    bool good = name.len && !isdigit((unsigned char)name.ptr[0]);

    for (size_t i = 0; i < name.len; i++)
        good &= isalnum((unsigned char)name.ptr[i]) || name.ptr[i] == '_';
    return good;
}

/* What stands in double quotes: \n, \t, \", \\ are characters. */
static nu_str unescaped(nu_str text)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '\\' && i + 1 < text.len) {
            c = text.ptr[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        nu__buf_char(&out, c);
    }
    return nu__buf_str(&out);
}

/* Where a quoted text ends; null: it does not. */
static const char *closing(const char *from, char quote)
{
    for (; *from && *from != quote; from++)
        if (*from == '\\' && quote == '"' && from[1])
            from++;
    return *from ? from : NULL;
}

/* Nothing but blanks, and a comment after one. */
static bool is_end(const char *text)
{
    size_t blanks = strspn(text, " \t");

    return !text[blanks] || (blanks && text[blanks] == '#');
}

/* false: a quote is not closed, or something follows it. */
static bool value_of(const char *text, nu_str *out)
{
    const char *end, *mark;

    text += strspn(text, " \t");
    if (*text == '"' || *text == '\'') {
        end = closing(text + 1, *text);
        if (!end || !is_end(end + 1))
            return false;
        *out = nu_copy((nu_str){ text + 1, (size_t)(end - text - 1) });
        if (*text == '"')
            *out = unescaped(*out);
        return true;
    }
    mark = strstr(text, " #");
    *out = nu_copy(nu_trim((nu_str){ text, mark ? (size_t)(mark - text) : strlen(text) }));
    return true;
}

static char **names;
static size_t n_names;

static void keep_name(nu_str name)
{
    char **grown = reallocarray(names, n_names + 1, sizeof *grown);

    if (!grown || !(names = grown, grown[n_names] = strdup(name.ptr)))
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading .env");
    n_names++;
}

char *const *nu__dotenv_names(size_t *n)
{
    *n = n_names;
    return names;
}

static void read_line(const char *path, int number, char *line)
{
    nu_str name, value;
    char *equals;

    line[strcspn(line, "\r\n")] = 0;
    if (number == 1 && !strncmp(line, "\xEF\xBB\xBF", 3)) /* what some editors begin UTF-8 with */
        line += 3;
    line += strspn(line, " \t");
    if (!*line || *line == '#')
        return;
    if (!strncmp(line, "export", 6) && (line[6] == ' ' || line[6] == '\t'))
        line += 7;
    equals = strchr(line, '=');
    name = equals ? nu_copy(nu_trim((nu_str){ line, (size_t)(equals - line) })) : (nu_str){ 0 };
    if (!is_name(name) || !value_of(equals + 1, &value))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}:{}: write NAME=value, with quotes closed and nothing but a comment behind.",
                 path, (int64_t)number);
    keep_name(name);
    setenv(name.ptr, value.ptr, 0);
}

typedef struct reading {
    FILE *file;
    char *line; /* getline()'s */
    size_t room;
} reading;

static void stop_reading(void *self)
{
    reading *r = self;

    free(r->line);
    fclose(r->file);
}

static NU_NORETURN void raise_unreadable(const char *path)
{
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "{} is there but cannot be read: {}. Let this user read it, or move it away.", path,
             (const char *)strerror(errno));
}

void nu__dotenv_load(const char *path)
{
    reading *r = nu_alloc(reading);

    r->file = fopen(path, "re");
    if (!r->file && (errno == ENOENT || errno == ENOTDIR))
        return;
    if (!r->file)
        raise_unreadable(path);
    nu_defer(stop_reading, r);
    for (int number = 1; getline(&r->line, &r->room, r->file) >= 0; number++)
        read_line(path, number, r->line);
    if (ferror(r->file))
        raise_unreadable(path);
}
