#include "harness.h"

#include "apps/registry.h"
#include "db/migrations/graph.h"
#include "db/migrations/operations.h"

#include <string.h>

/*
 *     a.0001 <- a.0002 <- a.0003        a.0001_squashed_0002 stands for a.0001 and a.0002
 *        ^------------ b.0001
 */
static const nu_operation nothing[] = { { 0 } };
#define MIGRATION(app, title, ...)                                                                 \
    {                                                                                              \
        .app_label = (app), .name = (title), .operations = nothing, __VA_ARGS__                    \
    }

static const nu_migration a1 = MIGRATION("a", "0001_initial", .initial = true);
static const nu_migration a2 =
    MIGRATION("a", "0002_more", .dependencies = { { "a", "0001_initial" } });
static const nu_migration a3 =
    MIGRATION("a", "0003_most", .dependencies = { { "a", "0002_more" } });
static const nu_migration squashed =
    MIGRATION("a", "0001_squashed_0002_more",
              .replaces = Replaces({ "a", "0001_initial" }, { "a", "0002_more" }));
static const nu_migration b1 =
    MIGRATION("b", "0001_initial", .dependencies = { { "a", "__first__" } });
static const nu_migration other_leaf =
    MIGRATION("a", "0002_other", .dependencies = { { "a", "0001_initial" } });
static const nu_migration lost =
    MIGRATION("b", "0002_lost", .dependencies = { { "a", "0002_mroe" } });
static const nu_migration round_1 =
    MIGRATION("a", "0001_initial", .dependencies = { { "b", "0001_initial" } });
static const nu_migration round_2 =
    MIGRATION("b", "0001_initial", .dependencies = { { "a", "0001_initial" } });
static const nu_migration before_b =
    MIGRATION("a", "0002_before", .dependencies = { { "a", "0001_initial" } },
              .run_before = { { "b", "0001_initial" } });

/* The apps "a" and "b" with these migrations. */
static nu_app apps[2];
static void install(const nu_migration *const *of_a, const nu_migration *const *of_b)
{
    static const nu_app *const list[] = { &apps[0], &apps[1] };

    apps[0] = (nu_app){ .name = "a", .migrations = of_a };
    apps[1] = (nu_app){ .name = "b", .migrations = of_b };
    nu__apps_setup(list, 2);
}
#define LIST(...) ((const nu_migration *const[]){ __VA_ARGS__, NULL })

static nu_str names_of(nu__node **nodes, size_t n)
{
    nu_str text = S("");

    for (size_t i = 0; i < n; i++)
        text = nu_fmt("{}{}{}.{}", text, i ? " " : "", nodes[i]->migration->app_label,
                      nodes[i]->migration->name);
    return text;
}

static nu_str order_of(const nu__history *history)
{
    size_t n;
    nu__graph *graph = nu__graph_build(history);
    nu__node **nodes = nu__graph_full(graph, &n);

    return names_of(nodes, n);
}

static void what_is_depended_on_comes_first(void)
{
    install(LIST(&a3, &a1, &a2), LIST(&b1));
    CHECK_STR(order_of(NULL), "a.0001_initial a.0002_more a.0003_most b.0001_initial");
    nu__apps_release();
}

static void run_before_turns_an_edge_around(void)
{
    install(LIST(&a1, &before_b), LIST(&b1));
    CHECK_STR(order_of(NULL), "a.0001_initial a.0002_before b.0001_initial");
    nu__apps_release();
}

static void the_way_to_one_and_back(void)
{
    nu__graph *graph;
    nu__node **nodes;
    size_t n;

    install(LIST(&a1, &a2, &a3), LIST(&b1));
    graph = nu__graph_build(NULL);
    nodes = nu__graph_order(graph, nu__graph_find(graph, S("a"), S("0002_more")), true, &n);
    CHECK_STR(names_of(nodes, n), "a.0001_initial a.0002_more");
    nodes = nu__graph_order(graph, nu__graph_find(graph, S("a"), S("0002_more")), false, &n);
    CHECK_STR(names_of(nodes, n), "a.0003_most a.0002_more");
    CHECK_STR(nu_s(nu__graph_prefix(graph, S("a"), S("0003"))->migration->name), "0003_most");
    CHECK_RAISES(NU_COMMAND_ERROR,
                 "More than one migration matches '000' in app 'a'. Please be more specific.",
                 nu__graph_prefix(graph, S("a"), S("000")));
    CHECK_RAISES(NU_COMMAND_ERROR, "Cannot find a migration matching '0009' from app 'a'.",
                 nu__graph_prefix(graph, S("a"), S("0009")));
    nu__apps_release();
}

