/**
 * @file
 * Fields that only PostgreSQL has: arrays, ranges, maps of texts. Django: django.contrib.postgres
 *
 *     struct Booking {
 *         NU_OBJECT(Booking);
 *         nu_id           id;
 *         nu_list        *guests;
 *         const nu_range *nights;
 *         nu_dict        *notes;
 *     };
 *     const nu_model Booking_model = {
 *         MODEL(Booking), .app_label = "hotel",
 *         .fields = {
 *             ArrayField(Booking, guests, models_CharField(NULL, .max_length = 60)),
 *             DateRangeField(Booking, nights, .null = true),
 *             HStoreField(Booking, notes, .default_call = nu_default_dict),
 *         },
 *     };
 *     nu_create(Booking, .guests = NU_LIST("Ada", "Grace"),
 *               .nights = nu_range_of(V(arrival), V(departure), NULL));
 *     nu_filter(nu_objects(Booking), Q("guests__contains", NU_LIST("Ada")));
 *
 * hstore needs its extension in the database: a migration with HStoreExtension(). On other
 * databases the fields have no column.
 */
#pragma once
#include <nuages/migrations.h>

/* base_field: the type of the items, as a field of a migration, whose name is not looked at: one of
   texts models_CharField(NULL, .max_length = 20), of arrays models_ArrayField(NULL, …). array_size:
   at most so many items. Django: size */
NU__FIELD_TYPE(nu_array_field, const nu_field *base_field; int array_size;);
/* default_bounds: those that a list of two ends becomes a range with; NULL: "[)". */
NU__FIELD_TYPE(nu_range_field, const char *default_bounds;);

