/* Hostile names and texts in every place of a query that could reach the statement: each is
   refused, or becomes a parameter. Each kind is named after the report of Django's that first told
   of it. */
#include "../models/school_db.h"

#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/queries.h>
#include <string.h>

static const char *const hostile[] = {
    "x\" FROM auth_user --",
    "x; DROP TABLE registry_student",
    "x' OR '1'='1",
    "x/* comment",
    "x*/",
    "x--",
    "tea`",
    "x[0]",
    "x#",
    "x\ty",
    "x\ny",
    "x\x7f",
    "x\xc2\xa0y",     /* a no-break space */
    "x\xc2\x85",      /* a control character beyond ASCII */
    "x\xe2\x80\xa8y", /* a line separator */
};
#define N_HOSTILE (sizeof(hostile) / sizeof(*hostile))

#define ALIAS_ERROR                                                                                \
    "Column aliases cannot contain whitespace characters, hashes, control characters, quotation "  \
    "marks, semicolons, or SQL comments."

/* MariaDB takes no parameter for the delimiter of joined texts and for the keys of objects: these
   are literals, of which nothing is to be seen here. */
static nu_str without_literals(nu_str sql)
{
    nu__buf out = { 0 };
    bool inside = false;

    for (size_t i = 0; i < sql.len; i++) {
        if (inside && sql.ptr[i] == '\\')
            i++;
        else if (sql.ptr[i] == '\'')
            inside = !inside;
        else if (!inside)
            nu__buf_char(&out, sql.ptr[i]);
    }
    return nu__buf_str(&out);
}

/* The text stands in no statement that was run since the last reset. */
static bool in_no_statement(const char *text)
{
    for (size_t i = 0; i < school_statements.n; i++) {
        nu_str sql = school_statements.sql[i];

        if (school_on_mariadb())
            sql = without_literals(sql);
        if (memmem(sql.ptr, sql.len, text, strlen(text)))
            return false;
    }
    return true;
}

/* What a server would take for a word is checked before, as in Django. */
static bool is_refusal(const nu_error *error)
{
    return !school_on_sqlite() && error->klass == NU_VALUE_ERROR && !school_statements.n &&
           nu_starts_with(error->message, S("Invalid lookup type: "));
}

/* Reading may fail, but never with the text in the statement. */
static void check_never_written(nu_query *query, const char *text)
{
    const nu_error *error;

    school_log_reset();
    error = nu_catch(NU_EXCEPTION, nu__query_results(query));
    CHECK(in_no_statement(text));
    CHECK(!error || nu_error_is_a(error->klass, NU_DATABASE_ERROR) || is_refusal(error));
}

static void setup(void)
{
    school_tables();
    school_seed();
}

static void CVE_2022_28346_and_2025_59681_aliases_of_annotations_are_refused(void)
{
    nu_query *all;

    setup();
    all = nu_objects(Student);
    for (size_t i = 0; i < N_HOSTILE; i++) {
        const nu_var one[] = { { hostile[i], V(Value(1)) }, { NULL, nu_null() } };
        const nu_var sum[] = { { hostile[i], V(Sum("gpa")) }, { NULL, nu_null() } };

        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu_annotate_(all, one));
        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu_alias_(all, one));
        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu__aggregate_all(all, sum, 1));
    }
}

static void CVE_2024_42005_names_of_values_are_refused(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        nu_str key = nu_fmt("address__{}", nu_s(hostile[i]));
        const char *const names[] = { key.ptr, NULL };

        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu_values_(nu_objects(Student), names));
        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu_values_list_(nu_objects(Student), names));
        CHECK_RAISES(NU_VALUE_ERROR, ALIAS_ERROR, nu_values_flat(nu_objects(Student), key.ptr));
    }
}

static void CVE_2019_14234_keys_of_json_are_parameters(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        nu_str key = nu_fmt("address__{}", nu_s(hostile[i]));

        check_never_written(nu_filter(nu_objects(Student), Q(key.ptr, 1)), hostile[i]);
        check_never_written(nu_order_by(nu_objects(Student), key.ptr), hostile[i]);
        check_never_written(nu_annotate(nu_objects(Student), ("x", KT(key.ptr))), hostile[i]);
        check_never_written(nu_filter(nu_objects(Student), Q("address__has_key", hostile[i])),
                            hostile[i]);
        check_never_written(
            nu_annotate(nu_objects(Student),
                        ("x", nu_json_object_((const nu_var[]){ { hostile[i], V("gpa") },
                                                                { NULL, nu_null() } }))),
            hostile[i]);
    }
}

static void CVE_2021_35042_names_to_order_by_are_fields(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        const char *const names[] = { hostile[i], NULL };
        const char *const spans[] = { nu_fmt("user__{}", nu_s(hostile[i])).ptr, NULL };

        CHECK(nu_catch(NU_FIELD_ERROR, nu_order_by_(nu_objects(Student), names)) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR,
                       nu__query_results(nu_order_by_(nu_objects(Student), spans))) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR, nu_only(nu_objects(Student), "pk") &&
                                           nu__query_results(nu_distinct(nu_order_by_expr(
                                               nu_objects(Student), F(hostile[i]))))) != NULL);
    }
}

