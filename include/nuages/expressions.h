/**
 * @file
 * Expressions, aggregates and functions of the database.
 *
 * Where an expression takes an operand, a C value is that value; where it takes a field, as the
 * arguments of aggregates and functions do, text names a field (Value("text") is a text). None
 * yields; names are checked when the expression is put into a query. All are made in the fiber's
 * arena, are never changed, and may be used in several queries.
 *
 * Each macro stands on a function that ends in `_` and takes its arguments as arrays, for callers
 * that know them only at run time.
 */
#pragma once
#include <nuages/models.h>
#include <nuages/timezone.h>

/** A field of the row, over relations with "__" and into JSON. Django: F() */
nu_expr *F(const char *name);
/** Inside a subquery, a field of the query around it; "OuterRef" of one: the query around that. */
nu_expr *OuterRef(const char *name);
nu_expr *nu_outer_ref_of(nu_expr *outer_ref);
/** The only column of the only row of a query. */
nu_expr *Subquery(nu_query *query);
/** The database's clock. */
nu_expr *Now(void);
#define Value(x) nu_value_expr(V(x))
nu_expr *nu_value_expr(nu_value value);
/** A condition as a column that is true or false. */
nu_expr *nu_cond_expr(nu_cond condition);
/** The reverse: an expression that is true or false as a condition. Raises TypeError in a query
 * when it is neither. */
nu_cond nu_expr_cond(nu_expr *expr);

/* ---- types -------------------------------------------------------------------------------- */

/* The type of a computed value. Django: an unbound field, as output_field takes it */
typedef struct nu_output {
    NU_NAMED_ONLY;
    nu_field_type type;
    int max_length, max_digits, decimal_places;
    const struct nu_output *items; /* of an array: NU_OUTPUT(NU_INTEGER_FIELD) */
} nu_output;
#define NU_OUTPUT(t, ...) (&(const nu_output){ .type = (t), __VA_ARGS__ })
/** The expression with another type: nu_typed(F("a"), NU_FLOAT_FIELD). Django: output_field= */
#define nu_typed(x, t, ...) nu_typed_((x), NU_OUTPUT(t, __VA_ARGS__))
nu_expr *nu_typed_(const nu_expr *expr, const nu_output *output);
/** Cast("roll_no", NU_CHAR_FIELD, .max_length = 10): converted by the database. */
#define Cast(x, t, ...) nu_cast_(V(x), NU_OUTPUT(t, __VA_ARGS__))
nu_expr *nu_cast_(nu_value source, const nu_output *output);
/** An expression whose type is told, not inferred. */
#define ExpressionWrapper(x, t, ...) nu_wrapped_(V(x), NU_OUTPUT(t, __VA_ARGS__))
nu_expr *nu_wrapped_(nu_value source, const nu_output *output);
/** Compared by a collation of the database. Raises ValueError for a name that is none. */
#define Collate(x, name) nu_collate_(V(x), (name))
nu_expr *nu_collate_(nu_value source, const char *collation);

/* ---- arithmetic --------------------------------------------------------------------------- */

#define nu_add(a, b)           nu_binary_('+', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_sub(a, b)           nu_binary_('-', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_mul(a, b)           nu_binary_('*', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_div(a, b)           nu_binary_('/', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_mod(a, b)           nu_binary_('%', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_pow(a, b)           nu_binary_('^', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_neg(a)              nu_binary_('*', nu_operand_(V(a)), nu_operand_(V(-1)))
#define nu_bitand(a, b)        nu_binary_('&', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_bitor(a, b)         nu_binary_('|', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_bitxor(a, b)        nu_binary_('#', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_bitleftshift(a, b)  nu_binary_('<', nu_operand_(V(a)), nu_operand_(V(b)))
#define nu_bitrightshift(a, b) nu_binary_('>', nu_operand_(V(a)), nu_operand_(V(b)))
nu_expr *nu_binary_(int op, nu_expr *left, nu_expr *right);
nu_expr *nu_operand_(nu_value value);
/** Characters `from` to `to` of a text column, not including `to`; -1: to the end. `source` is F()
 * or OuterRef(). Raises ValueError for negative bounds, NotSupportedError in a query for a column
 * that is no text. Django: F("name")[1:3] */
