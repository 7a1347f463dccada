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
};

const nu_model Note_model = {
    MODEL(Note), .app_label = "shelf", .ordering = { "id" },
    .fields = {
        HStoreField(Note, data, .blank = true, .default_call = nu_default_dict),
        ArrayField(Note, maps, models_HStoreField(NULL), .null = true, .blank = true),
    },
};
/* clang-format on */