static void names_of_fields_in_conditions_and_expressions_are_fields(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        nu_query *all = nu_objects(Student);

        CHECK(nu_catch(NU_FIELD_ERROR, nu_filter(all, Q(hostile[i], 1))) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR,
                       nu_filter(all, Q(nu_fmt("roll_no__{}", nu_s(hostile[i])).ptr, 1))) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR, nu_annotate(all, ("x", F(hostile[i])))) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR, nu_annotate(all, ("x", Sum(hostile[i])))) != NULL);
        CHECK(nu_catch(NU_FIELD_ERROR,
                       nu_annotate(all, ("x", Window(Rank(), .order_by = { hostile[i] })))) !=
              NULL);
        CHECK(nu_catch(NU_FIELD_ERROR, nu__query_results(nu_select_related(all, hostile[i]))) !=
              NULL);
    }
}

static void CVE_2022_34265_kinds_of_trunc_and_extract_are_parameters(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        nu_temporal plain = { .tzinfo = NULL };

        check_never_written(
            nu_annotate(nu_objects(Student), ("x", nu_trunc_(hostile[i], V("created_at"), &plain))),
            hostile[i]);
        check_never_written(nu_annotate(nu_objects(Student),
                                        ("x", nu_extract_(hostile[i], V("created_at"), &plain))),
                            hostile[i]);
        CHECK(nu_catch(NU_VALUE_ERROR, nu_dates(nu_objects(Student), "created_at", hostile[i])) !=
              NULL);
        CHECK(nu_catch(NU_VALUE_ERROR, nu_datetimes_(nu_objects(Student), "created_at", "day",
                                                     hostile[i], NULL)) != NULL);
    }
}

static void CVE_2020_7471_delimiters_of_joined_texts_are_parameters(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++)
        check_never_written(nu_annotate(nu_objects(Department),
                                        ("x", StringAgg("courses__code", Value(hostile[i])))),
                            hostile[i]);
}

static void CVE_2022_28347_options_of_explain_are_words(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        nu_dict *options = nu_dict_new();

        nu_dict_set(options, hostile[i], true);
        CHECK(nu_catch(NU_VALUE_ERROR, nu_explain_(nu_objects(Tag), NULL, options)) != NULL);
        CHECK(nu_catch(NU_VALUE_ERROR, nu_explain_(nu_objects(Tag), hostile[i], NULL)) != NULL);
    }
    CHECK_RAISES(NU_VALUE_ERROR, "Unknown options: tea, verbose",
                 nu_explain_(nu_objects(Tag), NULL, NU_DICT(("verbose", true), ("tea", true))));
    CHECK_RAISES(NU_VALUE_ERROR, "Invalid option name: 'a--b'.",
                 nu_explain_(nu_objects(Tag), NULL, NU_DICT(("a--b", true))));
    CHECK_RAISES(
        NU_VALUE_ERROR,
        BY_DATABASE("CSV is not a recognized format. SQLite does not support any formats.",
                    "CSV is not a recognized format. Allowed formats: JSON, TEXT, XML, YAML",
                    "CSV is not a recognized format. Allowed formats: JSON, TEXT, "
                    "TRADITIONAL"),
        nu_explain_(nu_objects(Tag), "csv", NULL));
}

static void CVE_2025_64459_connectors_are_no_conditions(void)
{
    nu_query *all;

    setup();
    all = nu_objects(Student);
    CHECK_RAISES(NU_TYPE_ERROR, "The following kwargs are invalid: '_connector'",
                 nu_filter(all, Q("pk", 1), Q("_connector", "OR 1=1 OR")));
    CHECK_RAISES(NU_TYPE_ERROR, "The following kwargs are invalid: '_connector', '_negated'",
                 nu_exclude(all, Q("_negated", true), Q("_connector", "x")));
    CHECK(nu_catch(NU_FIELD_ERROR, nu_filter(all, nu_or(Q("_connector", "x")))) != NULL);
}

/* Letters, digits, "_" and "-", and quoted at that. */
static void collations_are_words(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++)
        if (strcmp(hostile[i], "x--"))
            CHECK(nu_catch(NU_VALUE_ERROR, Collate("code", hostile[i])) != NULL);
    check_never_written(nu_annotate(nu_objects(Student), ("x", Collate("roll_no", "x--"))),
                        "COLLATE x");
}

static void values_and_parameters_of_raw_sql_are_bound(void)
{
    setup();
    for (size_t i = 0; i < N_HOSTILE; i++) {
        check_never_written(nu_filter(nu_objects(Student), Q("roll_no", hostile[i]),
                                      Q("first_name__icontains", hostile[i]),
                                      Q("last_name__in", NU_LIST(hostile[i])),
                                      Q("email__regex", hostile[i])),
                            hostile[i]);
        check_never_written(nu_annotate(nu_objects(Student), ("x", Value(hostile[i])),
                                        ("y", Concat("roll_no", Value(hostile[i]))),
                                        ("z", Replace("roll_no", Value(hostile[i])))),
                            hostile[i]);
        check_never_written(
            nu_filter(nu_objects(Student),
                      Q("pk__in",
                        RawSQL("select id from registry_student where roll_no = %s", hostile[i]))),
            hostile[i]);
        check_never_written(nu_sql("select * from registry_student where roll_no = %s", hostile[i]),
                            hostile[i]);
    }
}

HARNESS(CVE_2022_28346_and_2025_59681_aliases_of_annotations_are_refused,
        CVE_2024_42005_names_of_values_are_refused, CVE_2019_14234_keys_of_json_are_parameters,
        CVE_2021_35042_names_to_order_by_are_fields,
        names_of_fields_in_conditions_and_expressions_are_fields,
        CVE_2022_34265_kinds_of_trunc_and_extract_are_parameters,
        CVE_2020_7471_delimiters_of_joined_texts_are_parameters,
        CVE_2022_28347_options_of_explain_are_words, CVE_2025_64459_connectors_are_no_conditions,
        collations_are_words, values_and_parameters_of_raw_sql_are_bound)
