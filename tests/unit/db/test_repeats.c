/* Equal queries of one request are told, with the line that asks. */
#include "db/repeats.h"

#include "core/context.h"
#include "core/log.h"
#include "db/connection.h"
#include "db_fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char logged[4096];
static FILE *file;

static void begin(void)
{
    fixture_database("repeats.db", "");
    file = tmpfile();
    nu__log_set_fd(fileno(file));
    nu__repeats_begin();
}

static nu_str end(void)
{
    ssize_t n;

    nu__repeats_end();
    nu__log_set_fd(2);
    n = pread(fileno(file), logged, sizeof(logged) - 1, 0);
    fclose(file);
    logged[n > 0 ? n : 0] = 0;
    return nu_s(logged);
}

static void ask(const char *sql, int64_t value)
{
    nu_value params[] = { nu_v_int(value) };
    nu__rows *rows = nu__db_query(DB, nu_s(sql), (nu_values){ params, 1 });

    nu__rows_close(rows);
}

static void what_is_asked_again_is_logged_with_its_line(void)
{
    nu_str text;

    begin();
    ask(fixture_word("SELECT ? AS once", "SELECT $1 AS once", "SELECT ? AS once"), 1);
    for (int i = 0; i < 3; i++) {
        nu__called_from("views.c", 42);
        ask(fixture_word("SELECT ? AS one", "SELECT $1 AS one", "SELECT ? AS one"), i);
    }
    text = end();
    CHECK(strstr(text.ptr, "3 equal queries from views.c:42: SELECT ") != NULL);
    CHECK(strstr(text.ptr, "once") == NULL);
}

static void nothing_is_counted_outside_of_a_request(void)
{
    begin();
    CHECK_STR(end(), "");
    file = tmpfile();
    nu__log_set_fd(fileno(file));
    for (int i = 0; i < 3; i++)
        ask(fixture_word("SELECT ? AS one", "SELECT $1 AS one", "SELECT ? AS one"), i);
    CHECK_STR(end(), "");
    CHECK(nu__here->locals[NU__LOCAL_REPEATS] == NULL);
}

HARNESS(what_is_asked_again_is_logged_with_its_line, nothing_is_counted_outside_of_a_request)
