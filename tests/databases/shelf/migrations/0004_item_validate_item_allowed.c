#include <nuages/migrations.h>

static const nu_operation shelf_0004_item_validate_item_allowed_operations[] = {
    ValidateConstraint("Item", "item_allowed"),
    { 0 },
};
static const nu_migration shelf_0004_item_validate_item_allowed = {
    .app_label = "shelf",
    .name = "0004_item_validate_item_allowed",
    .dependencies = { { "shelf", "0003_item_item_allowed_not_valid" } },
    .operations = shelf_0004_item_validate_item_allowed_operations,
};
