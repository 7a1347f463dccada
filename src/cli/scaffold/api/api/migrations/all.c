/* Written by makemigrations: all migrations of the app. Not to be edited. */
#include <nuages/migrations.h>

#include "0001_initial.c"

extern const nu_migration *const api_migrations[];
const nu_migration *const api_migrations[] = {
    &api_0001_initial,
    NULL,
};
