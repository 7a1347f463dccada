/* Rows straight into JSON: the same text as by way of values, whatever the columns hold. */
#include "school_db.h"

#include "db/models/queryset.h"

#include <nuages/decimal.h>
#include <nuages/json.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <string.h>

/* Read first into values, which then stand for the query. */
static nu_str by_values(nu_query *query)
{
    nu_query *read = nu__query_clone(query);

    read->results = nu__query_results(query);
    return nu_to_json(read);
}

static void check_same(nu_query *query)
{
    CHECK_STR(nu_to_json(query), by_values(nu__query_clone(query)));
}

static nu_str repeated(const char *text, int n)
{
    nu__buf out = { 0 };

    while (n--)
        nu__buf_fmt(&out, "{}", text);
    return nu__buf_str(&out);
}

static void run(const char *sql)
{
    nu__db_execute(nu__connection_of(NULL), nu_s(sql), (nu_values){ 0 }, NULL);
}

static void every_kind_of_column_is_written_alike(void)
{
    school_tables();
    school_seed();
    nu_create(Student, .roll_no = S("S2"),
              .first_name = S("\"Zo\xc3\xab\" \\ \n\x01 \xf0\x9f\x98\x80"),
              .last_name = S("</script>"), .email = S("z@b.cd"),
              .date_of_birth = nu_date_of(2000, 2, 29), .gpa = DEC(3.75));
    check_same(nu_values(nu_objects(Student), "id", "roll_no", "first_name", "last_name", "email",
                         "date_of_birth", "status", "gpa", "created_at"));
    check_same(nu_values(nu_objects(Student)));
    check_same(nu_values(nu_objects(Payment)));
    check_same(nu_values(nu_objects(Attendance)));
    check_same(nu_values_list(nu_objects(Course), "code", "credits", "fee", "starts_on"));
    check_same(nu_values_flat(nu_objects(Course), "title"));
    check_same(nu_values(nu_objects(Course), "department__name", "tags__slug"));
    check_same(nu_annotate(nu_values(nu_objects(Department), "code"), ("n", Count("courses")),
                           ("mean", Avg("courses__credits")), ("most", Max("courses__fee"))));
}

static void no_rows_are_an_empty_list(void)
{
    school_tables();
    CHECK_STR(nu_to_json(nu_values(nu_objects(Tag))), "[]");
    CHECK_STR(nu_to_json(nu_values(nu_none(nu_objects(Tag)))), "[]");
    CHECK_STR(nu_to_json(NU_DICT(("tags", nu_values(nu_objects(Tag), "id")), ("n", 0))),
              "{\"tags\": [], \"n\": 0}");
}

static void one_statement_gives_the_text(void)
{
    nu_str text;

    school_tables();
    school_seed();
    CHECK_QUERIES(1, text = nu_to_json(nu_values(nu_objects(Course), "id", "code")));
    CHECK_STR(text, "[{\"id\": 1, \"code\": \"CS-101\"}, {\"id\": 2, \"code\": \"CS-102\"}]");
}

/* SQLite keeps what it is given, whatever the column's type is. */
static void cells_of_other_kinds_are_written_alike(void)
{
    static const char *const updates[] = {
        "UPDATE registry_course SET fee = 12",
        "UPDATE registry_course SET fee = -0.05",
        "UPDATE registry_course SET fee = 0.07",
        "UPDATE registry_course SET fee = 0",
        "UPDATE registry_course SET fee = -99999.99",
        "UPDATE registry_course SET fee = 100000.5",
        "UPDATE registry_course SET fee = 1234567.125",
        "UPDATE registry_course SET fee = '7.5'",
        "UPDATE registry_course SET starts_on = 'soon'",
        "UPDATE registry_course SET starts_on = '2024-02-29'",
        "UPDATE registry_course SET starts_on = '0001-12-31'",
        "UPDATE registry_course SET starts_on = '2024-1-31'",
        "UPDATE registry_course SET starts_on = '2024-01-31 10:00:00'",
        "UPDATE registry_course SET credits = 2.0",
        "UPDATE registry_course SET title = 17",
    };

    school_tables();
    if (!school_on_sqlite())
        return;
    school_seed();
    for (size_t i = 0; i < sizeof updates / sizeof *updates; i++) {
        run(updates[i]);
        check_same(nu_values(nu_objects(Course), "title", "credits", "fee", "starts_on"));
    }
}

