/**
 * @file
 * Models: plain structs, and const descriptor tables that the compiler checks against them.
 *
 *     NU_DECLARE_MODEL(Student);
 *     struct Student {
 *         NU_OBJECT(Student);
 *         nu_id          id;
 *         nu_str         name;
 *         Department_ref department;
 *     };
 *     const nu_model Student_model = {
 *         MODEL(Student), .app_label = "registry", .ordering = { "name" },
 *         .fields = {
 *             CharField (Student, name, .max_length = 60),
 *             ForeignKey(Student, department, Department, .on_delete = PROTECT),
 *         },
 *     };
 *
 * A member of the wrong C type and a misspelt option are compile errors. All-zero bytes of a member
 * are null. A model without a primary key among its fields has `id`, a BigAutoField. A primary key
 * of another name shares its bytes with `id`: `union { nu_str id, session_key; };`.
 */
#pragma once
#include <nuages/errors.h>

/* ---- the struct --------------------------------------------------------------------------- */

/* Declare struct tag, typed reference and descriptor: Device, Device_ref (`.id` of the key's type,
   `.object` a Device *) and Device_model. The key is a nu_id unless told: NU_DECLARE_MODEL(Device,
   nu_uuid). */
#define NU_DECLARE_MODEL(...) NU__DECLARE(__VA_ARGS__, nu_id)
#define NU__DECLARE(T, PK, ...)                                                                    \
    typedef struct T T;                                                                            \
    typedef struct T##_ref {                                                                       \
        PK id;                                                                                     \
        T *object;                                                                                 \
    } T##_ref;                                                                                     \
    extern const nu_model T##_model

/* The first member of every model's struct. The empty array carries the reference's type. */
#define NU_OBJECT(T)                                                                               \
    union {                                                                                        \
        nu_object object;                                                                          \
        T##_ref nu__ref[0];                                                                        \
    }
#define NU_FORM_OBJECT nu_object object

/** A reference to an instance, for a foreign key's member: `.student = nu_ref_to(student)`. */
#define nu_ref_to(p)                                                                               \
    ({                                                                                             \
        __auto_type nu__p = (p);                                                                   \
        (__typeof__(nu__p->nu__ref[0])){ nu__p->id, (void *)nu__p };                               \
    })

/* ---- options of fields -------------------------------------------------------------------- */

/* Django's field classes. CHOICE_FIELD is ours: an enum in C, a CharField or IntegerField with
   choices everywhere else. */
typedef enum nu_field_type {
    NU_AUTO_FIELD = 1,
    NU_ARRAY_FIELD, /* this and the ranges and hstore: PostgreSQL's, see postgres.h */
    NU_BIG_AUTO_FIELD,
    NU_SMALL_AUTO_FIELD,
    NU_BIG_INTEGER_FIELD,
    NU_BIG_INTEGER_RANGE_FIELD,
    NU_BINARY_FIELD,
    NU_BOOLEAN_FIELD,
    NU_CHAR_FIELD,
    NU_CHOICE_FIELD,
    NU_DATE_FIELD,
    NU_DATE_RANGE_FIELD,
    NU_DATETIME_FIELD,
    NU_DATETIME_RANGE_FIELD,
    NU_DECIMAL_FIELD,
    NU_DECIMAL_RANGE_FIELD,
    NU_DURATION_FIELD,
    NU_EMAIL_FIELD,
    NU_FILE_FIELD,
    NU_FILE_PATH_FIELD,
    NU_FLOAT_FIELD,
    NU_GENERIC_IP_ADDRESS_FIELD,
    NU_HSTORE_FIELD,
    NU_IMAGE_FIELD,
    NU_INTEGER_FIELD,
    NU_INTEGER_RANGE_FIELD,
    NU_JSON_FIELD,
    NU_POSITIVE_BIG_INTEGER_FIELD,
    NU_POSITIVE_INTEGER_FIELD,
    NU_POSITIVE_SMALL_INTEGER_FIELD,
    NU_SEARCH_QUERY_FIELD,  /* PostgreSQL's tsquery: of expressions only */
    NU_SEARCH_VECTOR_FIELD, /* PostgreSQL's tsvector */
    NU_SLUG_FIELD,
    NU_SMALL_INTEGER_FIELD,
    NU_TEXT_FIELD,
    NU_TIME_FIELD,
    NU_URL_FIELD,
    NU_UUID_FIELD,
    NU_FOREIGN_KEY,
    NU_ONE_TO_ONE_FIELD,
    NU_MANY_TO_MANY_FIELD,
    NU_FIELD_TYPE_COUNT,
} nu_field_type;

typedef enum nu_on_delete {
    CASCADE = 1,
    PROTECT,
    RESTRICT,
    SET_NULL,
    SET_DEFAULT,
    DO_NOTHING,
    SET_VALUE,
} nu_on_delete;
/* `.on_delete = SET(sentinel_user)`: what the function gives: a key, an instance, null. */
#define SET(function) SET_VALUE, .set_value = (function)

/* A check of one value: raises ValidationError with its code. Text fields hold the limit's digits
   or the pattern, so that a decimal limit never passes through a double. Validators of one's own
   are such a function with what members it needs: { .check = even_number }. */
typedef struct nu_validator {
    void (*check)(const struct nu_validator *self, nu_value value);
    double limit;
    const char *text, *message, *code;
    const char *const *words; /* schemes, extensions, domains that are allowed; ends with NULL */
    const char *offset;       /* StepValue */
    nu_value (*limit_call)(void); /* a limit that is worked out at each check; instead of .limit */
    int flags;                    /* Regex: NU_RE_IGNORECASE; ip validators: the protocol */
    bool inverse_match;           /* Regex: must not match */
} nu_validator;
#define NU_RE_IGNORECASE 2
void nu__min(const nu_validator *self, nu_value value);
void nu__max(const nu_validator *self, nu_value value);
void nu__step_value(const nu_validator *self, nu_value value);
void nu__min_length(const nu_validator *self, nu_value value);
void nu__max_length(const nu_validator *self, nu_value value);
void nu__regex(const nu_validator *self, nu_value value);
void nu__validate_email(const nu_validator *self, nu_value value);
void nu__validate_url(const nu_validator *self, nu_value value);
void nu__validate_domain(const nu_validator *self, nu_value value);
void nu__validate_slug(const nu_validator *self, nu_value value);
void nu__validate_unicode_slug(const nu_validator *self, nu_value value);
void nu__validate_ip(const nu_validator *self, nu_value value);
void nu__validate_integer(const nu_validator *self, nu_value value);
void nu__validate_int_list(const nu_validator *self, nu_value value);
void nu__validate_extension(const nu_validator *self, nu_value value);
void nu__validate_no_null(const nu_validator *self, nu_value value);
/* Django's classes without "Validator"; all take .message and .code. */
#define NU__VALIDATOR(fn, ...)                                                                     \
    {                                                                                              \
        .check = fn, __VA_ARGS__                                                                   \
    }
