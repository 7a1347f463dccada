/* Functions and aggregates as they compute, and what is told of wrong ones. */
#include "../models/school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/queries.h>
#include <string.h>

/* ---- of one's own ------------------------------------------------------------------------- */

/* SHOUT("text"): louder; the length of all arguments: WIDTH(…). */
static void shout(nu_sql_call *call, const nu_value *arguments, size_t n)
{
    char louder[32];
    size_t len;

    (void)n;
    if (arguments[0].kind != NU_KIND_STR) {
        nu_sql_return(call, nu_null());
        return;
    }
    len = arguments[0].s.len;
    if (len > sizeof louder - 1) {
        nu_sql_fail(call);
        return;
    }
    memcpy(louder, arguments[0].s.ptr, len);
    louder[len] = '!';
    nu_sql_return(call, nu_v_str((nu_str){ louder, len + 1 }));
}

static void width(nu_sql_call *call, const nu_value *arguments, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += arguments[i].kind == NU_KIND_STR ? (int64_t)arguments[i].s.len : arguments[i].i;
    nu_sql_return(call, nu_v_int(sum));
}

static const nu_sql_function own[] = { { "SHOUT", 1, shout, false },
                                       { "WIDTH", -1, width, false },
                                       { NULL, 0, NULL, false } };

static nu_value first_of(nu_query *query)
{
    nu_list *rows = nu__query_results(nu_slice(query, 0, 1));

    return nu_at(rows, 0);
}

static nu_value computed(nu_expr *expr)
{
    return first_of(nu_values_flat(nu_annotate(nu_objects(Course), ("x", expr)), "x"));
}

static void functions_of_ones_own_are_called_by_name(void)
{
    nu_register_sql_functions(own);
    school_tables();
    school_seed();
    if (!school_on_sqlite()) { /* a server has those that were created there */
        CHECK_RAISES(NU_DATABASE_ERROR, "does not exist",
                     computed(nu_typed(Func("SHOUT", "title"), NU_CHAR_FIELD)));
        return;
    }
    CHECK_STR(computed(nu_typed(Func("SHOUT", "title"), NU_CHAR_FIELD)).s, "Logic!");
    CHECK(computed(nu_typed(Func("SHOUT", "starts_on"), NU_CHAR_FIELD)).kind == NU_KIND_NULL);
    CHECK_INT(
        computed(nu_typed(Func("WIDTH", "title", "credits", Value("ab")), NU_INTEGER_FIELD)).i, 10);
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined function raised exception",
                 computed(nu_typed(Func("SHOUT", Repeat("title", 9)), NU_CHAR_FIELD)));
}

static void tables_that_can_not_be_are_refused(void)
{
    static const nu_sql_function none[] = { { "NOTHING", 1, NULL, false },
                                            { NULL, 0, NULL, false } };
    static const nu_sql_function many[] = { { "MANY", 99, shout, false },
                                            { NULL, 0, NULL, false } };

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "the SQL function NOTHING needs a .call and -1 to 16 arguments",
                 (nu_register_sql_functions(none), 0));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "the SQL function MANY needs a .call and -1 to 16 arguments",
                 (nu_register_sql_functions(many), 0));
}

/* ---- aggregates --------------------------------------------------------------------------- */

typedef struct found {
    nu_str text;
    nu_opt_int any;
    nu_opt_float spread;
} found;

static void any_value_is_taken(void)
{
    found f;

    school_tables();
    school_seed();
    if (!school_on_sqlite()) { /* PostgreSQL has it from 16 on */
        const nu_error *error = nu_catch(
            NU_DATABASE_ERROR, nu_aggregate(nu_objects(Course), &f, (any, AnyValue("department"))));

        CHECK(error ? strcasestr(error->message.ptr, "any_value") != NULL : f.any.value == 1);
        return;
    }
    nu_aggregate(nu_objects(Course), &f, (any, AnyValue("department")));
    CHECK_INT(f.any.value, 1);
    nu_aggregate(nu_filter(nu_objects(Course), Q("pk__gt", 9)), &f, (any, AnyValue("department")));
    CHECK(!f.any.set);
}

