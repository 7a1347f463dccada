/* Queries joined by &, | and ^ give the rows that Django's give, and str(query) is readable. */
#include "../models/school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/queries.h>
#include <string.h>

static nu_query *coded(const char *code)
{
    return nu_filter(nu_objects(Course), Q("code", code));
}

static nu_query *tagged(const char *slug)
{
    return nu_filter(nu_objects(Course), Q("tags__slug", slug));
}

static void either_condition_is_enough(void)
{
    school_tables();
    school_seed();
    CHECK_INT(nu_count(nu_query_or(coded("CS-101"), coded("CS-102"))), 2);
    CHECK_INT(nu_count(nu_query_and(coded("CS-101"), coded("CS-102"))), 0);
    CHECK_INT(nu_count(nu_query_xor(coded("CS-101"), coded("CS-102"))), 2);
    CHECK_INT(nu_count(nu_query_xor(coded("CS-101"), coded("CS-101"))), 0);
    /* Where the database has an XOR, Django leaves out what is no condition. */
    CHECK_INT(nu_count(nu_query_xor(coded("CS-101"), nu_objects(Course))), BY_DATABASE(1, 1, 2));
}

static void an_or_keeps_rows_without_the_relation(void)
{
    nu_query *both;

    school_tables();
    school_seed();
    both = nu_query_or(tagged("core"), coded("CS-102"));
    CHECK(memmem(nu__query_sql(both).ptr, nu__query_sql(both).len, "LEFT OUTER JOIN", 15) != NULL);
    CHECK_INT(nu_count(nu_order_by(both)), 2);
}

static void an_and_joins_a_many_valued_relation_twice(void)
{
    nu_query *both;

    school_tables();
    both = nu_query_and(tagged("core"), tagged("lab"));
    CHECK_INT(nu__query_tree(both)->n_joins, 5);
}

static void a_subquery_of_the_second_follows_its_joins(void)
{
    nu_query *attended;

    school_tables();
    school_seed();
    attended = nu_filter(nu_objects(Student),
                         Exists(nu_filter(nu_objects(Enrollment), Q("student", OuterRef("pk")))));
    CHECK_INT(nu_count(nu_query_and(nu_objects(Student), attended)), 1);
    CHECK_INT(
        nu_count(nu_query_or(nu_filter(nu_objects(Student), Q("user__username", "x")), attended)),
        1);
}

static void queries_that_differ_are_refused(void)
{
    school_tables();
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot combine queries on two different base models.",
                 nu_query_and(nu_objects(Course), nu_objects(Tag)));
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot combine queries once a slice has been taken.",
                 nu_query_and(nu_slice(nu_objects(Course), 0, 1), coded("x")));
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot combine a unique query with a non-unique query.",
                 nu_query_or(nu_distinct(nu_objects(Course)), coded("x")));
    CHECK_RAISES(NU_TYPE_ERROR, "must involve the same values in each case",
                 nu_query_or(nu_values(nu_objects(Course), "code"), nu_objects(Course)));
}

static void an_or_of_a_slice_takes_its_keys(void)
{
    nu_query *either;

    school_tables();
    school_seed();
    either = nu_query_or(nu_slice(nu_order_by(nu_objects(Course), "pk"), 0, 1), coded("CS-102"));
    if (school_on_mariadb())
        CHECK_RAISES(NU_NOT_SUPPORTED_ERROR, "LIMIT & IN/ALL/ANY/SOME subquery", nu_count(either));
    else
        CHECK_INT(nu_count(either), 2);
}

static void the_text_of_a_query_has_its_parameters(void)
{
    school_tables();
    CHECK_STR(
        school_plain_quotes(
            nu__query_sql(nu_order_by(nu_filter(nu_objects(Tag), Q("slug", "it's"))))),
        "SELECT \"registry_tag\".\"id\", \"registry_tag\".\"name\", \"registry_tag\".\"slug\" "
        "FROM \"registry_tag\" WHERE \"registry_tag\".\"slug\" = it's");
    CHECK_RAISES(NU_EMPTY_RESULT_SET, "", nu__query_sql(nu_none(nu_objects(Tag))));
}

HARNESS(either_condition_is_enough, an_or_keeps_rows_without_the_relation,
        an_and_joins_a_many_valued_relation_twice, a_subquery_of_the_second_follows_its_joins,
        queries_that_differ_are_refused, an_or_of_a_slice_takes_its_keys,
        the_text_of_a_query_has_its_parameters)