/* What a history says, and what of the squashed ones is left. */
static const struct {
    nu__applied items[3];
    size_t n;
    const char *order;
} histories[] = {
    { { { { NULL, 0 }, { NULL, 0 } } }, 0, "a.0001_squashed_0002_more a.0003_most b.0001_initial" },
    { { { { "a", 1 }, { "0001_initial", 12 } } },
      1,
      "a.0001_initial a.0002_more a.0003_most b.0001_initial" },
    { { { { "a", 1 }, { "0001_initial", 12 } }, { { "a", 1 }, { "0002_more", 9 } } },
      2,
      "a.0001_squashed_0002_more a.0003_most b.0001_initial" },
};

static void a_squashed_one_stands_in_unless_some_are_applied(void)
{
    install(LIST(&a1, &a2, &a3, &squashed), LIST(&b1));
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        nu__history history = { (nu__applied *)histories[i].items, histories[i].n };

        CHECK_STR(order_of(&history), histories[i].order);
    }
    nu__apps_release();
}

static void a_target_is_one_that_may_be_migrated_to(void)
{
    nu__history part = { (nu__applied *)histories[1].items, histories[1].n };
    nu__graph *graph;

    install(LIST(&a1, &a2, &a3, &squashed), LIST(&b1));
    graph = nu__graph_build(NULL);
    CHECK_RAISES(NU_COMMAND_ERROR, "More than one migration matches '0001' in app 'a'",
                 nu__graph_target(graph, S("a"), S("0001")));
    CHECK_RAISES(NU_NODE_NOT_FOUND_ERROR, "Node ('a', '0002_more') not a valid node",
                 nu__graph_target(graph, S("a"), S("0002")));
    CHECK_STR(nu_s(nu__graph_prefix(graph, S("a"), S("0002"))->migration->name), "0002_more");
    CHECK_STR(nu_s(nu__graph_target(graph, S("a"), S("0001_s"))->migration->name),
              "0001_squashed_0002_more");
    CHECK_STR(nu_s(nu__graph_target(nu__graph_build(&part), S("a"), S("0001_s"))->migration->name),
              "0002_more");
    CHECK(!nu__graph_prefix(nu__graph_build_whole(), S("a"), S("0002"))->left_out);
    nu__apps_release();
}

static void what_leads_nowhere_or_in_a_circle_is_refused(void)
{
    install(LIST(&a1, &a2), LIST(&b1, &lost));
    CHECK_RAISES(NU_NODE_NOT_FOUND_ERROR, "0002_mroe", order_of(NULL));
    nu__apps_release();
    install(LIST(&round_1), LIST(&round_2));
    CHECK_RAISES(NU_CIRCULAR_DEPENDENCY_ERROR, "a.0001_initial", order_of(NULL));
    nu__apps_release();
}

static void two_leaves_are_a_conflict(void)
{
    nu__graph *graph;

    install(LIST(&a1, &a2, &other_leaf), LIST(&b1));
    graph = nu__graph_build(NULL);
    CHECK_RAISES(NU_COMMAND_ERROR, "(0002_more, 0002_other in a)",
                 nu__graph_check_conflicts(graph, NULL));
    nu__apps_release();
}

static void a_history_without_the_first_part_is_inconsistent(void)
{
    nu__applied items[] = { { S("a"), S("0002_more") } };
    nu__history history = { items, 1 };

    install(LIST(&a1, &a2), LIST(&b1));
    CHECK_RAISES(NU_INCONSISTENT_MIGRATION_HISTORY,
                 "is applied before its dependency a.0001_initial",
                 nu__graph_check_consistent(nu__graph_build(&history), "default"));
    nu__apps_release();
}

HARNESS(what_is_depended_on_comes_first, run_before_turns_an_edge_around, the_way_to_one_and_back,
        a_squashed_one_stands_in_unless_some_are_applied, a_target_is_one_that_may_be_migrated_to,
        what_leads_nowhere_or_in_a_circle_is_refused, two_leaves_are_a_conflict,
        a_history_without_the_first_part_is_inconsistent)
