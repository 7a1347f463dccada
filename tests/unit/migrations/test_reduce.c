/* The rules of the optimizer: pair by pair what two operations become, then over whole lists. Each
   rule has the pair that it is for, and those beside it that it must leave alone. */
#include "harness.h"

#include "db/migrations/reduce.h"
#include "db/migrations/writer.h"
#include <nuages/postgres.h>

#define ID           models_BigAutoField("id", .primary_key = true)
#define X            models_IntegerField("x")
#define Y            models_TextField("y")
#define TO(name, to) models_ForeignKey((name), (to), .on_delete = CASCADE)
#define MAKE(m, ...) CreateModel(.name = (m), .fields = { ID, X __VA_OPT__(, ) __VA_ARGS__ })
#define PLAIN(m)     CreateModel(.name = (m), .fields = { ID })
#define INDEX(n)                                                                                   \
    {                                                                                              \
        .name = (n), .fields = { "x" }                                                             \
    }
#define UNIQUE(n)                                                                                  \
    {                                                                                              \
        .name = (n), .fields = { "x" }                                                             \
    }
#define UNIQUE_SAYS(n)                                                                             \
    {                                                                                              \
        .name = (n), .fields = { "x" }, .violation_error_message = "no"                            \
    }

typedef struct pair {
    nu_operation first, second;
    enum { STAY, PASS, GONE, BECOME } becomes; /* PASS: they stay, but may change places */
    nu_operation result[3];                    /* of BECOME */
} pair;

/* clang-format off */
static const pair models[] = {
    { MAKE("A"), DeleteModel("A"), GONE, {} },
    { MAKE("A"), DeleteModel("a"), GONE, {} },
    { MAKE("A"), DeleteModel("B"), STAY, {} }, /* it may refer to A */
    { CreateModel(.name = "A", .proxy = true, .bases_by_name = { "shop.B" }), DeleteModel("A"), STAY, {} },
    { MAKE("A"), RenameModel("A", "B"), BECOME, { MAKE("B") } },
    { MAKE("A"), RenameModel("B", "C"), PASS, {} },
    { MAKE("A"), RenameModel("B", "A"), STAY, {} },
    { RenameModel("A", "B"), RenameModel("B", "C"), BECOME, { RenameModel("A", "C") } },
    { RenameModel("A", "B"), RenameModel("C", "D"), PASS, {} },
    { RenameModel("A", "B"), RenameModel("A", "C"), PASS, {} },
    { RenameModel("A", "B"), AddField("B", Y), STAY, {} },
    { RenameModel("A", "B"), AddField("C", Y), PASS, {} },
    { RenameModel("A", "B"), AddField("C", TO("b", "shop.B")), STAY, {} },
    { DeleteModel("A"), MAKE("A"), STAY, {} },
    { DeleteModel("A"), MAKE("B"), PASS, {} },
    { DeleteModel("A"), DeleteModel("B"), STAY, {} },
    { MAKE("A"), MAKE("B"), PASS, {} },
    { MAKE("A"), MAKE("B", TO("a", "shop.A")), STAY, {} },
    { MAKE("A"), CreateModel(.name = "B", .proxy = true, .bases_by_name = { "shop.A" }), STAY, {} },
};

