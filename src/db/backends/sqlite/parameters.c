#include "db/backends/sqlite/sqlite.h"

#include "core/arena.h"
#include "core/object.h"
#include "core/time.h"
#include "core/uuid.h"
#include <nuages/decimal.h>

static nu__sqlite_param text_param(nu_str text)
{
    return (nu__sqlite_param){ .kind = NU__CELL_TEXT, .text = text };
}

static nu__sqlite_param int_param(int64_t number)
{
    return (nu__sqlite_param){ .kind = NU__CELL_INT, .i = number };
}

static nu__sqlite_param date_param(nu_value value)
{
    char text[NU__TIME_TEXT];
    size_t len;

    if (value.kind == NU_KIND_DATE)
        len = nu__date_iso(text, (nu_date){ (int32_t)value.i });
    else if (value.kind == NU_KIND_DATETIME)
        len = nu__datetime_naive(text, (nu_datetime){ value.i });
    else
        len = nu__time_iso(text, (nu_time){ value.i + 1 });
    return text_param(nu_copy((nu_str){ text, len }));
}

static nu__sqlite_param uuid_param(nu_uuid uuid)
{
    char *text = nu__alloc_raw(33);

    nu__uuid_hex(text, uuid);
    return text_param((nu_str){ text, 32 });
}

static nu__sqlite_param adapt(nu_value value, size_t number)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return (nu__sqlite_param){ .kind = NU__CELL_NULL };
    case NU_KIND_BOOL:
        return int_param(value.b);
    case NU_KIND_INT:
    case NU_KIND_TIMEDELTA:
        return int_param(value.i);
    case NU_KIND_UINT:
        nu_raise(NU_OVERFLOW_ERROR, "Python int too large to convert to SQLite INTEGER");
    case NU_KIND_FLOAT:
        return (nu__sqlite_param){ .kind = NU__CELL_FLOAT, .f = value.f };
    case NU_KIND_DECIMAL:
        if (value.plain) /* an int: wide_int.h */
            nu_raise(NU_OVERFLOW_ERROR, "Python int too large to convert to SQLite INTEGER");
        return text_param(nu_decimal_str(*value.decimal));
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return text_param(value.s);
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
        return date_param(value);
    case NU_KIND_UUID:
        return uuid_param(value.uuid);
    case NU_KIND_BYTES:
        return (nu__sqlite_param){ .kind = NU__CELL_BLOB,
                                   .text = { (const char *)value.bytes.ptr, value.bytes.len } };
    default:
        nu__raise_unbindable(value, number);
    }
}

nu__sqlite_param *nu__sqlite_adapt(nu_values values)
{
    /* written whole: a hundred thousand rows would zero what they overwrite */
    nu__sqlite_param *params = nu__alloc_raw(values.len * sizeof *params);

    for (size_t i = 0; i < values.len; i++)
        params[i] = adapt(values.items[i], i + 1);
    return params;
}

/* Of text or a blob: SQLite takes a null pointer for NULL. */
static const char *bytes_of(const nu__sqlite_param *param)
{
    return param->text.len ? param->text.ptr : "";
}

static int bind_one(sqlite3_stmt *stmt, int number, const nu__sqlite_param *param,
                    sqlite3_destructor_type life)
{
    switch (param->kind) {
    case NU__CELL_NULL:
        return sqlite3_bind_null(stmt, number);
    case NU__CELL_INT:
        return sqlite3_bind_int64(stmt, number, param->i);
    case NU__CELL_FLOAT:
        return sqlite3_bind_double(stmt, number, param->f);
    case NU__CELL_TEXT:
        return sqlite3_bind_text64(stmt, number, bytes_of(param), param->text.len, life,
                                   SQLITE_UTF8);
    case NU__CELL_BLOB:
        return sqlite3_bind_blob64(stmt, number, bytes_of(param), param->text.len, life);
    default: /* adapt() makes no others */
        return SQLITE_MISUSE;
    }
}

int nu__sqlite_bind(sqlite3_stmt *stmt, const nu__sqlite_param *params, size_t n, bool kept)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = bind_one(stmt, (int)i + 1, &params[i], kept ? SQLITE_STATIC : SQLITE_TRANSIENT);
    return code;
}

void nu__sqlite_give(sqlite3_context *context, const nu__sqlite_param *param)
{
    switch (param->kind) {
    case NU__CELL_INT:
        sqlite3_result_int64(context, param->i);
        break;
    case NU__CELL_FLOAT:
        sqlite3_result_double(context, param->f);
        break;
    case NU__CELL_TEXT:
        sqlite3_result_text64(context, bytes_of(param), param->text.len, SQLITE_STATIC,
                              SQLITE_UTF8);
        break;
    case NU__CELL_BLOB:
        sqlite3_result_blob64(context, bytes_of(param), param->text.len, SQLITE_STATIC);
        break;
    default: /* NULL, as it is without a result */
        break;
    }
}
