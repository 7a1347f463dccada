/* Rows that are no objects: values(), annotations, aggregates, raw SQL; into structs and dicts. */
#include "school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>

typedef struct stat {
    nu_str department__code;
    int64_t n;
    nu_opt_float mean;
    nu_decimal dearest;
    int32_t credits;
} stat;

static nu_query *by_department(void)
{
    return nu_order_by(nu_annotate(nu_values(nu_objects(Course), "department__code"),
                                   ("n", Count("pk")), ("mean", Avg("credits")),
                                   ("dearest", Max("fee")), ("credits", Sum("credits"))),
                       "department__code");
}

static void grouped_rows_decode_into_a_struct(void)
{
    size_t n;
    stat *rows;

    school_tables();
    school_seed();
    rows = nu_rows(stat, by_department(), &n, department__code, n, mean, dearest, credits);
    CHECK_INT(n, 1);
    CHECK_STR(rows[0].department__code, "cs");
    CHECK_INT(rows[0].n, 2);
    CHECK(rows[0].mean.set && rows[0].mean.value == 3.5);
    CHECK_STR(nu_decimal_str(rows[0].dearest), ON_SQLITE("0", "0.00"));
    CHECK_INT(rows[0].credits, 7);
}

typedef struct named {
    int64_t id;
    nu_str code, title;
    nu_date starts_on;
} named;

static void rows_are_read_one_by_one(void)
{
    int n = 0;

    school_tables();
    school_seed();
    nu_each_row (named, row, nu_objects(Course), id, code, starts_on) {
        CHECK_STR(row->code, n ? "CS-102" : "CS-101");
        CHECK(nu_is_null(row->starts_on));
        n++;
        if (n == 2)
            break;
    }
    CHECK_INT(n, 2);
    CHECK_INT(nu_count(nu_objects(Course)), 2); /* the rows were closed */
}

static void a_column_that_is_missing_is_named(void)
{
    size_t n;

    school_tables();
    school_seed();
    CHECK_RAISES(NU_FIELD_ERROR, "the query gives no column 'title'; it gives code",
                 nu_rows(named, nu_values(nu_objects(Course), "code"), &n, title));
}

static void null_does_not_become_a_number(void)
{
    typedef struct {
        double gpa;
    } plain;
    typedef struct {
        nu_opt_float gpa;
    } nullable;
    size_t n;

    school_tables();
    school_seed();
    CHECK_RAISES(NU_TYPE_ERROR, "gpa is null", nu_rows(plain, nu_objects(Student), &n, gpa));
    CHECK(!nu_rows(nullable, nu_objects(Student), &n, gpa)[0].gpa.set);
}

static void flat_gives_one_column(void)
{
    size_t n;
    nu_str *codes;
    int64_t *credits;

    school_tables();
    school_seed();
    codes = nu_flat(nu_str, nu_objects(Course), "code", &n);
    CHECK_INT(n, 2);
    CHECK_STR(codes[1], "CS-102");
    credits = nu_flat(int64_t, nu_order_by(nu_objects(Course), "-credits"), "credits", &n);
    CHECK_INT(credits[0], 4);
}

static void values_are_dicts_and_lists_in_json(void)
{
    school_tables();
    school_seed();
    CHECK_STR(nu_to_json(nu_values(nu_objects(Course), "code", "fee", "department__name")),
              "[{\"code\": \"CS-101\", \"fee\": \"0.00\", \"department__name\": \"Computing\"}, "
              "{\"code\": \"CS-102\", \"fee\": \"0.00\", \"department__name\": \"Computing\"}]");
    CHECK_STR(nu_to_json(nu_values_list(nu_objects(Tag), "id", "slug")), "[[1, \"core\"]]");
    CHECK_STR(nu_to_json(nu_values_flat(nu_objects(Tag), "slug")), "[\"core\"]");
    CHECK_STR(nu_to_json(nu_values(nu_objects(Tag))),
              "[{\"id\": 1, \"name\": \"Core\", \"slug\": \"core\"}]");
}

