/* What bulk_create() writes is what save() writes, whatever the field and whichever way the rows
   take: in one statement, row by row, or as a stream. */
#include "school_db.h"

#include "core/time.h"
#include "db/database.h"
#include "db/models/fields.h"
#include "db/models/instance.h"

#include <nuages/decimal.h>
#include <nuages/expressions.h>
#include <nuages/json.h>
#include <nuages/managers.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>
#include <nuages/uuid.h>

NU_DECLARE_MODEL(Country, nu_str);
NU_DECLARE_MODEL(Sample);
NU_DECLARE_MODEL(Filled);

/* clang-format off */
TextChoices(SampleKind, (KIND_WET, "wet", "Wet"), (KIND_DRY, "dry", "Dry"));
IntegerChoices(SampleLevel, (LEVEL_LOW, 1, "Low"), (LEVEL_HIGH, 2, "High"));

struct Country { NU_OBJECT(Country); nu_str id; };
struct Sample {
    NU_OBJECT(Sample);
    nu_id id;
    int64_t way, variety;
    nu_str name, text, email, link, slug, ip, path;
    int64_t whole, big, small, positive;
    nu_opt_int maybe;
    double ratio;
    nu_opt_float maybe_ratio;
    bool flag;
    nu_opt_bool maybe_flag;
    nu_date day, created_on, changed_on;
    nu_datetime moment, created, changed;
    nu_time clock;
    nu_timedelta lasts;
    nu_decimal price;
    nu_uuid token;
    nu_json_value document, needed_document;
    nu_bytes raw;
    nu_file_ref file;
    SampleKind kind;
    SampleLevel level;
    Sample_ref parent;
    Country_ref country;
};
/* What the database fills is read back, for which the rows go in statements of many. */
struct Filled {
    NU_OBJECT(Filled);
    nu_id id;
    int64_t way, whole;
    nu_str by_database;
    int64_t twice;
};

const nu_model Country_model = {
    MODEL(Country), .app_label = "lab",
    .fields = { CharField(Country, id, .max_length = 4, .primary_key = true) },
};
const nu_model Sample_model = {
    MODEL(Sample), .app_label = "lab",
    .fields = {
        IntegerField(Sample, way), IntegerField(Sample, variety),
        CharField(Sample, name, .max_length = 60), TextField(Sample, text),
        EmailField(Sample, email), URLField(Sample, link, .null = true),
        SlugField(Sample, slug, .populate_from = "name"),
        GenericIPAddressField(Sample, ip, .null = true), FilePathField(Sample, path),
        IntegerField(Sample, whole), BigIntegerField(Sample, big),
        SmallIntegerField(Sample, small), PositiveIntegerField(Sample, positive),
        IntegerField(Sample, maybe, .null = true), FloatField(Sample, ratio),
        FloatField(Sample, maybe_ratio, .null = true), BooleanField(Sample, flag),
        BooleanField(Sample, maybe_flag, .null = true), DateField(Sample, day, .null = true),
        DateField(Sample, created_on, .auto_now_add = true),
        DateField(Sample, changed_on, .auto_now = true),
        DateTimeField(Sample, moment, .null = true),
        DateTimeField(Sample, created, .auto_now_add = true),
        DateTimeField(Sample, changed, .auto_now = true), TimeField(Sample, clock, .null = true),
        DurationField(Sample, lasts, .null = true),
        DecimalField(Sample, price, .max_digits = 20, .decimal_places = 4, .null = true),
        UUIDField(Sample, token, .null = true), JSONField(Sample, document, .null = true),
        JSONField(Sample, needed_document, .default_call = nu_default_dict),
        BinaryField(Sample, raw, .null = true), FileField(Sample, file),
        ChoiceField(Sample, kind, SampleKind, .max_length = 30, Default(KIND_DRY)),
        ChoiceField(Sample, level, SampleLevel, .null = true),
        ForeignKey(Sample, parent, Sample, .null = true, .on_delete = CASCADE),
        ForeignKey(Sample, country, Country, .null = true, .on_delete = CASCADE),
    },
};

