#include "db_fixture.h"

#include <ftw.h>
#include <stdlib.h>
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

void fixture_database(const char *name, const char *options)
{
    const char *path = fixture_path(name);

    unlink(path);
    unlink(nu_fmt("{}-wal", path).ptr);
    unlink(nu_fmt("{}-shm", path).ptr);
    nu__database_add("default", nu_fmt("sqlite:///{}?{}", path, options));
}

nu_str fixture_cell_(nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(DB, sql, params);
    nu_str text = S("");

    if (nu__rows_next(rows))
        text = rows->cells[0].kind == NU__CELL_NULL ? S("NULL")
                                                    : nu_string(nu__cell_value(&rows->cells[0]));
    nu__rows_close(rows);
    return text;
}

int64_t fixture_run_(nu_str sql, nu_values params)
{
    return nu__db_execute(DB, sql, params, NULL);
}