nu_expr *nu_slice_of(nu_expr *source, int64_t from, int64_t to);

/* ---- order -------------------------------------------------------------------------------- */

/** For nu_order_by_expr(): ascending, descending; nulls before or after all others. */
#define nu_asc(x)              nu_order_(V(x), false, 0)
#define nu_desc(x)             nu_order_(V(x), true, 0)
#define nu_asc_nulls_first(x)  nu_order_(V(x), false, -1)
#define nu_asc_nulls_last(x)   nu_order_(V(x), false, 1)
#define nu_desc_nulls_first(x) nu_order_(V(x), true, -1)
#define nu_desc_nulls_last(x)  nu_order_(V(x), true, 1)
nu_expr *nu_order_(nu_value source, bool descending, int nulls);

/* ---- aggregates --------------------------------------------------------------------------- */

typedef struct nu_aggregate_options {
    NU_NAMED_ONLY;
    bool distinct;
    bool sample;        /* StdDev, Variance: of a sample, not of the population */
    nu_cond filter;     /* only the rows that meet it */
    nu_expr *default_;  /* of no rows, instead of null */
    nu_values order_by; /* StringAgg: names ("-name") and expressions */
    nu_value delimiter; /* StringAgg: Value(", ") */
    nu_value x;         /* of the statistical ones: the independent variable */
} nu_aggregate_options;
#define NU_AGGREGATE(name, x, ...)                                                                 \
    nu_aggregate_fn_(name, V(x), &(const nu_aggregate_options){ __VA_ARGS__ })
/** Count("posts", .distinct = true, .filter = Q("posts__status", PUBLISHED)); Count("*"). */
#define Count(x, ...)    NU_AGGREGATE("Count", x, __VA_ARGS__)
#define Sum(x, ...)      NU_AGGREGATE("Sum", x, __VA_ARGS__)
#define Avg(x, ...)      NU_AGGREGATE("Avg", x, __VA_ARGS__)
#define Min(x, ...)      NU_AGGREGATE("Min", x, __VA_ARGS__)
#define Max(x, ...)      NU_AGGREGATE("Max", x, __VA_ARGS__)
#define StdDev(x, ...)   NU_AGGREGATE("StdDev", x, __VA_ARGS__)
#define Variance(x, ...) NU_AGGREGATE("Variance", x, __VA_ARGS__)
/** Any one value that is not null. */
#define AnyValue(x, ...) NU_AGGREGATE("AnyValue", x, __VA_ARGS__)
/** Texts joined: StringAgg("slug", Value(", "), .order_by = NU_ARGS("slug")). */
#define StringAgg(x, by, ...) NU_AGGREGATE("StringAgg", x, .delimiter = V(by), __VA_ARGS__)
/* PostgreSQL's own; an array comes as a list. Django: django.contrib.postgres.aggregates */
#define ArrayAgg(x, ...) NU_AGGREGATE("ArrayAgg", x, __VA_ARGS__)
#define BitAnd(x, ...)   NU_AGGREGATE("BitAnd", x, __VA_ARGS__)
#define BitOr(x, ...)    NU_AGGREGATE("BitOr", x, __VA_ARGS__)
#define BitXor(x, ...)   NU_AGGREGATE("BitXor", x, __VA_ARGS__)
#define BoolAnd(x, ...)  NU_AGGREGATE("BoolAnd", x, __VA_ARGS__)
#define BoolOr(x, ...)   NU_AGGREGATE("BoolOr", x, __VA_ARGS__)
#define JSONBAgg(x, ...) NU_AGGREGATE("JSONBAgg", x, __VA_ARGS__)
/* Of pairs (y, x): Corr("weight", "height"). Django: contrib.postgres.aggregates.statistics */
#define NU_STATISTIC(name, y, x_, ...) NU_AGGREGATE(name, y, .x = V(x_), __VA_ARGS__)
#define Corr(y, x, ...)                NU_STATISTIC("Corr", y, x, __VA_ARGS__)
#define CovarPop(y, x, ...)            NU_STATISTIC("CovarPop", y, x, __VA_ARGS__)
#define RegrAvgX(y, x, ...)            NU_STATISTIC("RegrAvgX", y, x, __VA_ARGS__)
#define RegrAvgY(y, x, ...)            NU_STATISTIC("RegrAvgY", y, x, __VA_ARGS__)
#define RegrCount(y, x, ...)           NU_STATISTIC("RegrCount", y, x, __VA_ARGS__)
#define RegrIntercept(y, x, ...)       NU_STATISTIC("RegrIntercept", y, x, __VA_ARGS__)
#define RegrR2(y, x, ...)              NU_STATISTIC("RegrR2", y, x, __VA_ARGS__)
#define RegrSlope(y, x, ...)           NU_STATISTIC("RegrSlope", y, x, __VA_ARGS__)
#define RegrSXX(y, x, ...)             NU_STATISTIC("RegrSXX", y, x, __VA_ARGS__)
#define RegrSXY(y, x, ...)             NU_STATISTIC("RegrSXY", y, x, __VA_ARGS__)
#define RegrSYY(y, x, ...)             NU_STATISTIC("RegrSYY", y, x, __VA_ARGS__)
/** Raises TypeError for an option that the aggregate has not; ValueError for Count("*") with a
 * filter, and for a name that is no aggregate. */
