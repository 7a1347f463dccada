/* Written by collectmigrations: all migrations of the app. Not to be edited. */
#include <nuages/migrations.h>

#include "0001_initial.c"
#include "0002_create_collation_nocase.c"
#include "0003_item_item_allowed_not_valid.c"
#include "0004_item_validate_item_allowed.c"
#include "0005_span_span_big.c"
#include "0006_opclasses.c"

extern const nu_migration *const shelf_migrations[];
const nu_migration *const shelf_migrations[] = {
    &shelf_0001_initial,
    &shelf_0002_create_collation_nocase,
    &shelf_0003_item_item_allowed_not_valid,
    &shelf_0004_item_validate_item_allowed,
    &shelf_0005_span_span_big,
    &shelf_0006_opclasses,
    NULL,
};