static const pair created[] = {
    { MAKE("A"), AddField("A", Y), BECOME, { MAKE("A", Y) } },
    { MAKE("A"), AddField("B", Y), PASS, {} },
    { MAKE("A"), AddField("B", TO("a", "shop.A")), STAY, {} },
    { MAKE("A"), AlterField("A", models_BigIntegerField("x")), BECOME,
      { CreateModel(.name = "A", .fields = { ID, models_BigIntegerField("x") }) } },
    { MAKE("A"), RemoveField("A", "x"), BECOME, { PLAIN("A") } },
    { MAKE("A"), RemoveField("B", "x"), PASS, {} },
    { MAKE("A"), RenameField("A", "x", "z"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, models_IntegerField("z") }) } },
    { CreateModel(.name = "A", .fields = { ID, X, Y }, .unique_together = { { "x", "y" }, { "x" } }), RemoveField("A", "x"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, Y }, .unique_together = { { "y" } }) } },
    { CreateModel(.name = "A", .fields = { ID, X, Y }, .unique_together = { { "x", "y" } }), RenameField("A", "x", "z"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, models_IntegerField("z"), Y }, .unique_together = { { "z", "y" } }) } },
    { CreateModel(.name = "A", .fields = { ID, TO("b", "shop.B") }, .order_with_respect_to = "b"), RemoveField("A", "b"), BECOME, { PLAIN("A") } },
    { CreateModel(.name = "A", .fields = { ID, TO("b", "shop.B") }, .order_with_respect_to = "b"), RenameField("A", "b", "c"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, TO("c", "shop.B") }, .order_with_respect_to = "c") } },
    { MAKE("A"), AlterModelTable("A", "t"), BECOME, { CreateModel(.name = "A", .db_table = "t", .fields = { ID, X }) } },
    { MAKE("A"), AlterModelTableComment("A", "t"), BECOME, { CreateModel(.name = "A", .db_table_comment = "t", .fields = { ID, X }) } },
    { CreateModel(.name = "A", .fields = { ID, X }, .verbose_name = "b"), AlterModelOptions("A", .ordering = { "x" }), BECOME,
      { CreateModel(.name = "A", .fields = { ID, X }, .ordering = { "x" }) } },
    { MAKE("A"), AlterUniqueTogether("A", { "x", "id" }), BECOME,
      { CreateModel(.name = "A", .fields = { ID, X }, .unique_together = { { "x", "id" } }) } },
    { MAKE("A", TO("b", "shop.B")), AlterOrderWithRespectTo("A", "b"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, X, TO("b", "shop.B") }, .order_with_respect_to = "b") } },
    { MAKE("A"), AddIndex("A", INDEX("i")), BECOME, { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("i") }) } },
    { MAKE("A"), AddIndexConcurrently("A", INDEX("i")), BECOME, { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("i") }) } },
    { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("i"), INDEX("j") }), RemoveIndex("A", "i"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("j") }) } },
    { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("i") }), RemoveIndexConcurrently("A", "i"), BECOME, { MAKE("A") } },
    { CreateModel(.name = "A", .fields = { ID, X }, .indexes = { INDEX("i") }), RenameIndex("A", "i", "j"), STAY, {} },
    { MAKE("A"), AddConstraint("A", UNIQUE("c")), BECOME, { CreateModel(.name = "A", .fields = { ID, X }, .constraints = { UNIQUE("c") }) } },
    { MAKE("A"), AddConstraintNotValid("A", UNIQUE("c")), BECOME, { CreateModel(.name = "A", .fields = { ID, X }, .constraints = { UNIQUE("c") }) } },
    { MAKE("A"), AddConstraintConcurrently("A", UNIQUE("c")), BECOME, { CreateModel(.name = "A", .fields = { ID, X }, .constraints = { UNIQUE("c") }) } },
    { CreateModel(.name = "A", .fields = { ID, X }, .constraints = { UNIQUE("c"), UNIQUE("d") }), RemoveConstraint("A", "c"), BECOME,
      { CreateModel(.name = "A", .fields = { ID, X }, .constraints = { UNIQUE("d") }) } },
    { MAKE("A"), AddIndex("B", INDEX("i")), STAY, {} },
    { MAKE("A"), RunSQL("SELECT 1"), STAY, {} },
};

static const pair fields[] = {
    { AddField("A", Y), RemoveField("A", "y"), GONE, {} },
    { AddField("A", Y), RemoveField("B", "y"), PASS, {} },
    { AddField("A", Y), AlterField("A", models_IntegerField("y")), BECOME, { AddField("A", models_IntegerField("y")) } },
    { AddField("A", Y), RenameField("A", "y", "z"), BECOME, { AddField("A", models_TextField("z")) } },
    { AddField("A", Y), RenameField("A", "x", "y"), STAY, {} },
    { AddField("A", Y), AddField("A", models_TextField("z")), PASS, {} },
    { AddField("A", Y), AlterUniqueTogether("A", { "y", "x" }), STAY, {} },
    { AddField("A", Y), AlterUniqueTogether("A", { "x" }), PASS, {} },
    { AddField("A", TO("b", "shop.B")), AlterOrderWithRespectTo("A", "b"), STAY, {} },
    { AddField("A", TO("b", "shop.B")), RenameModel("B", "C"), STAY, {} },
    { AddField("A", Y), AddIndex("A", { .name = "i", .fields = { "y" } }), STAY, {} },
    { RemoveField("A", "y"), DeleteModel("A"), BECOME, { DeleteModel("A") } },
    { RemoveField("A", "y"), DeleteModel("B"), STAY, {} },
    { RemoveField("A", "y"), AddField("A", Y), STAY, {} },
    { RemoveField("A", "y"), AddField("A", X), PASS, {} },
    { AlterField("A", Y), AlterField("A", models_IntegerField("y")), BECOME, { AlterField("A", models_IntegerField("y")) } },
    { AlterField("A", Y), RemoveField("A", "y"), BECOME, { RemoveField("A", "y") } },
    { AlterField("A", Y), RemoveField("A", "x"), PASS, {} },
    { AlterField("A", Y), RenameField("A", "y", "z"), BECOME, { RenameField("A", "y", "z"), AlterField("A", models_TextField("z")) } },
    { AlterField("A", models_TextField("y", .db_column = "c")), RenameField("A", "y", "z"), STAY, {} },
    { RenameField("A", "x", "y"), RenameField("A", "y", "z"), BECOME, { RenameField("A", "x", "z") } },
    { RenameField("A", "x", "y"), RenameField("B", "y", "z"), PASS, {} },
    { RenameField("A", "x", "y"), RemoveField("A", "x"), STAY, {} },
    { RenameField("A", "x", "y"), RemoveField("A", "z"), PASS, {} },
};