nu_expr *nu_aggregate_fn_(const char *name, nu_value argument, const nu_aggregate_options *options);
bool nu_aggregate_known_(const char *name);
bool nu_aggregate_of_pairs_(const char *name); /* does it take y and x? */

/* ---- functions ---------------------------------------------------------------------------- */

/** Any function by its name in SQL: Func("INSTR", "title", Value("a")). */
#define Func(fn, ...) nu_func_("" fn, NU_ARGS(__VA_ARGS__), NULL)
/** The same with Django's options as a dict: "template" ("%(function)s(%(expressions)s)"),
 * "arg_joiner", and whatever else the template names. The template is SQL: never make it, nor what
 * it names, of text from outside. */
nu_expr *nu_func_(const char *function, nu_values args, const nu_dict *options);
/** A function by Django's name for it: nu_function_("Lower", NU_ARGS("title")). Raises TypeError
 * for a wrong number of arguments; ValueError for arguments that can't be, and, with a suggestion,
 * for a name that is none. */
nu_expr *nu_function_(const char *name, nu_values args);
/** The same with keyword arguments: Django's names of arguments, and the options of nu_func_(). */
nu_expr *nu_function_with_(const char *name, nu_values args, const nu_dict *keywords);
bool nu_function_known_(const char *name);

#define Coalesce(...) nu_function_("Coalesce", NU_ARGS(__VA_ARGS__))
#define Greatest(...) nu_function_("Greatest", NU_ARGS(__VA_ARGS__))
#define Least(...)    nu_function_("Least", NU_ARGS(__VA_ARGS__))
#define NullIf(a, b)  nu_function_("NullIf", NU_ARGS(a, b))

