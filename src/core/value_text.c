/* str() and repr() of values, as Python writes them. */
#include "core/decimal.h"
#include "core/error.h"
#include "core/float.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "core/uuid.h"

enum { DEPTH_MAX = 100 };

const char *nu__kind_name(nu_kind kind)
{
    static const char *const names[] = {
        [NU_KIND_NULL] = "NoneType",     [NU_KIND_BOOL] = "bool",
        [NU_KIND_INT] = "int",           [NU_KIND_UINT] = "int",
        [NU_KIND_FLOAT] = "float",       [NU_KIND_DECIMAL] = "Decimal",
        [NU_KIND_STR] = "str",           [NU_KIND_SAFE] = "SafeString",
        [NU_KIND_DATE] = "date",         [NU_KIND_DATETIME] = "datetime",
        [NU_KIND_TIME] = "time",         [NU_KIND_TIMEDELTA] = "timedelta",
        [NU_KIND_UUID] = "UUID",         [NU_KIND_BYTES] = "bytes",
        [NU_KIND_LIST] = "list",         [NU_KIND_DICT] = "dict",
        [NU_KIND_OBJECT] = "object",     [NU_KIND_QUERY] = "QuerySet",
        [NU_KIND_EXPR] = "Expression",   [NU_KIND_FILE] = "FieldFile",
        [NU_KIND_CALLABLE] = "function", [NU_KIND_OPT_INT] = "int",
        [NU_KIND_OPT_FLOAT] = "float",   [NU_KIND_OPT_BOOL] = "bool",
        [NU_KIND_I32] = "int",           [NU_KIND_JSON] = "JSON",
    };

    return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

/* The containers that stand around a value, innermost first. */
typedef struct around {
    const void *container;
    const struct around *outer;
    int depth;
} around;

static void add_repr(nu__buf *buf, nu_value value, const around *outer);

/* ---- dates and times ------------------------------------------------------------------------ */

static void add_iso(nu__buf *buf, nu_value value)
{
    char text[NU__TIME_TEXT];
    size_t len = 0;

    switch (value.kind) {
    case NU_KIND_DATE:
        len = nu__date_iso(text, (nu_date){ (int32_t)value.i });
        break;
    case NU_KIND_TIME:
        len = nu__time_iso(text, (nu_time){ value.i + 1 });
        break;
    case NU_KIND_DATETIME:
        len = nu__datetime_iso(text, (nu_datetime){ value.i }, ' ');
        break;
    default:
        len = nu__timedelta_str(text, (nu_timedelta){ value.i, true });
    }
    nu__buf_add(buf, text, len);
}

/* "3, 4": hours and minutes always, seconds and microseconds where they are not 0. */
static void add_clock(nu__buf *buf, int64_t us)
{
    int64_t fraction = us % NU__US_SECOND, second = us / NU__US_SECOND % 60;

    nu__buf_fmt(buf, "{}, {}", us / NU__US_HOUR, us / NU__US_MINUTE % 60);
    if (second || fraction)
        nu__buf_fmt(buf, ", {}", second);
    if (fraction)
        nu__buf_fmt(buf, ", {}", fraction);
}

static void repr_date(nu__buf *buf, nu_value value)
{
    nu__ymd day = nu__ymd_of((int32_t)value.i);

    nu__buf_fmt(buf, "datetime.date({}, {}, {})", day.year, day.month, day.day);
}

static void repr_time(nu__buf *buf, nu_value value)
{
    nu__buf_lit(buf, "datetime.time(");
    add_clock(buf, value.i);
    nu__buf_char(buf, ')');
}

static void repr_datetime(nu__buf *buf, nu_value value)
{
    nu__ymd day = nu__ymd_of((int32_t)(value.i / NU__US_DAY));

    nu__buf_fmt(buf, "datetime.datetime({}, {}, {}, ", day.year, day.month, day.day);
    add_clock(buf, value.i % NU__US_DAY);
    nu__buf_lit(buf, ", tzinfo=datetime.timezone.utc)");
}

static void repr_timedelta(nu__buf *buf, nu_value value)
{
    int64_t days = nu__floor_div(value.i, NU__US_DAY), rest = nu__floor_mod(value.i, NU__US_DAY);
    const struct {
        const char *name;
        int64_t n;
    } parts[] = { { "days", days },
                  { "seconds", rest / NU__US_SECOND },
                  { "microseconds", rest % NU__US_SECOND } };
    const char *gap = "";

    nu__buf_lit(buf, "datetime.timedelta(");
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i].n)
            continue;
        nu__buf_fmt(buf, "{}{}={}", gap, parts[i].name, parts[i].n);
        gap = ", ";
    }
    nu__buf_str_add(buf, value.i ? S(")") : S("0)"));
}