/* Bytes, of which JSON has none; an object's member has them as a text. */
static void a_blob_among_texts_is_bytes(void)
{
    nu_query *titles;
    Course *course;

    school_tables();
    if (!school_on_sqlite())
        return;
    school_seed();
    run("UPDATE registry_course SET title = X'4142'");
    titles = nu_values(nu_objects(Course), "title");
    CHECK(nu_item(nu_at(nu__query_results(nu__query_clone(titles)), 0).dict, "title").kind ==
          NU_KIND_BYTES);
    CHECK_RAISES(NU_TYPE_ERROR, "bytes is not JSON serializable", (void)nu_to_json(titles));
    course = nu_first(Course, nu_objects(Course));
    CHECK_STR(course->title, "AB");
    CHECK(nu_field_get_(&course->object, "title").kind == NU_KIND_BYTES);
    course->title = S("Anew");
    CHECK_STR(nu_string(nu_field_get_(&course->object, "title")), "Anew");
}

static void refused(const char *update, nu_error_class class, const char *told, nu_query *query)
{
    run(update);
    CHECK_RAISES(class, told, (void)nu_to_json(query));
    CHECK_RAISES(class, told, (void)nu__query_results(nu__query_clone(query)));
}

/* Read as something else, the next save would write that. */
static void what_is_no_value_of_its_column_is_refused(void)
{
    school_tables();
    if (!school_on_sqlite())
        return;
    school_seed();
    refused("UPDATE registry_course SET starts_on = '2024-02-30'", NU_VALUE_ERROR, "2024-02-30",
            nu_values(nu_objects(Course), "starts_on"));
    refused("UPDATE registry_course SET title = CAST(x'41ff' AS TEXT)", NU_OPERATIONAL_ERROR,
            "Could not decode to UTF-8 column 'title' with text 'A\xEF\xBF\xBD'",
            nu_values(nu_objects(Course), "id", "title"));
    refused("UPDATE registry_student SET created_at = '2024-13-01 08:00:00'", NU_VALUE_ERROR,
            "2024-13-01", nu_values(nu_objects(Student), "created_at"));
}

static void moments_are_cut_to_milliseconds(void)
{
    static const char *const moments[] = { "2024-01-31 08:00:00", "2024-01-31 08:00:00.123456",
                                           "2024-01-31 08:00:00.000123",
                                           "2024-01-31 08:00:00.000000", "2024-01-31 08:00" };

    school_tables();
    school_seed();
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        run(nu_fmt("UPDATE registry_student SET created_at = '{}'", moments[i]).ptr);
        check_same(nu_values(nu_objects(Student), "created_at"));
    }
    run("UPDATE registry_student SET created_at = '2024-01-31 08:00:00.123456'");
    CHECK_STR(nu_to_json(nu_values_flat(nu_objects(Student), "created_at")),
              "[\"2024-01-31T08:00:00.123Z\"]");
}

/* More text than fits at first, and rows larger than what is left. */
static void long_texts_make_room_for_themselves(void)
{
    nu_str text;

    school_tables();
    school_seed();
    for (int i = 0; i < 60; i++)
        nu_create(Course, .title = nu_fmt("T{}", i), .code = nu_fmt("X{}", i), .credits = 1,
                  .department = { .id = 1 },
                  .description = repeated("\"\xc3\xa9\n", i % 7 == 0 ? 20000 : 50));
    check_same(nu_values(nu_objects(Course), "id", "description"));
    text = nu_to_json(nu_values_flat(nu_objects(Course), "description"));
    CHECK(text.len > 1000000);
    CHECK_INT(nu_list_len(nu_json_read(text).list), 62);
}

HARNESS(every_kind_of_column_is_written_alike, no_rows_are_an_empty_list,
        one_statement_gives_the_text, cells_of_other_kinds_are_written_alike,
        a_blob_among_texts_is_bytes, what_is_no_value_of_its_column_is_refused,
        moments_are_cut_to_milliseconds, long_texts_make_room_for_themselves)