/* text */
#define Chr(x)          nu_function_("Chr", NU_ARGS(x))
#define Concat(...)     nu_function_("Concat", NU_ARGS(__VA_ARGS__))
#define Left(x, n)      nu_function_("Left", NU_ARGS(x, n))
#define Length(x)       nu_function_("Length", NU_ARGS(x))
#define Lower(x)        nu_function_("Lower", NU_ARGS(x))
#define LPad(x, ...)    nu_function_("LPad", NU_ARGS(x, __VA_ARGS__))
#define LTrim(x)        nu_function_("LTrim", NU_ARGS(x))
#define MD5(x)          nu_function_("MD5", NU_ARGS(x))
#define Ord(x)          nu_function_("Ord", NU_ARGS(x))
#define Repeat(x, n)    nu_function_("Repeat", NU_ARGS(x, n))
#define Replace(x, ...) nu_function_("Replace", NU_ARGS(x, __VA_ARGS__))
#define Reverse(x)      nu_function_("Reverse", NU_ARGS(x))
#define Right(x, n)     nu_function_("Right", NU_ARGS(x, n))
#define RPad(x, ...)    nu_function_("RPad", NU_ARGS(x, __VA_ARGS__))
#define RTrim(x)        nu_function_("RTrim", NU_ARGS(x))
#define SHA1(x)         nu_function_("SHA1", NU_ARGS(x))
#define SHA224(x)       nu_function_("SHA224", NU_ARGS(x))
#define SHA256(x)       nu_function_("SHA256", NU_ARGS(x))
#define SHA384(x)       nu_function_("SHA384", NU_ARGS(x))
#define SHA512(x)       nu_function_("SHA512", NU_ARGS(x))
#define StrIndex(x, s)  nu_function_("StrIndex", NU_ARGS(x, s))
#define Substr(x, ...)  nu_function_("Substr", NU_ARGS(x, __VA_ARGS__))
#define Trim(x)         nu_function_("Trim", NU_ARGS(x))
#define Upper(x)        nu_function_("Upper", NU_ARGS(x))

/* PostgreSQL's own. Plain texts are columns, but for what is looked for: SearchRank("body", "tea").
   Trigrams are of the extension pg_trgm, Unaccent of unaccent. Vectors are joined by nu_add(),
   queries by nu_bitand() and nu_bitor(). With options:
       nu_function_with_("SearchVector", NU_ARGS("title"), NU_DICT(("config", "french")))
   SearchVector has config and weight; SearchQuery config, invert and search_type ("plain",
   "phrase", "raw", "websearch"); SearchRank weights, normalization and cover_density;
   SearchHeadline config, start_sel, stop_sel, max_words, min_words, short_word, highlight_all,
   max_fragments and fragment_delimiter. config and weight may be expressions.
   Django: django.contrib.postgres.search */
#define SearchVector(...)                 nu_function_("SearchVector", NU_ARGS(__VA_ARGS__))
#define SearchQuery(s)                    nu_function_("SearchQuery", NU_ARGS(s))
#define SearchRank(vector, query)         nu_function_("SearchRank", NU_ARGS(vector, query))
#define SearchHeadline(x, query)          nu_function_("SearchHeadline", NU_ARGS(x, query))
#define TrigramSimilarity(x, s)           nu_function_("TrigramSimilarity", NU_ARGS(x, s))
#define TrigramDistance(x, s)             nu_function_("TrigramDistance", NU_ARGS(x, s))
#define TrigramWordSimilarity(s, x)       nu_function_("TrigramWordSimilarity", NU_ARGS(s, x))
#define TrigramWordDistance(s, x)         nu_function_("TrigramWordDistance", NU_ARGS(s, x))
#define TrigramStrictWordSimilarity(s, x) nu_function_("TrigramStrictWordSimilarity", NU_ARGS(s, x))
#define TrigramStrictWordDistance(s, x)   nu_function_("TrigramStrictWordDistance", NU_ARGS(s, x))
#define Unaccent(x)                       nu_function_("Unaccent", NU_ARGS(x))
#define RandomUUID()                      nu_function_("RandomUUID", (nu_values){ NULL, 0 })
#define TransactionNow()                  nu_function_("TransactionNow", (nu_values){ NULL, 0 })

