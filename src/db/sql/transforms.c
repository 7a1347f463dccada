/* Parts of dates and times: date__year, Trunc(). */
#include "db/sql/close_matches.h"
#include "db/sql/lookups.h"

#include <nuages/timezone.h>
#include <string.h>

#define DATES (NU__FAMILY_DATE | NU__FAMILY_DATETIME)
#define TIMES (NU__FAMILY_TIME | NU__FAMILY_DATETIME)

static const nu__transform transforms[] = {
    { "year", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "iso_year", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "month", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "day", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "week", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "week_day", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "iso_week_day", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "quarter", DATES, NU_INTEGER_FIELD, NU__DATE_EXTRACT, NULL },
    { "hour", TIMES, NU_INTEGER_FIELD, NU__TIME_EXTRACT, NULL },
    { "minute", TIMES, NU_INTEGER_FIELD, NU__TIME_EXTRACT, NULL },
    { "second", TIMES, NU_INTEGER_FIELD, NU__TIME_EXTRACT, NULL },
    { "date", NU__FAMILY_DATETIME, NU_DATE_FIELD, NU__DATETIME_CAST_DATE, NULL },
    { "time", NU__FAMILY_DATETIME, NU_TIME_FIELD, NU__DATETIME_CAST_TIME, NULL },
};
#define N_TRANSFORMS (sizeof(transforms) / sizeof(*transforms))

static const nu__transform *transform_find(uint32_t family, nu_str name)
{
    for (size_t i = 0; i < N_TRANSFORMS; i++)
        if (transforms[i].families & family && nu_eq(name, transforms[i].name))
            return &transforms[i];
    return NULL;
}

bool nu__has_transform(const nu__field *type, nu_str name)
{
    nu_expr probe = { .klass = &nu__literal, .output = type };
    uint32_t family = nu__family_of(&probe);

    return family == NU__FAMILY_JSON || transform_find(family, name);
}

static NU_NORETURN void no_transform(const nu_expr *lhs, nu_str name, const nu__names *all,
                                     uint32_t at)
{
    uint32_t family = nu__family_of(lhs);
    nu_list *names = nu__lookup_names(family), *close;
    nu__buf meant = { 0 };

    for (size_t i = 0; i < N_TRANSFORMS; i++)
        if (transforms[i].families & family)
            nu_list_append(names, transforms[i].name);
    close = nu__close_matches(name, names);
    for (size_t i = 0; i < nu_list_len(close); i++)
        nu__buf_fmt(&meant, "{}{}", i ? " or " : ", perhaps you meant ", nu_at(close, i));
    nu_raise(NU_FIELD_ERROR,
             "Unsupported lookup '{}' for {} or join on the field not permitted{}{}",
             all ? nu__names_join(all, at, all->n) : name, nu__expr_type(lhs)->type->name,
             nu__buf_str(&meant), meant.len ? "?" : ".");
}

const nu_expr *nu__transform_of(const nu_expr *lhs, nu_str name, const nu__names *all, uint32_t at)
{
    uint32_t family = nu__family_of(lhs);
    const nu__transform *transform;
    nu_expr *node;

    if (family == NU__FAMILY_JSON || family == NU__FAMILY_KEY) {
        node = nu__expr_new(&nu__json_key, 1);
        node->name = name;
        node->output = nu__type_of(NU_JSON_FIELD);
        node->args[0] = (nu_expr *)lhs;
        return nu__expr_done(node);
    }
    transform = transform_find(family, name);
    if (!transform)
        no_transform(lhs, name, all, at);
    node = nu__expr_new(&nu__transform_expr, 1);
    node->transform = transform;
    node->output = nu__type_of(transform->output);
    node->args[0] = (nu_expr *)lhs;
    return nu__expr_done(node);
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static nu__sql_result date_sql(const nu_expr *column, nu__date_op op, nu_str part,
                               nu__compiler *out)
{
    bool datetime = nu__expr_type(column)->target->type->type == NU_DATETIME_FIELD;
    nu_str zone = datetime ? nu_timezone_name(nu_timezone_current()) : (nu_str){ 0 };
    nu__fragment piece;
    nu__sql_result result = nu__compile_apart(column, out, &piece);
    nu__buf text = { 0 };

    if (result != NU__SQL_OK)
        return result;
    if (datetime && (op == NU__DATE_EXTRACT || op == NU__TIME_EXTRACT))
        op = NU__DATETIME_EXTRACT;
    if (datetime && op == NU__DATE_TRUNC)
        op = NU__DATETIME_TRUNC;
    out->backend->operations->date_sql(&text, op, part, piece.text, zone);
    piece.text = nu__buf_str(&text);
    nu__sql_piece(out, piece);
    return NU__SQL_OK;
}

static nu__sql_result transform_sql(const nu_expr *expr, nu__compiler *out)
{
    return date_sql(expr->args[0], expr->transform->op, nu_s(expr->transform->name), out);
}

const nu__expr_class nu__transform_expr = { "Transform", NULL, transform_sql, NULL, NULL };

/* ---- Trunc -------------------------------------------------------------------------------- */

static nu__sql_result trunc_sql(const nu_expr *expr, nu__compiler *out)
{
    const nu__field *type = nu__expr_type(expr->args[0]);

    if (type->target->type->type != NU_DATE_FIELD && type->target->type->type != NU_DATETIME_FIELD)
        nu_raise(NU_TYPE_ERROR, "Trunc(): '{}' isn't a DateField, TimeField, or DateTimeField.",
                 type->name);
    return date_sql(expr->args[0], NU__DATE_TRUNC, expr->name, out);
}

static const nu__expr_class trunc_class = { "Trunc", NULL, trunc_sql, NULL, NULL };

nu_expr *Trunc(const char *field, nu_trunc_to to)
{
    static const char *const parts[] = { NULL,  "second", "minute", "hour",
                                         "day", "week",   "month",  "year" };
    nu_expr *expr = nu__expr_new(&trunc_class, 1);

    if (to < NU_SECOND || to > NU_YEAR)
        nu_raise(NU_VALUE_ERROR, "Trunc(): no such part of a date as {}", (int)to);
    expr->name = nu_s(parts[to]);
    expr->args[0] = F(field);
    return nu__expr_done(expr);
}
