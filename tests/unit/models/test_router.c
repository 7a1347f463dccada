/* Several databases: routers, nu_using(), and what stays with the instance at hand. */
#include "school_db.h"

#include "db/backends/base.h"
#include "db/models/router.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>
#include <nuages/transaction.h>
#include <string.h>

static void tables_in(const char *alias)
{
    nu__schema_editor *editor = nu__schema_begin(nu__connection_of(alias), false, true);
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
}

static void two_databases(const nu_db_router *router)
{
    nu__routers_setup(NULL, 0);
    school_tables();
    nu__database_add("other", S("sqlite://:memory:"));
    tables_in("other");
    nu__routers_setup(&router, router ? 1 : 0);
}

static int64_t tags_in(const char *alias)
{
    return nu_count(nu_using(nu_objects(Tag), alias));
}

/* ---- without a router --------------------------------------------------------------------- */

static void using_reads_from_another_database_and_instances_stay_there(void)
{
    Tag *tag;

    two_databases(NULL);
    nu_bulk_create(Tag, ((Tag[]){ { .name = S("Core"), .slug = S("core") } }), 1, .using = "other");
    CHECK_INT(tags_in("default"), 0);
    CHECK_INT(tags_in("other"), 1);
    tag = nu_get_in(Tag, nu_using(nu_objects(Tag), "other"), Q("slug", "core"));
    tag->name = S("Changed");
    nu_save(tag);
    nu_refresh(tag);
    CHECK_STR(tag->name, "Changed");
    CHECK_INT(tags_in("default"), 0);
    nu_delete(tag);
    CHECK_INT(tags_in("other"), 0);
}

static void related_rows_come_from_the_instance_s_database(void)
{
    Department *department;
    Course *course;

    two_databases(NULL);
    nu_bulk_create(Department, ((Department[]){ { .name = S("Computing"), .code = S("cs") } }), 1,
                   .using = "other");
    department = nu_get_in(Department, nu_using(nu_objects(Department), "other"), Q("code", "cs"));
    course = nu_create(Course, .title = S("Logic"), .code = S("CS-101"), .credits = 3,
                       .department = nu_ref_to(department));
    CHECK_INT(nu_count(nu_objects(Course)), 0);
    CHECK_INT(nu_count(nu_related(department, "courses")), 1);
    course = nu_get_in(Course, nu_using(nu_objects(Course), "other"), Q("code", "CS-101"));
    CHECK_STR(nu_follow(course, department)->code, "cs");
}

static void rows_of_two_databases_do_not_refer_to_each_other(void)
{
    Course *course;
    Department *elsewhere;
    Tag *tag;

    two_databases(NULL);
    school_seed();
    nu_bulk_create(Department, ((Department[]){ { .name = S("Arts"), .code = S("ar") } }), 1,
                   .using = "other");
    nu_bulk_create(Tag, ((Tag[]){ { .name = S("Far"), .slug = S("far") } }), 1, .using = "other");
    elsewhere = nu_get_in(Department, nu_using(nu_objects(Department), "other"), Q("code", "ar"));
    tag = nu_get_in(Tag, nu_using(nu_objects(Tag), "other"), Q("slug", "far"));
    course = nu_get(Course, Q("code", "CS-101"));
    course->department = nu_ref_to(elsewhere);
    CHECK_RAISES(NU_VALUE_ERROR, "the current database router prevents this relation.",
                 nu_save(course));
    CHECK_RAISES(NU_VALUE_ERROR,
                 "instance is on database \"default\", value is on database \"other\"",
                 nu_many_add(course, tags, tag));
}

static void an_unknown_alias_is_named(void)
{
    two_databases(NULL);
    CHECK_RAISES(NU_CONNECTION_DOES_NOT_EXIST, "The connection 'elsewhere' doesn't exist.",
                 nu_count(nu_using(nu_objects(Tag), "elsewhere")));
}

static void a_transaction_is_of_one_database(void)
{
    two_databases(NULL);
    (void)!nu_catch(NU_RUNTIME_ERROR, ({
                        nu_atomic_scope(.using = "other");

                        (void)nu_create(Tag, .name = S("Kept"), .slug = S("kept"));
                        nu_bulk_create(Tag, ((Tag[]){ { .name = S("Lost"), .slug = S("lost") } }),
                                       1, .using = "other");
                        CHECK(nu_in_atomic(.using = "other") && !nu_in_atomic());
                        nu_raise(NU_RUNTIME_ERROR, "out");
                    }));
    CHECK_INT(tags_in("default"), 1);
    CHECK_INT(tags_in("other"), 0);
}

