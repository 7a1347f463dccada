/* A replica that lags behind, dies and comes back; a router between two databases; mirrors. */
#include "live.h"

#include "db/backends/base.h"
#include "db/models/router.h"
#include "unit/models/school_db.h"

#include <nuages/databases.h>
#include <nuages/loop.h>
#include <nuages/queries.h>
#include <nuages/transaction.h>

static const nu_database databases[] = {
    Database("default", .name = "x", .url_env = "DATABASE_URL"),
    Database("near", .name = "x", .url_env = "REPLICA_URL", .replica_of = "default",
             .mirror = "default"),
    Database("archive", .name = "x", .url_env = "ARCHIVE_URL"),
};

/* The tables are at the primary and at its replica, and empty. */
static void fresh(void)
{
    nu__routers_setup(NULL, 0);
    school_tables();
    nu__databases_setup(databases, sizeof databases / sizeof *databases);
    live_ask("catch_up");
}

static Tag *make_tag(const char *slug)
{
    return nu_create(Tag, .name = nu_s(slug), .slug = nu_s(slug));
}

/* ---- who reads where ------------------------------------------------------------------------ */

static void count_tags(void *n)
{
    *(int64_t *)n = nu_count(nu_objects(Tag));
}

static void count_in_transaction(void *n)
{
    nu_atomic_scope();
    count_tags(n);
}

static void count_at_primary(void *n)
{
    *(int64_t *)n = nu_count(nu_using(nu_objects(Tag), "default"));
}

/* As another request would see it, which has written nothing. */
static int64_t counted_by_another(void (*count)(void *))
{
    int64_t n = -1;

    nu__fiber_spawn("another", count, &n);
    live_join();
    return n;
}

static void who_has_written_reads_at_the_primary_and_others_at_the_replica(void)
{
    fresh();
    live_ask("pause");
    make_tag("core");
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    CHECK_INT(counted_by_another(count_tags), 0);
    CHECK_INT(counted_by_another(count_in_transaction), 1);
    CHECK_INT(counted_by_another(count_at_primary), 1);
    live_ask("resume");
    live_ask("catch_up");
    CHECK_INT(counted_by_another(count_tags), 1);
}

static void rename_tag(void *slug)
{
    Tag *tag = nu_get(Tag, Q("slug", (const char *)slug));

    tag->name = S("Renamed");
    nu_save(tag);
    CHECK_STR(nu_get(Tag, Q("slug", (const char *)slug))->name, "Renamed");
}

static void what_was_read_at_a_replica_is_saved_at_the_primary(void)
{
    fresh();
    make_tag("core");
    live_ask("catch_up");
    live_ask("pause");
    nu__fiber_spawn("renaming", rename_tag, (void *)(uintptr_t) "core");
    live_join();
    CHECK_STR(nu_get_in(Tag, nu_using(nu_objects(Tag), "default"), Q("slug", "core"))->name,
              "Renamed");
    live_ask("resume");
}

/* ---- it goes, and comes back ---------------------------------------------------------------- */

static uint64_t statements_at(const char *alias)
{
    nu_pool pool = nu_pool_of(alias);

    return pool.loans + pool.shared_statements;
}

static bool read_at_the_replica(void)
{
    uint64_t before = statements_at("near");

    CHECK_INT(counted_by_another(count_tags), 1);
    return statements_at("near") > before;
}

static void without_the_replica_the_primary_is_read(void)
{
    fresh();
    make_tag("core");
    live_ask("catch_up");
    CHECK(read_at_the_replica());
    live_ask("kill");
    for (int i = 0; i < 5; i++)
        CHECK_INT(counted_by_another(count_tags), 1);
    CHECK_INT(nu_pool_of("near").open, 0);
    CHECK(nu_pool_of("default").open > 0);
    live_ask("start");
    live_ask("catch_up");
    for (int i = 0; i < 300 && !read_at_the_replica(); i++)
        nu_sleep(0.05);
    CHECK(read_at_the_replica());
}

/* ---- routers and mirrors -------------------------------------------------------------------- */

static const char *tags_in_archive(const nu_model *model, const void *instance)
{
    (void)instance;
    return model == &Tag_model ? "archive" : NULL;
}

static int tags_only_there(const char *alias, const nu_model *model)
{
    return model == &Tag_model ? nu_eq(nu_s(alias), "archive") : -1;
}

static const nu_db_router by_model = { .db_for_read = tags_in_archive,
                                       .db_for_write = tags_in_archive,
                                       .allow_migrate = tags_only_there };

static void make_table_of_tags(void)
{
    nu__schema_editor *editor = nu__schema_begin(nu__connection_of("archive"), false, true);

    nu__schema_create_model(editor, nu__model_info_of(&Tag_model));
    nu__schema_end(editor);
}

static void a_router_parts_the_models(void)
{
    const nu_db_router *router = &by_model;

    fresh();
    nu__db_execute(nu__connection_of("archive"), S("DROP TABLE IF EXISTS registry_tag"),
                   (nu_values){ 0 }, NULL);
    make_table_of_tags();
    nu__routers_setup(&router, 1);
    make_tag("old");
    nu_create(Department, .name = S("Computing"), .code = S("cs"));
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    CHECK_INT(nu_count(nu_using(nu_objects(Tag), "default")), 0);
    CHECK_INT(nu_count(nu_using(nu_objects(Department), "default")), 1);
    CHECK(statements_at("archive") > 0);
}

static void in_tests_a_mirror_is_its_primary(void)
{
    fresh();
    live_ask("pause");
    nu__databases_mirror(true);
    make_tag("core");
    CHECK_INT(nu_count(nu_using(nu_objects(Tag), "near")), 1);
    CHECK_INT(counted_by_another(count_tags), 1);
    nu__databases_mirror(false);
    live_ask("resume");
}

HARNESS_LIVE(who_has_written_reads_at_the_primary_and_others_at_the_replica,
             what_was_read_at_a_replica_is_saved_at_the_primary,
             without_the_replica_the_primary_is_read, a_router_parts_the_models,
             in_tests_a_mirror_is_its_primary)
