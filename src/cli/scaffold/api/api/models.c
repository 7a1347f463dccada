#include "models.h"

static nu_str item_str(const void *object)
{
    return ((const Item *)object)->title;
}

const nu_model Item_model = {
    MODEL(Item), .app_label = "api", .ordering = { "id" }, .str = item_str,
    .fields = {
        CharField    (Item, title,      .max_length = 200),
        DateTimeField(Item, created_at, .auto_now_add = true),
    },
};
