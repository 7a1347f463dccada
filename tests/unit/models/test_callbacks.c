/* An error in every callback that writing calls: nothing is half-written, and the next write works.
 */
#include "school_db.h"

#include "core/object.h"

#include <nuages/managers.h>
#include <nuages/signals.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>

static void raises(const nu_signal_event *event)
{
    nu_raise(NU_RUNTIME_ERROR, "receiver of {}", (int64_t)event->signal);
}

static int64_t rows(void)
{
    return nu_count(nu_objects(Student)) + nu_count(nu_objects(Enrollment)) +
           nu_count(nu_objects(Attendance)) + nu_count(nu_objects(Payment)) +
           nu_count(nu_objects(Tag)) + nu_count(nu_related(nu_get(Course, Q("pk", 1)), "tags"));
}

static void create_tag(void)
{
    nu_atomic_scope();
    nu_create(Tag, .name = S("First"), .slug = S("first"));
    nu_create(Tag, .name = S("Second"), .slug = S("second"));
}

static void save_tag(void)
{
    Tag *tag = nu_get(Tag, Q("slug", "core"));

    nu_atomic_scope();
    tag->name = S("Changed");
    nu_save(tag);
}

static void get_or_create_tag(void)
{
    nu_get_or_create_in(Tag, nu_objects(Tag), NULL, (("slug", "new")), ("name", "New"));
}

static void delete_student(void)
{
    nu_delete(nu_get(Student, Q("roll_no", "S1")));
}

static void delete_students(void)
{
    nu_delete_all(nu_objects(Student));
}

static void add_tag(void)
{
    Course *course = nu_get(Course, Q("pk", 1));
    Tag *tag = nu_create(Tag, .name = S("More"), .slug = S("more"));

    nu_related_set(course, "tags", NU_LIST(tag));
}

static void clear_tags(void)
{
    nu_related_clear(nu_get(Course, Q("pk", 1)), "tags");
}

static void make_tag(void)
{
    nu_new(Tag, .name = S("x"));
}

static void read_tags(void)
{
    size_t n;

    nu_fetch_all(Tag, nu_objects(Tag), &n);
}

typedef struct attempt {
    nu_signal signal;
    void (*act)(void);
} attempt;

/* What is written outside of a transaction before the receiver is called stays, as in Django: each
   act is run in one. */
static void act_in_transaction(void (*act)(void))
{
    nu_atomic_scope();
    act();
}

static void a_receiver_that_raises_leaves_nothing_half_written(void)
{
    static const attempt attempts[] = {
        { NU_PRE_SAVE, create_tag },         { NU_POST_SAVE, create_tag },
        { NU_PRE_SAVE, save_tag },           { NU_POST_SAVE, save_tag },
        { NU_POST_SAVE, get_or_create_tag }, { NU_PRE_DELETE, delete_student },
        { NU_POST_DELETE, delete_student },  { NU_PRE_DELETE, delete_students },
        { NU_POST_DELETE, delete_students }, { NU_M2M_CHANGED, add_tag },
        { NU_M2M_CHANGED, clear_tags },      { NU_PRE_INIT, make_tag },
        { NU_POST_INIT, make_tag },          { NU_PRE_INIT, read_tags },
        { NU_POST_INIT, read_tags },
    };

    for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
        nu_receiver row = { .signal = attempts[i].signal, .fn = raises };
        int64_t before;

        school_tables();
        school_seed();
        before = rows();
        nu_signal_connect(&row);
        CHECK_RAISES(NU_RUNTIME_ERROR, "receiver of", act_in_transaction(attempts[i].act));
        nu_signal_disconnect(&row);
        CHECK_INT(rows(), before);
        CHECK(nu_find(Tag, Q("name", "Changed")) == NULL);
        CHECK(!nu_in_atomic());
        attempts[i].act();
    }
}

static void commit_raises(void *unused)
{
    (void)unused;
    nu_raise(NU_RUNTIME_ERROR, "after the commit");
}

static int n_committed;

static void commit_counts(void *unused)
{
    (void)unused;
    n_committed++;
}