static const pair options[] = {
    { AlterModelTable("A", "t"), AlterModelTable("A", "u"), BECOME, { AlterModelTable("A", "u") } },
    { AlterModelTable("A", "t"), AlterModelTable("B", "u"), PASS, {} },
    { AlterModelTable("A", "t"), DeleteModel("A"), BECOME, { DeleteModel("A") } },
    { AlterModelTable("A", "t"), AlterModelOptions("A", .ordering = { "x" }), STAY, {} },
    { AlterModelTableComment("A", "t"), AlterModelTableComment("A", "u"), BECOME, { AlterModelTableComment("A", "u") } },
    { AlterModelTableComment("A", "t"), DeleteModel("A"), BECOME, { DeleteModel("A") } },
    { AlterModelOptions("A", .ordering = { "x" }), AlterModelOptions("A", .verbose_name = "b"), BECOME,
      { AlterModelOptions("A", .verbose_name = "b") } },
    { AlterModelOptions("A", .ordering = { "x" }), DeleteModel("A"), BECOME, { DeleteModel("A") } },
    { AlterUniqueTogether("A", { "x", "y" }), AlterUniqueTogether("A"), BECOME, { AlterUniqueTogether("A") } },
    { AlterUniqueTogether("A", { "x", "y" }), DeleteModel("A"), BECOME, { DeleteModel("A") } },
    { AlterOrderWithRespectTo("A", "b"), AlterOrderWithRespectTo("A", NULL), BECOME, { AlterOrderWithRespectTo("A", NULL) } },
    { AlterOrderWithRespectTo("A", "b"), DeleteModel("A"), BECOME, { DeleteModel("A") } },
};

static const pair indexes[] = {
    { AddIndex("A", INDEX("i")), RemoveIndex("A", "i"), GONE, {} },
    { AddIndex("A", INDEX("i")), RemoveIndex("A", "j"), STAY, {} },
    { AddIndex("A", INDEX("i")), RenameIndex("A", "i", "j"), BECOME, { AddIndex("A", INDEX("j")) } },
    { AddIndex("A", INDEX("i")), RenameIndex("A", "k", "j"), STAY, {} },
    { AddIndex("A", INDEX("i")), RemoveIndexConcurrently("A", "i"), GONE, {} },
    { AddIndexConcurrently("A", INDEX("i")), RemoveIndex("A", "i"), GONE, {} },
    { AddIndexConcurrently("A", INDEX("i")), RemoveIndexConcurrently("A", "j"), STAY, {} },
    { AddIndexConcurrently("A", INDEX("i")), RenameIndex("A", "i", "j"), BECOME, { AddIndexConcurrently("A", INDEX("j")) } },
    { RemoveIndex("A", "i"), AddIndex("A", INDEX("i")), STAY, {} },
    { RemoveIndexConcurrently("A", "i"), AddIndexConcurrently("A", INDEX("i")), STAY, {} },
    { RenameIndex("A", "i", "j"), RenameIndex("A", "j", "k"), BECOME, { RenameIndex("A", "i", "k") } },
    { RenameIndex("A", "i", "j"), RenameIndex("B", "j", "k"), STAY, {} },
    { RenameIndex("A", "i", "j"), RenameIndex("A", "l", "k"), STAY, {} },
    { AddConstraint("A", UNIQUE("c")), RemoveConstraint("A", "c"), GONE, {} },
    { AddConstraint("A", UNIQUE("c")), RemoveConstraint("A", "d"), STAY, {} },
    { AddConstraint("A", UNIQUE("c")), RemoveConstraint("B", "c"), STAY, {} },
    { AddConstraint("A", UNIQUE("c")), AlterConstraint("A", UNIQUE_SAYS("c")), BECOME, { AddConstraint("A", UNIQUE_SAYS("c")) } },
    { AddConstraint("A", UNIQUE("c")), AlterConstraint("A", UNIQUE_SAYS("d")), STAY, {} },
    { AddConstraintNotValid("A", UNIQUE("c")), RemoveConstraint("A", "c"), GONE, {} },
    { AddConstraintConcurrently("A", UNIQUE("c")), RemoveConstraint("A", "c"), GONE, {} },
    { AddConstraintNotValid("A", UNIQUE("c")), ValidateConstraint("A", "c"), STAY, {} },
    { ValidateConstraint("A", "c"), RemoveConstraint("A", "c"), STAY, {} },
    { RemoveConstraint("A", "c"), AddConstraint("A", UNIQUE("c")), STAY, {} },
    { AlterConstraint("A", UNIQUE("c")), AlterConstraint("A", UNIQUE_SAYS("c")), BECOME, { AlterConstraint("A", UNIQUE_SAYS("c")) } },
    { AlterConstraint("A", UNIQUE("c")), RemoveConstraint("A", "c"), BECOME, { RemoveConstraint("A", "c") } },
    { AlterConstraint("A", UNIQUE("c")), AddConstraint("A", UNIQUE("c")), STAY, {} },
};

