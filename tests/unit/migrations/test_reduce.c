#include "harness.h"

#include "db/migrations/reduce.h"

#define MAKE(m, ...)                                                                               \
    CreateModel(.name = (m), .fields = { models_BigAutoField("id", .primary_key = true),           \
                                         models_IntegerField("x") __VA_OPT__(, ) __VA_ARGS__ })

/* Two operations, and what becomes of them: '=' one, '0' none, '>' nothing but the first may be
   moved past the second, '|' nothing at all. */
static const struct {
    nu_operation first, second;
    char becomes;
    const char *told; /* of one, with its sign */
} pairs[] = {
    { MAKE("A"), DeleteModel("A"), '0', NULL },
    { MAKE("A"), RenameModel("A", "B"), '=', "+ Create model B" },
    { MAKE("A"), AddField("A", models_TextField("y")), '=', "+ Create model A" },
    { MAKE("A"), RemoveField("A", "x"), '=', "+ Create model A" },
    { MAKE("A"), RenameField("A", "x", "y"), '=', "+ Create model A" },
    { MAKE("A"), AlterModelTable("A", "t"), '=', "+ Create model A" },
    { MAKE("A"), AddIndex("A", { .name = "i", .fields = { "x" } }), '=', "+ Create model A" },
    { MAKE("A"), DeleteModel("B"), '|', NULL }, /* it may refer to A */
    { MAKE("A"), RemoveField("B", "x"), '>', NULL },
    { MAKE("A"), MAKE("B", models_ForeignKey("a", "shop.A", .on_delete = CASCADE)), '|', NULL },
    { AddField("A", models_TextField("y")), RemoveField("A", "y"), '0', NULL },
    { AddField("A", models_TextField("y")), RenameField("A", "y", "z"), '=', "+ Add field z to a" },
    { AddField("A", models_TextField("y")), AlterField("A", models_IntegerField("y")), '=',
      "+ Add field y to a" },
    { AddField("A", models_TextField("y")), AddField("A", models_TextField("z")), '>', NULL },
    { AlterField("A", models_TextField("y")), RemoveField("A", "y"), '=',
      "- Remove field y from a" },
    { RenameField("A", "x", "y"), RenameField("A", "y", "z"), '=', "~ Rename field x on a to z" },
    { RenameModel("A", "B"), RenameModel("B", "C"), '=', "~ Rename model A to C" },
    { AlterModelTable("A", "t"), AlterModelTable("A", "u"), '=', "~ Rename table for a to u" },
    { AlterModelTable("A", "t"), DeleteModel("A"), '=', "- Delete model A" },
    { AddIndex("A", { .name = "i", .fields = { "x" } }), RemoveIndex("A", "i"), '0', NULL },
    { AddIndex("A", { .name = "i", .fields = { "x" } }), RenameIndex("A", "i", "j"), '=',
      "+ Create index j on field(s) x of model a" },
    { RenameIndex("A", "i", "j"), RenameIndex("A", "j", "k"), '=', "~ Rename index i on a to k" },
    { AddConstraint("A", { .name = "c", .fields = { "x" } }), RemoveConstraint("A", "c"), '0',
      NULL },
    { RunSQL("SELECT 1"), MAKE("A"), '|', NULL },
};

static char kind_of(const nu__reduction *r)
{
    if (r->kind != NU__REDUCED)
        return r->kind == NU__THROUGH ? '>' : '|';
    return r->n ? '=' : '0';
}

static nu_str told(size_t i, char kind)
{
    nu_str becomes = { &kind, 1 };

    return nu_fmt("{}, {}: {}", nu__operation_signed(&pairs[i].first),
                  nu__operation_signed(&pairs[i].second), nu_copy(becomes));
}

static void pairs_become_fewer(void)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        nu__reduction r = nu__reduce(&pairs[i].first, &pairs[i].second, "shop");

        CHECK_STR(told(i, kind_of(&r)), told(i, pairs[i].becomes));
        if (r.kind == NU__REDUCED && r.n && pairs[i].told)
            CHECK_STR(nu__operation_signed(&r.operations[0]), pairs[i].told);
    }
}

static void a_list_is_made_as_short_as_it_goes(void)
{
    const nu_operation list[] = { MAKE("A"),
                                  AddField("A", models_TextField("y")),
                                  MAKE("B", models_ForeignKey("a", "shop.A", .on_delete = CASCADE)),
                                  RenameField("A", "y", "z"),
                                  RemoveField("A", "z"),
                                  DeleteModel("B"),
                                  { 0 } };
    nu_operation *left = nu__optimize(list, "shop");

    CHECK_INT(nu__operation_count(left), 1);
    CHECK_INT(left[0].kind, NU_CREATE_MODEL);
    CHECK_STR(left[0].model->fields[1]->name, "x");
    CHECK(!left[0].model->fields[2]);
}

HARNESS(pairs_become_fewer, a_list_is_made_as_short_as_it_goes)
