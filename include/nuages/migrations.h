/**
 * @file
 * Migrations: the history of an app's models, compiled into the executable.
 *
 * makemigrations writes one C file for each step, and the file that takes them all in:
 *
 *     static const nu_operation registry_0001_initial_operations[] = {
 *         CreateModel(.name = "Department",
 *                     .fields = {
 *                         models_BigAutoField("id", .primary_key = true),
 *                         models_CharField("name", .max_length = 100, .unique = true),
 *                     },
 *                     .ordering = { "name" }),
 *         { 0 },
 *     };
 *     const nu_migration registry_0001_initial = {
 *         .app_label = "registry", .name = "0001_initial", .initial = true,
 *         .operations = registry_0001_initial_operations,
 *     };
 *
 * The models in them are historical: descriptors without a struct, so that today's code may change
 * without changing the past. Counterpart: django.db.migrations.
 */
#pragma once
#include <nuages/models.h>

/* ---- historical fields: names instead of struct members ------------------------------------ */

#define NU__HISTORICAL(F, n, k, ...)                                                               \
    nu__a_comma_is_missing_before_this + &(const F){ .name = (n), .type = (k), __VA_ARGS__ }.base
#define models_AutoField(n, ...) NU__HISTORICAL(nu_number_field, n, NU_AUTO_FIELD, __VA_ARGS__)
#define models_BigAutoField(n, ...)                                                                \
    NU__HISTORICAL(nu_number_field, n, NU_BIG_AUTO_FIELD, __VA_ARGS__)
#define models_SmallAutoField(n, ...)                                                              \
    NU__HISTORICAL(nu_number_field, n, NU_SMALL_AUTO_FIELD, __VA_ARGS__)
#define models_BigIntegerField(n, ...)                                                             \
    NU__HISTORICAL(nu_plain_field, n, NU_BIG_INTEGER_FIELD, __VA_ARGS__)
#define models_BinaryField(n, ...)  NU__HISTORICAL(nu_char_field, n, NU_BINARY_FIELD, __VA_ARGS__)
#define models_BooleanField(n, ...) NU__HISTORICAL(nu_plain_field, n, NU_BOOLEAN_FIELD, __VA_ARGS__)
#define models_CharField(n, ...)    NU__HISTORICAL(nu_char_field, n, NU_CHAR_FIELD, __VA_ARGS__)
#define models_DateField(n, ...)    NU__HISTORICAL(nu_date_field, n, NU_DATE_FIELD, __VA_ARGS__)
#define models_DateTimeField(n, ...)                                                               \
    NU__HISTORICAL(nu_date_field, n, NU_DATETIME_FIELD, __VA_ARGS__)
#define models_DecimalField(n, ...)                                                                \
    NU__HISTORICAL(nu_decimal_field, n, NU_DECIMAL_FIELD, __VA_ARGS__)
#define models_DurationField(n, ...)                                                               \
    NU__HISTORICAL(nu_plain_field, n, NU_DURATION_FIELD, __VA_ARGS__)
#define models_EmailField(n, ...) NU__HISTORICAL(nu_char_field, n, NU_EMAIL_FIELD, __VA_ARGS__)
#define models_FileField(n, ...)  NU__HISTORICAL(nu_file_field, n, NU_FILE_FIELD, __VA_ARGS__)
#define models_FloatField(n, ...) NU__HISTORICAL(nu_plain_field, n, NU_FLOAT_FIELD, __VA_ARGS__)
#define models_GenericIPAddressField(n, ...)                                                       \
    NU__HISTORICAL(nu_ip_field, n, NU_GENERIC_IP_ADDRESS_FIELD, __VA_ARGS__)
#define models_FilePathField(n, ...)                                                               \
    NU__HISTORICAL(nu_file_path_field, n, NU_FILE_PATH_FIELD, __VA_ARGS__)
