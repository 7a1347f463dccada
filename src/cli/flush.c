/* flush, sqlflush, sqlsequencereset. */
#include "db/models/flush.h"
#include "apps/registry.h"
#include "auth/management.h"
#include "cli/commands.h"
#include "cli/questions.h"
#include "db/database.h"
#include "serializers/serializer.h"

#include <stdio.h>

static bool confirmed(const nu_command_run *run, const char *alias)
{
    return nu_command_flag(run, "--noinput") ||
           nu__ask_yes_in_full(nu_fmt(
               "You have requested a flush of the database.\nThis will IRREVERSIBLY DESTROY all "
               "data "
               "currently in the \"{}\" database,\nand return each table to an empty state.\nAre "
               "you "
               "sure you want to do this?\n\n    Type 'yes' to continue, or 'no' to cancel: ",
               nu__database_of(alias)->name));
}

/* All or nothing is gone, where the database can take a TRUNCATE back. */
static void empty_tables(const char *alias)
{
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, nu__flush(nu__connection_of(alias), true));

    if (error)
        nu_raise_from(error, NU_COMMAND_ERROR,
                      "Database {} couldn't be flushed: {}. sqlflush prints the SQL that was run. "
                      "Is the database there and migrated? Does a table that is no model's refer "
                      "to one that is?",
                      nu__database_of(alias)->name, error->message);
}

static int flush(const nu_command_run *run)
{
    const char *alias = nu_command_text(run, "--database").ptr;
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    if (!confirmed(run, alias)) {
        nu_command_print(run, "Flush cancelled.\n");
        return 0;
    }
    empty_tables(alias);
    for (size_t i = 0; i < n && nu__app_find(S("auth")); i++)
        nu__permissions_create(apps[i].app);
    return 0;
}

static int sqlflush(const nu_command_run *run)
{
    nu_list *statements =
        nu__sql_flush(nu__connection_of(nu_command_text(run, "--database").ptr), true);

    if (!nu_list_len(statements)) {
        fprintf(stderr, "No tables found.\n");
        return 0;
    }
    nu_command_print(run, "BEGIN;\n");
    for (size_t i = 0; i < nu_list_len(statements); i++)
        nu_command_print(run, "{}\n", nu_at(statements, i));
    nu_command_print(run, "COMMIT;\n");
    return 0;
}

static int sqlsequencereset(const nu_command_run *run)
{
    nu__connection *connection = nu__connection_of(nu_command_text(run, "--database").ptr);
    const nu_list *labels = nu_command_list(run, "app_label");

    for (size_t i = 0; i < nu_list_len(labels); i++) {
        const nu__app_config *app = nu__app_get(nu_at(labels, i).s);
        nu__model_info **models = nu_alloc_array(nu__model_info *, 129);
        nu_list *statements;
        size_t n = 0;

        for (; n < 128 && app->app->models[n]; n++)
            models[n] = nu__model_info_of(app->app->models[n]);
        statements = nu__sequence_reset_sql(connection, models, n);
        if (!nu_list_len(statements)) {
            fprintf(stderr, "No sequences found.\n");
            continue;
        }
        nu_command_print(run, "BEGIN;\n");
        for (size_t k = 0; k < nu_list_len(statements); k++)
            nu_command_print(run, "{}\n", nu_at(statements, k));
        nu_command_print(run, "COMMIT;\n");
    }
    return 0;
}

#define DATABASE_ARGUMENT                                                                          \
    {                                                                                              \
        "--database", .database = true, .default_ = "default", .help = "the database by its alias" \
    }

const nu_command nu__flush_command = {
    .name = "flush",
    .help = "Remove ALL DATA from the database, and count its keys from 1 again; tables and migrations stay.",
    .run = flush,
    .arguments = {
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing" },
        DATABASE_ARGUMENT,
    },
};

const nu_command nu__sqlflush_command = {
    .name = "sqlflush",
    .help = "Print the SQL statements that flush runs.",
    .run = sqlflush,
    .arguments = { DATABASE_ARGUMENT },
};

const nu_command nu__sqlsequencereset_command = {
    .name = "sqlsequencereset",
    .help = "Print the SQL statements that let the keys of apps go on from the highest.",
    .run = sqlsequencereset,
    .arguments = { { "app_label", .repeated = true, .help = "apps" }, DATABASE_ARGUMENT },
};
