/* Abstract bases, parents with tables of their own, proxies. */
#include "harness.h"

#include "db/backends/base.h"
#include "db/models/options.h"

#include <nuages/auth.h>
#include <nuages/managers.h>
#include <nuages/queries.h>

NU_DECLARE_MODEL(Stamped);
NU_DECLARE_MODEL(Place);
NU_DECLARE_MODEL(Restaurant);
NU_DECLARE_MODEL(Pizzeria);
NU_DECLARE_MODEL(Waiter);
NU_DECLARE_MODEL(Visit);
NU_DECLARE_PROXY(LoudPlace, Place);

/* clang-format off */
#define STAMPED_MEMBERS nu_str note; nu_str author
#define PLACE_MEMBERS nu_id id; nu_str name; nu_str address; STAMPED_MEMBERS
#define RESTAURANT_MEMBERS PLACE_MEMBERS; bool serves_pizza; int64_t tables

struct Stamped { NU_OBJECT(Stamped); STAMPED_MEMBERS; };
struct Place { NU_OBJECT(Place); PLACE_MEMBERS; };
struct Restaurant { NU_OBJECT(Restaurant); RESTAURANT_MEMBERS; };
struct Pizzeria { NU_OBJECT(Pizzeria); int64_t ovens; RESTAURANT_MEMBERS; };
struct Waiter { NU_OBJECT(Waiter); nu_id id; nu_str name; Restaurant_ref restaurant; };
struct Visit { NU_OBJECT(Visit); nu_id id; Place_ref place; };

const nu_model Stamped_model = {
    ABSTRACT_MODEL(Stamped), .ordering = { "author" },
    .fields = { CharField(Stamped, note, .max_length = 20, .blank = true),
                CharField(Stamped, author, .max_length = 20, Default("anon")) },
};
const nu_model Place_model = {
    MODEL(Place), .app_label = "food", .bases = { Inherits(Place, Stamped, note, author) },
    .fields = { CharField(Place, name, .max_length = 50), CharField(Place, address, .max_length = 80) },
};
const nu_model Restaurant_model = {
    MODEL(Restaurant), .app_label = "food", .bases = { Inherits(Restaurant, Place, id, author) },
    .fields = { BooleanField(Restaurant, serves_pizza, Default(false)),
                IntegerField(Restaurant, tables, Default(4)) },
};
const nu_model Pizzeria_model = {
    MODEL(Pizzeria), .app_label = "food", .bases = { Inherits(Pizzeria, Restaurant, id, tables) },
    .fields = { IntegerField(Pizzeria, ovens, Default(1)) },
};
const nu_model Waiter_model = {
    MODEL(Waiter), .app_label = "food",
    .fields = { CharField(Waiter, name, .max_length = 20),
                ForeignKey(Waiter, restaurant, Restaurant, .on_delete = CASCADE) },
};
const nu_model Visit_model = {
    MODEL(Visit), .app_label = "food",
    .fields = { ForeignKey(Visit, place, Place, .on_delete = CASCADE) },
};
const nu_model LoudPlace_model = {
    MODEL(LoudPlace), .app_label = "food", PROXY_OF(Place), .ordering = { "-name" },
};
/* clang-format on */

static const nu_model *const models[] = {
    &Pizzeria_model,
    &Restaurant_model,
    &Place_model,
    &Waiter_model,
    &Visit_model,
    &LoudPlace_model,
    &nu_content_type_model,
    &nu_permission_model,
    &nu_group_model,
    &nu_user_model,
    NULL,
};

static nu_str statements[64];
static size_t n_statements;

static void listen(void *arg, const nu__connection *connection, nu_str sql, nu_values params,
                   double seconds)
{
    (void)arg, (void)connection, (void)params, (void)seconds;
    if (n_statements < 64 &&
        (nu_starts_with(sql, S("SELECT \"")) || nu_starts_with(sql, S("INSERT")) ||
         nu_starts_with(sql, S("UPDATE")) || nu_starts_with(sql, S("DELETE"))))
        statements[n_statements++] = nu_copy(sql);
}

static void set_up(void)
{
    nu__schema_editor *editor;
    const nu__registry *registry;

    nu__models_setup(models, &nu_user_model);
    nu__databases_close();
    nu__database_add("default", S("sqlite://:memory:"));
    registry = nu__models();
    editor = nu__schema_begin(nu__connection_of(NULL), false, true);
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
    nu__db_listen((nu__query_listener){ listen, NULL });
    n_statements = 0;
}

static Restaurant *bistro(void)
{
    return nu_create(Restaurant, .name = S("Bistro"), .address = S("1 Main St"),
                     .serves_pizza = true);
}

static void an_abstract_base_gives_its_fields(void)
{
    set_up();
    CHECK_STR(nu_create(Place, .name = S("Park"), .address = S("x"))->author, "anon");
    CHECK_INT(nu_count(nu_filter(nu_objects(Place), Q("author", "anon"))), 1);
}

static void a_child_is_written_into_both_tables(void)
{
    Restaurant *made;

    set_up();
    made = bistro();
    CHECK_INT(n_statements, 2);
    CHECK_STR(
        statements[0],
        "INSERT INTO \"food_place\" (\"note\", \"author\", \"name\", \"address\") VALUES (?, ?, "
        "?, ?) RETURNING \"food_place\".\"id\"");
    CHECK_STR(statements[1], "INSERT INTO \"food_restaurant\" (\"place_ptr_id\", \"serves_pizza\", "
                             "\"tables\") VALUES (?, ?, ?)");
    CHECK_INT(made->id, 1);
    CHECK_INT(nu_count(nu_objects(Place)), 1);
    made->name = S("Brasserie");
    made->tables = 9;
    nu_save(made);
    CHECK_STR(nu_get(Place, Q("pk", 1))->name, "Brasserie");
    CHECK_INT(nu_get(Restaurant, Q("pk", 1))->tables, 9);
}