#define MinValue(n, ...)  NU__VALIDATOR(nu__min, .limit = (n), .text = #n, __VA_ARGS__)
#define MaxValue(n, ...)  NU__VALIDATOR(nu__max, .limit = (n), .text = #n, __VA_ARGS__)
#define MinLength(n, ...) NU__VALIDATOR(nu__min_length, .limit = (n), .text = #n, __VA_ARGS__)
#define MaxLength(n, ...) NU__VALIDATOR(nu__max_length, .limit = (n), .text = #n, __VA_ARGS__)
/* A multiple of `n`, or with .offset = "1" that much more. */
#define StepValue(n, ...) NU__VALIDATOR(nu__step_value, .limit = (n), .text = #n, __VA_ARGS__)
#define Regex(re, ...)    NU__VALIDATOR(nu__regex, .text = (re), __VA_ARGS__)
/* FileExtension("pdf", "txt"), URLSchemes("https"), EmailOf("localdomain"). */
#define NU__WORDS(...)                                                                             \
    .words = (const char *const[])                                                                 \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define FileExtension(...)   NU__VALIDATOR(nu__validate_extension, NU__WORDS(__VA_ARGS__))
#define URLSchemes(...)      NU__VALIDATOR(nu__validate_url, NU__WORDS(__VA_ARGS__))
#define EmailOf(...)         NU__VALIDATOR(nu__validate_email, NU__WORDS(__VA_ARGS__))
#define ValidateInteger      NU__VALIDATOR(nu__validate_integer, .text = NULL)
#define ValidateEmail        NU__VALIDATOR(nu__validate_email, .text = NULL)
#define ValidateURL          NU__VALIDATOR(nu__validate_url, .text = NULL)
#define ValidateDomainName   NU__VALIDATOR(nu__validate_domain, .text = NULL)
#define ValidateSlug         NU__VALIDATOR(nu__validate_slug, .text = NULL)
#define ValidateUnicodeSlug  NU__VALIDATOR(nu__validate_unicode_slug, .text = NULL)
#define ValidateIPv4Address  NU__VALIDATOR(nu__validate_ip, .flags = 4)
#define ValidateIPv6Address  NU__VALIDATOR(nu__validate_ip, .flags = 6)
#define ValidateIPv46Address NU__VALIDATOR(nu__validate_ip, .flags = 46)
/* "1,2,3"; with another separator IntList(";"), with signs .flags = 1. */
#define ValidateCommaSeparatedIntegerList IntList(",")
#define IntList(sep, ...)                 NU__VALIDATOR(nu__validate_int_list, .text = (sep), __VA_ARGS__)
#define ProhibitNullCharacters            NU__VALIDATOR(nu__validate_no_null, .text = NULL)
#define ValidateImageFileExtension                                                                 \
    NU__VALIDATOR(nu__validate_extension, .words = nu_image_extensions)
extern const char *const nu_image_extensions[];

typedef struct nu_default {
    nu_kind kind; /* NULL: the field has no default of this kind */
    int64_t i;
    double f;
    const char *s;
} nu_default;
/* That of a number: the same, with a member that no text can initialize. */
typedef double nu_text_is_no_default_of_a_number;
typedef struct nu_number_default {
    nu_kind kind;
    int64_t i;
    double f;
    nu_text_is_no_default_of_a_number s;
} nu_number_default;
_Static_assert(sizeof(nu_number_default) == sizeof(nu_default), "one is read as the other");
/* A field's default: a number, an enumerator, a bool, or text: Default("0.00"). For what must be
   made anew each time there is .default_call. */
#define Default(x) .default_ = NU__DEFAULT_OF(x)
#define NU__DEFAULT_OF(x)                                                                            \
    {                                                                                                \
        _Generic((x), bool: NU_KIND_BOOL, float: NU_KIND_FLOAT, double: NU_KIND_FLOAT,             \
                 char *: NU_KIND_STR, default: NU_KIND_INT),                                       \
            _Generic((x), char *: 0, double: 0, float: 0, default: (x)),                           \
            _Generic((x), double: (x), float: (x), default: 0),                                    \
            _Generic((x), char *: (x), default: 0) \
    }
/* What the database itself puts where an INSERT gives no value: a value as in Default(), or the
   text of an expression: DbDefaultExpression("Now()"). */
#define DbDefault(x)           .db_default = NU__DEFAULT_OF(x)
#define DbDefaultExpression(t) .db_default = { .kind = NU_KIND_EXPR, .s = (t) }
/* For .default_call: Django's default=dict, list, uuid.uuid4 and timezone.now. */
nu_value nu_default_dict(void);
nu_value nu_default_list(void);
nu_value nu_default_uuid4(void);
nu_value nu_default_now(void);

/* ---- choices: enum, table and labels from one list ---------------------------------------- */

typedef struct nu_choice {
    int number;
    const char *value, *label;
    const char *group; /* the heading that it stands under; NULL: none */
} nu_choice;
typedef struct nu_choices {
    const nu_choice *items;
    int len;
    bool text;
} nu_choices;
#define NU__ENUM(c)                NU__ENUM_ c
#define NU__ENUM_(e, ...)          e,
#define NU__ENUM_INT(c)            NU__ENUM_INT_ c
#define NU__ENUM_INT_(e, n, ...)   e = (n),
#define NU__CHOICE(c)              NU__CHOICE_ c
#define NU__CHOICE_(e, v, ...)     { .number = e, .value = (v), NU__LABEL(__VA_ARGS__) },
#define NU__CHOICE_INT(c)          NU__CHOICE_INT_ c
#define NU__CHOICE_INT_(e, n, ...) { .number = e, .value = #n, NU__LABEL(__VA_ARGS__) },
#define NU__LABEL(l, ...)          .label = (l)__VA_OPT__(, .group = __VA_ARGS__)
/* TextChoices(Status, (ACTIVE, "active", "Active"), …). Enumerators start at 1: 0 is "not set".
   A further text names the group that a choice stands in: (VINYL, "vinyl", "Vinyl", "Audio"). */
