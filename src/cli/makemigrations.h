/**
 * @file
 * The other half of makemigrations.
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/autodetector.h"

/* What the files say of who wrote them: `command`; NULL with --no-header. */
const char *nu__migration_header(const nu_command_run *run, const char *command);
/* Refuse, with CommandError, a --name or --squashed-name that neither a file nor C could have. */
void nu__check_migration_name(nu_str name);
/* --merge: one migration after the branches of each app, if they are said not to conflict. */
int nu__merge_migrations(const nu_command_run *run, nu__graph *graph, const nu_list *labels,
                         nu_str name);
/* --update: `made` becomes the last migration of each app with what was made for it, under another
   name. Raises CommandError where others have it already. How many are left. */
size_t nu__update_last_migrations(const nu__graph *graph, const nu__history *history,
                                  nu__new_migration *made, size_t n, const char *name);
