/* What may be asked of any value: attributes, items, length, truth. */
#include "core/object.h"

#include "core/list.h"
#include "core/text.h"
#include "core/time.h"

#include <nuages/decimal.h>

const nu_object_ops *nu__value_ops(nu_value value)
{
    const nu_object *object = value.p;

    if ((value.kind != NU_KIND_OBJECT && value.kind != NU_KIND_QUERY) || !object->type)
        return NULL;
    return ((const nu_class *)object->type)->ops;
}

/* ---- attributes of scalars and containers ---------------------------------------------------- */

static int64_t date_part(nu_value value, char part)
{
    bool is_date = value.kind == NU_KIND_DATE;
    nu__ymd ymd = nu__ymd_of((int32_t)(is_date ? value.i : value.i / NU__US_DAY));
    int64_t clock = is_date ? 0 : value.i % NU__US_DAY;

    switch (part) {
    case 'Y':
        return ymd.year;
    case 'M':
        return ymd.month;
    case 'D':
        return ymd.day;
    case 'h':
        return clock / NU__US_HOUR;
    case 'm':
        return clock / NU__US_MINUTE % 60;
    case 's':
        return clock / NU__US_SECOND % 60;
    default:
        return clock % NU__US_SECOND;
    }
}

static nu_value get_date_part(nu_value value, char part)
{
    return nu_v_int(date_part(value, part));
}

static nu_value get_delta_part(nu_value value, char part)
{
    int64_t rest = nu__floor_mod(value.i, NU__US_DAY);

    return nu_v_int(part == 'D'   ? nu__floor_div(value.i, NU__US_DAY)
                    : part == 's' ? rest / NU__US_SECOND
                                  : rest % NU__US_SECOND);
}

static nu_value get_dict_part(nu_value value, char part)
{
    return nu_v_list(part == 'i'   ? nu__dict_items(value.dict)
                     : part == 'k' ? nu__dict_keys(value.dict)
                                   : nu__dict_values(value.dict));
}

static nu_value get_text(nu_value value, char part)
{
    switch (part) {
    case 'u':
        return nu_v_str(nu_upper(value.s));
    case 'l':
        return nu_v_str(nu_lower(value.s));
    case 't':
        return nu_v_str(nu__title(value.s));
    case 'c':
        return nu_v_str(nu__capfirst(nu_lower(value.s)));
    case 's':
        return nu_v_str(nu_trim(value.s));
    default:
        return nu_v_list(nu__split_space(value.s));
    }
}

static nu_value get_file_name(nu_value value, char part)
{
    (void)part;
    return nu_v_str(value.s);
}

enum {
    DATE = 1 << NU_KIND_DATE,
    DATETIME = 1 << NU_KIND_DATETIME,
    TIME = 1 << NU_KIND_TIME,
    TIMEDELTA = 1 << NU_KIND_TIMEDELTA,
    DICT = 1 << NU_KIND_DICT,
    TEXT = 1 << NU_KIND_STR | 1 << NU_KIND_SAFE,
    FILE_REF = 1 << NU_KIND_FILE,
};

/* Python's attributes and methods without arguments that templates read. */
static const struct attribute {
    const char *name;
    uint32_t kinds;
    char part;
    nu_value (*get)(nu_value value, char part);
} attributes[] = {
    { "items", DICT, 'i', get_dict_part },
    { "keys", DICT, 'k', get_dict_part },
    { "values", DICT, 'v', get_dict_part },
    { "year", DATE | DATETIME, 'Y', get_date_part },
    { "month", DATE | DATETIME, 'M', get_date_part },
    { "day", DATE | DATETIME, 'D', get_date_part },
    { "hour", DATETIME | TIME, 'h', get_date_part },
    { "minute", DATETIME | TIME, 'm', get_date_part },
    { "second", DATETIME | TIME, 's', get_date_part },
    { "microsecond", DATETIME | TIME, 'u', get_date_part },
    { "days", TIMEDELTA, 'D', get_delta_part },
    { "seconds", TIMEDELTA, 's', get_delta_part },
    { "microseconds", TIMEDELTA, 'u', get_delta_part },
    { "upper", TEXT, 'u', get_text },
    { "lower", TEXT, 'l', get_text },
    { "title", TEXT, 't', get_text },
    { "capitalize", TEXT, 'c', get_text },
    { "strip", TEXT, 's', get_text },
    { "split", TEXT, 'w', get_text },
    { "name", FILE_REF, 'n', get_file_name },
};