#define TextChoices(E, ...)                                                                        \
    typedef enum E { E##_unset, NU_EACH(NU__ENUM, __VA_ARGS__) } E;                                \
    NU_UNUSED static const nu_choices E##_choices = {                                              \
        (const nu_choice[]){ NU_EACH(NU__CHOICE, __VA_ARGS__){ 0 } },                              \
        sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }), true                               \
    }
/* IntegerChoices(Level, (LOW, 10, "Low"), …): the enumerator is the number in the database. */
#define IntegerChoices(E, ...)                                                                     \
    typedef enum E { NU_EACH(NU__ENUM_INT, __VA_ARGS__) } E;                                       \
    NU_UNUSED static const nu_choices E##_choices = {                                              \
        (const nu_choice[]){ NU_EACH(NU__CHOICE_INT, __VA_ARGS__){ 0 } },                          \
        sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }), false                              \
    }
/* .choices of a field that is no enum: Choices(("s", "Small"), ("l", "Large", "More")). A number's
   value is written as text: Choices(("1", "One")). */
#define NU__CHOICE_PAIR(c)       NU__CHOICE_PAIR_ c
#define NU__CHOICE_PAIR_(v, ...) { .value = (v), NU__LABEL(__VA_ARGS__) },
#define Choices(...)                                                                               \
    .choices = &(const nu_choices)                                                                 \
    {                                                                                              \
        (const nu_choice[]){ NU_EACH(NU__CHOICE_PAIR, __VA_ARGS__){ 0 } },                         \
            sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }), true                           \
    }
