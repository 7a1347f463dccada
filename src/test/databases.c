/* The databases of the tests: made, migrated, dropped. */
#include "core/text.h"
#include "db/connection.h"
#include "db/driver.h"
#include "test/runner.h"

#include <string.h>
#include <unistd.h>

static bool is_sqlite(const char *alias)
{
    return !strcmp(nu__database_of(alias)->driver->vendor, "sqlite");
}

/* "/data/db.sqlite3" is "/data/test_db.sqlite3"; of the second process "/data/test_db_2.sqlite3".
 */
static nu_str test_file(nu_str file, int number)
{
    const char *slash = memrchr(file.ptr, '/', file.len);
    size_t cut = slash ? (size_t)(slash + 1 - file.ptr) : 0;
    const char *dot = memchr(file.ptr + cut, '.', file.len - cut);
    size_t end = dot ? (size_t)(dot - file.ptr) : file.len;
    nu_str suffix = number ? nu_fmt("_{}", (int64_t)number) : S("");

    return nu_fmt("{}test_{}{}{}", nu__sub(file, 0, cut), nu__sub(file, cut, end), suffix,
                  nu__sub(file, end, file.len));
}

static void use_sqlite(nu_str alias, const nu__test_options *options, int number)
{
    nu_str name = nu_copy_cstr(nu__database_of(alias.ptr)->name);
    bool in_memory = !options->keepdb || nu__find(name, S(":memory:")) >= 0;

    nu__database_add(alias.ptr, in_memory ? S("sqlite://:memory:")
                                          : nu_fmt("sqlite:///{}", test_file(name, number)));
}

void nu__test_databases_make(const nu__test_options *options, int number)
{
    const char *alias;
    nu_str kept;

    for (size_t i = 0; (alias = nu__database_alias(i)); i++) {
        if (!is_sqlite(alias))
            nu_raise(NU_NOT_SUPPORTED_ERROR, "tests have no databases on {} yet",
                     nu__database_of(alias)->driver->display_name);
        kept = nu_copy_cstr(alias); /* the database that goes takes its own with it */
        use_sqlite(kept, options, number);
        options->migrate(kept.ptr);
    }
}

void nu__test_databases_drop(const nu__test_options *options)
{
    (void)options;
}