static void fill(const nu_apps *apps, const char *database)
{
    (void)apps;
    (void)database;
}

static const pair special[] = {
    { RunSQL("SELECT 1"), MAKE("A"), STAY, {} },
    { RunSQL("SELECT 1", .elidable = true), MAKE("A"), BECOME, { MAKE("A") } },
    { MAKE("A"), RunSQL("SELECT 1", .elidable = true), BECOME, { MAKE("A") } },
    { RunSQL("SELECT 1"), RunSQL("SELECT 2"), STAY, {} },
    { RunC(fill), AddField("A", Y), STAY, {} },
    { RunC(fill, .elidable = true), AddField("A", Y), BECOME, { AddField("A", Y) } },
    { SeparateDatabaseAndState(.state_operations = Operations(DeleteModel("A"), { 0 })), MAKE("A"), STAY, {} },
    { CreateExtension("citext"), MAKE("A"), STAY, {} },
    { CreateCollation("c", "de"), RemoveCollation("c", "de"), GONE, {} },
    { CreateCollation("c", "de"), RemoveCollation("d", "de"), STAY, {} },
    { RemoveCollation("c", "de"), CreateCollation("c", "de"), STAY, {} },
};
/* clang-format on */

static nu_str written(const nu_operation *operations)
{
    nu__buf out = { 0 };

    for (; operations->kind; operations++) {
        nu__write_operation(&out, operations);
        nu__buf_char(&out, '\n');
    }
    return nu__buf_str(&out);
}

static nu_str result_of(const pair *p)
{
    nu__reduction r = nu__reduce(&p->first, &p->second, "shop");
    nu_operation list[3] = { { 0 } };

    if (r.kind != NU__REDUCED)
        return r.kind == NU__THROUGH ? S("stay, and may change places") : S("stay");
    memcpy(list, r.operations, r.n * sizeof *list);
    return r.n ? written(list) : S("nothing is left");
}

static nu_str result_wanted(const pair *p)
{
    static const char *const words[] = { "stay", "stay, and may change places", "nothing is left" };

    return p->becomes == BECOME ? written(p->result) : nu_s(words[p->becomes]);
}

static void check_pairs(const pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        nu_str told = nu_fmt("{}; {}", nu__operation_signed(&pairs[i].first),
                             nu__operation_signed(&pairs[i].second));

        CHECK_STR(nu_fmt("{}:\n{}", told, result_of(&pairs[i])),
                  nu_fmt("{}:\n{}", told, result_wanted(&pairs[i])));
    }
}

#define CHECK_PAIRS(pairs) check_pairs((pairs), sizeof(pairs) / sizeof *(pairs))

static void models_are_made_renamed_and_deleted(void)
{
    CHECK_PAIRS(models);
}

static void a_new_model_takes_in_what_changes_it(void)
{
    CHECK_PAIRS(created);
}

