#include <nuages/migrations.h>

static const nu_operation shelf_0003_item_item_allowed_not_valid_operations[] = {
    AddConstraintNotValid("Item", { .name = "item_allowed", .check = "~Q(name='forbidden')" }),
    { 0 },
};
static const nu_migration shelf_0003_item_item_allowed_not_valid = {
    .app_label = "shelf",
    .name = "0003_item_item_allowed_not_valid",
    .dependencies = { { "shelf", "0002_create_collation_nocase" } },
    .operations = shelf_0003_item_item_allowed_not_valid_operations,
};
