#include "db/migrations/operations.h"
#include "db/migrations/writer.h"
#include "harness.h"

#include <math.h>

/* A field, and the text that is written of it. */
static const struct {
    const nu_field *field;
    const char *text;
} fields[] = {
    { models_BigAutoField("id", .primary_key = true),
      "models_BigAutoField(\"id\", .primary_key = true)" },
    { models_CharField("name", .max_length = 60, .unique = true),
      "models_CharField(\"name\", .max_length = 60, .unique = true)" },
    { models_CharField("kind", .max_length = 1, Choices(("a", "A"), ("b", "B", "Last"))),
      "models_CharField(\"kind\", .max_length = 1, Choices((\"a\", \"A\"), (\"b\", \"B\", "
      "\"Last\")))" },
    { models_CharField("odd", .help_text = "say \"so\"\nor 100%\\ why\?\?!"),
      "models_CharField(\"odd\", .help_text = \"say \\\"so\\\"\\nor 100%\\\\ why\\077\\077!\")" },
    { models_IntegerField("size", .null = true, Default(-3)),
      "models_IntegerField(\"size\", .null = true, Default(-3))" },
    { models_BigIntegerField("least", Default(INT64_MIN)),
      "models_BigIntegerField(\"least\", Default(INT64_MIN))" },
    { models_FloatField("most", Default(INFINITY)),
      "models_FloatField(\"most\", Default(__builtin_inf()))" },
    { models_FloatField("least", Default(-INFINITY)),
      "models_FloatField(\"least\", Default(-__builtin_inf()))" },
    { models_FloatField("none", Default(NAN)),
      "models_FloatField(\"none\", Default(__builtin_nan(\"\")))" },
    { models_BooleanField("on", Default(true)), "models_BooleanField(\"on\", Default(true))" },
    { models_FloatField("f", Default(1.5)), "models_FloatField(\"f\", Default(1.5))" },
    { models_IntegerField("now", DbDefault(7)), "models_IntegerField(\"now\", DbDefault(7))" },
    { models_DateTimeField("at", DbDefaultExpression("Now()")),
      "models_DateTimeField(\"at\", DbDefaultExpression(\"Now()\"))" },
    { models_UUIDField("key", .default_call = nu_default_uuid4),
      "models_UUIDField(\"key\", .default_call = nu_default_uuid4)" },
    { models_DecimalField("price", .max_digits = 6, .decimal_places = 2),
      "models_DecimalField(\"price\", .max_digits = 6, .decimal_places = 2)" },
    { models_GenericIPAddressField("ip", .protocol = NU_IPV4),
      "models_GenericIPAddressField(\"ip\", .protocol = NU_IPV4)" },
    { models_ForeignKey("by", "shop.Maker", .on_delete = SET_NULL, .related_name = "+",
                        .null = true, .no_db_constraint = true),
      "models_ForeignKey(\"by\", \"shop.Maker\", .on_delete = SET_NULL, .related_name = \"+\", "
      ".no_db_constraint = true, .null = true)" },
    { models_ForeignKey("user", NU_AUTH_USER_MODEL, .on_delete = CASCADE),
      "models_ForeignKey(\"user\", NU_AUTH_USER_MODEL, .on_delete = CASCADE)" },
    { models_ManyToManyField("tags", "shop.Tag", .through_name = "shop.Tagged",
                             .through_fields = { "thing", "tag" }),
      "models_ManyToManyField(\"tags\", \"shop.Tag\", .through_fields = { \"thing\", \"tag\" }, "
      ".through_name = \"shop.Tagged\")" },
};

static void fields_are_written_as_they_are_read(void)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        nu__buf out = { 0 };

        nu__write_field(&out, fields[i].field);
        CHECK_STR(nu__buf_str(&out), fields[i].text);
    }
}

static const struct {
    nu_operation op;
    const char *text, *words;
} operations[] = {
    { DeleteModel("Thing"), "DeleteModel(\"Thing\")", "- Delete model Thing" },
    { RenameModel("A", "B"), "RenameModel(\"A\", \"B\")", "~ Rename model A to B" },
    { RemoveField("Thing", "size"), "RemoveField(\"Thing\", \"size\")",
      "- Remove field size from thing" },
    { RenameField("Thing", "a", "b"), "RenameField(\"Thing\", \"a\", \"b\")",
      "~ Rename field a on thing to b" },
    { AddField("Thing", models_IntegerField("n", Default(1)), .one_off_default = true),
      "AddField(\"Thing\", models_IntegerField(\"n\", Default(1)), .one_off_default = true)",
      "+ Add field n to thing" },
    { AlterModelTable("Thing", NULL), "AlterModelTable(\"Thing\", NULL)",
      "~ Rename table for thing to (default)" },
    { AlterUniqueTogether("Thing", { "a", "b" }),
      "AlterUniqueTogether(\"Thing\", { \"a\", \"b\" })",
      "~ Alter unique_together for thing (1 constraint(s))" },
    { AlterOrderWithRespectTo("Thing", NULL), "AlterOrderWithRespectTo(\"Thing\", NULL)",
      "~ Set order_with_respect_to on thing to None" },
    { RemoveIndex("Thing", "i"), "RemoveIndex(\"Thing\", \"i\")", "- Remove index i from thing" },
    { RenameIndex("Thing", "i", "j"), "RenameIndex(\"Thing\", \"i\", \"j\")",
      "~ Rename index i on thing to j" },
    { RunSQL("SELECT 1", .reverse_sql = RunSQL_noop), "RunSQL(\"SELECT 1\", .reverse_sql = \"\")",
      "s Raw SQL operation" },
};

static void operations_are_written_and_told(void)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        nu__buf out = { 0 };

        nu__write_operation(&out, &operations[i].op);
        CHECK_STR(nu__buf_str(&out), operations[i].text);
        CHECK_STR(nu__operation_signed(&operations[i].op), operations[i].words);
    }
}

static nu_value own_default(void)
{
    return V(3);
}

static void a_function_of_the_sites_own_is_left_out(void)
{
    nu__buf out = { 0 };

    nu__write_field(&out, models_IntegerField("n", .null = true, .default_call = own_default));
    CHECK_STR(nu__buf_str(&out), "models_IntegerField(\"n\", .null = true)");
}

HARNESS(fields_are_written_as_they_are_read, operations_are_written_and_told,
        a_function_of_the_sites_own_is_left_out)