#define models_ImageField(n, ...)   NU__HISTORICAL(nu_file_field, n, NU_IMAGE_FIELD, __VA_ARGS__)
#define models_IntegerField(n, ...) NU__HISTORICAL(nu_plain_field, n, NU_INTEGER_FIELD, __VA_ARGS__)
#define models_JSONField(n, ...)    NU__HISTORICAL(nu_plain_field, n, NU_JSON_FIELD, __VA_ARGS__)
#define models_PositiveBigIntegerField(n, ...)                                                     \
    NU__HISTORICAL(nu_plain_field, n, NU_POSITIVE_BIG_INTEGER_FIELD, __VA_ARGS__)
#define models_PositiveIntegerField(n, ...)                                                        \
    NU__HISTORICAL(nu_plain_field, n, NU_POSITIVE_INTEGER_FIELD, __VA_ARGS__)
#define models_PositiveSmallIntegerField(n, ...)                                                   \
    NU__HISTORICAL(nu_plain_field, n, NU_POSITIVE_SMALL_INTEGER_FIELD, __VA_ARGS__)
#define models_SlugField(n, ...) NU__HISTORICAL(nu_slug_field, n, NU_SLUG_FIELD, __VA_ARGS__)
#define models_SmallIntegerField(n, ...)                                                           \
    NU__HISTORICAL(nu_plain_field, n, NU_SMALL_INTEGER_FIELD, __VA_ARGS__)
#define models_TextField(n, ...) NU__HISTORICAL(nu_char_field, n, NU_TEXT_FIELD, __VA_ARGS__)
#define models_TimeField(n, ...) NU__HISTORICAL(nu_date_field, n, NU_TIME_FIELD, __VA_ARGS__)
#define models_URLField(n, ...)  NU__HISTORICAL(nu_char_field, n, NU_URL_FIELD, __VA_ARGS__)
#define models_SearchVectorField(n, ...)                                                           \
    NU__HISTORICAL(nu_plain_field, n, NU_SEARCH_VECTOR_FIELD, __VA_ARGS__)
#define models_UUIDField(n, ...) NU__HISTORICAL(nu_plain_field, n, NU_UUID_FIELD, __VA_ARGS__)
/* Relations name their model: "registry.Department", or NU_AUTH_USER_MODEL for the site's users. */
#define NU_AUTH_USER_MODEL "settings.AUTH_USER_MODEL"
#define models_ForeignKey(n, to, ...)                                                              \
    NU__HISTORICAL(nu_relation_field, n, NU_FOREIGN_KEY, .to_name = (to), __VA_ARGS__)
#define models_OneToOneField(n, to, ...)                                                           \
    NU__HISTORICAL(nu_relation_field, n, NU_ONE_TO_ONE_FIELD, .to_name = (to), __VA_ARGS__)
#define models_ManyToManyField(n, to, ...)                                                         \
    NU__HISTORICAL(nu_relation_field, n, NU_MANY_TO_MANY_FIELD, .to_name = (to), __VA_ARGS__)

/* ---- operations ---------------------------------------------------------------------------- */

typedef enum nu_operation_kind {
    NU_CREATE_MODEL = 1,
    NU_DELETE_MODEL,
    NU_RENAME_MODEL,
    NU_ALTER_MODEL_TABLE,
    NU_ALTER_MODEL_TABLE_COMMENT,
    NU_ALTER_MODEL_OPTIONS,
    NU_ALTER_UNIQUE_TOGETHER,
    NU_ALTER_ORDER_WITH_RESPECT_TO,
    NU_ADD_FIELD,
    NU_REMOVE_FIELD,
    NU_ALTER_FIELD,
    NU_RENAME_FIELD,
    NU_ADD_INDEX,
    NU_REMOVE_INDEX,
    NU_RENAME_INDEX,
    NU_ADD_INDEX_CONCURRENTLY,
    NU_REMOVE_INDEX_CONCURRENTLY,
    NU_ADD_CONSTRAINT,
    NU_REMOVE_CONSTRAINT,
    NU_ALTER_CONSTRAINT,
    NU_RUN_SQL,
    NU_RUN_C,
    NU_SEPARATE_DATABASE_AND_STATE,
    NU_CREATE_EXTENSION, /* PostgreSQL's from here on: postgres.h */
    NU_CREATE_COLLATION,
    NU_REMOVE_COLLATION,
    NU_ADD_CONSTRAINT_NOT_VALID,
    NU_VALIDATE_CONSTRAINT,
    NU_ADD_CONSTRAINT_CONCURRENTLY,
    NU_OPERATION_KIND_COUNT,
} nu_operation_kind;

