#include <nuages/migrations.h>

static const nu_operation shelf_0005_span_span_big_operations[] = {
    AddIndexConcurrently("Span", { .name = "span_big", .fields = { "big" } }),
    RemoveIndexConcurrently("Span", "span_big_old"),
    { 0 },
};
static const nu_migration shelf_0005_span_span_big = {
    .app_label = "shelf",
    .name = "0005_span_span_big",
    .non_atomic = true,
    .dependencies = { { "shelf", "0004_item_validate_item_allowed" } },
    .operations = shelf_0005_span_span_big_operations,
};
