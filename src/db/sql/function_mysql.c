/* Functions that MariaDB and MySQL word in other ways than by a name. */
#include "db/sql/functions.h"

/* CHAR() gives bytes unless told otherwise. */
nu__sql_result nu__mysql_chr_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("CHAR("));
    result = nu__compile_list(expr->args, expr->n_args, S(", "), out);
    nu__sql_text(out, S(" USING utf16)"));
    return result;
}

/* CONCAT() of a null is null; CONCAT_WS() leaves nulls out. */
nu__sql_result nu__mysql_pair_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("CONCAT_WS('', "));
    result = nu__compile_list(expr->args, expr->n_args, S(", "), out);
    nu__sql_text(out, S(")"));
    return result;
}

/* SHA256: SHA2(x, 256) */
nu__sql_result nu__mysql_digest_sql(const nu_expr *expr, nu__compiler *out)
{
    nu__sql_result result;

    nu__sql_text(out, S("SHA2("));
    result = nu__compile_list(expr->args, expr->n_args, S(", "), out);
    nu__sql_text(out, nu_fmt(", {})", expr->function->name + 3));
    return result;
}

nu__sql_result nu__mysql_now_sql(const nu_expr *expr, nu__compiler *out)
{
    (void)expr;
    nu__sql_text(out, S("CURRENT_TIMESTAMP(6)"));
    return NU__SQL_OK;
}
