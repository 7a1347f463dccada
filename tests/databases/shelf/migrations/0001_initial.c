/* Written by makemigrations. */
/* clang-format off */
#include <nuages/migrations.h>

static const nu_operation shelf_0001_initial_operations[] = {
    HStoreExtension(),
    BtreeGistExtension(),
    TrigramExtension(),
    BloomExtension(),
    CreateModel(.name = "Note",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_HStoreField("data", .blank = true, .default_call = nu_default_dict),
                    models_ArrayField("maps", models_HStoreField(NULL), .null = true, .blank = true),
                },
                .ordering = { "id" }),
    CreateModel(.name = "Item",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("name", .max_length = 20),
                    models_ArrayField("tags", models_CharField(NULL, .max_length = 10), .array_size = 4, .blank = true, .default_call = nu_default_list),
                    models_ArrayField("scores", models_IntegerField(NULL), .null = true, .blank = true),
                    models_ArrayField("grid", models_ArrayField(NULL, models_IntegerField(NULL), .array_size = 2), .null = true, .blank = true),
                    models_ArrayField("days", models_DateField(NULL), .null = true, .blank = true),
                    models_ArrayField("times", models_DateTimeField(NULL), .null = true, .blank = true),
                    models_ArrayField("prices", models_DecimalField(NULL, .max_digits = 6, .decimal_places = 2), .null = true, .blank = true),
                    models_ArrayField("tokens", models_UUIDField(NULL), .null = true, .blank = true),
                    models_ArrayField("documents", models_JSONField(NULL), .null = true, .blank = true),
                    models_ArrayField("periods", models_IntegerRangeField(NULL), .null = true, .blank = true),
                    models_ArrayField("places", models_GenericIPAddressField(NULL), .null = true, .blank = true),
                },
                .ordering = { "id" },
                .indexes = {
                    { .name = "item_tags", .fields = { "tags" }, .type = NU_GIN, .gin_pending_list_limit = 128, .fastupdate = NU_OFF },
                    { .name = "item_name_trigrams", .fields = { "name" }, .opclasses = { "gin_trgm_ops" }, .type = NU_GIN },
                    { .name = "item_id_brin", .fields = { "id" }, .type = NU_BRIN, .autosummarize = NU_ON, .pages_per_range = 4 },
                    { .name = "item_name_hash", .fields = { "name" }, .type = NU_HASH, .fillfactor = 50 },
                    { .name = "item_name_bloom", .fields = { "name" }, .type = NU_BLOOM, .length = 80, .columns = { 4 } },
                },
                .constraints = {
                    { .name = "item_named", .check = "~Q(name='')" },
                }),
    CreateModel(.name = "Span",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_IntegerRangeField("ints", .null = true, .blank = true),
                    models_BigIntegerRangeField("bigs", .null = true, .blank = true),
                    models_DecimalRangeField("decimals", .default_bounds = "[]", .null = true, .blank = true),
                    models_DateTimeRangeField("times", .null = true, .blank = true),
                    models_DateRangeField("dates", .null = true, .blank = true),
                    models_IntegerField("whole", Default(0)),
                    models_SmallIntegerField("small", Default(0)),
                    models_BigIntegerField("big", Default(0)),
                    models_FloatField("ratio", Default(0)),
                    models_DecimalField("price", .max_digits = 6, .decimal_places = 2, .null = true, .blank = true),
                    models_DateField("day", .null = true, .blank = true),
                    models_DateTimeField("moment", .null = true, .blank = true),
                },
                .ordering = { "id" },
                .indexes = {
                    { .name = "span_ints", .fields = { "ints" }, .include = { "whole" }, .type = NU_GIST, .buffering = NU_ON, .fillfactor = 70 },
                    { .name = "span_dates", .fields = { "dates" }, .condition = "whole__gt=0", .type = NU_SPGIST, .fillfactor = 80 },
                    { .name = "span_whole", .fields = { "-whole", "big" }, .type = NU_BTREE_INDEX, .fillfactor = 60, .deduplicate_items = NU_OFF },
                },
                .constraints = {
                    { .name = "span_apart", .condition = "whole__gt=0", .include = { "day" }, .excludes = { { "ints", "&&" }, { "whole", "=" } }, .deferrable = NU_DEFERRED, .index_type = NU_GIST },
                }),
    { 0 },
};

static const nu_migration shelf_0001_initial = {
    .app_label = "shelf", .name = "0001_initial", .initial = true,
    .operations = shelf_0001_initial_operations,
};
/* clang-format on */