const nu_model Filled_model = {
    MODEL(Filled), .app_label = "lab",
    .fields = {
        IntegerField(Filled, way), IntegerField(Filled, whole),
        CharField(Filled, by_database, .max_length = 9, DbDefault("given")),
        GeneratedField(Filled, twice, IntegerField, .expression = "F('whole') * 2", .db_persist = true),
    },
};
/* clang-format on */
enum { VARIETIES = 6, BY_SAVE = 1, FEW, MANY, IN_BATCHES };

static Sample varieties[VARIETIES];

static const nu_model *const models[] = {
    &Country_model,       &Sample_model,   &Filled_model,  &nu_content_type_model,
    &nu_permission_model, &nu_group_model, &nu_user_model, NULL,
};

/* clang-format off */
static Sample typical(int64_t parent)
{
    return (Sample){
        .name = S("A name"), .text = S("text"), .email = S("a@b.cd"), .link = S("https://a.example/"),
        .slug = S("own"), .ip = S("10.0.0.1"), .path = S("/x"), .whole = 1, .big = 1, .small = 1,
        .positive = 1, .maybe = nu_some_int(0), .ratio = 1, .maybe_ratio = nu_some_float(0), .flag = true,
        .maybe_flag = nu_some_bool(false), .day = nu_date_of(2024, 2, 29),
        .moment = nu_datetime_of(2024, 2, 29, 23, 59, 59), .clock = nu_time_of(0, 0, 0, 0),
        .lasts = nu_seconds(0), .price = DEC(0), .token = nu_uuid_parse(S("00000000-0000-0000-0000-000000000000")),
        .document = nu_json_of(NU_LIST(1, "two", nu_null(), 2.5, true)), .raw = { (const uint8_t *)"", 0 },
        .file = { S("f.txt") }, .kind = KIND_WET, .level = LEVEL_HIGH, 
        .parent = { .id = parent }, .country = { .id = S("fr") },
    };
}

static Sample at_the_ends(void)
{
    return (Sample){
        .name = S("Ünï \\ ' \" ☃ 10% ? $1"), .text = S("a\nb\t\\N\\.\r"), .link = S(""), .ip = S("::1"),
        .whole = -1073741824, .big = INT64_MIN, .small = -32768, .positive = 2147483647,
        .maybe = nu_some_int(-2147483647), .ratio = -0.0, .maybe_ratio = nu_some_float(-1.5),
        .maybe_flag = nu_some_bool(true), .day = nu_date_of(1, 1, 1),
        .moment = { nu_datetime_of(2024, 2, 29, 23, 59, 59).us + 999999 },
        .clock = nu_time_of(23, 59, 59, 999999), .lasts = nu_seconds(-1.000001),
        .price = DEC(-9999999999999999.9999), .token = nu_uuid_parse(S("ffffffff-ffff-ffff-ffff-ffffffffffff")),
        .document = nu_json_of(NU_DICT(("a", "\\\"☃\t"), ("b", NU_LIST()))),
        .raw = { (const uint8_t *)"\0\\\xff\n'", 5 },
    };
}

static void fill_varieties(int64_t parent)
{
    varieties[0] = (Sample){ .variety = 0 };
    varieties[1] = typical(parent);
    varieties[2] = at_the_ends();
    varieties[3] = (Sample){ .big = INT64_MAX, .ratio = 1e300, .slug = S("NULL"), .day = nu_date_of(9999, 12, 31),
                             .price = DEC(1.5), .document = nu_json_of("a text"), .needed_document = nu_json_of(7) };
    varieties[4] = (Sample){ .name = S("NULL"), .text = S("null"), .ratio = 1e-300, .document = nu_json_of("null"),
                             .price = DEC(1E+3), .needed_document = nu_json_of(true) };
    varieties[5] = (Sample){ .name = S("\\N"), .text = S("\\x41"), .ratio = 0.1, .document = nu_json_of(1.5),
                             .raw = { (const uint8_t *)"\\x41", 4 } };
    for (int i = 0; i < VARIETIES; i++)
        varieties[i].variety = i;
}
/* clang-format on */

