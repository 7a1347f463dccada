/**
 * @file
 * The C files of an app's migrations on disk.
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/autodetector.h"

/* The installed app of a label; CommandError where there is none. */
const nu_app *nu__labelled_app(nu_str label);
/* How many labels are of no installed app; each is told on the way of errors. Django: exit
 * status 2. */
size_t nu__tell_wrong_labels(const nu_list *labels);
/* The folder of an app's migrations; null when its source is not at hand. */
nu_str nu__migrations_folder(const nu_app *app);
/* Names of the migration files there, sorted, without ".c". None are "all", folders, and what
   begins with ".", "_" or "~". */
nu_list *nu__migration_files(nu_str folder);
/* The C file that takes them in, each by its name after `way`; what the build compiles. Raises
   CommandError for a file that has no migration of its own name, see migration_source.h. */
nu_str nu__migration_list(nu_str label, nu_str folder, nu_str way);
/* Write a migration, and all.c anew where the app keeps one; `command` is what wrote it, NULL: not
   told. Raises CommandError when the disk refuses. The path written. */
nu_str nu__migration_file_write(const nu_app *app, const nu_migration *migration,
                                const char *command);
/* Remove one, and write all.c anew where there is one. The path that is gone. */
nu_str nu__migration_file_remove(const nu_app *app, const nu_migration *migration);
nu_str nu__migration_file_path(const nu_app *app, const char *name);
/* Refuse, with CommandError that says what to do, when the files on disk are not those that were
   built: one was added, removed, renamed, or edited since. */
void nu__migration_files_check(const nu_command_run *run);
/* Refuse, with CommandError, when a database has migrations that come after all those of this
   executable: it is older than the one that made them. */
void nu__history_check(const nu_command_run *run, const nu__graph *graph,
                       const nu__history *history, const char *alias);
