#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* The byte that an escape stands for; *at moves past it. */
static char unescape(const char **at)
{
    char c = *++*at;

    ++*at;
    if (c == 'x') {
        c = (char)(hex_value((*at)[0]) << 4 | hex_value((*at)[1]));
        *at += 2;
        return c;
    }
    return c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
}

/* In place: cells only get shorter. A copy each, so that reading past one is seen. */
static size_t split(const char *line, const char *end, nu_str cells[TABLE_CELLS])
{
    size_t n = 0;

    while (n < TABLE_CELLS) {
        char *cell = nu_alloc_array(char, (size_t)(end - line) + 1), *to = cell;

        while (line < end && *line != '\t')
            *to++ = *line == '\\' ? unescape(&line) : *line++;
        cells[n++] = (nu_str){ cell, (size_t)(to - cell) };
        if (line++ == end)
            break;
    }
    return n;
}

/* A row may fail without a check that does: so each is one itself. */
static int run_lines(FILE *file, bool (*run)(const nu_str cells[TABLE_CELLS], size_t n))
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int cases = 0;

    while ((len = getline(&line, &cap, file)) > 0) {
        nu_scratch_scope();
        nu_str cells[TABLE_CELLS] = { 0 };
        size_t n;

        if (line[len - 1] == '\n')
            len--;
        if (len == 0 || *line == '#')
            continue;
        n = split(line, line + len, cells);
        cases++;
        if (!CHECK(run(cells, n)))
            printf("      in the case %.*s\n", (int)len, line);
    }
    free(line);
    return cases;
}

void table_each(const char *name, bool (*run)(const nu_str cells[TABLE_CELLS], size_t n))
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    file = fopen(path, "r");
    if (!CHECK(file != NULL)) {
        printf("      %s cannot be read\n", path);
        return;
    }
    CHECK(run_lines(file, run) > 0);
    fclose(file);
}