/* numbers; angles in radians */
#define Abs(x)      nu_function_("Abs", NU_ARGS(x))
#define ACos(x)     nu_function_("ACos", NU_ARGS(x))
#define ASin(x)     nu_function_("ASin", NU_ARGS(x))
#define ATan(x)     nu_function_("ATan", NU_ARGS(x))
#define ATan2(y, x) nu_function_("ATan2", NU_ARGS(y, x))
#define Ceil(x)     nu_function_("Ceil", NU_ARGS(x))
#define Cos(x)      nu_function_("Cos", NU_ARGS(x))
#define Cot(x)      nu_function_("Cot", NU_ARGS(x))
#define Degrees(x)  nu_function_("Degrees", NU_ARGS(x))
#define Exp(x)      nu_function_("Exp", NU_ARGS(x))
#define Floor(x)    nu_function_("Floor", NU_ARGS(x))
#define Ln(x)       nu_function_("Ln", NU_ARGS(x))
#define Log(b, x)   nu_function_("Log", NU_ARGS(b, x))
#define Mod(a, b)   nu_function_("Mod", NU_ARGS(a, b))
#define Pi()        nu_function_("Pi", (nu_values){ NULL, 0 })
#define Power(a, b) nu_function_("Power", NU_ARGS(a, b))
#define Radians(x)  nu_function_("Radians", NU_ARGS(x))
#define Random()    nu_function_("Random", (nu_values){ NULL, 0 })
/** Round("fee"), Round("fee", 1): to so many decimal places. */
#define Round(...) nu_function_("Round", NU_ARGS(__VA_ARGS__))
#define Sign(x)    nu_function_("Sign", NU_ARGS(x))
#define Sin(x)     nu_function_("Sin", NU_ARGS(x))
#define Sqrt(x)    nu_function_("Sqrt", NU_ARGS(x))
#define Tan(x)     nu_function_("Tan", NU_ARGS(x))

/* JSON */
#define JSONArray(...) nu_function_("JSONArray", NU_ARGS(__VA_ARGS__))
/** JSONObject(("name", "title"), ("cost", Value(3))): values as functions take them. */
#define JSONObject(...) nu_json_object_(NU_VARS(__VA_ARGS__))
nu_expr *nu_json_object_(const nu_var *fields);
/** A key inside JSON as text: KT("address__city"). Raises ValueError without a key. */
nu_expr *KT(const char *lookup);

/* ---- dates -------------------------------------------------------------------------------- */

typedef enum nu_trunc_to {
    NU_SECOND = 1,
    NU_MINUTE,
    NU_HOUR,
    NU_DAY,
    NU_WEEK,
    NU_MONTH,
    NU_YEAR,
    NU_QUARTER
} nu_trunc_to;
/** A date or time cut to the start of its hour, day, …, in the current time zone. */
nu_expr *Trunc(const char *field, nu_trunc_to to);

typedef struct nu_temporal {
    NU_NAMED_ONLY;
    const nu_timezone *tzinfo; /* of datetimes; NULL: the current one */
    const nu_output *output_field;
} nu_temporal;
/** `kind` is "year", "quarter", "month", "week", "day", "hour", "minute", "second", "date" or
 * "time". Raises TypeError, ValueError in a query for a column that has no such part; another kind
 * is an error of the database. Django: Trunc() */
nu_expr *nu_trunc_(const char *kind, nu_value source, const nu_temporal *options);
#define NU_TRUNC(kind, x, ...) nu_trunc_(kind, V(x), &(const nu_temporal){ __VA_ARGS__ })
#define TruncYear(x, ...)      NU_TRUNC("year", x, __VA_ARGS__)
#define TruncQuarter(x, ...)   NU_TRUNC("quarter", x, __VA_ARGS__)
#define TruncMonth(x, ...)     NU_TRUNC("month", x, __VA_ARGS__)
#define TruncWeek(x, ...)      NU_TRUNC("week", x, __VA_ARGS__)
#define TruncDay(x, ...)       NU_TRUNC("day", x, __VA_ARGS__)
#define TruncHour(x, ...)      NU_TRUNC("hour", x, __VA_ARGS__)
#define TruncMinute(x, ...)    NU_TRUNC("minute", x, __VA_ARGS__)
#define TruncSecond(x, ...)    NU_TRUNC("second", x, __VA_ARGS__)
#define TruncDate(x, ...)      NU_TRUNC("date", x, __VA_ARGS__)
#define TruncTime(x, ...)      NU_TRUNC("time", x, __VA_ARGS__)