static Sample plain(size_t variety, int64_t way)
{
    Sample made = varieties[variety];

    made.way = way;
    return made;
}

/* The same as an instance: what the struct leaves out has its default. */
static Sample *instance(size_t variety, int64_t way)
{
    const nu__model_info *info = nu__model_info_of(&Sample_model);
    Sample from = plain(variety, way), *made = nu_new(Sample, .way = way);

    for (size_t i = 0; i < info->n_fields; i++)
        if (!info->fields[i].def->expression && !nu__field_is_null(&info->fields[i], &from.object))
            nu__field_set(&info->fields[i], &made->object,
                          nu__field_get(&info->fields[i], &from.object));
    return made;
}

static Sample *samples(size_t n, int64_t way)
{
    Sample *all = nu_alloc_array(Sample, n);

    for (size_t i = 0; i < n; i++)
        all[i] = plain(i % VARIETIES, way);
    return all;
}

static void set_up(void)
{
    Sample *parent;

    school_tables_of(models);
    nu__clock_stop_at(nu_datetime_of(2024, 5, 17, 12, 30, 45));
    nu_create(Country, .id = S("fr"));
    parent = nu_create(Sample, .way = 0);
    fill_varieties(parent->id);
}

/* ---- what the database has --------------------------------------------------------------------
 */

static nu_str cell_text(const nu__cell *cell)
{
    switch (cell->kind) {
    case NU__CELL_NULL:
        return S("null");
    case NU__CELL_FLOAT:
        return nu_fmt("float {!r}", cell->f);
    case NU__CELL_TEXT:
    case NU__CELL_DECIMAL:
        return nu_fmt("{}: {}", (int64_t)cell->kind, ((nu_str){ cell->text, cell->len }));
    case NU__CELL_BLOB:
        return nu_fmt("blob {}", nu_v_bytes((nu_bytes){ cell->blob, cell->len }));
    case NU__CELL_UUID:
        return nu_fmt("uuid {}", nu_v_bytes((nu_bytes){ cell->blob, 16 }));
    default:
        return nu_fmt("{}: {}", (int64_t)cell->kind, cell->i);
    }
}

enum { N_OWN = 2 }; /* columns of the row itself: its key and its way */

static nu_str row_text(const nu__rows *rows)
{
    nu_list *cells = nu_list_new();

    for (uint32_t i = N_OWN; i < rows->n_columns; i++)
        nu_list_append(cells, cell_text(&rows->cells[i]));
    return nu_string(nu_v_list(cells));
}

static nu_list *rows_of(const char *table, int64_t way)
{
    nu_str sql = nu_fmt("SELECT * FROM {} WHERE way = {} ORDER BY id", table, way);
    nu__rows *rows = nu__db_query(nu__connection_of(NULL), sql, (nu_values){ 0 });
    nu_list *out = nu_list_new();

    while (nu__rows_next(rows))
        nu_list_append(out, row_text(rows));
    return out;
}

static nu_list *stored(int64_t way)
{
    return rows_of("lab_sample", way);
}

static void check_as_saved(int64_t way, size_t n)
{
    nu_list *saved = stored(BY_SAVE), *made = stored(way);

    CHECK_INT(nu_list_len(saved), VARIETIES);
    CHECK_INT(nu_list_len(made), n);
    for (size_t i = 0; i < nu_list_len(made); i++)
        if (!nu_eq_(nu_at(made, i).s, nu_at(saved, i % VARIETIES).s)) {
            CHECK_STR(nu_at(made, i).s, nu_at(saved, i % VARIETIES).s);
            return;
        }
}

/* ---- the tests --------------------------------------------------------------------------------
 */

