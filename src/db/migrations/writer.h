/**
 * @file
 * Migrations as C source.
 *
 * The text of a field is also what says whether two fields are the same: the autodetector compares
 * texts, so that what a migration file cannot say is no change. Counterpart: MigrationWriter.
 */
#pragma once
#include "core/buf.h"
#include "db/migrations/state.h"

/* `models_CharField("name", .max_length = 100)`. A default that is a function of the site's own is
   left out: C has no names at run time; nu_default_* are known. */
void nu__write_field(nu__buf *out, const nu_field *field);
/* `, .max_length = 100, .null = true`: what follows the name. */
void nu__write_field_options(nu__buf *out, const nu_field *field);
void nu__write_index(nu__buf *out, const nu_index *index);
void nu__write_constraint(nu__buf *out, const nu_constraint *constraint);
/* `{ "a", "b" }, { "c", "d" }` */
void nu__write_unique_together(nu__buf *out, const char *const sets[4][8]);
/* `.ordering = { "name" }, .verbose_name = "…"`, each on a line of its own after `indent`. */
void nu__write_options(nu__buf *out, const nu_model *model, const char *indent);
/* What nu__write_options() writes, from one descriptor to another. */
void nu__copy_options(nu_model *to, const nu_model *from);
void nu__write_operation(nu__buf *out, const nu_operation *op);

/* The whole file; `command` is what writes it: "makemigrations"; NULL: without a line that tells
 * it. */
nu_str nu__write_migration(const nu_migration *migration, const char *command);
/* The file that takes in the files of an app's migrations, in the order of their names, and lists
   what they define; `way`: what stands before each name, "" or a folder with its slash. */
nu_str nu__write_all(nu_str app, nu_str way, const nu_list *names, const nu_list *symbols);
/* "registry_0001_initial": how C names a migration. */
nu_str nu__migration_symbol(nu_str app, nu_str name);
/* A C string literal, quotes and all. */
void nu__write_string(nu__buf *out, const char *text);
