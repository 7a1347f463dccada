#include <nuages/migrations.h>

static const nu_operation shelf_0002_create_collation_nocase_operations[] = {
    CreateCollation("nocase", "und-u-ks-level2", .provider = "icu", .nondeterministic = true),
    AddIndex("Span", { .name = "span_big_old", .fields = { "big" } }),
    AddField("Note", models_ArrayField("labels", models_CharField(NULL, .max_length = 5),
                                       .blank = true, Default("[\"new\"]"))),
    { 0 },
};
static const nu_migration shelf_0002_create_collation_nocase = {
    .app_label = "shelf",
    .name = "0002_create_collation_nocase",
    .dependencies = { { "shelf", "0001_initial" } },
    .operations = shelf_0002_create_collation_nocase_operations,
};
