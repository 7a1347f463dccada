#include "harness.h"

#include "db/backends/names.h"
#include "db/migrations/inspect.h"

#include <string.h>

#define LONG "an_incredibly_long_name_of_a_table_that_nobody_would_choose"

/* What Django's schema editor of PostgreSQL makes of them. */
static const struct {
    const char *table, *columns[2], *suffix, *name;
} indexes[] = {
    { "shop_thing", { "name" }, "", "shop_thing_name_7ca5df26" },
    { "shop_thing", { "name" }, "_like", "shop_thing_name_7ca5df26_like" },
    { "shop_thing", { "name", "size" }, "_uniq", "shop_thing_name_size_e30fa78d_uniq" },
    { LONG,
      { "another_incredibly_long_name_of_a_column" },
      "",
      "an_incredibly_long_name_of_another_incredibly_long_na_fc19aa23" },
    { LONG, { "a" }, "_idx", "an_incredibly_long_name__a_5c06babc_idx" },
    { "t", { "_hidden" }, "", "t__hidden_83a58d1f" },
    { "1t", { "c" }, "_check", "1t_c_29c27306_check" },
    { "größe", { "straße" }, "_uniq", "größe_straße_02fd11a5_uniq" },
};

static void indexes_have_djangos_names(void)
{
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        nu_str columns[2] = { nu_s(indexes[i].columns[0]) };
        size_t n = indexes[i].columns[1] ? 2 : 1;

        if (n == 2)
            columns[1] = nu_s(indexes[i].columns[1]);
        CHECK_STR(nu__index_name(nu_s(indexes[i].table), columns, n, nu_s(indexes[i].suffix), 63),
                  indexes[i].name);
    }
}

static const struct {
    const char *name;
    size_t length;
    const char *cut;
} cuts[] = {
    { "shop_thing", 63, "shop_thing" },
    { "shop_thing", 0, "shop_thing" },
    { LONG LONG, 63, LONG "e124" },
    { LONG, 30, "an_incredibly_long_name_ofc1da" },
    { "größenangabe_für_übermäßig_große", 32, "größenangabe_für_übermäßig_große" },
    { "größenangabe_für_übermäßig_große", 12, "größenan56d3" },
};

static void long_names_are_cut_as_django_cuts_them(void)
{
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        CHECK_STR(nu__truncate_name(nu_s(cuts[i].name), cuts[i].length), cuts[i].cut);
}

static const struct {
    const char *column;
    bool relation;
    const char *name, *note; /* a piece of the note; NULL: there is none */
} columns[] = {
    { "name", false, "name", NULL },
    { "customer_id", true, "customer", NULL },
    { "customer_id", false, "customer_id", NULL },
    { "2nd address", false, "number_2nd_address", "Renamed" },
    { "_hidden", false, "field_hidden", NULL },
    { "end_", false, "end_field", NULL },
    { "Ship__To", false, "ship_to", "Renamed" },
    { "case", false, "case_field", "reserved" },
    { "taken", false, "taken_0", "conflict" },
    { "other", true, "other_0", "conflict" },
    { "other_id", true, "other_0", "conflict" },
    { "größe", false, "gr_e", "Renamed" },
};

static void columns_become_members(void)
{
    static const char *const taken[] = { "taken", "other_id" };

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const char *note;
        const char *name =
            nu__inspected_field_name(nu_s(columns[i].column), columns[i].relation, taken, 2, &note);

        CHECK_STR(name, columns[i].name);
        CHECK(columns[i].note ? note && strstr(note, columns[i].note) : !note);
    }
}

static const struct {
    const char *table, *name;
} tables[] = {
    { "registry_student_card", "StudentCard" },
    { "Order Details", "OrderDetails" },
    { "3rd party", "Table3RdParty" },
    { "registry_", "Registry" },
    { "---", "Table" },
};

static void tables_become_models(void)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        CHECK_STR(nu__inspected_model_name(nu_s(tables[i].table), "registry"), tables[i].name);
}

HARNESS(indexes_have_djangos_names, long_names_are_cut_as_django_cuts_them, columns_become_members,
        tables_become_models)
