#include "db_fixture.h"

#include "core/text.h"
#include "db/backends/base.h"
#include "db/database.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fixture_path(const char *name)
{
    if (!*folder) {
        snprintf(folder, sizeof folder, "%s/nuages-db-XXXXXX", P_tmpdir);
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
    }
    return nu_fmt("{}/{}", (const char *)folder, name).ptr;
}

/* ---- which database ----------------------------------------------------------------------- */

static nu_str server_url(const char *options)
{
    nu_str url = nu_s(getenv("NUAGES_TEST_DATABASE"));

    return *options ? nu_fmt("{}{}{}", url, strchr(url.ptr, '?') ? "&" : "?", options) : url;
}

static nu__dialect dialect(void)
{
    return DB->backend->dialect;
}

const char *fixture_word(const char *sqlite, const char *postgresql, const char *mariadb)
{
    const char *const words[NU__DIALECT_COUNT] = {
        [NU__SQLITE] = sqlite, [NU__POSTGRESQL] = postgresql, [NU__MYSQL] = mariadb
    };

    return words[dialect()];
}

bool fixture_leaves_out(const char *test, const char *why)
{
    if (!getenv("NUAGES_TEST_DATABASE"))
        return false;
    printf("left out: %s: %s\n", test, why);
    return true;
}

static void close_databases(void *unused)
{
    (void)unused;
    nu__databases_close();
}

static void empty_server(void)
{
    static const nu_values none = { 0 };
    const char *name;

    nu__database_add("default", server_url(""));
    name = DB->database->name;
    if (dialect() == NU__MYSQL) {
        nu__db_execute(DB, nu_fmt("DROP DATABASE `{}`", name), none, NULL);
        nu__db_execute(DB, nu_fmt("CREATE DATABASE `{}` CHARACTER SET utf8mb4", name), none, NULL);
    } else {
        nu__db_execute(DB, S("DROP SCHEMA public CASCADE; CREATE SCHEMA public"), none, NULL);
    }
}

void fixture_database(const char *name, const char *options)
{
    const char *path = fixture_path(name);

    if (getenv("NUAGES_TEST_DATABASE")) {
        close_databases(NULL);
        empty_server();
        nu__database_add("default", server_url(options));
        nu_on_fiber_end(close_databases, NULL); /* the next test has another loop */
        return;
    }
    unlink(path);
    unlink(nu_fmt("{}-wal", path).ptr);
    unlink(nu_fmt("{}-shm", path).ptr);
    nu__database_add("default", nu_fmt("sqlite:///{}?{}", path, options));
}

void fixture_also(const char *alias, const char *name)
{
    nu__database_add(alias, getenv("NUAGES_TEST_DATABASE")
                                ? server_url("")
                                : nu_fmt("sqlite:///{}", fixture_path(name)));
}

/* ---- statements --------------------------------------------------------------------------- */

/* PostgreSQL numbers the places of parameters. */
static nu_str placed(nu_str sql)
{
    nu__buf out = { 0 };
    int64_t n = 0;

    if (dialect() != NU__POSTGRESQL)
        return sql;
    for (size_t i = 0; i < sql.len; i++)
        if (sql.ptr[i] == '?')
            nu__buf_fmt(&out, "${}", ++n);
        else
            nu__buf_char(&out, sql.ptr[i]);
    return nu__buf_str(&out);
}

nu_str fixture_list(const char *column, const char *table)
{
    nu__rows *rows = nu__db_query(
        DB, nu_fmt("SELECT {} FROM {} ORDER BY {}", column, table, column), (nu_values){ 0 });
    nu__buf out = { 0 };

    while (nu__rows_next(rows))
        nu__buf_fmt(&out, "{}{}", out.len ? "," : "", nu__cell_value(&rows->cells[0]));
    nu__rows_close(rows);
    return nu__buf_str(&out);
}

nu_str fixture_cell_(nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(DB, placed(sql), params);
    nu_str text = S("");

    if (nu__rows_next(rows))
        text = rows->cells[0].kind == NU__CELL_NULL ? S("NULL")
                                                    : nu_string(nu__cell_value(&rows->cells[0]));
    nu__rows_close(rows);
    return text;
}

int64_t fixture_run_(nu_str sql, nu_values params)
{
    return nu__db_execute(DB, placed(sql), params, NULL);
}