static void texts_are_joined_and_spreads_computed(void)
{
    found f;

    school_tables();
    school_seed();
    nu_aggregate(nu_objects(Course), &f, (text, StringAgg("code", Value("; "))),
                 (spread, StdDev("credits")));
    CHECK_STR(f.text, "CS-101; CS-102");
    CHECK(f.spread.value == 0.5);
    nu_aggregate(nu_filter(nu_objects(Course), Q("pk__gt", 9)), &f,
                 (text, StringAgg("code", Value("; "), .default_ = Value("none"))),
                 (spread, StdDev("credits")));
    CHECK_STR(f.text, "none");
    CHECK(!f.spread.set);
    nu_create(Attendance, .enrollment = { .id = 1 }, .date = nu_date_of(2024, 1, 3),
              .present = true);
    if (school_on_sqlite() || school_on_mariadb())
        CHECK_STR(nu_string(nu__aggregate_one(nu_objects(Attendance), Sum("present"))), "2");
    else
        CHECK_RAISES(NU_PROGRAMMING_ERROR, "function sum(boolean) does not exist",
                     nu__aggregate_one(nu_objects(Attendance), Sum("present")));
}

static void the_spread_of_nulls_and_of_one_is_that_of_the_database(void)
{
    found f;

    school_tables();
    school_seed();
    if (!school_on_sqlite()) {
        nu_aggregate(nu_objects(Student), &f, (spread, StdDev("gpa")));
        CHECK(!f.spread.set);
        nu_aggregate(nu_filter(nu_objects(Course), Q("pk", 1)), &f,
                     (spread, Variance("credits", .sample = true)));
        CHECK(!f.spread.set);
        return;
    }
    /* Where Django computes it by functions in Python these raise. */
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined aggregate's 'finalize' method raised error",
                 (nu_aggregate(nu_objects(Student), &f, (spread, StdDev("gpa"))), 0));
    CHECK_RAISES(NU_OPERATIONAL_ERROR, "user-defined aggregate's 'finalize' method raised error",
                 (nu_aggregate(nu_filter(nu_objects(Course), Q("pk", 1)), &f,
                               (spread, Variance("credits", .sample = true))),
                  0));
}

static void what_aggregates_can_not_do_is_said(void)
{
    nu_query *distinct;

    school_tables();
    school_seed();
    distinct =
        nu_values_flat(nu_annotate(nu_objects(Department),
                                   ("x", StringAgg("courses__code", Value(","), .distinct = true))),
                       "x");
    if (school_on_sqlite())
        CHECK_RAISES(NU_NOT_SUPPORTED_ERROR,
                     "StringAgg does not support distinct with multiple expressions on this "
                     "database backend.",
                     nu__query_results(distinct));
    else
        CHECK_STR(first_of(distinct).s, "CS-101,CS-102");
    CHECK_RAISES(NU_TYPE_ERROR, "Sum does not allow order_by.",
                 Sum("credits", .order_by = NU_ARGS("code")));
    CHECK_RAISES(NU_TYPE_ERROR, "Count does not allow default.", Count("pk", .default_ = Value(0)));
    CHECK_RAISES(NU_VALUE_ERROR, "no aggregate is called 'Summe'. Did you mean 'Sum'?",
                 NU_AGGREGATE("Summe", "pk"));
}

/* ---- raw ---------------------------------------------------------------------------------- */

static void columns_of_raw_sql_may_be_fields_of_other_names(void)
{
    nu_query *query;
    Course *course;

    school_tables();
    school_seed();
    query = nu_raw_translated_(&Course_model,
                               "SELECT id, title AS t, credits * %s AS more FROM registry_course",
                               NU_ARGS(2), NU_DICT(("t", "title")));
    course = (Course *)nu_at(nu__query_results(query), 0).object;
    CHECK_STR(course->title, "Logic");
    CHECK_INT(nu_attr(course, "more").i, 6);
    CHECK_RAISES(NU_FIELD_DOES_NOT_EXIST, "Raw query must include the primary key",
                 nu__query_results(nu_raw(Course, "SELECT title FROM registry_course")));
}

/* ---- patterns ----------------------------------------------------------------------------- */

