/**
 * @file
 * Models: plain structs, and const descriptor tables that the compiler checks against them.
 */
#pragma once
#include <nuages/errors.h>
#include <nuages/timezone.h>

/* ---- models
 * ---------------------------------------------------------------------------------------------------------------
 */
/* NU_DECLARE_MODEL(Device, nu_uuid): struct tag, typed reference (Device_ref: .id of the pk's type,
 * .object a Device *), the model. */
#define NU_DECLARE_MODEL(...) NU__DECLARE(__VA_ARGS__, nu_id)
#define NU__DECLARE(T, PK, ...)                                                                    \
    typedef struct T T;                                                                            \
    typedef struct T##_ref {                                                                       \
        PK id;                                                                                     \
        T *object;                                                                                 \
    } T##_ref;                                                                                     \
    extern const nu_model T##_model
#define NU_OBJECT(T)                                                                               \
    union {                                                                                        \
        nu_object object;                                                                          \
        T##_ref nu__ref[0];                                                                        \
    } /* typed carrier, no size */
#define NU_FORM_OBJECT nu_object object
#define nu_ref_to(p)                                                                               \
    ({                                                                                             \
        __auto_type nu__p = (p);                                                                   \
        (__typeof__(nu__p->nu__ref[0])){ nu__p->id, (void *)nu__p };                               \
    })
#define nu_follow(p, m)                                                                            \
    ({                                                                                             \
        __auto_type nu__p = (p);                                                                   \
        (__typeof__(nu__p->m.object))nu_follow_(&nu__p->object, offsetof(__typeof__(*nu__p), m));  \
    }) /* loads once; NULL only when null */
void *nu_follow_(const nu_object *, size_t);

typedef enum { CASCADE = 1, PROTECT, RESTRICT, SET_NULL, SET_DEFAULT, DO_NOTHING } nu_on_delete;
typedef struct nu_validator {
    void (*check)(const struct nu_validator *, nu_value);
    double limit;
    const char *text, *message, *code;
} nu_validator; /* text: the limit's digits, or the pattern */
void nu__min(const nu_validator *, nu_value), nu__max(const nu_validator *, nu_value),
    nu__regex(const nu_validator *, nu_value);
#define MinValue(n)                                                                                \
    {                                                                                              \
        .check = nu__min, .limit = (n), .text = #n                                                 \
    }
#define MaxValue(n)                                                                                \
    {                                                                                              \
        .check = nu__max, .limit = (n), .text = #n                                                 \
    }
#define Regex(re, ...)                                                                             \
    {                                                                                              \
        .check = nu__regex, .text = (re), __VA_ARGS__                                              \
    }
typedef struct {
    nu_kind kind;
    int64_t i;
    double f;
    const char *s;
} nu_default;
#define Default(x)                                                                                 \
    .default_ = { _Generic((x), bool: NU_KIND_BOOL, float: NU_KIND_FLOAT, double: NU_KIND_FLOAT, char *: NU_KIND_STR, default: NU_KIND_INT), \
   _Generic((x), char *: 0, double: 0, float: 0, default: (x)), _Generic((x), double: (x), float: (x), default: 0), _Generic((x), char *: (x), default: NULL) }
/* choices: enum, table and labels from one list. Enumerators of TextChoices start at 1: 0 is "not
 * set". */
typedef struct {
    int number;
    const char *value, *label;
} nu_choice;
typedef struct {
    const nu_choice *items;
    int len;
    bool text;
} nu_choices;
#define NU__ENUM(c)              NU__ENUM_ c
#define NU__ENUM_(e, ...)        e,
#define NU__ENUM_INT(c)          NU__ENUM_INT_ c
#define NU__ENUM_INT_(e, n, l)   e = (n),
#define NU__CHOICE(c)            NU__CHOICE_ c
#define NU__CHOICE_(e, v, l)     { e, (v), (l) },
#define NU__CHOICE_INT(c)        NU__CHOICE_INT_ c
#define NU__CHOICE_INT_(e, n, l) { e, #n, (l) },
#define TextChoices(E, ...)                                                                        \
    typedef enum E { E##_unset, NU_EACH(NU__ENUM, __VA_ARGS__) } E;                                \
    NU_UNUSED static const nu_choices E##_choices = {                                              \
        (const nu_choice[]){ NU_EACH(NU__CHOICE, __VA_ARGS__){ 0 } },                              \
        sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }), true                               \
    }
#define IntegerChoices(E, ...)                                                                     \
    typedef enum E { NU_EACH(NU__ENUM_INT, __VA_ARGS__) } E;                                       \
    NU_UNUSED static const nu_choices E##_choices = {                                              \
        (const nu_choice[]){ NU_EACH(NU__CHOICE_INT, __VA_ARGS__){ 0 } },                          \
        sizeof((const char[]){ NU_EACH(NU_ONE, __VA_ARGS__) }), false                              \
    }