static void a_child_is_read_over_a_join(void)
{
    Restaurant *read;

    set_up();
    bistro();
    n_statements = 0;
    read = nu_get(Restaurant, Q("name", "Bistro"));
    CHECK_STR(
        statements[0],
        "SELECT \"food_place\".\"id\", \"food_place\".\"note\", \"food_place\".\"author\", "
        "\"food_place\".\"name\", \"food_place\".\"address\", "
        "\"food_restaurant\".\"place_ptr_id\", \"food_restaurant\".\"serves_pizza\", "
        "\"food_restaurant\".\"tables\" FROM \"food_restaurant\" INNER JOIN \"food_place\" ON "
        "(\"food_restaurant\".\"place_ptr_id\" = \"food_place\".\"id\") WHERE "
        "\"food_place\".\"name\" = ? LIMIT 21");
    CHECK_STR(read->address, "1 Main St");
    CHECK(read->serves_pizza);
    CHECK_INT(nu_count(nu_filter(nu_objects(Place), Q("restaurant__serves_pizza", true))), 1);
    CHECK_INT(nu_count(nu_filter(nu_objects(Restaurant), Q("id", 1))), 1);
}

static void grandchildren_lie_elsewhere_in_their_structs(void)
{
    Pizzeria *made;

    set_up();
    made = nu_create(Pizzeria, .name = S("Da Ada"), .address = S("2 Side St"), .ovens = 3);
    CHECK_INT(made->id, 1);
    made = nu_get(Pizzeria, Q("tables", 4), Q("name__startswith", "Da"));
    CHECK_INT(made->ovens, 3);
    CHECK_STR(made->address, "2 Side St");
    CHECK_INT(nu_update(nu_objects(Pizzeria), ("name", "Da Bo"), ("ovens", 5)), 1);
    CHECK_STR(nu_get(Place, Q("pk", 1))->name, "Da Bo");
    CHECK_INT(nu_get(Pizzeria, Q("pk", 1))->ovens, 5);
}

static void relations_of_a_parent_take_children(void)
{
    Restaurant *made;

    set_up();
    made = bistro();
    nu_create(Waiter, .name = S("Ann"), .restaurant = nu_ref_to(made));
    nu_create(Visit, .place = { .id = made->id });
    CHECK_INT(nu_count(nu_filter(nu_objects(Visit), Q("place", nu_v_object(made)))), 1);
    CHECK_INT(nu_count(nu_filter(nu_objects(Restaurant), Q("visit__isnull", false))), 1);
    CHECK_STR(nu_get(Waiter, Q("restaurant__name", "Bistro"))->name, "Ann");
}

static void deleting_a_child_deletes_its_parent_and_what_refers_to_either(void)
{
    Restaurant *made;

    set_up();
    made = bistro();
    nu_create(Waiter, .name = S("Ann"), .restaurant = nu_ref_to(made));
    nu_create(Visit, .place = { .id = made->id });
    nu_delete(made);
    CHECK_INT(nu_count(nu_objects(Place)), 0);
    CHECK_INT(nu_count(nu_objects(Restaurant)), 0);
    CHECK_INT(nu_count(nu_objects(Waiter)), 0);
    CHECK_INT(nu_count(nu_objects(Visit)), 0);
}

static void a_child_can_be_deleted_without_its_parent(void)
{
    Restaurant *made;
    nu_deleted gone;

    set_up();
    made = bistro();
    nu_create(Waiter, .name = S("Ann"), .restaurant = nu_ref_to(made));
    nu_create(Visit, .place = { .id = made->id });
    gone = nu_delete_with(made, .keep_parents = true);
    CHECK_INT(gone.total, 2);
    CHECK_INT(nu_count(nu_objects(Place)), 1);
    CHECK_INT(nu_count(nu_objects(Restaurant)), 0);
    CHECK_INT(nu_count(nu_objects(Waiter)), 0);
    CHECK_INT(nu_count(nu_objects(Visit)), 1);
}

static void deleting_a_parent_deletes_its_child(void)
{
    set_up();
    bistro();
    nu_delete(nu_get(Place, Q("pk", 1)));
    CHECK_INT(nu_count(nu_objects(Restaurant)), 0);
}

static void a_proxy_is_another_view_of_a_table(void)
{
    LoudPlace *first;

    set_up();
    nu_create(Place, .name = S("A"), .address = S(""));
    nu_create(LoudPlace, .name = S("B"), .address = S(""));
    first = nu_first(LoudPlace, nu_objects(LoudPlace));
    CHECK_STR(first->name, "B");
    CHECK_INT(nu_count(nu_objects(Place)), 2);
    nu_create(Visit, .place = { .id = first->id });
    nu_delete(first);
    CHECK_INT(nu_count(nu_objects(Visit)), 0);
    CHECK_INT(nu_count(nu_objects(Place)), 1);
}

HARNESS(an_abstract_base_gives_its_fields, a_child_is_written_into_both_tables,
        a_child_is_read_over_a_join, grandchildren_lie_elsewhere_in_their_structs,
        relations_of_a_parent_take_children,
        deleting_a_child_deletes_its_parent_and_what_refers_to_either,
        a_child_can_be_deleted_without_its_parent, deleting_a_parent_deletes_its_child,
        a_proxy_is_another_view_of_a_table)