static void changes_of_a_field_become_one(void)
{
    CHECK_PAIRS(fields);
}

static void the_later_option_holds(void)
{
    CHECK_PAIRS(options);
}

static void indexes_and_constraints_come_and_go(void)
{
    CHECK_PAIRS(indexes);
}

static void what_nobody_can_see_into_stays(void)
{
    CHECK_PAIRS(special);
}

/* Each operation that there is was the first of a pair. */
static void mark(bool *seen, const pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        seen[pairs[i].first.kind] = true;
}

#define MARK(seen, pairs) mark((seen), (pairs), sizeof(pairs) / sizeof *(pairs))

static void no_rule_is_without_a_pair(void)
{
    bool seen[NU_OPERATION_KIND_COUNT] = { false };

    MARK(seen, models);
    MARK(seen, fields);
    MARK(seen, options);
    MARK(seen, indexes);
    MARK(seen, special);
    for (size_t kind = 1; kind < NU_OPERATION_KIND_COUNT; kind++)
        if (!seen[kind])
            CHECK_STR(nu_fmt("operation {} has no pair", kind), "");
}

/* What does not fit into a model any more stays beside it. */
static void a_full_model_takes_in_no_more(void)
{
    nu_model full = { .name = "A", .fields = { ID, X } };
    nu_operation create = { .kind = NU_CREATE_MODEL, .model = &full };
    nu_operation index = AddIndex("A", INDEX("more")),
                 constraint = AddConstraint("A", UNIQUE("more")),
                 concurrent = AddIndexConcurrently("A", INDEX("more"));

    for (size_t i = 0; i < 15; i++) {
        full.indexes[i] = (nu_index)INDEX("i");
        full.constraints[i] = (nu_constraint)UNIQUE("c");
    }
    CHECK_INT(nu__reduce(&create, &index, "shop").kind, NU__BARRIER);
    CHECK_INT(nu__reduce(&create, &concurrent, "shop").kind, NU__BARRIER);
    CHECK_INT(nu__reduce(&create, &constraint, "shop").kind, NU__BARRIER);
}

static void check_list(const nu_operation *list, const nu_operation *wanted)
{
    CHECK_STR(written(nu__optimize(list, "shop")), written(wanted));
}

#define LIST(...) ((const nu_operation[]){ __VA_ARGS__, { 0 } })

static void the_first_is_moved_past_those_that_let_it(void)
{
    check_list(LIST(MAKE("A"), MAKE("B"), AddField("A", Y)), LIST(MAKE("B"), MAKE("A", Y)));
}

static void else_the_second_is_moved_before_them(void)
{
    check_list(LIST(MAKE("A"), MAKE("B", TO("a", "shop.A")), AddField("A", Y)),
               LIST(MAKE("A", Y), MAKE("B", TO("a", "shop.A"))));
}

static void those_that_can_go_neither_way_stay(void)
{
    check_list(LIST(MAKE("A"), MAKE("B", TO("a", "shop.A")), AddField("A", TO("b", "shop.B"))),
               LIST(MAKE("A"), MAKE("B", TO("a", "shop.A")), AddField("A", TO("b", "shop.B"))));
    check_list(LIST(AddField("A", Y), RunSQL("SELECT 1"), RemoveField("A", "y")),
               LIST(AddField("A", Y), RunSQL("SELECT 1"), RemoveField("A", "y")));
}

static void what_may_go_stands_in_nobodys_way(void)
{
    check_list(LIST(AddField("A", Y), RunSQL("SELECT 1", .elidable = true), RemoveField("A", "y"),
                    AddField("B", Y)),
               LIST(AddField("B", Y)));
}

static void a_list_is_made_as_short_as_it_goes(void)
{
    check_list(LIST(MAKE("A"), AddField("A", Y), MAKE("B", TO("a", "shop.A")),
                    RenameField("A", "y", "z"), RemoveField("A", "z"), DeleteModel("B")),
               LIST(MAKE("A")));
}

HARNESS(models_are_made_renamed_and_deleted, a_new_model_takes_in_what_changes_it,
        changes_of_a_field_become_one, the_later_option_holds, indexes_and_constraints_come_and_go,
        what_nobody_can_see_into_stays, no_rule_is_without_a_pair, a_full_model_takes_in_no_more,
        the_first_is_moved_past_those_that_let_it, else_the_second_is_moved_before_them,
        those_that_can_go_neither_way_stay, what_may_go_stands_in_nobodys_way,
        a_list_is_made_as_short_as_it_goes)