/** A list of values of one type; NULL is null. Members are lists: NU_LIST("a", "b"). */
#define ArrayField(T, m, base, ...)                                                                \
    NU_FIELD_TO(nu_array_field, T, m, NU_ARRAY_FIELD, NU_IS(T, m, nu_list *),                      \
                "ArrayField " #m " needs a nu_list * member", .base_field = (base), __VA_ARGS__)
/** Texts, some of them null, by text. */
#define HStoreField(T, m, ...)                                                                     \
    NU_MEMBER(nu_plain_field, T, m, NU_HSTORE_FIELD, "HStoreField", nu_dict *, __VA_ARGS__)

#define NU__RANGE(F, T, m, k, label, ...)                                                          \
    NU_MEMBER(F, T, m, k, label, const nu_range *, __VA_ARGS__)
/** Whole numbers of 4 and 8 bytes, days: PostgreSQL makes all their bounds "[)". */
#define IntegerRangeField(T, m, ...)                                                               \
    NU__RANGE(nu_plain_field, T, m, NU_INTEGER_RANGE_FIELD, "IntegerRangeField", __VA_ARGS__)
#define BigIntegerRangeField(T, m, ...)                                                            \
    NU__RANGE(nu_plain_field, T, m, NU_BIG_INTEGER_RANGE_FIELD, "BigIntegerRangeField", __VA_ARGS__)
#define DateRangeField(T, m, ...)                                                                  \
    NU__RANGE(nu_plain_field, T, m, NU_DATE_RANGE_FIELD, "DateRangeField", __VA_ARGS__)
/** Decimals and instants keep their bounds. */
#define DecimalRangeField(T, m, ...)                                                               \
    NU__RANGE(nu_range_field, T, m, NU_DECIMAL_RANGE_FIELD, "DecimalRangeField", __VA_ARGS__)
#define DateTimeRangeField(T, m, ...)                                                              \
    NU__RANGE(nu_range_field, T, m, NU_DATETIME_RANGE_FIELD, "DateTimeRangeField", __VA_ARGS__)

/* The same in migrations. */
#define models_ArrayField(n, base, ...)                                                            \
    NU__HISTORICAL(nu_array_field, n, NU_ARRAY_FIELD, .base_field = (base), __VA_ARGS__)
#define models_HStoreField(n, ...) NU__HISTORICAL(nu_plain_field, n, NU_HSTORE_FIELD, __VA_ARGS__)
#define models_IntegerRangeField(n, ...)                                                           \
    NU__HISTORICAL(nu_plain_field, n, NU_INTEGER_RANGE_FIELD, __VA_ARGS__)
#define models_BigIntegerRangeField(n, ...)                                                        \
    NU__HISTORICAL(nu_plain_field, n, NU_BIG_INTEGER_RANGE_FIELD, __VA_ARGS__)
#define models_DateRangeField(n, ...)                                                              \
    NU__HISTORICAL(nu_plain_field, n, NU_DATE_RANGE_FIELD, __VA_ARGS__)
#define models_DecimalRangeField(n, ...)                                                           \
    NU__HISTORICAL(nu_range_field, n, NU_DECIMAL_RANGE_FIELD, __VA_ARGS__)
#define models_DateTimeRangeField(n, ...)                                                          \
    NU__HISTORICAL(nu_range_field, n, NU_DATETIME_RANGE_FIELD, __VA_ARGS__)

/* ---- operations of migrations ------------------------------------------------------------- */

/** An extension of the database; its reverse drops it. On other databases nothing happens. */
#define CreateExtension(n)   NU__OPERATION(NU_CREATE_EXTENSION, .name = (n))
#define BloomExtension()     CreateExtension("bloom")
#define BtreeGinExtension()  CreateExtension("btree_gin")
#define BtreeGistExtension() CreateExtension("btree_gist")
#define CITextExtension()    CreateExtension("citext")
#define CryptoExtension()    CreateExtension("pgcrypto")
#define HStoreExtension()    CreateExtension("hstore")
#define TrigramExtension()   CreateExtension("pg_trgm")
#define UnaccentExtension()  CreateExtension("unaccent")
/** CreateCollation("nocase", "und-u-ks-level2", .provider = "icu", .nondeterministic = true): what
 * .db_collation of text fields may name, such as one that takes upper and lower case for the same.
 * provider: NULL is "libc". */
#define CreateCollation(n, l, ...)                                                                 \
    NU__OPERATION(NU_CREATE_COLLATION, .name = (n), .locale = (l), __VA_ARGS__)
/** The same arguments, so that it can be made again. */
#define RemoveCollation(n, l, ...)                                                                 \
    NU__OPERATION(NU_REMOVE_COLLATION, .name = (n), .locale = (l), __VA_ARGS__)
/** A check of new and changed rows only, which holds the table up no longer than its name is
 * written; a later migration checks the rows that were there. An ordinary one elsewhere. */
#define AddConstraintNotValid(m, ...)                                                              \
    NU__OPERATION(NU_ADD_CONSTRAINT_NOT_VALID, .model_name = (m), .constraint = __VA_ARGS__)
/** A unique constraint whose index is built beside those who write, and taken over by the
 * constraint then; the migration says .non_atomic = true. An ordinary one elsewhere. */
#define AddConstraintConcurrently(m, ...)                                                          \
    NU__OPERATION(NU_ADD_CONSTRAINT_CONCURRENTLY, .model_name = (m), .constraint = __VA_ARGS__)
#define ValidateConstraint(m, n)                                                                   \
    NU__OPERATION(NU_VALIDATE_CONSTRAINT, .model_name = (m), .name = (n))

/* ---- expressions -------------------------------------------------------------------------- */

/** The value of a key of an hstore, as text: order_by(HStoreKey("colour", "notes")).
 * Django: contrib.postgres.fields.hstore.KeyTransform */
#define HStoreKey(key, source) nu_hstore_key_((key), V(source))
nu_expr *nu_hstore_key_(const char *key, nu_value source);
/** The one column of a query as an array. Django: contrib.postgres.expressions.ArraySubquery */
nu_expr *ArraySubquery(nu_query *query);

/* ---- validators --------------------------------------------------------------------------- */

void nu__array_max_length(const nu_validator *self, nu_value value);
void nu__array_min_length(const nu_validator *self, nu_value value);
void nu__range_max(const nu_validator *self, nu_value value);
void nu__range_min(const nu_validator *self, nu_value value);
void nu__validate_keys(const nu_validator *self, nu_value value);
#define ArrayMaxLength(n, ...)                                                                     \
    NU__VALIDATOR(nu__array_max_length, .limit = (n), .text = #n, __VA_ARGS__)
#define ArrayMinLength(n, ...)                                                                     \
    NU__VALIDATOR(nu__array_min_length, .limit = (n), .text = #n, __VA_ARGS__)
/* Where a range ends and begins, of numbers. */
#define RangeMaxValue(n, ...) NU__VALIDATOR(nu__range_max, .limit = (n), .text = #n, __VA_ARGS__)
#define RangeMinValue(n, ...) NU__VALIDATOR(nu__range_min, .limit = (n), .text = #n, __VA_ARGS__)
/* RequiredKeys("a", "b"): an hstore must have these; OnlyKeys: and no others. Django: KeysValidator
 */
#define RequiredKeys(...) NU__VALIDATOR(nu__validate_keys, NU__WORDS(__VA_ARGS__))
#define OnlyKeys(...)     NU__VALIDATOR(nu__validate_keys, .flags = 1, NU__WORDS(__VA_ARGS__))