/* The models as they were at a point of history. */
typedef struct nu_apps nu_apps;
/* A data migration. `database` is the alias that the migration runs on. */
typedef void nu_migration_code(const nu_apps *apps, const char *database);

typedef struct nu_operation {
    nu_operation_kind kind;
    const char *model_name; /* of RenameModel the old one */
    const nu_model *model;  /* CreateModel; the options of AlterModelOptions */
    const nu_field *field;
    /* of a field, index, constraint, extension, collation, table; what it was called before */
    const char *name;
    const char *new_name;
    nu_index index;
    nu_constraint constraint;
    const char *unique_together[4][8];
    const char *locale, *provider; /* of a collation */
    bool nondeterministic;
    const char *sql, *reverse_sql;
    nu_migration_code *code, *reverse_code;
    const char *code_name, *reverse_code_name;                         /* as the file writes them */
    const struct nu_operation *database_operations, *state_operations; /* each ends with { 0 } */
    /* preserve_default=False: the default is for the rows that are there, and forgotten then */
    bool one_off_default;
    bool elidable; /* squashmigrations may leave it out */
} nu_operation;

#define NU__OPERATION(k, ...)                                                                      \
    {                                                                                              \
        .kind = (k), __VA_ARGS__                                                                   \
    }
/* The options of a model, in operations. */
#define NU__OPTIONS(...)                                                                           \
    .model = &(const nu_model)                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define CreateModel(...)      NU__OPERATION(NU_CREATE_MODEL, NU__OPTIONS(__VA_ARGS__))
#define DeleteModel(m)        NU__OPERATION(NU_DELETE_MODEL, .model_name = (m))
#define RenameModel(old, new) NU__OPERATION(NU_RENAME_MODEL, .model_name = (old), .new_name = (new))
/* NULL: the table's name by default. */
#define AlterModelTable(m, table)                                                                  \
    NU__OPERATION(NU_ALTER_MODEL_TABLE, .model_name = (m), .name = (table))
#define AlterModelTableComment(m, comment)                                                         \
    NU__OPERATION(NU_ALTER_MODEL_TABLE_COMMENT, .model_name = (m), .name = (comment))
/* All options that the database does not know; those left out go back to their defaults. */
#define AlterModelOptions(m, ...)                                                                  \
    NU__OPERATION(NU_ALTER_MODEL_OPTIONS, .model_name = (m), NU__OPTIONS(__VA_ARGS__))
/* AlterUniqueTogether("Student", { "name", "course" }); without a set there are none any more. */
#define AlterUniqueTogether(m, ...)                                                                \
    NU__OPERATION(NU_ALTER_UNIQUE_TOGETHER, .model_name = (m), .unique_together = { __VA_ARGS__ })
#define AlterOrderWithRespectTo(m, field)                                                          \
    NU__OPERATION(NU_ALTER_ORDER_WITH_RESPECT_TO, .model_name = (m), .name = (field))

/* AddField("Student", models_IntegerField("age", Default(0)), .one_off_default = true) */
#define AddField(m, ...)   NU__OPERATION(NU_ADD_FIELD, .model_name = (m), .field = __VA_ARGS__)
#define RemoveField(m, n)  NU__OPERATION(NU_REMOVE_FIELD, .model_name = (m), .name = (n))
#define AlterField(m, ...) NU__OPERATION(NU_ALTER_FIELD, .model_name = (m), .field = __VA_ARGS__)
#define RenameField(m, old, new)                                                                   \
    NU__OPERATION(NU_RENAME_FIELD, .model_name = (m), .name = (old), .new_name = (new))

#define AddIndex(m, ...)  NU__OPERATION(NU_ADD_INDEX, .model_name = (m), .index = __VA_ARGS__)
#define RemoveIndex(m, n) NU__OPERATION(NU_REMOVE_INDEX, .model_name = (m), .name = (n))
#define RenameIndex(m, old, new)                                                                   \
    NU__OPERATION(NU_RENAME_INDEX, .model_name = (m), .name = (old), .new_name = (new))