static int64_t tags_with(const char *lookup, const char *text)
{
    return nu_count(nu_filter(nu_objects(Tag), Q(lookup, text)));
}

static void signs_of_patterns_stand_for_themselves(void)
{
    school_tables();
    nu_create(Tag, .name = S("50%_off\\"), .slug = S("a_b"));
    nu_create(Tag, .name = S("5000 off"), .slug = S("axb"));
    CHECK_INT(tags_with("slug__iexact", "A_B"), 1);
    CHECK_INT(tags_with("slug__icontains", "_"), 1);
    CHECK_INT(tags_with("name__iexact", "50%_OFF\\"), 1);
    CHECK_INT(tags_with("name__iexact", "5%off"), 0);
    CHECK_INT(tags_with("name__startswith", "50%"), 1);
    CHECK_INT(tags_with("name__endswith", "\\"), 1);
}

/* ---- depth -------------------------------------------------------------------------------- */

#define TOO_DEEP                                                                                   \
    "maximum recursion depth exceeded: conditions, expressions or queries are nested more than "   \
    "160 deep"

static nu_expr *sum_of(int n)
{
    nu_expr *sum = F("credits");

    for (int i = 0; i < n; i++)
        sum = nu_add(sum, 1);
    return sum;
}

static nu_cond nested(int n)
{
    nu_cond condition = Q("pk", 1);

    for (int i = 0; i < n; i++)
        condition = nu_not(nu_or(condition, Q("pk", 2)));
    return condition;
}

static nu_query *unions(int n)
{
    nu_query *parts = nu_order_by(nu_objects(Tag));

    for (int i = 0; i < n; i++)
        parts = nu_union(parts, nu_order_by(nu_objects(Tag)));
    return parts;
}

static nu_query *subqueries(int n, int depth)
{
    nu_query *query = nu_objects(Tag);

    for (int i = 0; i < n; i++)
        query = nu_filter(nu_objects(Tag), Q("pk__in", query), nested(depth));
    return query;
}

static void what_is_nested_too_deep_is_refused_before_the_stack_ends(void)
{
    school_tables();
    school_seed();
    CHECK_RAISES(NU_RUNTIME_ERROR, TOO_DEEP, sum_of(100000));
    CHECK_RAISES(NU_RUNTIME_ERROR, TOO_DEEP, nu_filter(nu_objects(Course), nested(100000)));
    CHECK_RAISES(NU_RUNTIME_ERROR, TOO_DEEP, unions(1000));
    CHECK_RAISES(NU_RUNTIME_ERROR, TOO_DEEP, subqueries(1000, 20));
    CHECK_INT(nu_count(subqueries(8, 0)), 1);
    if (school_on_sqlite()) { /* whose own limits are lower */
        CHECK_RAISES(NU_OPERATIONAL_ERROR, "parser stack overflow", computed(sum_of(120)));
        CHECK(nu_catch(NU_DATABASE_ERROR,
                       nu__query_results(nu_filter(nu_objects(Course), nested(60)))) != NULL);
        CHECK(nu_catch(NU_DATABASE_ERROR, nu__query_results(unions(120))) != NULL);
        return;
    }
    CHECK_INT(computed(sum_of(120)).i, 123);
    CHECK_INT(nu_count(nu_filter(nu_objects(Course), nested(60))), 1);
    if (school_on_mariadb()) {
        CHECK_INT(nu_list_len(nu__query_results(unions(20))), 1);
        CHECK_RAISES(NU_OPERATIONAL_ERROR, "Too high level of nesting for select",
                     nu__query_results(unions(120)));
        return;
    }
    CHECK_INT(nu_list_len(nu__query_results(unions(120))), 1);
}

HARNESS(functions_of_ones_own_are_called_by_name, tables_that_can_not_be_are_refused,
        texts_are_joined_and_spreads_computed, any_value_is_taken,
        the_spread_of_nulls_and_of_one_is_that_of_the_database, what_aggregates_can_not_do_is_said,
        columns_of_raw_sql_may_be_fields_of_other_names, signs_of_patterns_stand_for_themselves,
        what_is_nested_too_deep_is_refused_before_the_stack_ends)
