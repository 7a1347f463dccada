#include "db/migrations/advice.h"

#include "core/text.h"
#include "db/migrations/operations.h"

typedef struct failure {
    const nu_migration *migration; /* NULL: before there is one */
    const nu_operation *op;
} failure;

/* ---- what is spoken of ----------------------------------------------------------------------- */

/* "shop.Thing.size", "shop.Thing", or the migration's own name. */
static nu_str subject(const failure *f)
{
    const nu_operation *op = f->op;
    const char *model = op ? nu__operation_model(op) : NULL;
    nu_str label = model ? nu_fmt("{}.{}", f->migration->app_label, model)
                         : nu_fmt("{}.{}", f->migration->app_label, f->migration->name);

    return model && nu__is_field_operation(op) ? nu_fmt("{}.{}", label, nu__operation_field(op))
                                               : label;
}

/* ---- what to do ------------------------------------------------------------------------------ */

static nu_str say_locked(const failure *f)
{
    (void)f;
    return S(
        "Others use what it wants: end what holds it (a long transaction, a backup), then "
        "migrate again. --lock-timeout MILLISECONDS waits longer, --retries N tries more often.");
}

static nu_str say_too_slow(const failure *f)
{
    (void)f;
    return S("--statement-timeout MILLISECONDS gives each statement longer.");
}

static nu_str say_forbidden(const failure *f)
{
    (void)f;
    return S(
        "The user who migrates may not do this: give the right to that user, or migrate as one "
        "who has it, as the owner of the tables does.");
}

static nu_str say_unwritable(const failure *f)
{
    (void)f;
    return S("Whoever migrates must be able to write the database's file and its folder: change "
             "their owner or mode, or migrate as another user.");
}

static nu_str say_full(const failure *f)
{
    (void)f;
    return S("Make room on the database's disk, or raise its limit, then migrate again.");
}

static nu_str say_there_already(const failure *f)
{
    const nu_migration *m = f->migration;
    nu_str initial = m->initial
                         ? S("; --fake-initial does so for all first migrations whose tables "
                             "are there")
                         : S("");

    return nu_fmt(
        "The name is taken by what is there already. Where that is what {}.{} would make, "
        "`manage migrate {} {} --fake` records it without running it{}; else rename it or "
        "drop it, or choose another name in the models.",
        m->app_label, m->name, m->app_label, m->name, initial);
}

static nu_str say_null(const failure *f)
{
    return nu_fmt("Rows have no value for {}: give the migration's field a Default(…), as "
                  "`makemigrations --default {}=VALUE` writes it, or fill the rows in a migration "
                  "that comes before (RunSQL, RunC).",
                  subject(f), subject(f));
}

static nu_str say_does_not_fit(const failure *f)
{
    return nu_fmt("Rows have NULL in {}, or values that the column cannot hold: change them in a "
                  "migration that comes before (RunSQL, RunC), or give the field a Default(…).",
                  subject(f));
}

static nu_str say_shared(const failure *f)
{
    return nu_fmt(
        "Rows share what is to be unique in {}: make them differ in a migration that comes "
        "before (RunSQL, RunC).",
        subject(f));
}

static nu_str say_broken(const failure *f)
{
    return nu_fmt("Rows break the constraint of {}: mend them in a migration that comes before "
                  "(RunSQL, RunC), or change the constraint.",
                  subject(f));
}

static nu_str say_dangling(const failure *f)
{
    return nu_fmt("Rows{} refer to rows that are not there: mend or delete them in a migration "
                  "that comes before (RunSQL, RunC).",
                  f->op ? nu_fmt(" of {}", subject(f)) : S(""));
}

static nu_str say_unlike(const failure *f)
{
    return nu_fmt("The column{} and the one it refers to differ in type, in sign (UNSIGNED), in "
                  "length or in character set, or the latter has no key: `SHOW CREATE TABLE` of "
                  "both tells. Make them alike in a migration that comes before (RunSQL), or leave "
                  "the reference out with .no_db_constraint = true.",
                  f->op ? nu_fmt(" of {}", subject(f)) : S(""));
}

static nu_str say_missing(const failure *f)
{
    return nu_fmt(
        "The database is not what the migrations before {}.{} make: one of them was edited "
        "or faked after it was applied, or a table was changed by hand. `manage sqlmigrate "
        "{} NAME` prints what each does; mend the database, then migrate again.",
        f->migration->app_label, f->migration->name, f->migration->app_label);
}

/* By what databases say, in small letters; the first row that fits is taken. */
static const struct {
    const char *words[8];
    nu_str (*say)(const failure *f);
    bool of_migrations; /* only where a migration runs */
} rows[] = {
    { { "statement timeout", "max_statement_time" }, say_too_slow, false },
    { { "database is locked", "table is locked", "lock timeout", "lock wait timeout", "deadlock",
        "lock not available", "could not obtain lock" },
      say_locked,
      false },
    { { "permission denied", "must be owner", "command denied", "access denied",
        "insufficient privilege" },
      say_forbidden,
      false },
    { { "readonly database", "read-only", "unable to open database file" }, say_unwritable, false },
    { { "no space left", "disk is full", "' is full", "disk i/o error", "file too large" },
      say_full,
      false },
    { { "not null constraint", "contains null values", "cannot be null", "null value in column",
        "doesn't have a default value", "invalid use of null" },
      say_null,
      true },
    { { "data truncated", "value too long", "data too long", "out of range", "incorrect integer",
        "cannot be cast", "invalid input syntax" },
      say_does_not_fit,
      true },
    { { "already exists", "duplicate column", "duplicate key name", "duplicate foreign key",
        "duplicate check", "errno: 121", "duplicate index" },
      say_there_already,
      true },
    { { "unique constraint failed", "could not create unique", "duplicate entry",
        "duplicate key value" },
      say_shared,
      true },
    { { "errno: 150", "incompatible" }, say_unlike, true },
    { { "foreign key" }, say_dangling, true },
    { { "check constraint", "is violated by some row", "` failed for" }, say_broken, true },
    { { "no such table", "no such column", "no such index", "does not exist", "doesn't exist",
        "unknown column", "unknown table", "check that" },
      say_missing,
      true },
};

static bool says(nu_str message, const char *const *words)
{
    for (size_t i = 0; i < 8 && words[i]; i++)
        if (nu__find(message, nu_s(words[i])) >= 0)
            return true;
    return false;
}

static nu_str advice(const failure *f, const nu_error *error)
{
    nu_str message = nu_lower(nu_copy(error->message));

    if (!nu_error_is_a(error->klass, NU_DATABASE_ERROR_BASE))
        return S("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((f->migration || !rows[i].of_migrations) && says(message, rows[i].words))
            return nu_fmt("\n{}", rows[i].say(f));
    return S("");
}

nu_str nu__migration_advice(const nu_migration *migration, const nu_operation *op,
                            const nu_error *error)
{
    return advice(&(failure){ migration, op }, error);
}

nu_str nu__database_advice(const nu_error *error)
{
    return advice(&(failure){ NULL, NULL }, error);
}