static void each_field_is_stored_as_save_stores_it(void)
{
    enum { N = 1200 }; /* of more than a statement of any database takes */

    set_up();
    for (size_t i = 0; i < VARIETIES; i++)
        nu_save(instance(i, BY_SAVE));
    nu_bulk_create(Sample, samples(VARIETIES, FEW), VARIETIES);
    nu_bulk_create(Sample, samples(N, MANY), N);
    nu_bulk_create(Sample, samples(20, IN_BATCHES), 20, .batch_size = 7);
    check_as_saved(FEW, VARIETIES);
    check_as_saved(MANY, N);
    check_as_saved(IN_BATCHES, 20);
    nu__clock_stop_at((nu_datetime){ 0 });
}

static void what_the_database_fills_is_stored_as_save_stores_it(void)
{
    enum { N = 1200 };
    Filled *all = nu_alloc_array(Filled, N);
    nu_list *made, *saved;

    set_up();
    nu_create(Filled, .way = BY_SAVE, .whole = 3);
    nu_create(Filled, .way = BY_SAVE, .whole = 4, .by_database = S("own"));
    for (int i = 0; i < N; i++)
        all[i] = (Filled){ .way = MANY,
                           .whole = 3 + i % 2,
                           .by_database = i % 2 ? S("own") : (nu_str){ 0 } };
    nu_bulk_create(Filled, all, N);
    made = rows_of("lab_filled", MANY);
    saved = rows_of("lab_filled", BY_SAVE);
    CHECK_INT(nu_list_len(made), N);
    for (int i = N - 2; i < N; i++) {
        CHECK_STR(nu_at(made, (size_t)i).s, nu_at(saved, (size_t)i % 2).s);
        CHECK_STR(all[i].by_database, i % 2 ? "own" : "given");
        CHECK_INT(all[i].twice, 2 * all[i].whole);
    }
    nu__clock_stop_at((nu_datetime){ 0 });
}

/* What a member can't hold, and what the database works out, lies beside the struct. */
static void assign(Sample *s)
{
    nu_field_set(s, "kind", "unknown to the struct");
    nu_field_set(s, "name", nu_safe(S("a <b> safe text")));
    nu_field_set(s, "whole", nu_add(Value(1), 2));
    nu_field_set(s, "big", Value(7));
}

static void assigned_values_are_stored_as_save_stores_them(void)
{
    enum { N = 400 };
    nu_object **objects = nu_alloc_array(nu_object *, N);
    Sample *saved;

    set_up();
    saved = instance(1, BY_SAVE);
    assign(saved);
    nu_save(saved);
    for (size_t i = 0; i < N; i++) {
        Sample *each = instance(1, MANY);

        assign(each);
        objects[i] = &each->object;
    }
    nu_bulk_create_in_(nu_objects(Sample), objects, N, &(nu_bulk){ 0 });
    CHECK_INT(nu_list_len(stored(MANY)), N);
    for (size_t i = 0; i < N; i += N - 1)
        CHECK_STR(nu_at(stored(MANY), i).s, nu_at(stored(BY_SAVE), 0).s);
    nu__clock_stop_at((nu_datetime){ 0 });
}

static nu_str refusal_of(Sample *s, size_t n)
{
    const nu_error *error = n ? nu_catch(NU_EXCEPTION, nu_bulk_create(Sample, s, n))
                              : nu_catch(NU_EXCEPTION, nu_save(s));

    return error ? nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message) : S("");
}

static void what_save_refuses_bulk_create_refuses(void)
{
    enum { N = 1200 };
    Sample *all, *saved;
    nu_str refused;

    set_up();
    all = samples(N, MANY);
    saved = instance(1, BY_SAVE);
    saved->price = all[N - 1].price = nu_decimal_parse("NaN");
    refused = refusal_of(saved, 0);
    CHECK(refused.len > 0);
    CHECK_STR(refusal_of(all, N), refused);
    CHECK_INT(nu_list_len(stored(MANY)), 0);
    nu__clock_stop_at((nu_datetime){ 0 });
}

HARNESS(each_field_is_stored_as_save_stores_it, what_the_database_fills_is_stored_as_save_stores_it,
        assigned_values_are_stored_as_save_stores_them, what_save_refuses_bulk_create_refuses)