static void annotations_are_attributes_of_objects(void)
{
    school_tables();
    school_seed();
    nu_each (Department, department,
             nu_annotate(nu_objects(Department), ("n", Count("courses")),
                         ("first", Min("courses__code")),
                         ("big", nu_cond_expr(Q("pk__gt", 100))))) {
        CHECK_INT(nu_int(nu_attr(department, "n")), 2);
        CHECK_STR(nu_string(nu_attr(department, "first")), "CS-101");
        CHECK(nu_attr(department, "big").kind == NU_KIND_BOOL);
        CHECK_RAISES(NU_ATTRIBUTE_ERROR, "no attribute 'm'", (nu_attr(department, "m"), 0));
    }
    CHECK_RAISES(NU_VALUE_ERROR, "The annotation 'code' conflicts with a field on the model.",
                 nu_annotate(nu_objects(Course), ("code", Count("pk"))));
    CHECK_RAISES(NU_VALUE_ERROR, "Column aliases cannot contain",
                 nu_annotate(nu_objects(Course), ("a\"b", Count("pk"))));
}

typedef struct totals {
    int64_t n;
    nu_opt_float mean;
    nu_str last;
    nu_decimal sum;
} totals;

static void aggregates_fill_a_struct(void)
{
    totals t;

    school_tables();
    school_seed();
    nu_aggregate(nu_objects(Course), &t, (n, Count("*")), (mean, Avg("credits")),
                 (last, Max("code")), (sum, Sum("fee", .default_ = Value(0))));
    CHECK_INT(t.n, 2);
    CHECK(t.mean.value == 3.5);
    CHECK_STR(t.last, "CS-102");
    nu_aggregate(nu_none(nu_objects(Course)), &t, (n, Count("*")), (mean, Avg("credits")),
                 (last, Max("code")));
    CHECK_INT(t.n, 0);
    CHECK(!t.mean.set && nu_is_null(t.last));
    CHECK_RAISES(NU_TYPE_ERROR, "n is not an aggregate expression",
                 (nu_aggregate(nu_objects(Course), &t, (n, F("credits"))), 0));
}

static void raw_sql_gives_objects_and_rows(void)
{
    size_t n;
    named *rows;
    nu_query *raw;

    school_tables();
    school_seed();
    raw = nu_raw(Course, "SELECT id, code, 7 AS seven FROM registry_course WHERE credits > %s", 3);
    nu_each (Course, course, raw) {
        CHECK_STR(course->code, "CS-102");
        CHECK_INT(nu_int(nu_attr(course, "seven")), 7);
        CHECK_STR(nu_string(nu_field_get(course, "title")), "Sets"); /* read when asked for */
    }
    CHECK_RAISES(NU_FIELD_DOES_NOT_EXIST, "Raw query must include the primary key",
                 nu__query_results(nu_raw(Course, "SELECT code FROM registry_course")));
    rows = nu_rows(named, nu_sql("SELECT id, code FROM registry_course ORDER BY code DESC"), &n, id,
                   code);
    CHECK_INT(n, 2);
    CHECK_STR(rows[0].code, "CS-102");
    CHECK_INT(nu_execute("UPDATE registry_course SET credits = %s", 1), 2);
    CHECK_STR(nu_to_json(nu_sql("SELECT count(*) AS n FROM registry_tag")), "[{\"n\": 1}]");
}

static void slices_and_empty_queries_ask_for_no_more_than_needed(void)
{
    school_tables();
    school_seed();
    CHECK_QUERIES(0, nu_count(nu_none(nu_objects(Course))));
    CHECK_QUERIES(0, nu_exists(nu_filter(nu_objects(Course), Q("pk__in", nu_list_new()))));
    CHECK_QUERIES(0, nu__query_results(nu_slice(nu_objects(Course), 3, 3)));
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot filter a query once a slice has been taken.",
                 nu_filter(nu_slice(nu_objects(Course), 0, 1), Q("pk", 1)));
    CHECK_RAISES(NU_VALUE_ERROR, "Negative indexing is not supported.",
                 nu_slice(nu_objects(Course), -1, 4));
}

