/* Functions, aggregates and field types: classes that the library's own tables tell of. */
#include "db/sql/functions.h"
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/orm/orm.h"
#include "core/context.h"
#include "core/object.h"

#include <limits.h>
#include <string.h>

static bool is_none(nu__py value)
{
    return !nu__py_given(value) || NU__PY_IS(value, none);
}

/* ---- types that are made once ------------------------------------------------------------------
 */

typedef struct kept_type {
    nu__py_type type;
    struct kept_type *next;
} kept_type;

static kept_type *kept_types;
static nu__arena *kept_arena; /* for the life of the process */

static void restore_arena(void *arena)
{
    nu__arena_use(arena);
}

static kept_type *make_kept(const nu__py_type *like, const char *name)
{
    kept_type *kept;

    if (!kept_arena)
        kept_arena = nu__arena_new();
    nu_defer(restore_arena, nu__arena_use(kept_arena));
    kept = nu_alloc(kept_type);
    kept->type = *like;
    kept->type.name = nu_copy(nu_s(name)).ptr;
    kept->type.qualname = like->qualname ? nu_copy(nu_s(like->qualname)).ptr : NULL;
    kept->next = kept_types;
    return kept_types = kept;
}

const nu__py_type *nu__orm_type_kept(const nu__py_type *like, const char *name)
{
    for (kept_type *kept = kept_types; kept; kept = kept->next)
        if (!strcmp(kept->type.name, name) && kept->type.base == like->base &&
            kept->type.of == like->of)
            return &kept->type;
    return &make_kept(like, name)->type;
}

/* ---- functions
 * ----------------------------------------------------------------------------------- */

static nu__py make_function(const nu__py_type *type, const nu__py_call *call)
{
    nu_value *args = nu_alloc_array(nu_value, call->n + 1);
    nu_dict *keywords = nu_dict_new();
    nu__py output = { 0 };

    for (size_t i = 0; i < call->n; i++)
        args[i] = nu__py_to_value(call->args[i]);
    for (size_t i = 0; i < call->n_keywords; i++) {
        if (nu_eq(call->keywords[i].name, "output_field"))
            output = call->keywords[i].value;
        else
            nu_dict_set_str(keywords, call->keywords[i].name,
                            nu__py_to_value(call->keywords[i].value));
    }
    return nu__orm_expression(
        type, nu__orm_typed(nu_function_with_(type->name, (nu_values){ args, call->n }, keywords),
                            output));
}

static const nu__py_type function_like = { .base = &nu__orm_expression_type,
                                           .module = "django.db.models.functions",
                                           .make_any = make_function };

/* ---- aggregates
 * ---------------------------------------------------------------------------------- */

/* One, or a list or tuple of them. */
static nu_values several(nu__py value)
{
    nu__py list = value;

    if (is_none(value))
        return (nu_values){ 0 };
    if (!NU__PY_IS(value, list) && !NU__PY_IS(value, tuple)) {
        list = nu__py_list_new(&nu__py_list_type, 1);
        nu__py_append(list, value);
    }
    return nu__orm_values(list);
}

static nu__py make_aggregate(nu__py self, const nu__py *args)
{
    const char *name = self.class_->name;
    nu_aggregate_options options = { .distinct = nu__py_true_or(args[1], false),
                                     .sample = nu__py_true_or(args[4], false) };
    size_t n = args[0].list->len;
    bool joins = nu_eq(nu_s(name), "StringAgg");

    if (nu__py_given(args[7]) && !(joins && n == 1))
        nu_raise(NU_TYPE_ERROR, "{}() got an unexpected keyword argument 'delimiter'", name);
    if (joins && (n == 2 || nu__py_given(args[7]))) {
        options.delimiter = nu__py_to_value(n == 2 ? args[0].list->items[1] : args[7]);
    } else if (nu_aggregate_of_pairs_(name) && n == 2) {
        options.x = nu__py_to_value(args[0].list->items[1]);
    } else if (nu_aggregate_of_pairs_(name) && n == 1) {
        nu_raise(NU_TYPE_ERROR,
                 "StatAggregate.__init__() missing 1 required positional argument: 'x'");
    } else if (n != 1) {
        nu_raise(NU_TYPE_ERROR, "'{}' takes exactly 1 argument ({} given)", name, n);
    }
    options.order_by = several(args[6]);
    if (!is_none(args[2])) {
        if (!nu__orm_is_expression(args[2]))
            nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'resolve_expression'",
                     args[2].type->name);
        options.filter = nu_expr_cond((nu_expr *)args[2].cp);
    }
    if (!is_none(args[3])) {
        if (nu_eq(nu_s(name), "Count"))
            nu_raise(NU_TYPE_ERROR, "Count does not allow default.");
        options.default_ = (nu_expr *)nu__orm_operand(args[3], false);
    }
    return nu__orm_expression(
        self.class_,
        nu__orm_typed(nu_aggregate_fn_(name, nu__py_to_value(args[0].list->items[0]), &options),
                      args[5]));
}

