/* --debug-sql: the statements of a test, written down as they end. */
#include "db/backends/query_log.h"
#include "test/runner.h"

#include <unistd.h>

/* A file, since it outlives the arenas of the test's fibers, and the process. */
static struct {
    int file;
    size_t room; /* a loop of statements may not fill the memory */
} kept = { .file = -1 };

static void note(void *unused, const nu__connection *connection, nu_str sql, nu_values params,
                 double seconds)
{
    nu_str line;

    (void)unused;
    if (!kept.room)
        return;
    line = nu_fmt("{}\n", nu__db_query_line(connection, sql, params, seconds));
    if (line.len > kept.room) {
        line = S("… (more statements ran)\n");
        kept.room = 0;
    } else {
        kept.room -= line.len;
    }
    if (write(kept.file, line.ptr, line.len) < 0)
        nu_raise(NU_OS_ERROR, "the statements of the test can't be written down");
}

void nu__sql_log_begin(int file, size_t most)
{
    kept.file = file;
    kept.room = most;
    nu__db_listen((nu__query_listener){ note, NULL });
}

void nu__sql_log_end(void)
{
    nu__db_listen((nu__query_listener){ 0 });
}