static void wrong_names_and_values_are_told_as_django_tells_them(void)
{
    nu_query *students;

    school_tables();
    students = nu_objects(Student);
    CHECK_RAISES(NU_FIELD_ERROR,
                 "Cannot resolve keyword 'nothing' into field. Choices are: address, courses, "
                 "created_at, date_of_birth, email, enrollments, first_name, gpa, id, last_name, "
                 "payments, photo, roll_no, status, updated_at, user, user_id",
                 nu_filter(students, Q("nothing", 1)));
    CHECK_RAISES(
        NU_FIELD_ERROR,
        "Unsupported lookup 'nothing' for OneToOneField or join on the field not permitted.",
        nu_filter(students, Q("user__nothing", 1)));
    CHECK_RAISES(NU_FIELD_ERROR,
                 "Unsupported lookup 'contain' for CharField or join on the field not permitted, "
                 "perhaps you meant contains or icontains?",
                 nu_filter(students, Q("last_name__contain", "x")));
    CHECK_RAISES(NU_VALUE_ERROR, "Field 'id' expected a number but got 'x'.",
                 nu_filter(students, Q("pk", "x")));
    CHECK_RAISES(NU_VALIDATION_ERROR, "“x” value must be a decimal number.",
                 nu_filter(students, Q("gpa", "x")));
    CHECK_RAISES(NU_VALUE_ERROR, "Cannot use None as a query value",
                 nu_filter(students, Q("gpa__gt", nu_null())));
    CHECK_RAISES(NU_FIELD_ERROR, "Cannot resolve keyword 'nam' into field.",
                 nu_order_by(students, "nam"));
    CHECK_RAISES(NU_FIELD_DOES_NOT_EXIST, "Student has no field named 'nothing'",
                 nu_update(students, ("nothing", 1)));
    CHECK_RAISES(NU_FIELD_ERROR,
                 "Invalid field name(s) given in select_related: 'nothing'. "
                 "Choices are: user",
                 nu__query_results(nu_select_related(students, "nothing")));
    CHECK_RAISES(NU_VALUE_ERROR, "Must be \"Department\" instance.",
                 nu_filter(nu_objects(Course), Q("department", nu_new(Tag))));
}

/* What comes from outside never gets into the SQL's text. */
static void values_are_bound_whatever_they_hold(void)
{
    nu_str evil = S("x'; DROP TABLE registry_tag; --");

    school_tables();
    school_seed();
    nu_create(Tag, .name = evil, .slug = S("evil"));
    CHECK_INT(nu_count(nu_filter(nu_objects(Tag), Q("name", evil))), 1);
    CHECK_INT(nu_count(nu_filter(nu_objects(Tag), Q("name__icontains", "'; drop"))), 1);
    CHECK_INT(nu_count(nu_filter(nu_objects(Tag), Q("name__icontains", "%"))), 0);
    CHECK_INT(nu_count(nu_filter(nu_objects(Student), Q("address__a\"b'c", 1))), 0);
    CHECK_RAISES(NU_FIELD_ERROR, "Cannot resolve keyword",
                 nu_order_by(nu_objects(Tag), "name; DROP TABLE registry_tag"));
    CHECK_RAISES(NU_VALUE_ERROR, "Column aliases cannot contain",
                 nu_values(nu_objects(Student), "address__a\"b"));
}

typedef struct sample {
    nu_str channel;
    nu_datetime at;
    nu_opt_float value;
    int64_t raw;
} sample;

static void json_binds_to_structs_or_says_what_is_wrong(void)
{
    nu_value good = nu_json_read(S("{\"samples\": [{\"channel\": \"a\", \"at\": "
                                   "\"2024-01-01T10:00:00Z\", \"raw\": 5}]}"));
    nu_value bad = nu_json_read(S("{\"channel\": 3, \"at\": \"soon\"}"));
    const nu_error *error;
    size_t n;
    sample *rows = nu_json_rows(sample, good, "samples", &n, channel, at, value, raw), one;

    CHECK_INT(n, 1);
    CHECK_STR(rows[0].channel, "a");
    CHECK(!rows[0].value.set);
    CHECK_INT(rows[0].raw, 5);
    error = nu_catch(NU_VALIDATION_ERROR, ({
                         nu_json_bind(bad, &one, channel, at, raw);
                         0;
                     }));
    CHECK(error && error->detail);
    CHECK_STR(nu_string(nu_v_dict(error->detail)),
              "{'channel': ['Not a valid string.'], 'at': ['“soon” value has an invalid format. It "
              "must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.'], 'raw': ['This field is "
              "required.']}");
}

HARNESS(grouped_rows_decode_into_a_struct, rows_are_read_one_by_one,
        a_column_that_is_missing_is_named, null_does_not_become_a_number, flat_gives_one_column,
        values_are_dicts_and_lists_in_json, annotations_are_attributes_of_objects,
        aggregates_fill_a_struct, raw_sql_gives_objects_and_rows,
        slices_and_empty_queries_ask_for_no_more_than_needed,
        wrong_names_and_values_are_told_as_django_tells_them, values_are_bound_whatever_they_hold,
        json_binds_to_structs_or_says_what_is_wrong)