static const nu__py_type aggregate_like = {
    .base = &nu__orm_expression_type,
    .module = "django.db.models.aggregates",
    .signature = "*expressions, distinct=, filter=, default=, sample=, output_field=, order_by=, "
                 "delimiter=",
    .make = make_aggregate
};

/* ---- field types
 * --------------------------------------------------------------------------------- */

static int number_in(nu__py kwargs, const char *name)
{
    nu__py *found = nu__py_dict_find(kwargs.dict, nu__py_str(nu_s(name)));
    int64_t number = found && !is_none(*found) ? nu__py_as_int(*found, name) : 0;

    if (number < 0 || number > INT_MAX)
        nu_raise(NU_VALUE_ERROR, "{} must be a positive number", name);
    return (int)number;
}

static nu__py make_output(nu__py self, const nu__py *args)
{
    nu_output *output = nu_alloc(nu_output);

    if (args[0].list->len && nu__orm_output_of(args[0].list->items[0]))
        output->items = nu__orm_output_of(args[0].list->items[0]); /* ArrayField(IntegerField()) */
    *output = (nu_output){ .items = output->items,
                           .type = nu__field_type_find(nu_s(self.class_->name))->type,
                           .max_length = number_in(args[1], "max_length"),
                           .max_digits = number_in(args[1], "max_digits"),
                           .decimal_places = number_in(args[1], "decimal_places") };
    return nu__py_pointer(self.class_, output);
}

static void output_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{}.{}>", self.type->module, self.type->name);
}

const nu__py_type nu__orm_output_type = {
    .name = "Field",
    .module = "django.db.models.fields",
    .methods =
        (const nu__py_method[]){ { "deconstruct", NULL, nu__orm_output_deconstruct }, { 0 } },
    .repr = output_repr,
};

static const nu__py_type output_like = { .base = &nu__orm_output_type,
                                         .module = "django.db.models.fields",
                                         .signature = "*args, **options",
                                         .make = make_output };

/* Relations, files and JSON have modules of their own. */
static const nu__py_type *field_class(const char *name)
{
    static const char *const modules[][2] = {
        { "ForeignKey", "django.db.models.fields.related" },
        { "OneToOneField", "django.db.models.fields.related" },
        { "ManyToManyField", "django.db.models.fields.related" },
        { "FileField", "django.db.models.fields.files" },
        { "ImageField", "django.db.models.fields.files" },
        { "JSONField", "django.db.models.fields.json" },
    };
    nu__py_type like = output_like;

    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (!strcmp(name, modules[i][0]))
            like.module = modules[i][1];
    return nu__orm_type_kept(&like, name);
}

const nu_output *nu__orm_output_of(nu__py value)
{
    if (is_none(value))
        return NULL;
    if (!nu__py_is_a(value.type, &nu__orm_output_type))
        nu_raise(NU_TYPE_ERROR, "output_field must be a field such as IntegerField(), not {}",
                 value.type->name);
    return value.cp;
}

/* ---- by name
 * --------------------------------------------------------------------------------------- */

static const nu__py_type *written_out(const nu__py_type *classes, nu_str name)
{
    for (; classes->name; classes++)
        if (nu_eq(name, classes->name))
            return classes;
    return NULL;
}

const nu__py_type *nu__orm_class(nu_str name)
{
    static const nu__py_type *const single[] = { &nu__orm_f_type, &nu__orm_q_type,
                                                 &nu__orm_prefetch_type };
    const nu__py_type *found = written_out(nu__orm_classes, name);
    const char *text = nu_copy(name).ptr;

    if (!found)
        found = written_out(nu__orm_date_classes, name);
    if (!found)
        found = written_out(nu__orm_postgres_classes, name);
    for (size_t i = 0; i < sizeof single / sizeof *single && !found; i++)
        if (nu_eq(name, single[i]->name))
            found = single[i];
    if (!found && nu_aggregate_known_(text))
        found = nu__orm_type_kept(&aggregate_like, text);
    if (!found && nu_function_known_(text))
        found = nu__orm_type_kept(&function_like, text);
    if (!found && nu__field_type_find(name))
        found = field_class(text);
    return found;
}

void nu__orm_class_names(nu_list *out)
{
    for (const nu__py_type *type = nu__orm_classes; type->name; type++)
        nu_list_append(out, type->name);
    for (const nu__py_type *type = nu__orm_date_classes; type->name; type++)
        nu_list_append(out, type->name);
    for (const nu__py_type *type = nu__orm_postgres_classes; type->name; type++)
        nu_list_append(out, type->name);
    nu__function_names(out);
    nu__aggregate_names(out);
    for (int type = 1; type < NU_FIELD_TYPE_COUNT; type++)
        if (nu__field_type_row((nu_field_type)type)->name)
            nu_list_append(out, nu__field_type_row((nu_field_type)type)->name);
    nu_list_append(out, "F");
    nu_list_append(out, "Q");
    nu_list_append(out, "Prefetch");
}