/* PostgreSQL's, without a lock on the table's rows; the migration says .non_atomic = true.
   Elsewhere an ordinary index. */
#define AddIndexConcurrently(m, ...)                                                               \
    NU__OPERATION(NU_ADD_INDEX_CONCURRENTLY, .model_name = (m), .index = __VA_ARGS__)
#define RemoveIndexConcurrently(m, n)                                                              \
    NU__OPERATION(NU_REMOVE_INDEX_CONCURRENTLY, .model_name = (m), .name = (n))
#define AddConstraint(m, ...)                                                                      \
    NU__OPERATION(NU_ADD_CONSTRAINT, .model_name = (m), .constraint = __VA_ARGS__)
#define RemoveConstraint(m, n) NU__OPERATION(NU_REMOVE_CONSTRAINT, .model_name = (m), .name = (n))
/* Only what the database does not know of it: messages and codes. */
#define AlterConstraint(m, ...)                                                                    \
    NU__OPERATION(NU_ALTER_CONSTRAINT, .model_name = (m), .constraint = __VA_ARGS__)

/* Statements, each ended by ";". RunSQL("…", .reverse_sql = "…", .elidable = true); without
   .reverse_sql the migration cannot be taken back. What the SQL does to the models is told by
   .state_operations, a list that ends with { 0 }. */
#define RunSQL(forwards, ...) NU__OPERATION(NU_RUN_SQL, .sql = (forwards), __VA_ARGS__)
/* A .reverse_sql that does nothing. */
#define RunSQL_noop ""
/* A function of the migration's own file. RunC(fill_names, RunC_reverse(empty_names)). */
#define RunC(function, ...)                                                                        \
    NU__OPERATION(NU_RUN_C, .code = (function), .code_name = #function, __VA_ARGS__)
#define RunC_reverse(function) .reverse_code = (function), .reverse_code_name = #function
/* A reverse that does nothing. */
#define RunC_noop nu_run_c_noop
void nu_run_c_noop(const nu_apps *apps, const char *database);
/* What the database is to do, and what the models become, told apart: lists that end with { 0 }.
   SeparateDatabaseAndState(.state_operations = Operations(DeleteModel("Old"), { 0 })) */
#define Operations(...)                                                                            \
    (const nu_operation[])                                                                         \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define SeparateDatabaseAndState(...) NU__OPERATION(NU_SEPARATE_DATABASE_AND_STATE, __VA_ARGS__)

/**
 * A model as it was when the migration ran: nu_objects_(nu_historical_model(apps, "registry",
 * "Student")) is a query over it, whose instances are read and written with nu_field_get(),
 * nu_field_set() and nu_update(); today's structs do not fit them.
 *
 * @return    until the migration ends
 * @raises    LookupError, with the models there are
 * Yields: never.   Django: apps.get_model()
 */
const nu_model *nu_historical_model(const nu_apps *apps, const char *app_label, const char *name);

/* ---- migrations ---------------------------------------------------------------------------- */

typedef struct nu_migration {
    const char *app_label, *name;
    /* { "auth", "0001_initial" }; "__first__" is any app's first, "__latest__" its last;
       { NU_AUTH_USER_MODEL, "__first__" } the first of the app that has the site's users */
    const char *dependencies[16][2];
    const char *run_before[8][2];     /* the same, of migrations that must come after this one */
    const char *const (*replaces)[2]; /* a squashed migration: those that it stands for */
    const nu_operation *operations;   /* ends with { 0 } */
    bool initial;
    bool non_atomic; /* not in one transaction */
    bool reviewed;   /* its dangers are known: makemigrations and check do not tell of them */
} nu_migration;
/* .replaces = Replaces({ "registry", "0001_initial" }, { "registry", "0002_student_gpa" }) */
#define Replaces(...)                                                                              \
    (const char *const[][2])                                                                       \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            NULL, NULL                                                                             \
        }                                                                                          \
    }

#include <nuages/postgres.h> /* models_ArrayField and its kin */