static void create_with_hooks(bool robust)
{
    nu_atomic_scope();
    nu_create(Tag, .name = S("Kept"), .slug = nu_fmt("kept-{}", robust));
    nu_on_commit(commit_raises, NULL, .robust = robust);
    nu_on_commit(commit_counts, NULL);
}

static void a_hook_that_raises_undoes_no_commit(void)
{
    school_tables();
    n_committed = 0;
    CHECK_RAISES(NU_RUNTIME_ERROR, "after the commit", create_with_hooks(false));
    CHECK_INT(nu_count(nu_objects(Tag)), 1);
    CHECK_INT(n_committed, 0);
    nu_update(nu_objects(Tag), ("name", "other"));
    create_with_hooks(true);
    CHECK_INT(nu_count(nu_objects(Tag)), 2);
    CHECK_INT(n_committed, 1);
}

/* ---- callbacks of models -------------------------------------------------------------------- */

NU_DECLARE_MODEL(Shelf);
NU_DECLARE_MODEL(Item);

struct Shelf {
    NU_OBJECT(Shelf);
    nu_id id;
    nu_str name;
};

struct Item {
    NU_OBJECT(Item);
    nu_id id;
    Shelf_ref shelf;
    nu_uuid code;
};

static bool failing;

static void fail(const char *what)
{
    if (failing)
        nu_raise(NU_RUNTIME_ERROR, "{} failed", what);
}

static nu_value item_code(void)
{
    fail("default");
    return nu_default_uuid4();
}

static nu_value other_shelf(void)
{
    fail("SET");
    return nu_v_int(2);
}

static bool before_shelf(void *object, bool creating)
{
    (void)object, (void)creating;
    fail("before_save");
    return true;
}

static nu_str shelf_str(const void *object)
{
    fail("str");
    return ((const Shelf *)object)->name;
}

static void clean_shelf(void *object)
{
    (void)object;
    fail("clean");
}

const nu_model Shelf_model = {
    MODEL(Shelf),     .app_label = "store", .before_save = before_shelf,
    .str = shelf_str, .clean = clean_shelf, .fields = { CharField(Shelf, name, .max_length = 20) },
};
const nu_model Item_model = {
    MODEL(Item),
    .app_label = "store",
    .fields = { ForeignKey(Item, shelf, Shelf, .on_delete = SET(other_shelf)),
                UUIDField(Item, code, .default_call = item_code) },
};

static void new_shelf(void)
{
    nu_create(Shelf, .name = S("third"));
}

static void new_item(void)
{
    nu_create(Item, .shelf = { .id = 1 });
}

static void delete_shelf(void)
{
    nu_delete(nu_get(Shelf, Q("pk", 1)));
}

static void clean_one(void)
{
    nu_full_clean(nu_get(Shelf, Q("pk", 1)));
}

static void name_one(void)
{
    nu_string(V(nu_get(Shelf, Q("pk", 1))));
}

static void bulk_items(void)
{
    Item items[2] = { { .shelf = { .id = 1 } }, { .shelf = { .id = 2 } } };

    nu_bulk_create(Item, items, 2);
}

static void a_callback_of_a_model_that_raises_leaves_nothing_half_written(void)
{
    static const nu_model *const models[] = { &Shelf_model, &Item_model, NULL };
    static void (*const acts[])(void) = { new_shelf, new_item, delete_shelf,
                                          clean_one, name_one, bulk_items };

    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
        failing = false;
        school_tables_of(models);
        nu_create(Shelf, .name = S("first"));
        nu_create(Shelf, .name = S("second"));
        nu_create(Item, .shelf = { .id = 1 });
        failing = true;
        CHECK_RAISES(NU_RUNTIME_ERROR, "failed", acts[i]());
        failing = false;
        CHECK_INT(nu_count(nu_objects(Shelf)), 2);
        CHECK_INT(nu_count(nu_filter(nu_objects(Item), Q("shelf", 1))), 1);
        CHECK(!nu_in_atomic());
        acts[i]();
    }
    delete_shelf();
    CHECK_INT(nu_count(nu_filter(nu_objects(Item), Q("shelf", 1))), 0);
}

HARNESS(a_receiver_that_raises_leaves_nothing_half_written, a_hook_that_raises_undoes_no_commit,
        a_callback_of_a_model_that_raises_leaves_nothing_half_written)