/* ---- containers and objects ----------------------------------------------------------------- */

static void repr_list(nu__buf *buf, const nu_list *list, const around *here)
{
    static const char *const delimiters[][2] = { [NU__LIST] = { "[", "]" },
                                                 [NU__TUPLE] = { "(", ")" },
                                                 [NU__DICT_ITEMS] = { "dict_items([", "])" },
                                                 [NU__DICT_KEYS] = { "dict_keys([", "])" },
                                                 [NU__DICT_VALUES] = { "dict_values([", "])" } };
    nu__sequence sequence = list ? list->sequence : NU__LIST;

    nu__buf_str_add(buf, nu_s(delimiters[sequence][0]));
    for (size_t i = 0; i < nu_list_len(list); i++) {
        if (i)
            nu__buf_lit(buf, ", ");
        add_repr(buf, nu_at(list, i), here);
    }
    if (sequence == NU__TUPLE && nu_list_len(list) == 1)
        nu__buf_char(buf, ',');
    nu__buf_str_add(buf, nu_s(delimiters[sequence][1]));
}

static void repr_dict(nu__buf *buf, const nu_dict *dict, const around *here)
{
    nu__buf_char(buf, '{');
    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        if (i)
            nu__buf_lit(buf, ", ");
        nu__buf_repr_str(buf, nu_dict_key(dict, i));
        nu__buf_lit(buf, ": ");
        add_repr(buf, nu_dict_value(dict, i), here);
    }
    nu__buf_char(buf, '}');
}

static const char *class_name(const nu_object *object)
{
    const nu_class *klass = object->type;

    return klass && klass->name ? klass->name : "object";
}

/* "<Student: Ada Lovelace>", as a model's repr(). */
static void repr_object(nu__buf *buf, nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    if (ops && ops->repr) {
        nu__buf_str_add(buf, ops->repr(value.object).s);
        return;
    }
    nu__buf_fmt(buf, "<{}", class_name(value.object));
    if (ops && ops->text) {
        nu__buf_lit(buf, ": ");
        nu__buf_str_add(buf, ops->text(value.object).s);
    }
    nu__buf_char(buf, '>');
}

static void add_object(nu__buf *buf, nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);

    if (ops && ops->text)
        nu__buf_str_add(buf, ops->text(value.p).s);
    else if (value.kind == NU_KIND_OBJECT)
        repr_object(buf, value);
    else
        nu__buf_fmt(buf, "<{}>", nu__kind_name(value.kind));
}

/* ---- any value ------------------------------------------------------------------------------ */

static void add_float(nu__buf *buf, double number)
{
    char text[NU__FLOAT_TEXT];

    nu__buf_add(buf, text, nu__float_text(text, number));
}

static void add_decimal(nu__buf *buf, nu_decimal number)
{
    char text[NU__DECIMAL_TEXT];

    nu__buf_add(buf, text, nu__decimal_text(text, number));
}

static void add_uuid(nu__buf *buf, nu_uuid uuid)
{
    char text[NU__UUID_TEXT];

    nu__uuid_text(text, uuid);
    nu__buf_add(buf, text, NU__UUID_TEXT - 1);
}