/* ---- with one ----------------------------------------------------------------------------- */

static const char *tags_elsewhere(const nu_model *model, const void *instance)
{
    (void)instance;
    return model == &Tag_model ? "other" : NULL;
}

static int any_relation(const void *a, const void *b)
{
    (void)a, (void)b;
    return 1;
}

static int tags_only_there(const char *alias, const nu_model *model)
{
    return model == &Tag_model ? !strcmp(alias, "other") : -1;
}

static const nu_db_router by_model = { .db_for_read = tags_elsewhere,
                                       .db_for_write = tags_elsewhere,
                                       .allow_relation = any_relation,
                                       .allow_migrate = tags_only_there };

static void a_router_places_a_model(void)
{
    Tag *tag;
    bool created;

    two_databases(&by_model);
    tag = nu_create(Tag, .name = S("Core"), .slug = S("core"));
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    CHECK_INT(tags_in("other"), 1);
    CHECK_INT(tags_in("default"), 0);
    CHECK_INT(nu_update(nu_objects(Tag), ("name", "New")), 1);
    nu_get_or_create(Tag, &created, (.slug = S("lab")), .name = S("Lab"));
    CHECK(created);
    CHECK_INT(tags_in("other"), 2);
    nu_delete(tag);
    CHECK_INT(nu_delete_all(nu_objects(Tag)), 1);
    CHECK_INT(tags_in("other"), 0);
}

static void using_goes_before_a_router(void)
{
    two_databases(&by_model);
    CHECK_INT(tags_in("default"), 0);
    nu_bulk_create(Tag, ((Tag[]){ { .name = S("Core"), .slug = S("core") } }), 1,
                   .using = "default");
    CHECK_INT(tags_in("default"), 1);
    CHECK_INT(nu_count(nu_objects(Tag)), 0);
}

static void a_router_says_which_tables_a_database_has(void)
{
    two_databases(&by_model);
    CHECK(nu__router_allow_migrate("other", &Tag_model));
    CHECK(!nu__router_allow_migrate("default", &Tag_model));
    CHECK(nu__router_allow_migrate("default", &Course_model));
    CHECK(nu__router_allow_migrate("default", NULL));
}

static const char *replica(const nu_model *model, const void *instance)
{
    (void)model, (void)instance;
    return "other";
}

static const char *primary(const nu_model *model, const void *instance)
{
    (void)model, (void)instance;
    return "default";
}

static const nu_db_router replicas = { .db_for_read = replica,
                                       .db_for_write = primary,
                                       .allow_relation = any_relation };

static void reads_go_to_the_replica_and_writes_to_the_primary(void)
{
    two_databases(&replicas);
    nu_create(Tag, .name = S("Core"), .slug = S("core"));
    CHECK_INT(nu_count(nu_objects(Tag)), 0);
    CHECK_INT(tags_in("default"), 1);
    nu_bulk_create(Tag, ((Tag[]){ { .name = S("Core"), .slug = S("core") } }), 1, .using = "other");
    /* What was read from the replica is saved to the primary, which has the same row. */
    nu_each (Tag, tag, nu_objects(Tag)) {
        tag->name = S("Saved");
        nu_save(tag);
    }
    CHECK_STR(nu_get_in(Tag, nu_using(nu_objects(Tag), "default"), Q("slug", "core"))->name,
              "Saved");
    CHECK_STR(nu_get(Tag, Q("slug", "core"))->name, "Core");
    /* Rows that are locked to be changed come from where they are changed. */
    {
        nu_atomic_scope();
        CHECK_STR(nu_get_in(Tag, nu_select_for_update(nu_objects(Tag)), Q("slug", "core"))->name,
                  "Saved");
    }
    nu__routers_setup(NULL, 0);
}

HARNESS(using_reads_from_another_database_and_instances_stay_there,
        related_rows_come_from_the_instance_s_database,
        rows_of_two_databases_do_not_refer_to_each_other, an_unknown_alias_is_named,
        a_transaction_is_of_one_database, a_router_places_a_model, using_goes_before_a_router,
        a_router_says_which_tables_a_database_has,
        reads_go_to_the_replica_and_writes_to_the_primary)
