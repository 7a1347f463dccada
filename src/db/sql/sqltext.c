/* The text under construction, its parameters, and pieces of it. */
#include "db/sql/compiler.h"

#include "core/object.h"
#include "core/uuid.h"

#include <string.h>

#define PARAM_MARK '\x01' /* never in SQL: names are checked for control characters */

void nu__sql_text(nu__compiler *out, nu_str text)
{
    nu__buf_str_add(&out->sql->text, text);
}

void nu__sql_name(nu__compiler *out, nu_str name)
{
    out->backend->operations->quote_name(&out->sql->text, name);
}

static void add_params(nu__sql *sql, const nu_value *params, size_t n)
{
    if (sql->n_params + n > sql->cap_params) {
        uint32_t cap = (uint32_t)(2 * (sql->n_params + n) + 8);
        nu_value *grown = nu_alloc_array(nu_value, cap);

        if (sql->n_params)
            memcpy(grown, sql->params, sql->n_params * sizeof(*grown));
        sql->params = grown;
        sql->cap_params = cap;
    }
    if (n)
        memcpy(sql->params + sql->n_params, params, n * sizeof(*params));
    sql->n_params += (uint32_t)n;
}

void nu__sql_param(nu__compiler *out, nu_value value)
{
    nu__buf_char(&out->sql->text, PARAM_MARK);
    add_params(out->sql, &value, 1);
}

void nu__sql_piece(nu__compiler *out, nu__fragment piece)
{
    nu__sql_text(out, piece.text);
    add_params(out->sql, piece.params.items, piece.params.len);
}

void nu__sql_template(nu__compiler *out, const char *text, const nu__fragment *pieces, size_t n)
{
    size_t next = 0;

    for (const char *at; (at = strstr(text, "%s")) && next < n; text = at + 2) {
        nu__sql_text(out, (nu_str){ text, (size_t)(at - text) });
        nu__sql_piece(out, pieces[next++]);
    }
    nu__sql_text(out, nu_s(text));
}

nu__sql_mark nu__sql_mark_take(const nu__compiler *out)
{
    return (nu__sql_mark){ out->sql->text.len, out->sql->n_params };
}

void nu__sql_mark_release(nu__compiler *out, nu__sql_mark mark)
{
    out->sql->text.len = mark.text;
    out->sql->n_params = mark.params;
}

void nu__sql_cut(nu__compiler *out, nu__sql_mark mark, size_t n)
{
    nu__buf *text = &out->sql->text;

    memmove(text->data + mark.text, text->data + mark.text + n, text->len - mark.text - n);
    text->len -= n;
}

void nu__sql_insert(nu__compiler *out, nu__sql_mark mark, nu_str inserted)
{
    nu__buf *text = &out->sql->text;
    size_t rest = text->len - mark.text;

    nu__buf_str_add(text, inserted); /* makes room */
    memmove(text->data + mark.text + inserted.len, text->data + mark.text, rest);
    memcpy(text->data + mark.text, inserted.ptr, inserted.len);
}

nu__sql_result nu__compile(const nu_expr *expr, nu__compiler *out)
{
    if (!expr->klass->sql)
        nu_raise(NU_FIELD_ERROR, "{} is no SQL expression by itself", expr->klass->name);
    return expr->klass->sql(expr, out);
}

static nu__fragment finished(nu__sql *sql)
{
    return (nu__fragment){ nu__buf_str(&sql->text), { sql->params, sql->n_params } };
}

