/* Written by makemigrations: all migrations of the app. Not to be edited. */
#include <nuages/migrations.h>

extern const nu_migration *const @NAME@_migrations[];
const nu_migration *const @NAME@_migrations[] = {
    NULL,
};
