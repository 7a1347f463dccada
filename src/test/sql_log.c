/* --debug-sql: the statements of a test, told with it. */
#include "db/backends/query_log.h"
#include "test/runner.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_BYTES = 1 << 20 }; /* of a test; a loop of statements may not fill the memory */

/* It outlives the arenas of the test's fibers, in which the statements are written down. */
static struct {
    FILE *file; /* over `bytes`; NULL: nobody asks */
    char *bytes;
    size_t len;
    bool full;
} kept;

static void note(void *unused, const nu__connection *connection, nu_str sql, nu_values params,
                 double seconds)
{
    nu_str line;

    (void)unused;
    if (kept.full)
        return;
    line = nu__db_query_line(connection, sql, params, seconds);
    kept.full = ftell(kept.file) + (long)line.len > MOST_BYTES;
    fprintf(kept.file, "%s\n", kept.full ? "… (more statements ran)" : line.ptr);
}

void nu__sql_log_begin(void)
{
    kept.full = false;
    kept.file = open_memstream(&kept.bytes, &kept.len);
    if (!kept.file)
        nu_raise(NU_MEMORY_ERROR, "no memory for the statements of a test");
    nu__db_listen((nu__query_listener){ note, NULL });
}

nu_str nu__sql_log_end(void)
{
    nu_str told;

    nu__db_listen((nu__query_listener){ 0 });
    fclose(kept.file);
    told = nu_copy((nu_str){ kept.bytes, kept.len });
    free(kept.bytes);
    kept.bytes = NULL;
    return told;
}