/** A part of a date or time as a number: "year", "iso_year", "quarter", "month", "week", "day",
 * "week_day" (Sunday is 1), "iso_week_day" (Monday is 1), "hour", "minute", "second". Raises
 * ValueError in a query for a column that has no such part. Django: Extract() */
nu_expr *nu_extract_(const char *part, nu_value source, const nu_temporal *options);
#define NU_EXTRACT(part, x, ...)  nu_extract_(part, V(x), &(const nu_temporal){ __VA_ARGS__ })
#define ExtractYear(x, ...)       NU_EXTRACT("year", x, __VA_ARGS__)
#define ExtractIsoYear(x, ...)    NU_EXTRACT("iso_year", x, __VA_ARGS__)
#define ExtractQuarter(x, ...)    NU_EXTRACT("quarter", x, __VA_ARGS__)
#define ExtractMonth(x, ...)      NU_EXTRACT("month", x, __VA_ARGS__)
#define ExtractWeek(x, ...)       NU_EXTRACT("week", x, __VA_ARGS__)
#define ExtractDay(x, ...)        NU_EXTRACT("day", x, __VA_ARGS__)
#define ExtractWeekDay(x, ...)    NU_EXTRACT("week_day", x, __VA_ARGS__)
#define ExtractIsoWeekDay(x, ...) NU_EXTRACT("iso_week_day", x, __VA_ARGS__)
#define ExtractHour(x, ...)       NU_EXTRACT("hour", x, __VA_ARGS__)
#define ExtractMinute(x, ...)     NU_EXTRACT("minute", x, __VA_ARGS__)
#define ExtractSecond(x, ...)     NU_EXTRACT("second", x, __VA_ARGS__)

/* ---- conditions --------------------------------------------------------------------------- */

typedef struct nu_when {
    nu_cond when;
    nu_expr *then;
} nu_when;
/** Case(When(Q("gpa__gte", 3), "good"), When(…), Else("low")): the first that is met, else null. */
#define Case(...) nu_case_((const nu_when[]){ __VA_ARGS__, { { 0 }, NULL } })
#define When(cond, x)                                                                              \
    {                                                                                              \
        (cond), nu_operand_(V(x))                                                                  \
    }
#define Else(x)                                                                                    \
    {                                                                                              \
        { 0 }, nu_operand_(V(x))                                                                   \
    }
/** Ends with an entry whose `then` is NULL; one without a condition is the default. */
nu_expr *nu_case_(const nu_when *cases);

/** A lookup as an expression: nu_lookup("gt", F("a"), 1) is Django's GreaterThan(F("a"), 1). Text
 * on the left names a field. Raises FieldError in a query for a lookup that its type has not. */
#define nu_lookup(name, left, right) nu_lookup_((name), V(left), V(right))
nu_expr *nu_lookup_(const char *name, nu_value left, nu_value right);

/** Make a function of one argument a lookup of all fields of a type and those that descend from it:
 * nu_register_lookup(NU_CHAR_FIELD, "Length") allows Q("title__length__gt", 9). For an app's
 * ready(). Raises ValueError for a name that is none. Django: CharField.register_lookup(Length) */
void nu_register_lookup(nu_field_type type, const char *function);
/** Undo it. Raises KeyError. */
void nu_unregister_lookup(nu_field_type type, const char *function);

/** In nu_annotate(): a relation under a name of its own, where it meets a condition, which stands
 * in the ON clause: nu_annotate(q, ("best", FilteredRelation("enrollments", Q("enrollments__grade",
 * GRADE_A)))), then Q("best__isnull", false). Raises ValueError for an empty name; in the query for
 * a condition about another relation. Django: FilteredRelation() */
nu_expr *FilteredRelation(const char *relation_name, nu_cond condition);

/* ---- SQL as it is ------------------------------------------------------------------------- */

/** SQL with %s for each value, in parentheses: RawSQL("select max(fee) from x where y > %s", 3). */
#define RawSQL(sql, ...) nu_raw_sql_("" sql, NU_ARGS(__VA_ARGS__))
nu_expr *nu_raw_sql_(const char *sql, nu_values params);