static bool get_attribute(nu_value value, nu_str name, nu_value *out)
{
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (attributes[i].kinds >> value.kind & 1 && nu_eq(name, attributes[i].name)) {
            *out = attributes[i].get(value, attributes[i].part);
            return true;
        }
    return false;
}

/* ---- items by number ------------------------------------------------------------------------- */

static bool parse_index(nu_str text, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || i > 17)
            return false;
        *out = *out * 10 + (text.ptr[i] - '0');
    }
    return text.len;
}

static bool get_item(nu_value value, int64_t index, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);
    nu_str character;

    if (ops)
        return ops->at && ops->at(value.p, index, out);
    if (value.kind == NU_KIND_LIST) {
        *out = nu_at(value.list, (size_t)index);
        return (size_t)index < nu_list_len(value.list) && value.list->sequence <= NU__TUPLE;
    }
    if (value.kind != NU_KIND_STR && value.kind != NU_KIND_SAFE)
        return false;
    character = nu__utf8_slice(value.s, (size_t)index, (size_t)index + 1);
    *out = nu_v_str(character);
    return character.len;
}

bool nu__value_get(nu_value value, nu_str name, nu_value *out)
{
    const nu_object_ops *ops = nu__value_ops(value);
    int64_t index;

    if (value.kind == NU_KIND_DICT && nu_dict_find(value.dict, name, out))
        return true;
    if (ops && ops->get && ops->get(value.p, name, out))
        return true;
    return get_attribute(value, name, out) ||
           (parse_index(name, &index) && get_item(value, index, out));
}

/* ---- items, length, truth -------------------------------------------------------------------- */

static nu_list *characters_of(nu_str text)
{
    nu_list *characters = nu_list_new();
    const char *at = text.ptr, *end = nu__str_end(text), *start;

    while (at < end) {
        start = at;
        nu__utf8_next(&at, end);
        nu_list_append(characters, ((nu_str){ start, (size_t)(at - start) }));
    }
    return characters;
}

nu_list *nu__value_items(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    switch (value.kind) {
    case NU_KIND_LIST:
        return value.list;
    case NU_KIND_DICT:
        return nu__list_as(nu__dict_keys(value.dict), NU__LIST);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return characters_of(value.s);
    default:
        return ops && ops->items ? ops->items(value.p) : NULL;
    }
}

int64_t nu__value_length(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    switch (value.kind) {
    case NU_KIND_LIST:
        return (int64_t)nu_list_len(value.list);
    case NU_KIND_DICT:
        return (int64_t)nu_dict_len(value.dict);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return (int64_t)nu__utf8_count(value.s);
    case NU_KIND_BYTES:
        return (int64_t)value.bytes.len;
    default:
        return ops && ops->length ? ops->length(value.p) : -1;
    }
}

static bool object_truth(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    if (ops && ops->truth)
        return ops->truth(value.p);
    return !ops || !ops->length || ops->length(value.p) != 0;
}

bool nu__value_truth(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return false;
    case NU_KIND_BOOL:
        return value.b;
    case NU_KIND_INT:
    case NU_KIND_TIMEDELTA:
        return value.i != 0;
    case NU_KIND_FLOAT:
        return value.f != 0;
    case NU_KIND_DECIMAL:
        return !nu_decimal_is_zero(*value.decimal);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
    case NU_KIND_FILE:
        return value.s.len;
    case NU_KIND_BYTES:
        return value.bytes.len;
    case NU_KIND_LIST:
        return nu_list_len(value.list);
    case NU_KIND_DICT:
        return nu_dict_len(value.dict);
    case NU_KIND_OBJECT:
    case NU_KIND_QUERY:
        return object_truth(value);
    default:
        return true;
    }
}
