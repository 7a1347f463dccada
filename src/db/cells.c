/* Cells of a result as values. */
#include "db/connection.h"

#include "core/arena.h"
#include "core/decimal.h"
#include <nuages/decimal.h>
#include <nuages/uuid.h>

#include <string.h>

static nu_bytes copy_blob(const nu__cell *cell)
{
    uint8_t *bytes = nu__alloc_raw((size_t)cell->len + 1);

    if (cell->len)
        memcpy(bytes, cell->blob, cell->len);
    return (nu_bytes){ bytes, cell->len };
}

/* psycopg's words. */
void nu__cell_check_years(const nu__cell *cell)
{
    const char *what = cell->kind == NU__CELL_DATE ? "date" : "timestamp";

    if (cell->i == NU__CELL_TOO_LARGE)
        nu_raise(NU_DATA_ERROR, "{} too large (after year 10K)", what);
    if (cell->i == NU__CELL_TOO_SMALL)
        nu_raise(NU_DATA_ERROR, "{} too small (before year 1)", what);
}

static nu_value decimal_value(const nu__cell *cell)
{
    nu_decimal number;

    if (nu__decimal_parse(nu__cell_text(cell), &number) != NU__DECIMAL_OK)
        nu_raise(NU_DATA_ERROR, "{} is no number of at most 38 digits", nu__cell_text(cell));
    return nu_v_decimal(number);
}

static nu_value uuid_value(const nu__cell *cell)
{
    nu_uuid uuid;

    memcpy(&uuid, cell->blob, sizeof uuid);
    return nu_v_uuid(uuid);
}

static nu_value array_value(const nu__cell *cell)
{
    nu_list *list = nu_list_new();

    for (uint32_t i = 0; i < cell->len; i++)
        nu_list_append(list, nu__cell_value(&cell->items[i]));
    return V(list);
}

static nu_value range_value(const nu__cell *cell)
{
    char bounds[3] = { cell->len & NU__RANGE_LOWER_INC ? '[' : '(',
                       cell->len & NU__RANGE_UPPER_INC ? ']' : ')' };

    if (cell->len & NU__RANGE_EMPTY)
        return nu_v_object(nu_empty_range());
    return nu_v_object(
        nu_range_of(nu__cell_value(&cell->items[0]), nu__cell_value(&cell->items[1]), bounds));
}

static nu_value temporal_value(const nu__cell *cell)
{
    nu__cell_check_years(cell);
    if (cell->kind == NU__CELL_DATE)
        return nu_v_date((nu_date){ (int32_t)cell->i });
    return nu_v_datetime((nu_datetime){ cell->i });
}

nu_value nu__cell_value(const nu__cell *cell)
{
    switch ((nu__cell_kind)cell->kind) {
    case NU__CELL_INT:
        return nu_v_int(cell->i);
    case NU__CELL_FLOAT:
        return nu_v_float(cell->f);
    case NU__CELL_TEXT:
        return nu_v_str(nu_copy(nu__cell_text(cell)));
    case NU__CELL_BLOB:
        return nu_v_bytes(copy_blob(cell));
    case NU__CELL_BOOL:
        return nu_v_bool(cell->i != 0);
    case NU__CELL_DATE:
    case NU__CELL_DATETIME:
    case NU__CELL_NAIVE:
        return temporal_value(cell);
    case NU__CELL_TIME:
        return nu_v_time((nu_time){ cell->i + 1 });
    case NU__CELL_DURATION:
        return nu_v_timedelta((nu_timedelta){ cell->i, true });
    case NU__CELL_DECIMAL:
        return decimal_value(cell);
    case NU__CELL_UUID:
        return uuid_value(cell);
    case NU__CELL_ARRAY:
        return array_value(cell);
    case NU__CELL_RANGE:
        return range_value(cell);
    case NU__CELL_NULL:
    case NU__CELL_KINDS:
        break;
    }
    return nu_null();
}