void nu__buf_value(nu__buf *buf, nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        nu__buf_lit(buf, "None");
        return;
    case NU_KIND_BOOL:
        nu__buf_str_add(buf, value.b ? S("True") : S("False"));
        return;
    case NU_KIND_INT:
        nu__buf_int(buf, value.i);
        return;
    case NU_KIND_UINT:
        nu__buf_uint(buf, value.u);
        return;
    case NU_KIND_FLOAT:
        add_float(buf, value.f);
        return;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
    case NU_KIND_FILE:
        nu__buf_str_add(buf, value.s);
        return;
    case NU_KIND_DECIMAL:
        add_decimal(buf, *value.decimal);
        return;
    case NU_KIND_UUID:
        add_uuid(buf, value.uuid);
        return;
    case NU_KIND_DATE:
    case NU_KIND_TIME:
    case NU_KIND_DATETIME:
    case NU_KIND_TIMEDELTA:
        add_iso(buf, value);
        return;
    case NU_KIND_BYTES:
    case NU_KIND_LIST:
    case NU_KIND_DICT:
        add_repr(buf, value, NULL);
        return;
    default:
        add_object(buf, value);
    }
}

/* What contains itself is "[...]" there, and what is nested too deep "...". */
static void repr_container(nu__buf *buf, nu_value value, const around *outer)
{
    const around here = { value.p, outer, outer ? outer->depth + 1 : 1 };
    bool list = value.kind == NU_KIND_LIST;

    for (const around *open = outer; value.p && open; open = open->outer)
        if (open->container == value.p) {
            nu__buf_str_add(buf, list ? S("[...]") : S("{...}"));
            return;
        }
    if (here.depth > DEPTH_MAX)
        nu__buf_lit(buf, "...");
    else if (list)
        repr_list(buf, value.list, &here);
    else
        repr_dict(buf, value.dict, &here);
}

static void add_repr(nu__buf *buf, nu_value value, const around *outer)
{
    switch (value.kind) {
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        nu__buf_repr_str(buf, value.s);
        return;
    case NU_KIND_BYTES:
        nu__buf_repr_bytes(buf, value.bytes);
        return;
    case NU_KIND_DECIMAL:
        if (value.plain) { /* an int: wide_int.h */
            add_decimal(buf, *value.decimal);
            return;
        }
        nu__buf_lit(buf, "Decimal('");
        add_decimal(buf, *value.decimal);
        nu__buf_lit(buf, "')");
        return;
    case NU_KIND_UUID:
        nu__buf_lit(buf, "UUID('");
        add_uuid(buf, value.uuid);
        nu__buf_lit(buf, "')");
        return;
    case NU_KIND_DATE:
        repr_date(buf, value);
        return;
    case NU_KIND_TIME:
        repr_time(buf, value);
        return;
    case NU_KIND_DATETIME:
        repr_datetime(buf, value);
        return;
    case NU_KIND_TIMEDELTA:
        repr_timedelta(buf, value);
        return;
    case NU_KIND_LIST:
    case NU_KIND_DICT:
        repr_container(buf, value, outer);
        return;
    case NU_KIND_FILE:
        nu__buf_fmt(buf, "<FieldFile: {}>", value.s);
        return;
    case NU_KIND_OBJECT:
        repr_object(buf, value);
        return;
    default:
        nu__buf_value(buf, value);
    }
}

void nu__buf_repr(nu__buf *buf, nu_value value)
{
    add_repr(buf, value, NULL);
}

nu_value nu__value_text(nu_value value)
{
    const nu_object_ops *ops = nu__value_ops(value);
    nu__buf text = { 0 };

    if (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE)
        return value;
    if (ops && ops->text)
        return ops->text(value.p);
    nu__buf_value(&text, value);
    return nu_v_str(nu__buf_take(&text));
}
