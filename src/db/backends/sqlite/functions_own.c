/* SQL functions of the site's own. They run on the handle's thread, without an arena. */
#include "db/backends/own_functions.h"
#include "db/backends/sqlite/functions.h"

struct nu_sql_call {
    sqlite3_context *context;
};

static nu_value argument(sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return nu_v_int(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
        return nu_v_float(sqlite3_value_double(value));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(value);

        return text ? nu_v_str((nu_str){ text, (size_t)sqlite3_value_bytes(value) }) : nu_null();
    }
    case SQLITE_BLOB: {
        const uint8_t *bytes = sqlite3_value_blob(value);

        return nu_v_bytes(
            (nu_bytes){ bytes ? bytes : (const uint8_t *)"", (size_t)sqlite3_value_bytes(value) });
    }
    default:
        return nu_null();
    }
}

static void call(sqlite3_context *context, int n, sqlite3_value **values)
{
    const nu_sql_function *function = sqlite3_user_data(context);
    nu_value arguments[NU_SQL_MAX_ARGUMENTS];
    nu_sql_call own = { context };

    if (n > NU_SQL_MAX_ARGUMENTS) {
        nu_sql_fail(&own);
        return;
    }
    for (int i = 0; i < n; i++)
        arguments[i] = argument(values[i]);
    function->call(&own, arguments, (size_t)n);
}

void nu_sql_fail(nu_sql_call *own)
{
    nu__function_refuse(own->context);
}

void nu_sql_return(nu_sql_call *own, nu_value value)
{
    sqlite3_context *context = own->context;

    switch (value.kind) {
    case NU_KIND_NULL:
        sqlite3_result_null(context);
        break;
    case NU_KIND_BOOL:
        sqlite3_result_int(context, value.b);
        break;
    case NU_KIND_INT:
        sqlite3_result_int64(context, value.i);
        break;
    case NU_KIND_FLOAT:
        sqlite3_result_double(context, value.f);
        break;
    case NU_KIND_STR:
        sqlite3_result_text64(context, value.s.ptr ? value.s.ptr : "", value.s.len,
                              SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case NU_KIND_BYTES:
        sqlite3_result_blob64(context, value.bytes.ptr, value.bytes.len, SQLITE_TRANSIENT);
        break;
    default:
        nu_sql_fail(own);
    }
}

int nu__sqlite_own_functions(sqlite3 *db)
{
    size_t n;
    const nu_sql_function *const *tables = nu__own_sql_functions(&n);
    int code = SQLITE_OK;

    for (size_t i = 0; i < n; i++)
        for (const nu_sql_function *one = tables[i]; one->name && code == SQLITE_OK; one++)
            code = sqlite3_create_function(db, one->name, one->n_arguments,
                                           SQLITE_UTF8 | (one->varies ? 0 : SQLITE_DETERMINISTIC),
                                           (void *)(uintptr_t)one, call, NULL, NULL);
    return code;
}
