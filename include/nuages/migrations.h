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

#define NU__HISTORICAL(F, n, k, ...) &(const F){ .name = (n), .type = (k), __VA_ARGS__ }.base
#define models_AutoField(n, ...)     NU__HISTORICAL(nu_number_field, n, NU_AUTO_FIELD, __VA_ARGS__)
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
    NU_ADD_FIELD,
    NU_REMOVE_FIELD,
    NU_ALTER_FIELD,
    NU_ALTER_MODEL_OPTIONS,
    NU_ALTER_MODEL_TABLE,
    NU_ALTER_UNIQUE_TOGETHER,
    NU_ADD_INDEX,
    NU_REMOVE_INDEX,
    NU_ADD_CONSTRAINT,
    NU_REMOVE_CONSTRAINT,
    NU_RUN_SQL,
    NU_OPERATION_KIND_COUNT,
} nu_operation_kind;

typedef struct nu_operation {
    nu_operation_kind kind;
    const char *model_name;
    const nu_model *model; /* CreateModel; the options of AlterModelOptions */
    const nu_field *field;
    const char *name; /* of a field, index or constraint to remove; of a table */
    nu_index index;
    nu_constraint constraint;
    const char *unique_together[4][8];
    const char *sql, *reverse_sql;
} nu_operation;

#define CreateModel(...)                                                                           \
    {                                                                                              \
        .kind = NU_CREATE_MODEL, .model = &(const nu_model)                                        \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define DeleteModel(m)                                                                             \
    {                                                                                              \
        .kind = NU_DELETE_MODEL, .model_name = (m)                                                 \
    }
#define AddField(m, ...)                                                                           \
    {                                                                                              \
        .kind = NU_ADD_FIELD, .model_name = (m), .field = __VA_ARGS__                              \
    }
#define RemoveField(m, n)                                                                          \
    {                                                                                              \
        .kind = NU_REMOVE_FIELD, .model_name = (m), .name = (n)                                    \
    }
#define AlterField(m, ...)                                                                         \
    {                                                                                              \
        .kind = NU_ALTER_FIELD, .model_name = (m), .field = __VA_ARGS__                            \
    }
#define AlterModelOptions(m, ...)                                                                  \
    {                                                                                              \
        .kind = NU_ALTER_MODEL_OPTIONS, .model_name = (m), .model = &(const nu_model)              \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define AlterModelTable(m, table)                                                                  \
    {                                                                                              \
        .kind = NU_ALTER_MODEL_TABLE, .model_name = (m), .name = (table)                           \
    }
#define AlterUniqueTogether(m, ...)                                                                \
    {                                                                                              \
        .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = (m), .unique_together = { __VA_ARGS__ }    \
    }
#define AddIndex(m, ...)                                                                           \
    {                                                                                              \
        .kind = NU_ADD_INDEX, .model_name = (m), .index = __VA_ARGS__                              \
    }
#define RemoveIndex(m, n)                                                                          \
    {                                                                                              \
        .kind = NU_REMOVE_INDEX, .model_name = (m), .name = (n)                                    \
    }
#define AddConstraint(m, ...)                                                                      \
    {                                                                                              \
        .kind = NU_ADD_CONSTRAINT, .model_name = (m), .constraint = __VA_ARGS__                    \
    }
#define RemoveConstraint(m, n)                                                                     \
    {                                                                                              \
        .kind = NU_REMOVE_CONSTRAINT, .model_name = (m), .name = (n)                               \
    }
/* reverse_sql NULL: the migration cannot be taken back. */
#define RunSQL(forwards, ...)                                                                      \
    {                                                                                              \
        .kind = NU_RUN_SQL, .sql = (forwards), __VA_ARGS__                                         \
    }

/* ---- migrations ---------------------------------------------------------------------------- */

typedef struct nu_migration {
    const char *app_label, *name;
    const char
        *dependencies[16][2];       /* { "auth", "0001_initial" }; "__first__" is any app's first */
    const nu_operation *operations; /* ends with { 0 } */
    bool initial;
    bool non_atomic; /* not in one transaction */
} nu_migration;
