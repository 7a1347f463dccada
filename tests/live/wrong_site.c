/* Models that the system checks find wrong, for the comparison with Django's words. */
#include <nuages/auth.h>
#include <nuages/nuages.h>

NU_DECLARE_MODEL(Target);
NU_DECLARE_MODEL(Item);
NU_DECLARE_MODEL(Twin);
NU_DECLARE_MODEL(Odd__Name);

struct Target {
    NU_OBJECT(Target);
    nu_id id;
    nu_str item_set, code;
};

NU_DECLARE_REF(Target, code, nu_str);

struct Item {
    NU_OBJECT(Item);
    nu_id id;
    nu_str bad_, two__parts, address, folder;
    nu_file_ref document;
    nu_decimal price, bare;
    nu_date day;
    Target_ref first, second, third, fourth, fifth, sixth;
    Target_code_ref by_code;
    nu_many many, friends;
};

struct Twin {
    NU_OBJECT(Twin);
    nu_id id;
    nu_str name, again, a_name_of_a_column_that_is_longer_than_any_database_would_take_it_at_all;
    nu_str of_no_length;
    Target_ref target;
};

struct Odd__Name {
    NU_OBJECT(Odd__Name);
    nu_id id;
};

#define X20  "xxxxxxxxxxxxxxxxxxxx"
#define X100 X20 X20 X20 X20 X20
#define X250 X100 X100 X20 X20 "xxxxxxxxxx"

/* clang-format off */
const nu_model Target_model = {
    MODEL(Target), .app_label = "wrong",
    .fields = { CharField(Target, item_set, .max_length = 9), CharField(Target, code, .max_length = 9) },
};

const nu_model Item_model = {
    MODEL(Item), .app_label = "wrong", .ordering = { "nothing", "-first__nowhere" },
    .fields = {
        TextField            (Item, bad_),
        TextField            (Item, two__parts),
        GenericIPAddressField(Item, address, .blank = true),
        FilePathField        (Item, folder, .path = "/tmp", .no_files = true),
        FileField            (Item, document, .upload_to = "/files"),
        DecimalField         (Item, price, .max_digits = 2, .decimal_places = 4),
        DecimalField         (Item, bare, .decimal_places = 1),
        DateField            (Item, day, .auto_now = true, .auto_now_add = true),
        ForeignKey           (Item, first, Target, .on_delete = CASCADE),
        ForeignKey           (Item, second, Target, .on_delete = CASCADE, .related_name = "ends_"),
        ForeignKey           (Item, third, Target, .on_delete = CASCADE, .related_name = "two__words"),
        ForeignKey           (Item, fourth, Target, .on_delete = CASCADE, .related_name = "+", .unique = true),
        ForeignKey           (Item, fifth, Target, .on_delete = CASCADE, .related_name = "same", .related_query_name = "one"),
        ForeignKey           (Item, sixth, Target, .on_delete = CASCADE, .related_name = "same", .related_query_name = "other"),
        ForeignKeyTo         (Item, by_code, Target, code, .on_delete = CASCADE, .related_name = "no-name"),
        ManyToManyField      (Item, many, Target, .null = true, .unique = true, .db_comment = "c", .related_name = "m"),
        ManyToManyField      (Item, friends, Item, .related_name = "f"),
    },
    .unique_together = { { "bad_", "missing" }, { "many" } },
    .indexes = { NamedIndex("_starts_wrongly", "absent"), NamedIndex("a_name_that_is_longer_than_thirty", "bad_") },
    .permissions = { { "view_item", "Again" }, { "sell", "Sell" }, { "sell", "Sell twice" }, { "long", X250 X20 }, { X100 "y", "Short" } },
};

const nu_model Twin_model = {
    MODEL(Twin), .app_label = "wrong", .db_table = "wrong_item", .verbose_name = X250,
    .fields = {
        TextField (Twin, name),
        TextField (Twin, again, .db_column = "name"),
        TextField (Twin, a_name_of_a_column_that_is_longer_than_any_database_would_take_it_at_all),
        CharField (Twin, of_no_length),
        ForeignKey(Twin, target, Target, .on_delete = CASCADE, .related_name = "twins"),
    },
    .indexes = { NamedIndex("one_name", "name"), NamedIndex("one_name", "again") },
};

const nu_model Odd__Name_model = {
    MODEL(Odd__Name), .app_label = "wrong", .no_default_permissions = true,
};

static const nu_app wrong_app = {
    .name = "wrong", .models = { &Target_model, &Item_model, &Twin_model, &Odd__Name_model },
};

static const nu_settings settings = {
    .installed_apps = { &wrong_app, &auth_app, &contenttypes_app, &sessions_app },
    .middleware = { SessionMiddleware },
    .allowed_hosts = { "localhost" },
};
/* clang-format on */

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