nu__sql_result nu__compile_apart(const nu_expr *expr, nu__compiler *out, nu__fragment *piece)
{
    nu__sql sql = { 0 }, *outer = out->sql;
    nu__sql_result result;

    out->sql = &sql;
    result = nu__compile(expr, out);
    out->sql = outer;
    outer->shared |= sql.shared;
    *piece = finished(&sql);
    return result;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void as_placeholder(nu__buf *out, const nu__backend *backend, uint32_t number,
                           nu_value param)
{
    (void)param;
    backend->operations->placeholder(out, number);
}

static void as_literal(nu__buf *out, const nu__backend *backend, uint32_t number, nu_value param)
{
    (void)number;
    backend->operations->quote_value(out, param);
}

static void as_text(nu__buf *out, const nu__backend *backend, uint32_t number, nu_value param)
{
    (void)number;
    nu__buf_value(out, nu__param_given(param, backend));
}

static void as_written(nu__buf *out, const nu__backend *backend, uint32_t number, nu_value param)
{
    (void)backend, (void)number, (void)param;
    nu__buf_lit(out, "%s");
}

static nu_str replace_marks(nu__sql *sql, const nu__backend *backend,
                            void (*put)(nu__buf *out, const nu__backend *backend, uint32_t number,
                                        nu_value param))
{
    nu__buf out = { 0 };
    uint32_t number = 0;
    const char *at = sql->text.data, *end = at + sql->text.len;

    nu__buf_reserve(&out, sql->text.len + sql->n_params + 1);
    while (at < end) {
        const char *mark = memchr(at, PARAM_MARK, (size_t)(end - at));

        if (!mark)
            mark = end;
        nu__buf_add(&out, at, (size_t)(mark - at));
        if (mark < end) {
            put(&out, backend, number + 1, sql->params[number]);
            number++;
        }
        at = mark + 1;
    }
    return nu__buf_str(&out);
}

/* The place of the first parameter that is the same; its own where there is none. */
static uint32_t first_same(const nu__sql *sql, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (sql->params[i].kind == sql->params[at].kind &&
            nu__value_equal(sql->params[i], sql->params[at]))
            return i;
    return at;
}

/* To a server that numbers its parameters, "a + $1" and "a + $2" are two expressions, of which one
   can't be grouped by and the other selected: what is the same gets the same number. */
static nu_str with_shared_params(nu__sql *sql, const nu__backend *backend)
{
    nu__buf out = { 0 };
    nu_str text = nu__buf_str(&sql->text);
    uint32_t *numbers = nu_alloc_array(uint32_t, sql->n_params + 1), n = 0, next = 0;
    nu_value *params = nu_alloc_array(nu_value, sql->n_params + 1);

    for (size_t i = 0; i < text.len; i++) {
        uint32_t same;

        if (text.ptr[i] != PARAM_MARK) {
            nu__buf_char(&out, text.ptr[i]);
            continue;
        }
        same = first_same(sql, next);
        if (same == next)
            params[n++] = sql->params[next];
        numbers[next] = same == next ? n : numbers[same];
        backend->operations->placeholder(&out, numbers[next++]);
    }
    sql->params = params;
    sql->n_params = n;
    return nu__buf_str(&out);
}

nu_str nu__sql_finish(nu__sql *sql, const nu__backend *backend)
{
    if (sql->shared && backend->features->compares_by_first_use)
        return with_shared_params(sql, backend);
    return replace_marks(sql, backend, as_placeholder);
}

nu_str nu__sql_literals(nu__sql *sql, const nu__backend *backend)
{
    return replace_marks(sql, backend, as_literal);
}

nu_str nu__sql_shown(nu__sql *sql, const nu__backend *backend)
{
    return replace_marks(sql, backend, as_text);
}

nu__fragment nu__sql_as_django(nu__sql *sql, const nu__backend *backend)
{
    nu_value *params = nu_alloc_array(nu_value, sql->n_params + 1);
    nu__buf text = { 0 };

    for (size_t i = 0; i < sql->text.len; i++) {
        char c = sql->text.data[i];

        nu__buf_char(&text, c);
        if (c == '%')
            nu__buf_char(&text, c);
    }
    for (uint32_t i = 0; i < sql->n_params; i++)
        params[i] = nu__param_given(sql->params[i], backend);
    sql->text = text;
    return (nu__fragment){ replace_marks(sql, backend, as_written), { params, sql->n_params } };
}

static nu_value hex_of(nu_value uuid)
{
    char digits[33];

    nu__uuid_hex(digits, uuid.uuid);
    return nu_v_str(nu_copy(nu_s(digits)));
}

nu_value nu__param_given(nu_value param, const nu__backend *backend)
{
    nu_str text;

    switch (param.kind) {
    case NU_KIND_DATE:
    case NU_KIND_TIME:
        return backend->dialect == NU__POSTGRESQL ? param : nu_v_str(nu_string(param));
    case NU_KIND_UUID:
        return backend->dialect == NU__SQLITE ? hex_of(param) : param;
    case NU_KIND_TIMEDELTA:
        return nu_v_int(param.i);
    case NU_KIND_DATETIME:
        text = nu_string(param);
        return nu_v_str(nu_copy((nu_str){ text.ptr, text.len - strlen("+00:00") }));
    default:
        return param;
    }
}