nu_str nu_choice_label_(const nu_choices *, int), nu_choice_value_(const nu_choices *, int);
bool nu_choice_parse_(const nu_choices *, nu_str, int *);
#define nu_label(E, e) nu_choice_label_(&E##_choices, (E){ (e) })
#define nu_choice_parse(E, s, out)                                                                 \
    ({                                                                                             \
        int nu__i;                                                                                 \
        bool nu__ok = nu_choice_parse_(&E##_choices, (s), &nu__i);                                 \
        if (nu__ok)                                                                                \
            *(E *){ (out) } = (E)nu__i;                                                            \
        nu__ok;                                                                                    \
    })
#define nu_choice_text(E, e) nu_choice_value_(&E##_choices, (E){ (e) })
/* one option struct a field type: an option that the field does not have is a compile error, not
 * only a misspelt one */
#define NU_FIELD_HEAD                                                                              \
    const char *name;                                                                              \
    int type;                                                                                      \
    const nu_model *to;                                                                            \
    const nu_choices *choices;                                                                     \
    size_t size, offset;                                                                           \
    NU_NAMED_ONLY;                                                                                 \
    bool unique, blank, db_index, primary_key, read_only;                                          \
    const char *verbose_name, *help_text, *db_column, *unique_for_date;                            \
    nu_default default_;                                                                           \
    nu_value (*default_call)(void);                                                                \
    nu_validator validators[4];
#define NU_FIELD_OPTIONS NU_FIELD_HEAD bool null;
typedef struct nu_field {
    NU_FIELD_OPTIONS
} nu_field;
#define NU_FIELD_TYPE(N, ...)                                                                      \
    typedef struct N {                                                                             \
        union {                                                                                    \
            nu_field base;                                                                         \
            struct {                                                                               \
                NU_FIELD_OPTIONS                                                                   \
            };                                                                                     \
        };                                                                                         \
        __VA_ARGS__                                                                                \
    } N
typedef struct nu_number_field {
    union {
        nu_field base;
        struct {
            NU_FIELD_HEAD
        };
    };
} nu_number_field; /* no .null */
NU_FIELD_TYPE(nu_plain_field, int none_;);
NU_FIELD_TYPE(nu_char_field, int max_length;);
NU_FIELD_TYPE(nu_slug_field, int max_length; const char *populate_from;);
NU_FIELD_TYPE(nu_decimal_field, int max_digits, decimal_places;);
NU_FIELD_TYPE(nu_date_field, bool auto_now, auto_now_add;);
NU_FIELD_TYPE(nu_file_field, const char *upload_to; int max_length; size_t max_size;);
NU_FIELD_TYPE(nu_relation_field, nu_on_delete on_delete;
              const char *related_name, *related_query_name, *db_table; const nu_model *through;
              bool symmetrical;);
#define NU_FIELD(F, T, m, k, check, need, ...)                                                     \
    NU_FIELD_TO(F, T, m, k, check, need, .to = NULL, __VA_ARGS__)
#define NU_FIELD_TO(F, T, m, k, check, need, target, ...)                                          \
    &(const F){ .name = #m,                                                                        \
                .type = (k),                                                                       \
                target,                                                                            \
                .size = sizeof(((T *)0)->m),                                                       \
                .offset = offsetof(T, m) + NU_REQUIRE(check, need),                                \
                __VA_ARGS__ }                                                                      \
         .base
#define NU_IS(T, m, ctype) _Generic(((T *)0)->m, ctype : 1, default : 0)
#define NU_IS2(T, m, a, b) _Generic(((T *)0)->m, a : 1, b : 1, default : 0)
#define CharField(T, m, ...)                                                                       \
    NU_FIELD(nu_char_field, T, m, 1, NU_IS(T, m, nu_str),                                          \
             "CharField " #m " needs a nu_str member", __VA_ARGS__)
#define TextField(T, m, ...)                                                                       \
    NU_FIELD(nu_char_field, T, m, 7, NU_IS(T, m, nu_str),                                          \
             "TextField " #m " needs a nu_str member", __VA_ARGS__)
#define EmailField(T, m, ...)                                                                      \
    NU_FIELD(nu_char_field, T, m, 2, NU_IS(T, m, nu_str),                                          \
             "EmailField " #m " needs a nu_str member", __VA_ARGS__)
#define SlugField(T, m, ...)                                                                       \
    NU_FIELD(nu_slug_field, T, m, 8, NU_IS(T, m, nu_str),                                          \
             "SlugField " #m " needs a nu_str member", __VA_ARGS__)
#define DateField(T, m, ...)                                                                       \
    NU_FIELD(nu_date_field, T, m, 3, NU_IS(T, m, nu_date),                                         \
             "DateField " #m " needs a nu_date member", __VA_ARGS__)
#define DateTimeField(T, m, ...)                                                                   \
    NU_FIELD(nu_date_field, T, m, 4, NU_IS(T, m, nu_datetime),                                     \
             "DateTimeField " #m " needs a nu_datetime member", __VA_ARGS__)
#define DecimalField(T, m, ...)                                                                    \
    NU_FIELD(nu_decimal_field, T, m, 5, NU_IS(T, m, nu_decimal),                                   \
             "DecimalField " #m " needs a nu_decimal member", __VA_ARGS__)
#define UUIDField(T, m, ...)                                                                       \
    NU_FIELD(nu_plain_field, T, m, 9, NU_IS(T, m, nu_uuid),                                        \
             "UUIDField " #m " needs a nu_uuid member", __VA_ARGS__)
#define JSONField(T, m, ...)                                                                       \
    NU_FIELD(nu_plain_field, T, m, 10, NU_IS(T, m, nu_json_value),                                 \
             "JSONField " #m " needs a nu_json_value member", __VA_ARGS__)
#define BinaryField(T, m, ...)                                                                     \
    NU_FIELD(nu_plain_field, T, m, 11, NU_IS(T, m, nu_bytes),                                      \
             "BinaryField " #m " needs a nu_bytes member", __VA_ARGS__)
#define FileField(T, m, ...)                                                                       \
    NU_FIELD(nu_file_field, T, m, 12, NU_IS(T, m, nu_file_ref),                                    \
             "FileField " #m " needs a nu_file_ref member", __VA_ARGS__)
/* the member decides: int64_t, double and bool have no .null option at all; nu_opt_* have it */
#define NU_NUMBER(T, m, k, t, opt, label, ...)                                                     \
    NU_FIELD(__typeof__(*_Generic(((T *)0)->m, opt                                                 \
                                  : (nu_plain_field *)0, default                                   \
                                  : (nu_number_field *)0)),                                        \
             T, m, k, NU_IS2(T, m, t, opt), label " " #m " needs a " #t " or " #opt " member",     \
             __VA_ARGS__)
#define IntegerField(T, m, ...)                                                                    \
    NU_NUMBER(T, m, 13, int64_t, nu_opt_int, "IntegerField", __VA_ARGS__)
#define PositiveIntegerField(T, m, ...)                                                            \
    NU_NUMBER(T, m, 14, int64_t, nu_opt_int, "PositiveIntegerField", __VA_ARGS__)
#define FloatField(T, m, ...)   NU_NUMBER(T, m, 15, double, nu_opt_float, "FloatField", __VA_ARGS__)
#define BooleanField(T, m, ...) NU_NUMBER(T, m, 16, bool, nu_opt_bool, "BooleanField", __VA_ARGS__)
#define ChoiceField(T, m, E, ...)                                                                  \
    NU_FIELD_TO(nu_char_field, T, m, 17, NU_IS(T, m, E),                                           \
                "ChoiceField " #m " needs a " #E " member", .choices = &E##_choices, __VA_ARGS__)
#define ForeignKey(T, m, To, ...)                                                                  \
    NU_FIELD_TO(nu_relation_field, T, m, 6, NU_IS(T, m, To##_ref),                                 \
                "ForeignKey " #m " needs a " #To "_ref member", .to = &To##_model, __VA_ARGS__)
#define OneToOneField(T, m, To, ...)                                                               \
    NU_FIELD_TO(nu_relation_field, T, m, 18, NU_IS(T, m, To##_ref),                                \
                "OneToOneField " #m " needs a " #To "_ref member", .to = &To##_model, __VA_ARGS__)
#define ManyToManyField(T, m, To, ...)                                                             \
    NU_FIELD_TO(nu_relation_field, T, m, 19, NU_IS(T, m, nu_many),                                 \
                "ManyToManyField " #m " needs a nu_many member", .to = &To##_model, __VA_ARGS__)
#define MODEL(T)                                                                                   \
    .klass = { &nu__model_ops, #T }, .meta = &(nu_meta){ 0 }, .name = #T, .size = sizeof(T),       \
    .id_size = sizeof(((T *)0)->id), .id_offset = offsetof(T, id),                                 \
    .align = _Alignof(T) +                                                                         \
             NU_REQUIRE(offsetof(T, object) == 0, #T " must start with NU_OBJECT(" #T ")")
extern const nu_object_ops nu__model_ops;
/* what is worked out once at start-up, before workers fork: resolved relations, reverse names,
 * column plans */
typedef struct nu_meta {
    struct nu__model_info *info;
} nu_meta;
typedef struct nu_cond {
    const char *lookup;
    nu_value value;
    int op;
    const struct nu_cond *args;
} nu_cond;
typedef struct {
    const char *fields[8];
    const char *name;
} nu_index;
#define Index(...)                                                                                 \
    {                                                                                              \
        .fields = { __VA_ARGS__ }                                                                  \
    }
#define NamedIndex(n, ...)                                                                         \
    {                                                                                              \
        .name = (n), .fields = { __VA_ARGS__ }                                                     \
    }
typedef struct {
    const char *name;
    const char *fields[8];
    const char *check, *condition, *violation_error_message, *violation_error_code;
} nu_constraint; /* check: a lookup expression, "amount__gt=0" */
#define UniqueConstraint(n, ...)                                                                   \
    {                                                                                              \
        .name = (n), .fields = { __VA_ARGS__ }                                                     \
    } /* .condition and messages: write the initializer out */
#define CheckConstraint(n, c, ...)                                                                 \
    {                                                                                              \
        .name = (n), .check = (c), __VA_ARGS__                                                     \
    }
typedef nu_str nu_str_fn(const void *);
typedef struct {
    const char *name;
    nu_query *(*queryset)(nu_query *);
} nu_manager;
#define Manager(n, f)                                                                              \
    {                                                                                              \
        (n), (f)                                                                                   \
    }
/* what templates may read or call on an instance beside its fields: student.full_name */
typedef struct {
    const char *name;
    nu_value (*get)(const void *object);
} nu_property;
#define Property(n, f)                                                                             \
    {                                                                                              \
        (n), (f)                                                                                   \
    }
struct nu_model {
    nu_class klass;
    nu_meta *meta;
    const char *name, *app_label, *db_table, *verbose_name, *verbose_name_plural, *database;
    size_t size, align, id_size, id_offset;
    const char *ordering[9];
    nu_str_fn *str, *get_absolute_url;
    void (*clean)(void *);
    bool (*before_save)(void *, bool creating);
    const nu_field *fields[128];
    nu_index indexes[16];
    nu_constraint constraints[16];
    nu_manager managers[8];
    nu_property properties[16];
    const char *default_related_name;
    bool unmanaged, abstract, proxy;
};

/* ---- objects. the text of the initializer tells which members were given; the others take the
 * field's default ----------- */
typedef struct {
    const void *values;
    const char *given;
} nu_init;
#define NU_INIT(T, ...) ((nu_init){ &(const T){ __VA_ARGS__ }, NU_STRINGIFY(__VA_ARGS__) })
void *nu_new_(const nu_model *, nu_init), *nu_create_(const nu_model *, nu_init),
    *nu_get_or_create_(const nu_model *, nu_init, nu_init, bool *),
    *nu_update_or_create_(const nu_model *, nu_init, nu_init, bool *);
#define nu_new(T, ...)    ((T *)nu_new_(&T##_model, NU_INIT(T, __VA_ARGS__)))
#define nu_create(T, ...) ((T *)nu_create_(&T##_model, NU_INIT(T, __VA_ARGS__)))
#define nu_get_or_create(T, created, lookup, ...)                                                  \
    ((T *)nu_get_or_create_(&T##_model, NU_INIT(T, NU_UNPAREN lookup), NU_INIT(T, __VA_ARGS__),    \
                            (created)))
#define nu_update_or_create(T, created, lookup, ...)                                               \
    ((T *)nu_update_or_create_(&T##_model, NU_INIT(T, NU_UNPAREN lookup), NU_INIT(T, __VA_ARGS__), \
                               (created)))
void nu_save_(nu_object *, const char *const *fields), nu_delete_(nu_object *),
    nu_refresh_(nu_object *), nu_full_clean_(nu_object *), nu_assign_(nu_object *, nu_init);
nu_dict *nu_errors_of_(nu_object *);
#define nu_save(p) nu_save_(&(p)->object, NULL)
#define nu_save_fields(p, ...)                                                                     \
    nu_save_(&(p)->object, (const char *const[]){ __VA_ARGS__, NULL }) /* update_fields */
#define nu_set(p, ...)                                                                             \
    nu_assign_(&(p)->object,                                                                       \
               NU_INIT(__typeof__(*(p)), __VA_ARGS__)) /* set and save just these members */
#define nu_delete(p)     nu_delete_(&(p)->object)
#define nu_refresh(p)    nu_refresh_(&(p)->object)
#define nu_full_clean(p) nu_full_clean_(&(p)->object)
nu_value nu_attr_(const nu_object *,
                  const char *); /* annotation of an object; raises when there is none */
#define nu_attr(p, name) nu_attr_(&(p)->object, (name))
void nu_update_object_(nu_object *, const nu_var *);
#define nu_update_object(p, ...)                                                                   \
    nu_update_object_(                                                                             \
        &(p)->object,                                                                              \
        NU_DBVARS(                                                                                 \
            __VA_ARGS__)) /* p.x = F("x") + 1; save; refresh these: one statement, RETURNING */