nu_str nu_choice_label_(const nu_choices *choices, int number);
nu_str nu_choice_value_(const nu_choices *choices, int number);
bool nu_choice_parse_(const nu_choices *choices, nu_str text, int *out);
bool nu_choice_known_(const nu_choices *choices, int number); /* an enumerator, or 0: not set */
/** The label of an enumerator, "" when it is not set: nu_label(Status, ACTIVE) is "Active". */
#define nu_label(E, e) nu_choice_label_(&E##_choices, (E){ (e) })
/** The text that the database and JSON have for an enumerator. */
#define nu_choice_text(E, e) nu_choice_value_(&E##_choices, (E){ (e) })
/** Find the enumerator of a text; false when it is none. */
#define nu_choice_parse(E, s, out)                                                                 \
    ({                                                                                             \
        int nu__i;                                                                                 \
        bool nu__ok = nu_choice_parse_(&E##_choices, (s), &nu__i);                                 \
        if (nu__ok)                                                                                \
            *(E *){ (out) } = (E)nu__i;                                                            \
        nu__ok;                                                                                    \
    })

/* ---- fields ------------------------------------------------------------------------------- */

/* One option struct for each family of fields: an option that a field does not have is a compile
   error, not only a misspelt one. All begin with these members. */
#define NU__FIELD_HEAD(D)                                                                          \
    const char *name;                                                                              \
    nu_field_type type;                                                                            \
    const nu_model *to;  /* relations */                                                           \
    const char *to_name; /* or by name: "app.Model" */                                             \
    const nu_choices *choices;                                                                     \
    size_t size, offset; /* of the member; size 0 in a descriptor made at run time */              \
    NU_NAMED_ONLY;                                                                                 \
    bool unique, blank, db_index, primary_key;                                                     \
    bool read_only;  /* Django's editable=False: not in forms */                                   \
    bool db_persist; /* a generated column is stored, not worked out at each reading */            \
    const char *verbose_name, *help_text, *db_column, *db_comment, *db_tablespace;                 \
    const char *unique_for_date, *unique_for_month, *unique_for_year;                              \
    const char *expression; /* of a GeneratedField; see nu_constraint for the text's language */   \
    D default_;                                                                                    \
    nu_default db_default;                                                                         \
    nu_value (*default_call)(void);                                                                \
    nu_validator validators[NU_MAX_VALIDATORS];                                                    \
    const char *error_messages[NU_MAX_VALIDATORS][2]; /* { "blank", "Say something." } */
#define NU_MAX_VALIDATORS 6
#define NU__FIELD_OPTIONS NU__FIELD_HEAD(nu_default) bool null;
typedef struct nu_field {
    NU__FIELD_OPTIONS
} nu_field;
#define NU__FIELD_TYPE(N, ...)                                                                     \
    typedef struct N {                                                                             \
        union {                                                                                    \
            nu_field base;                                                                         \
            struct {                                                                               \
                NU__FIELD_OPTIONS                                                                  \
            };                                                                                     \
        };                                                                                         \
        __VA_ARGS__                                                                                \
    } N
/* Plain numbers have no .null: their zero is a value. */
typedef struct nu_number_field {
    union {
        nu_field base;
        struct {
            NU__FIELD_HEAD(nu_number_default)
        };
    };
} nu_number_field;
typedef struct nu_opt_number_field {
    union {
        nu_field base;
        struct {
            NU__FIELD_HEAD(nu_number_default)
            bool null;
        };
    };
} nu_opt_number_field;
NU__FIELD_TYPE(nu_plain_field, int none_;);
NU__FIELD_TYPE(nu_char_field, int max_length; const char *db_collation;);
NU__FIELD_TYPE(nu_slug_field, int max_length; const char *populate_from; bool allow_unicode;);
NU__FIELD_TYPE(nu_file_path_field, int max_length; const char *path, *match;
               bool recursive, no_files, allow_folders;);
typedef enum nu_ip_protocol { NU_BOTH, NU_IPV4, NU_IPV6 } nu_ip_protocol;
NU__FIELD_TYPE(nu_ip_field, nu_ip_protocol protocol; bool unpack_ipv4;);
NU__FIELD_TYPE(nu_decimal_field, int max_digits, decimal_places;);
NU__FIELD_TYPE(nu_date_field, bool auto_now, auto_now_add;);
NU__FIELD_TYPE(nu_file_field, const char *upload_to; int max_length; size_t max_size;
               const char *width_field, *height_field;);
/* related_name "+": no way back. through: the model of the rows between, with a foreign key to
   either side; missing: made automatically. asymmetrical: a many-to-many to the model itself whose
   rows go one way only, Django's symmetrical=False. to_field: a unique field of the other
   model that the key holds instead of its primary key. limit_choices_to: a condition, as text.
   parent_link: the link of a child to its parent, where its name or column is to be another. */
NU__FIELD_TYPE(nu_relation_field, nu_on_delete on_delete;
               const char *related_name, *related_query_name, *db_table; const nu_model *through;
               const char *through_name, *through_fields[2], *to_field, *limit_choices_to;
               bool asymmetrical, no_db_constraint, no_db_index, parent_link;
               nu_value(*set_value)(void););

#define NU_FIELD(F, T, m, k, check, need, ...)                                                     \
    NU_FIELD_TO(F, T, m, k, check, need, .to = NULL, __VA_ARGS__)
#define NU_FIELD_TO(F, T, m, k, check, need, target, ...)                                          \
    nu__a_comma_is_missing_before_this +                                                           \
        &(const F){ .name = #m,                                                                    \
                    .type = (k),                                                                   \
                    target,                                                                        \
                    .size = sizeof(((T *)0)->m),                                                   \
                    .offset = offsetof(T, m) + NU_REQUIRE(check, need),                            \
                    __VA_ARGS__ }                                                                  \
             .base
#define NU_IS(T, m, ctype) _Generic(((T *)0)->m, ctype : 1, default : 0)
#define NU_IS2(T, m, a, b) _Generic(((T *)0)->m, a : 1, b : 1, default : 0)
#define NU_MEMBER(F, T, m, k, label, ctype, ...)                                                   \
    NU_FIELD(F, T, m, k, NU_IS(T, m, ctype), label " " #m " needs a " #ctype " member", __VA_ARGS__)
/* The member decides: int64_t, double and bool have no .null at all; nu_opt_* have it. */
#define NU_NUMBER(T, m, k, t, opt, label, ...)                                                     \
    NU_FIELD(__typeof__(*_Generic(((T *)0)->m, opt                                                 \
                                  : (nu_opt_number_field *)0, default                              \
                                  : (nu_number_field *)0)),                                        \
             T, m, k, NU_IS2(T, m, t, opt), label " " #m " needs a " #t " or " #opt " member",     \
             __VA_ARGS__)
#define NU_RELATION(T, m, k, label, Member, To, ...)                                               \
    NU_FIELD_TO(nu_relation_field, T, m, k, NU_IS(T, m, Member),                                   \
                label " " #m " needs a " #Member " member", .to = &To##_model, __VA_ARGS__)

#define CharField(T, m, ...)                                                                       \
    NU_MEMBER(nu_char_field, T, m, NU_CHAR_FIELD, "CharField", nu_str, __VA_ARGS__)
#define TextField(T, m, ...)                                                                       \
    NU_MEMBER(nu_char_field, T, m, NU_TEXT_FIELD, "TextField", nu_str, __VA_ARGS__)
#define EmailField(T, m, ...)                                                                      \
    NU_MEMBER(nu_char_field, T, m, NU_EMAIL_FIELD, "EmailField", nu_str, __VA_ARGS__)
#define URLField(T, m, ...)                                                                        \
    NU_MEMBER(nu_char_field, T, m, NU_URL_FIELD, "URLField", nu_str, __VA_ARGS__)
#define FilePathField(T, m, ...)                                                                   \
    NU_MEMBER(nu_file_path_field, T, m, NU_FILE_PATH_FIELD, "FilePathField", nu_str, __VA_ARGS__)
#define GenericIPAddressField(T, m, ...)                                                           \
    NU_MEMBER(nu_ip_field, T, m, NU_GENERIC_IP_ADDRESS_FIELD, "GenericIPAddressField", nu_str,     \
              __VA_ARGS__)
#define SlugField(T, m, ...)                                                                       \
    NU_MEMBER(nu_slug_field, T, m, NU_SLUG_FIELD, "SlugField", nu_str, __VA_ARGS__)
#define DateField(T, m, ...)                                                                       \
    NU_MEMBER(nu_date_field, T, m, NU_DATE_FIELD, "DateField", nu_date, __VA_ARGS__)
#define DateTimeField(T, m, ...)                                                                   \
    NU_MEMBER(nu_date_field, T, m, NU_DATETIME_FIELD, "DateTimeField", nu_datetime, __VA_ARGS__)
#define TimeField(T, m, ...)                                                                       \
    NU_MEMBER(nu_date_field, T, m, NU_TIME_FIELD, "TimeField", nu_time, __VA_ARGS__)
#define DurationField(T, m, ...)                                                                   \
    NU_MEMBER(nu_plain_field, T, m, NU_DURATION_FIELD, "DurationField", nu_timedelta, __VA_ARGS__)
#define DecimalField(T, m, ...)                                                                    \
    NU_MEMBER(nu_decimal_field, T, m, NU_DECIMAL_FIELD, "DecimalField", nu_decimal, __VA_ARGS__)
#define UUIDField(T, m, ...)                                                                       \
    NU_MEMBER(nu_plain_field, T, m, NU_UUID_FIELD, "UUIDField", nu_uuid, __VA_ARGS__)
/** What SearchVector() made of other columns, kept for an index: a tsvector of PostgreSQL.
 * Django: django.contrib.postgres.search.SearchVectorField */
#define SearchVectorField(T, m, ...)                                                               \
    NU_MEMBER(nu_plain_field, T, m, NU_SEARCH_VECTOR_FIELD, "SearchVectorField", nu_str,           \
              __VA_ARGS__)
#define JSONField(T, m, ...)                                                                       \
    NU_MEMBER(nu_plain_field, T, m, NU_JSON_FIELD, "JSONField", nu_json_value, __VA_ARGS__)
#define BinaryField(T, m, ...)                                                                     \
    NU_MEMBER(nu_char_field, T, m, NU_BINARY_FIELD, "BinaryField", nu_bytes, __VA_ARGS__)
#define FileField(T, m, ...)                                                                       \
    NU_MEMBER(nu_file_field, T, m, NU_FILE_FIELD, "FileField", nu_file_ref, __VA_ARGS__)
#define ImageField(T, m, ...)                                                                      \
    NU_MEMBER(nu_file_field, T, m, NU_IMAGE_FIELD, "ImageField", nu_file_ref, __VA_ARGS__)
#define IntegerField(T, m, ...)                                                                    \
    NU_NUMBER(T, m, NU_INTEGER_FIELD, int64_t, nu_opt_int, "IntegerField", __VA_ARGS__)
#define BigIntegerField(T, m, ...)                                                                 \
    NU_NUMBER(T, m, NU_BIG_INTEGER_FIELD, int64_t, nu_opt_int, "BigIntegerField", __VA_ARGS__)
#define SmallIntegerField(T, m, ...)                                                               \
    NU_NUMBER(T, m, NU_SMALL_INTEGER_FIELD, int64_t, nu_opt_int, "SmallIntegerField", __VA_ARGS__)
#define PositiveIntegerField(T, m, ...)                                                            \
    NU_NUMBER(T, m, NU_POSITIVE_INTEGER_FIELD, int64_t, nu_opt_int, "PositiveIntegerField",        \
              __VA_ARGS__)
#define PositiveBigIntegerField(T, m, ...)                                                         \
    NU_NUMBER(T, m, NU_POSITIVE_BIG_INTEGER_FIELD, int64_t, nu_opt_int, "PositiveBigIntegerField", \
              __VA_ARGS__)
#define PositiveSmallIntegerField(T, m, ...)                                                       \
    NU_NUMBER(T, m, NU_POSITIVE_SMALL_INTEGER_FIELD, int64_t, nu_opt_int,                          \
              "PositiveSmallIntegerField", __VA_ARGS__)
#define FloatField(T, m, ...)                                                                      \
    NU_NUMBER(T, m, NU_FLOAT_FIELD, double, nu_opt_float, "FloatField", __VA_ARGS__)
#define BooleanField(T, m, ...)                                                                    \
    NU_NUMBER(T, m, NU_BOOLEAN_FIELD, bool, nu_opt_bool, "BooleanField", __VA_ARGS__)
/* Keys that the database counts up; a model without any key has a BigAutoField `id`. */
#define AutoField(T, m, ...)                                                                       \
    NU_MEMBER(nu_number_field, T, m, NU_AUTO_FIELD, "AutoField", nu_id, __VA_ARGS__)
#define BigAutoField(T, m, ...)                                                                    \
    NU_MEMBER(nu_number_field, T, m, NU_BIG_AUTO_FIELD, "BigAutoField", nu_id, __VA_ARGS__)
#define SmallAutoField(T, m, ...)                                                                  \
    NU_MEMBER(nu_number_field, T, m, NU_SMALL_AUTO_FIELD, "SmallAutoField", nu_id, __VA_ARGS__)
/* A member of an enum declared by TextChoices or IntegerChoices. */
#define ChoiceField(T, m, E, ...)                                                                  \
    NU_FIELD_TO(nu_char_field, T, m, NU_CHOICE_FIELD, NU_IS(T, m, E),                              \
                "ChoiceField " #m " needs a " #E " member", .choices = &E##_choices, __VA_ARGS__)
#define ForeignKey(T, m, To, ...)                                                                  \
    NU_RELATION(T, m, NU_FOREIGN_KEY, "ForeignKey", To##_ref, To, __VA_ARGS__)
#define OneToOneField(T, m, To, ...)                                                               \
    NU_RELATION(T, m, NU_ONE_TO_ONE_FIELD, "OneToOneField", To##_ref, To, __VA_ARGS__)
#define ManyToManyField(T, m, To, ...)                                                             \
    NU_RELATION(T, m, NU_MANY_TO_MANY_FIELD, "ManyToManyField", nu_many, To, __VA_ARGS__)

/* A key that holds another unique field than the primary key, `iso` of a Country that is a nu_str:
   NU_DECLARE_REF(Country, iso, nu_str); beside the model, a member Country_iso_ref, and
   ForeignKeyTo(City, country, Country, iso, .on_delete = CASCADE) for its .to_field. Such a member
   is set by its parts: .country = { france->iso, france }. */
#define NU_DECLARE_REF(T, field, ctype)                                                            \
    typedef struct T##_##field##_ref {                                                             \
        ctype id;                                                                                  \
        T *object;                                                                                 \
    } T##_##field##_ref
#define NU_RELATION_BY(T, m, k, label, To, field, ...)                                             \
    NU_RELATION(T, m, k, label, To##_##field##_ref, To, .to_field = #field, __VA_ARGS__)
#define ForeignKeyTo(T, m, To, field, ...)                                                         \
    NU_RELATION_BY(T, m, NU_FOREIGN_KEY, "ForeignKeyTo", To, field, __VA_ARGS__)
#define OneToOneFieldTo(T, m, To, field, ...)                                                      \
    NU_RELATION_BY(T, m, NU_ONE_TO_ONE_FIELD, "OneToOneFieldTo", To, field, __VA_ARGS__)

/* The member that a model with .order_with_respect_to keeps its place in: `int64_t _order`. */
#define OrderWrt(T) IntegerField(T, _order, .read_only = true)

/* A column that the database works out: GeneratedField(Square, area, IntegerField, .expression =
   "F('side') * F('side')", .db_persist = true). Written never, read back after each save. */
#define GeneratedField(T, m, Output, ...) Output(T, m, .read_only = true, __VA_ARGS__)

/* ---- the descriptor ----------------------------------------------------------------------- */

/* The head of a descriptor; MODEL_AS names a model otherwise than its struct. */
/* MODEL_AS(nu_user, "User"): a struct whose name is not the model's. */
#define MODEL(T) MODEL_AS(T, #T)
#define MODEL_AS(T, name_)                                                                         \
    .klass = { &nu__model_ops, (name_) }, .meta = &(nu_meta){ 0 }, .name = (name_),                \
    .size = sizeof(T), .id_size = sizeof(((T *)0)->id), .id_offset = offsetof(T, id),              \
    .align = _Alignof(T) +                                                                         \
             NU_REQUIRE(offsetof(T, object) == 0, #T " must start with NU_OBJECT(" #T ")")
/* The head of an abstract base: no table, no list of models; others take its members and fields. */
#define ABSTRACT_MODEL(T)                                                                          \
    .klass = { &nu__model_ops, #T }, .meta = &(nu_meta){ 0 }, .name = #T, .abstract = true
extern const nu_object_ops nu__model_ops;

/* What is worked out once at start-up, before workers fork: resolved relations, reverse names,
   column plans. */
typedef struct nu_meta {
    struct nu__model_info *info;
} nu_meta;

/* A condition: a lookup with its value, or others joined by `op`. Made by Q(), nu_and(), …. */
typedef struct nu_cond {
    const char *lookup;
    nu_value value;
    int op;
    const struct nu_cond *args;
} nu_cond;

/* How an index is built. SQLite makes an ordinary one of each. */
typedef enum nu_index_type {
    NU_BTREE,
    NU_BLOOM,
    NU_BRIN,
    NU_GIN,
    NU_GIST,
    NU_HASH,
    NU_SPGIST,
    NU_BTREE_INDEX, /* Django's BTreeIndex: the database's own kind, by its name */
} nu_index_type;

typedef enum nu_switch { NU_BY_DEFAULT, NU_ON, NU_OFF } nu_switch;

/* Index("department", "-created_at"): Django makes the name; NamedIndex("name", …) gives it. All
   else is written out: { .name = "low", .expressions = { "Lower('title')" }, .condition = "…" }.
   include and opclasses are PostgreSQL's; SQLite makes the index without them. */
typedef struct nu_index {
    const char *fields[8];
    const char *name;
    const char *expressions[4], *condition;
    const char *include[4], *opclasses[4], *db_tablespace;
    nu_index_type type;
    /* PostgreSQL's, of some types: { .type = NU_GIN, .name = "tags", .fields = { "tags" },
       .fastupdate = NU_OFF }. 0: as the server has it. */
    int length, columns[8]; /* Bloom: bits of a row, of each column */
    nu_switch autosummarize;
    int pages_per_range, gin_pending_list_limit;
    nu_switch fastupdate, buffering;
    int fillfactor;
    nu_switch deduplicate_items;
} nu_index;
#define Index(...)                                                                                 \
    {                                                                                              \
        .fields = { __VA_ARGS__ }                                                                  \
    }
#define NamedIndex(n, ...)                                                                         \
    {                                                                                              \
        .name = (n), .fields = { __VA_ARGS__ }                                                     \
    }
#define NU__TYPED_INDEX(t, n, ...)                                                                 \
    {                                                                                              \
        .type = (t), .name = (n), .fields = { __VA_ARGS__ }                                        \
    }
#define BTreeIndex(n, ...)  NU__TYPED_INDEX(NU_BTREE_INDEX, n, __VA_ARGS__)
#define BloomIndex(n, ...)  NU__TYPED_INDEX(NU_BLOOM, n, __VA_ARGS__)
#define BrinIndex(n, ...)   NU__TYPED_INDEX(NU_BRIN, n, __VA_ARGS__)
#define GinIndex(n, ...)    NU__TYPED_INDEX(NU_GIN, n, __VA_ARGS__)
#define GistIndex(n, ...)   NU__TYPED_INDEX(NU_GIST, n, __VA_ARGS__)
#define HashIndex(n, ...)   NU__TYPED_INDEX(NU_HASH, n, __VA_ARGS__)
#define SpGistIndex(n, ...) NU__TYPED_INDEX(NU_SPGIST, n, __VA_ARGS__)

typedef enum nu_deferrable { NU_NOT_DEFERRABLE, NU_DEFERRED, NU_IMMEDIATE } nu_deferrable;
typedef enum nu_nulls_distinct {
    NU_NULLS_AS_EVER,
    NU_NULLS_DISTINCT,
    NU_NULLS_NOT_DISTINCT
} nu_nulls_distinct;

/* check and condition are text: `lookup=value` joined by `,` or `&` (and), `|` (or), `^` (xor),
   with
   `~` (not) and parentheses, or Q(…) around them: "gpa__isnull=True|gpa__gte=0,gpa__lte=4". A comma
   binds closer than `|`. A value is a number, True, False, None, 'text', an expression, or for `in`
   and `range` a list: "status__in=['new', 'paid']".
   Expressions are written as in Django: F('name'), Value(1), Lower('name'), F('a') * 2 + F('b'),
   Coalesce('a', 'b'), Case(When(a=1, then=2), default=3), and at the top F('name').desc().
   excludes: of an ExclusionConstraint, pairs of an expression and an operator. */
typedef struct nu_constraint {
    const char *name;
    const char *fields[8];
    const char *check, *condition, *violation_error_message, *violation_error_code;
    const char *expressions[4], *include[4], *opclasses[4];
    const char *excludes[4][2];
    nu_deferrable deferrable;
    nu_nulls_distinct nulls_distinct;
    nu_index_type index_type;
} nu_constraint;
/* .condition, .expressions and messages: write the initializer out. */
#define UniqueConstraint(n, ...)                                                                   \
    {                                                                                              \
        .name = (n), .fields = { __VA_ARGS__ }                                                     \
    }
#define CheckConstraint(n, c, ...)                                                                 \
    {                                                                                              \
        .name = (n), .check = (c), __VA_ARGS__                                                     \
    }
#define ExclusionConstraint(n, ...)                                                                \
    {                                                                                              \
        .name = (n), .index_type = NU_GIST, .excludes = { __VA_ARGS__ }                            \
    }

typedef nu_str nu_str_fn(const void *object);

/* A named query over the model: nu_manager_of(Post, "published"). */
typedef struct nu_manager {
    const char *name;
    nu_query *(*queryset)(nu_query *all);
} nu_manager;
#define Manager(n, f)                                                                              \
    {                                                                                              \
        (n), (f)                                                                                   \
    }

/* A method of the model's managers and query sets, by name: nu_call(query, "by_author", author). */
typedef struct nu_query_method {
    const char *name;
    nu_query *(*call)(nu_query *query, nu_values args);
} nu_query_method;
#define QueryMethod(n, f)                                                                          \
    {                                                                                              \
        (n), (f)                                                                                   \
    }

/* Where a model's struct has the members of a model that it comes from. */
typedef struct nu_base {
    const nu_model *model;
    ptrdiff_t shift; /* of the members, from their place in the base's struct */
} nu_base;
/* .bases = { Inherits(Restaurant, Place, id, address) }: the members from `first` to `last` stand
   in both structs, in the same order. An abstract base gives its fields; another one keeps them in
   its own table, and the child refers to it by a one-to-one `place_ptr`, whose member is the base's
   key. */
#define Inherits(T, Base, first, last)                                                             \
    {                                                                                              \
        &Base##_model,                                                                             \
            (ptrdiff_t)offsetof(T, first) - (ptrdiff_t)offsetof(Base, first) +                     \
                NU_REQUIRE(offsetof(T, last) - offsetof(T, first) ==                               \
                                   offsetof(Base, last) - offsetof(Base, first) &&                 \
                               sizeof(((T *)0)->last) == sizeof(((Base *)0)->last),                \
                           #T " must have the members of " #Base " from " #first " to " #last)     \
    }
/* A proxy: another model over the same table and struct. NU_DECLARE_PROXY(OrderedPlace, Place) in
   the header, MODEL(OrderedPlace), PROXY_OF(Place) in the descriptor. */
#define NU_DECLARE_PROXY(P, T)                                                                     \
    typedef T P;                                                                                   \
    typedef T##_ref P##_ref;                                                                       \
    extern const nu_model P##_model
#define PROXY_OF(T) .proxy = true, .bases = { { &T##_model, 0 } }

/* What templates may read on an instance beside its fields: student.full_name. */
typedef struct nu_property {
    const char *name;
    nu_value (*get)(const void *object);
} nu_property;
#define Property(n, f)                                                                             \
    {                                                                                              \
        (n), (f)                                                                                   \
    }

/* A reference to a row of any model, by two fields: a foreign key to nu_content_type and one that
   holds the row's key. .generic_keys = { GenericForeignKey("content_object", "content_type",
   "object_id") }; read and set by nu_field_get() and nu_field_set(). */
typedef struct nu_generic_key {
    const char *name, *content_type, *object_id;
    bool not_for_concrete_model; /* a proxy's rows have its own content type */
} nu_generic_key;
#define GenericForeignKey(n, content_type, object_id, ...)                                         \
    {                                                                                              \
        (n), (content_type), (object_id), __VA_ARGS__                                              \
    }

/* The way back: the rows of `to` that refer to this one, by the two fields there. They go with it
   when it is deleted. .generic_relations = { GenericRelation("tags", TaggedItem, "content_type",
   "object_id") }; nu_related(bookmark, "tags"). */
typedef struct nu_generic_relation {
    const char *name;
    const nu_model *to;
    const char *content_type, *object_id;
    bool not_for_concrete_model; /* as that of the key */
} nu_generic_relation;
#define GenericRelation(n, To, content_type, object_id, ...)                                       \
    {                                                                                              \
        (n), &To##_model, (content_type), (object_id), __VA_ARGS__                                 \
    }

struct nu_model {
    nu_class klass;
    nu_meta *meta;
    const char *name, *app_label;
    const char *db_table; /* missing: app_label + "_" + the name in lower case */
    const char *verbose_name, *verbose_name_plural;
    const char *database; /* alias; missing: "default" */
    size_t size, align, id_size, id_offset;
    const char *ordering[9];
    nu_str_fn *str, *get_absolute_url;
    void (*clean)(void *object);                      /* Model.clean(): raises ValidationError */
    bool (*before_save)(void *object, bool creating); /* false: nothing is written */
    const nu_field *fields[128];
    nu_index indexes[16];
    nu_constraint constraints[16];
    const char *unique_together[4][8];
    const char *order_with_respect_to; /* a foreign key; the struct has `int64_t _order` for it */
    nu_manager managers[8];
    nu_query_method query_methods[16];
    nu_property properties[16];
    nu_generic_key generic_keys[4];
    nu_generic_relation generic_relations[8];
    const char *natural_key[4]; /* fields that identify a row in fixtures. Django: natural_key() */
    const char *default_related_name;
    const char *swappable; /* "AUTH_USER_MODEL": stands for the model that the setting names */
    bool select_on_save;   /* saving looks for the row before it updates it */
    bool unmanaged;        /* managed = False: migrations leave its table alone */
    /* Several rows may have one primary key (a key of several columns, a view, a table without
       any): they are read and made, but whatever would write or delete a row by its key raises
       NotSupportedError. inspectdb sets it. */
    bool shared_key;
    bool abstract, proxy;
    bool no_default_permissions; /* default_permissions = () */
    nu_base bases[4];
    const char *bases_by_name[4]; /* of historical models: "app.Model" */
    const char *get_latest_by[4];
    const char *default_manager_name, *base_manager_name;
    const char *db_table_comment, *db_tablespace;
    const char *permissions[8][2];      /* { "can_pay", "Can pay" } */
    const char *default_permissions[8]; /* missing: add, change, delete, view */
    const char *required_db_features[8], *required_db_vendor;
};

/* ---- instances ---------------------------------------------------------------------------- */

/* The text of an initializer tells which members were given; the others take the field's default.
   It is parsed once for each call site. */
typedef struct nu_init {
    const void *values;
    const char *given;
} nu_init;
#define NU_INIT(T, ...) ((nu_init){ &(const T){ __VA_ARGS__ }, NU_STRINGIFY(__VA_ARGS__) })

void *nu_new_(const nu_model *model, nu_init init);
void *nu_create_(const nu_model *model, nu_init init);
void *nu_get_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created);
void *nu_update_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created);
void nu_save_(nu_object *object, const char *const *fields);
void nu_assign_(nu_object *object, nu_init init);
void nu_fill_(nu_object *object, nu_init init);
void nu_delete_(nu_object *object);
void nu_refresh_(nu_object *object);
void nu_full_clean_(nu_object *object);
void nu_clean_(nu_object *object, unsigned parts, const char *const *exclude);
nu_dict *nu_errors_of_(nu_object *object);
void nu_update_object_(nu_object *object, const nu_var *values);
nu_value nu_attr_(const nu_object *object, const char *name);
void *nu_follow_(const nu_object *object, size_t offset);

/**
 * Make an instance that is not saved: nu_new(Student, .name = S("Ada")). Members left out take the
 * field's default; text without one is "".
 *
 * @return   in the fiber's arena; texts are borrowed
 * Yields: never.   Django: Student(name="Ada")
 */
#define nu_new(T, ...) ((T *)nu_new_(&T##_model, NU_INIT(T, __VA_ARGS__)))

/**
 * nu_new() and nu_save() in one; always an INSERT.
 *
 * @raises   IntegrityError, with the constraint's name where the database tells it
 * Yields.   Django: Manager.create()
 */
#define nu_create(T, ...) ((T *)nu_create_(&T##_model, NU_INIT(T, __VA_ARGS__)))

/**
 * Get the row that `lookup` (members in parentheses) describes, or create it with these members and
 * the further ones: nu_get_or_create(Tag, &created, (.slug = slug), .name = name). Safe against a
 * concurrent creation of the same row.
 *
 * @param created  out, may be NULL
 * @raises         MultipleObjectsReturned, IntegrityError
 * Yields.   Django: Manager.get_or_create(), update_or_create()
 */
#define nu_get_or_create(T, created, lookup, ...)                                                  \
    ((T *)nu_get_or_create_(&T##_model, NU_INIT(T, NU_UNPAREN lookup), NU_INIT(T, __VA_ARGS__),    \
                            (created)))
#define nu_update_or_create(T, created, lookup, ...)                                               \
    ((T *)nu_update_or_create_(&T##_model, NU_INIT(T, NU_UNPAREN lookup), NU_INIT(T, __VA_ARGS__), \
                               (created)))

/**
 * Write the instance: UPDATE when it has a key that was read or saved before (INSERT if no row
 * matched), else INSERT. Only loaded fields are written. Sends pre_save and post_save.
 *
 * @raises   IntegrityError; DatabaseError when nu_save_fields() meets no row
 * Yields.   Django: Model.save(), save(update_fields=…)
 */
#define nu_save(p)             nu_save_(&(p)->object, NULL)
#define nu_save_fields(p, ...) nu_save_(&(p)->object, (const char *const[]){ __VA_ARGS__, NULL })

/** Set these members and save just them: nu_set(student, .gpa = gpa). */
#define nu_set(p, ...) nu_assign_(&(p)->object, NU_INIT(__typeof__(*(p)), __VA_ARGS__))

/** Set these members, and save nothing: nu_fill(student, .gpa = gpa). */
#define nu_fill(p, ...) nu_fill_(&(p)->object, NU_INIT(__typeof__(*(p)), __VA_ARGS__))

/**
 * Delete the instance and what its relations' on_delete says.
 *
 * @raises   ProtectedError, RestrictedError with Django's message; ValueError when not saved
 * Yields.   Django: Model.delete()
 */
#define nu_delete(p) nu_delete_(&(p)->object)

/** Read all loaded fields again; drops what relations were kept. Raises DoesNotExist. Yields. */
#define nu_refresh(p) nu_refresh_(&(p)->object)

/**
 * Validate fields, model.clean, uniqueness and constraints.
 *
 * @raises   ValidationError with `detail`: field -> messages, "__all__" for the whole
 * Yields.   Django: Model.full_clean()
 */
#define nu_full_clean(p) nu_full_clean_(&(p)->object)
/* Its parts, without the fields named: nu_clean_fields(post, "slug"). `codes` of the error has the
   codes beside the messages of `detail`. */
typedef enum nu_clean_parts {
    NU_CLEAN_FIELDS = 1,
    NU_CLEAN_MODEL = 2,
    NU_CLEAN_UNIQUE = 4,
    NU_CLEAN_CONSTRAINTS = 8,
    NU_CLEAN_ALL = 15,
} nu_clean_parts;
#define NU__CLEAN(p, parts, ...)                                                                   \
    nu_clean_(&(p)->object, (parts), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define nu_full_clean_but(p, ...)       NU__CLEAN(p, NU_CLEAN_ALL, __VA_ARGS__)
#define nu_clean_fields(p, ...)         NU__CLEAN(p, NU_CLEAN_FIELDS, __VA_ARGS__)
#define nu_validate_unique(p, ...)      NU__CLEAN(p, NU_CLEAN_UNIQUE, __VA_ARGS__)
#define nu_validate_constraints(p, ...) NU__CLEAN(p, NU_CLEAN_CONSTRAINTS, __VA_ARGS__)
/** The errors that nu_full_clean() would raise; NULL when there are none. Yields. */
#define nu_errors_of(p) nu_errors_of_(&(p)->object)

/** A member, relation, property or annotation by name, as templates read it. AttributeError when
 * there is none. Yields when it must load. */
#define nu_field_get(p, name) (NU__CALLED_FROM, nu_field_get_(&(p)->object, (name)))
nu_value nu_field_get_(const nu_object *object, const char *name);

/** The instance in a value, such as a template's or a context's "object". TypeError when it is
 * none, or of another model. */
#define nu_object_of(T, v) ((T *)nu_object_of_((v), &T##_model))
void *nu_object_of_(nu_value value, const nu_model *model);

/** An annotation of an instance: nu_attr(dept, "n"). AttributeError when there is none. */
#define nu_attr(p, name) nu_attr_(&(p)->object, (name))

/** Set columns to values or expressions and read them back: ("balance", nu_sub(F("balance"), x)).
 * One UPDATE and one SELECT; signals are not sent. Yields. */
#define nu_update_object(p, ...) nu_update_object_(&(p)->object, NU_DBVARS(__VA_ARGS__))

/**
 * The object that a foreign key refers to: nu_follow(post, author)->username. Loads once; when the
 * instance came with others of one result, for all of them in one query. NULL only when the key is
 * null.
 *
 * @raises   DoesNotExist when the row is gone
 * Yields when it loads.   Django: post.author, with fetch mode FETCH_PEERS
 */
#define nu_follow(p, m)                                                                            \
    ({                                                                                             \
        __auto_type nu__p = (p);                                                                   \
        NU__CALLED_FROM;                                                                           \
        (__typeof__(nu__p->m.object))nu_follow_(&nu__p->object, offsetof(__typeof__(*nu__p), m));  \
    })
