#include "school_db.h"

#include "core/text.h"
#include "db/backends/base.h"
#include "db/database.h"
#include "db/models/options.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

school_log school_statements;

static void listen(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                   double seconds)
{
    static const char *const left_out[] = { "BEGIN",     "COMMIT",      "ROLLBACK",
                                            "SAVEPOINT", "RELEASE",     "PRAGMA",
                                            "CREATE",    "SELECT name", "DROP" };
    school_log *log = arg;

    (void)connection, (void)seconds;
    for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
        if (!strncmp(sql.ptr, left_out[i], strlen(left_out[i])))
            return;
    if (log->n == sizeof(log->sql) / sizeof(*log->sql))
        log->n = 0;
    log->sql[log->n] = nu_copy(sql);
    log->params[log->n] = nu_list_of_(params);
    log->n++;
}

void school_log_reset(void)
{
    memset(&school_statements, 0, sizeof(school_statements));
    nu__db_listen((nu__query_listener){ listen, &school_statements });
}

/* "?" is an operator where placeholders are numbered. */
static bool is_placeholder(nu_str sql, size_t at)
{
    bool numbered = nu__connection_of(NULL)->backend->dialect == NU__POSTGRESQL;

    if (numbered)
        return sql.ptr[at] == '$' && at + 1 < sql.len && strchr("123456789", sql.ptr[at + 1]);
    return sql.ptr[at] == '?' && (at + 1 == sql.len || sql.ptr[at + 1] != 'i');
}

nu_str school_sql_as_sent(size_t number)
{
    nu_str sql = number < school_statements.n ? school_statements.sql[number] : S("");
    nu__buf out = { 0 };

    for (size_t i = 0; i < sql.len; i++) {
        bool numbered = sql.ptr[i] == '$';

        if (!is_placeholder(sql, i)) {
            nu__buf_char(&out, sql.ptr[i]);
            continue;
        }
        nu__buf_lit(&out, "%s");
        while (numbered && i + 1 < sql.len && strchr("0123456789", sql.ptr[i + 1]))
            i++;
    }
    return nu__buf_str(&out);
}

nu_str school_sql(size_t number)
{
    return school_plain_quotes(school_sql_as_sent(number));
}

nu_str school_plain_quotes(nu_str sql)
{
    return school_on_mariadb() ? nu__replace(sql, S("`"), S("\"")) : sql;
}

static void run_plain(const char *sql)
{
    nu__db_execute(nu__connection_of(NULL), nu_s(sql), (nu_values){ 0 }, NULL);
}

static void empty_mysql(void)
{
    const char *name = nu__connection_of(NULL)->database->name;

    run_plain(nu_fmt("DROP DATABASE `{}`", name).ptr);
    run_plain(nu_fmt("CREATE DATABASE `{}` CHARACTER SET utf8mb4", name).ptr);
}

/* In memory, or in the server's database that NUAGES_TEST_DATABASE names, emptied. */
static void empty_database(void)
{
    const char *url = getenv("NUAGES_TEST_DATABASE");

    nu__databases_close();
    nu__database_add("default", nu_s(url ? url : "sqlite://:memory:"));
    if (url && nu__connection_of(NULL)->backend->dialect == NU__MYSQL)
        empty_mysql();
    else if (url)
        run_plain("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    nu__database_add("default", nu_s(url ? url : "sqlite://:memory:"));
}

bool school_on_sqlite(void)
{
    return nu__connection_of(NULL)->backend->dialect == NU__SQLITE;
}

bool school_on_mariadb(void)
{
    return nu__connection_of(NULL)->backend->dialect == NU__MYSQL;
}

nu_str school_last_sql(void)
{
    return school_sql(school_statements.n - 1);
}

void school_tables(void)
{
    school_tables_of(school_models);
}

void school_tables_of(const nu_model *const *models)
{
    nu__schema_editor *editor;
    const nu__registry *registry;

    nu__models_setup(models, &nu_user_model);
    empty_database();
    registry = nu__models();
    editor = nu__schema_begin(nu__connection_of(NULL), false, true);
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
    school_log_reset();
}

void school_seed(void)
{
    Department *department = nu_create(Department, .name = S("Computing"), .code = S("cs"));
    Tag *tag = nu_create(Tag, .name = S("Core"), .slug = S("core"));
    Course *course = nu_create(Course, .title = S("Logic"), .code = S("CS-101"), .credits = 3,
                               .department = nu_ref_to(department));
    Student *student;
    Enrollment *enrollment;

    nu_create(Course, .title = S("Sets"), .code = S("CS-102"), .credits = 4,
              .department = nu_ref_to(department));
    nu_many_add(course, tags, tag);
    student = nu_create(Student, .roll_no = S("S1"), .first_name = S("Ada"), .last_name = S("L"),
                        .email = S("a@b.cd"));
    enrollment = nu_create(Enrollment, .student = nu_ref_to(student), .course = nu_ref_to(course),
                           .enrolled_on = nu_date_of(2024, 1, 1));
    nu_create(Attendance, .enrollment = nu_ref_to(enrollment), .date = nu_date_of(2024, 1, 2));
    nu_create(Payment, .student = nu_ref_to(student), .amount = DEC(1), .method = PAYMENT_CASH,
              .paid_at = nu_datetime_of(2024, 1, 1, 0, 0, 0));
    school_log_reset();
}