/* ---- SQL functions of one's own ------------------------------------------------------------- */

typedef struct nu_sql_call nu_sql_call;
#define NU_SQL_MAX_ARGUMENTS 16
typedef struct nu_sql_function {
    const char *name;
    int n_arguments; /* -1: any number */
    /* Called by the database, on any thread: must not raise, wait, or use an arena. The arguments
       are null, int, float, str or bytes, and valid until it returns. */
    void (*call)(nu_sql_call *call, const nu_value *arguments, size_t n);
    bool varies; /* from call to call with equal arguments */
} nu_sql_function;
/** Make functions known to SQLite's connections that are opened from now on: from an app's .ready.
 * Then Func("NAME", …) calls one. `functions` is a table for ever, ended by a NULL name. Raises
 * ImproperlyConfigured. Yields: never. Django: connection.create_function() */
void nu_register_sql_functions(const nu_sql_function *functions);
/** The outcome: nu_null(), nu_v_int(), nu_v_float(), nu_v_str() or nu_v_bytes(), which is copied.
 */
void nu_sql_return(nu_sql_call *call, nu_value value);
/** Refuse: the statement fails with OperationalError "user-defined function raised exception". */
void nu_sql_fail(nu_sql_call *call);

/* ---- windows ------------------------------------------------------------------------------ */

typedef enum nu_frame_exclusion {
    NU_EXCLUDE_CURRENT_ROW = 1,
    NU_EXCLUDE_GROUP,
    NU_EXCLUDE_TIES,
    NU_EXCLUDE_NO_OTHERS,
} nu_frame_exclusion;
/* From `start` to `end`, counted from the current row; null: to the partition's first, last row. */
typedef struct nu_frame {
    bool set, range; /* by rows, or by the values that they are ordered by */
    nu_opt_int start, end;
    nu_frame_exclusion exclusion;
} nu_frame;
#define RowRange(...)                                                                              \
    {                                                                                              \
        .set = true, __VA_ARGS__                                                                   \
    }
#define ValueRange(...)                                                                            \
    {                                                                                              \
        .set = true, .range = true, __VA_ARGS__                                                    \
    }
typedef struct nu_window {
    NU_NAMED_ONLY;
    const char *partition_by[4], *order_by[4];
    int rows_from, rows_to;     /* rows before (negative) and after; both 0: no frame */
    nu_values partition, order; /* expressions, after those named */
    nu_frame frame;             /* .frame = RowRange(.end = nu_some(0)) */
} nu_window;
/** Window(Avg("value"), .partition_by = { "channel" }, .order_by = { "at" }, .rows_from = -4).
 * Raises ValueError for an expression that is no aggregate and no window function. */
#define Window(x, ...) nu_window_((x), &(const nu_window){ __VA_ARGS__ })
nu_expr *nu_window_(nu_expr *source, const nu_window *options);

#define RowNumber()   nu_function_("RowNumber", (nu_values){ NULL, 0 })
#define Rank()        nu_function_("Rank", (nu_values){ NULL, 0 })
#define DenseRank()   nu_function_("DenseRank", (nu_values){ NULL, 0 })
#define PercentRank() nu_function_("PercentRank", (nu_values){ NULL, 0 })
#define CumeDist()    nu_function_("CumeDist", (nu_values){ NULL, 0 })
#define Ntile(n)      nu_function_("Ntile", NU_ARGS(n))
/** Lag("code"), Lag("code", 2), Lag("code", 1, Value("-")): the row before, else the default. */
#define Lag(...)       nu_function_("Lag", NU_ARGS(__VA_ARGS__))
#define Lead(...)      nu_function_("Lead", NU_ARGS(__VA_ARGS__))
#define FirstValue(x)  nu_function_("FirstValue", NU_ARGS(x))
#define LastValue(x)   nu_function_("LastValue", NU_ARGS(x))
#define NthValue(x, n) nu_function_("NthValue", NU_ARGS(x, n))
