/* Written by makemigrations. */
/* clang-format off */
#include <nuages/migrations.h>

static const nu_operation shelf_0006_opclasses_operations[] = {
    AddIndex("Item", { .name = "item_upper", .expressions = { "OpClass(Upper('name'), name='varchar_pattern_ops').desc()", "OpClass('id', name='int8_ops')" } }),
    AddConstraint("Item", { .name = "item_lower", .expressions = { "OpClass(Lower('name'), name='text_pattern_ops')", "F('id')" } }),
    AddConstraint("Span", { .name = "span_day", .excludes = { { "OpClass('ints', name='range_ops')", "&&" }, { "id", "=" }, { "Func('day', 'day', RangeBoundary(inclusive_upper=True), function='DATERANGE')", "&&" } } }),
    { 0 },
};

static const nu_migration shelf_0006_opclasses = {
    .app_label = "shelf", .name = "0006_opclasses",
    .dependencies = { { "shelf", "0005_span_span_big" } },
    .operations = shelf_0006_opclasses_operations,
};
/* clang-format on */
