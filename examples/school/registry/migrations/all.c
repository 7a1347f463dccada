/* Written by makemigrations: all migrations of the app. Not to be edited. */
#include <nuages/migrations.h>

#include "0001_initial.c"

extern const nu_migration *const registry_migrations[];
const nu_migration *const registry_migrations[] = {
    &registry_0001_initial,
    NULL,
};
