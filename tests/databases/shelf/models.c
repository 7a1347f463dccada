#include "models.h"

static nu_str item_str(const void *object)
{
    return ((const Item *)object)->name;
}

/* clang-format off */
const nu_model Item_model = {
    MODEL(Item), .app_label = "shelf", .str = item_str, .ordering = { "id" },
    .fields = {
        CharField(Item, name, .max_length = 20),
        ArrayField(Item, tags, models_CharField(NULL, .max_length = 10), .array_size = 4, .blank = true, .default_call = nu_default_list),
        ArrayField(Item, scores, models_IntegerField(NULL), .null = true, .blank = true),
        ArrayField(Item, grid, models_ArrayField(NULL, models_IntegerField(NULL), .array_size = 2), .null = true, .blank = true),
        ArrayField(Item, days, models_DateField(NULL), .null = true, .blank = true),
        ArrayField(Item, times, models_DateTimeField(NULL), .null = true, .blank = true),
        ArrayField(Item, prices, models_DecimalField(NULL, .max_digits = 6, .decimal_places = 2), .null = true, .blank = true),
        ArrayField(Item, tokens, models_UUIDField(NULL), .null = true, .blank = true),
        ArrayField(Item, documents, models_JSONField(NULL), .null = true, .blank = true),
        ArrayField(Item, periods, models_IntegerRangeField(NULL), .null = true, .blank = true),
        ArrayField(Item, places, models_GenericIPAddressField(NULL), .null = true, .blank = true),
    },
    .indexes = {
        { .type = NU_GIN, .name = "item_tags", .fields = { "tags" }, .fastupdate = NU_OFF, .gin_pending_list_limit = 128 },
        { .type = NU_GIN, .name = "item_name_trigrams", .fields = { "name" }, .opclasses = { "gin_trgm_ops" } },
        { .name = "item_upper", .expressions = { "OpClass(Upper('name'), name='varchar_pattern_ops').desc()", "OpClass('id', name='int8_ops')" } },
        { .type = NU_BRIN, .name = "item_id_brin", .fields = { "id" }, .autosummarize = NU_ON, .pages_per_range = 4 },
        { .type = NU_HASH, .name = "item_name_hash", .fields = { "name" }, .fillfactor = 50 },
        { .type = NU_BLOOM, .name = "item_name_bloom", .fields = { "name" }, .length = 80, .columns = { 4 } },
    },
    .constraints = { CheckConstraint("item_named", "~Q(name='')"), CheckConstraint("item_allowed", "~Q(name='forbidden')"),
        { .name = "item_lower", .expressions = { "OpClass(Lower('name'), name='text_pattern_ops')", "F('id')" } } },
};

const nu_model Span_model = {
    MODEL(Span), .app_label = "shelf", .ordering = { "id" },
    .fields = {
        IntegerRangeField(Span, ints, .null = true, .blank = true, .validators = { RangeMinValue(0), RangeMaxValue(100) }),
        BigIntegerRangeField(Span, bigs, .null = true, .blank = true),
        DecimalRangeField(Span, decimals, .default_bounds = "[]", .null = true, .blank = true),
        DateTimeRangeField(Span, times, .null = true, .blank = true),
        DateRangeField(Span, dates, .null = true, .blank = true),
        IntegerField(Span, whole, Default(0)),
        SmallIntegerField(Span, small, Default(0)),
        BigIntegerField(Span, big, Default(0)),
        FloatField(Span, ratio, Default(0)),
        DecimalField(Span, price, .max_digits = 6, .decimal_places = 2, .null = true, .blank = true),
        DateField(Span, day, .null = true, .blank = true),
        DateTimeField(Span, moment, .null = true, .blank = true),
    },
    .indexes = {
        { .type = NU_GIST, .name = "span_ints", .fields = { "ints" }, .include = { "whole" }, .buffering = NU_ON, .fillfactor = 70 },
        { .type = NU_SPGIST, .name = "span_dates", .fields = { "dates" }, .condition = "whole__gt=0", .fillfactor = 80 },
        { .type = NU_BTREE_INDEX, .name = "span_whole", .fields = { "-whole", "big" }, .fillfactor = 60, .deduplicate_items = NU_OFF },
        NamedIndex("span_big", "big"),
    },
    .constraints = {
        { .name = "span_apart", .index_type = NU_GIST, .excludes = { { "ints", "&&" }, { "whole", "=" } },
          .condition = "whole__gt=0", .include = { "day" }, .deferrable = NU_DEFERRED },
        { .name = "span_day", .excludes = { { "OpClass('ints', name='range_ops')", "&&" }, { "id", "=" },
          { "Func('day', 'day', RangeBoundary(inclusive_upper=True), function='DATERANGE')", "&&" } } },
    },
};

const nu_model Note_model = {
    MODEL(Note), .app_label = "shelf", .ordering = { "id" },
    .fields = {
        HStoreField(Note, data, .blank = true, .default_call = nu_default_dict),
        ArrayField(Note, maps, models_HStoreField(NULL), .null = true, .blank = true),
        ArrayField(Note, labels, models_CharField(NULL, .max_length = 5), .blank = true, Default("[\"new\"]")),
    },
};
/* clang-format on */
