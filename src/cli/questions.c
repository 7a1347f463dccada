#include "cli/questions_int.h"

#include "core/text.h"
#include "db/migrations/detector.h"

/* ---- renaming ------------------------------------------------------------------------------ */

static bool initial(void *self, const char *app)
{
    (void)self;
    (void)app;
    return false; /* those that were named are looked at anyway */
}

static bool rename_model(void *self, const nu_model *old, const nu_model *model)
{
    nu__asking *a = self;
    nu__hint *given =
        nu__hint_find(a->renames, a->n_renames, nu_fmt("{}.{}", old->app_label, old->name));

    if (given)
        return nu__same_name(given->answer.ptr, model->name);
    return nu__ask_yes(
        a->run,
        nu_fmt("Was the model {}.{} renamed to {}? [y/N]", old->app_label, old->name, model->name),
        false);
}

static bool rename_field(void *self, const nu_model *model, const nu_field *old,
                         const nu_field *field)
{
    nu__asking *a = self;
    nu__hint *given = nu__hint_find(a->renames, a->n_renames,
                                    nu_fmt("{}.{}.{}", model->app_label, model->name, old->name));
    nu_str name = nu_lower(nu_s(model->name));

    if (given)
        return nu_eq(given->answer, field->name);
    return nu__ask_yes(a->run,
                       nu_fmt("Was {}.{} renamed to {}.{} (a {})? [y/N]", name, old->name, name,
                              field->name, nu__field_type_row(field->type)->name),
                       false);
}

/* ---- defaults ------------------------------------------------------------------------------ */

static nu_str path_of(const nu_model *model, const nu_field *field)
{
    return nu_fmt("{}.{}.{}", model->app_label, model->name, field->name);
}

static bool answered(nu__asking *a, const nu_model *model, const nu_field *field, nu__one_off *out)
{
    nu__hint *given = nu__hint_find(a->defaults, a->n_defaults, path_of(model, field));
    nu_str wrong;

    if (given && !nu__understand_value(a, model, field, given->answer, out, &wrong))
        nu_raise(NU_USAGE_ERROR, "argument --default: {}={}: {}", given->what, given->answer,
                 wrong);
    return given != NULL;
}

static NU_NORETURN void quit(nu__asking *a)
{
    a->gave_up = true;
    nu_raise(NU_COMMAND_ERROR, "Nothing was written: give the field its default in models.c.");
}

static NU_NORETURN void not_migrated(nu__asking *a, const nu_model *model, const nu_field *field,
                                     const char *reason)
{
    a->gave_up = true;
    nu_raise(NU_COMMAND_ERROR,
             "Field '{}' on model '{}' not migrated: {}.\nGive it Default(…) or .null = true in "
             "models.c, or a value for the rows that are there: --default {}=VALUE",
             field->name, nu_lower(nu_s(model->name)), reason, path_of(model, field));
}

bool nu__questioner_gave_up(const nu__questioner *questioner)
{
    return ((const nu__asking *)questioner->self)->gave_up;
}

/* Nothing is written, so nothing is asked. */
static bool is_dry(const nu_command_run *run)
{
    return nu_command_flag(run, "--dry-run") || nu_command_flag(run, "--check");
}

/* A column that is added and may not be null: hinted at, asked for, or refused. */
typedef struct addition {
    const nu_model *model;
    const nu_field *field;
    const char *reason; /* why it is not migrated where nobody can be asked */
    nu_str question;
    const char *choice;   /* the first; the other is to quit */
    const char *fallback; /* what Enter gives; NULL: nothing */
} addition;

static void ask_addition(nu__asking *a, const addition *what, nu__one_off *out)
{
    const char *const choices[] = { what->choice,
                                    "Quit and manually define a default value in models.c.", NULL };

    if (answered(a, what->model, what->field, out) ||
        (is_dry(a->run) && !nu_command_flag(a->run, "--noinput")))
        return;
    if (!nu__is_interactive(a->run))
        not_migrated(a, what->model, what->field, what->reason);
    if (nu__ask_choice(a->run, what->question, choices) == 2)
        quit(a);
    nu__ask_value(a, what->model, what->field, what->fallback, out);
}

static void not_null_addition(void *self, const nu_model *model, const nu_field *field,
                              nu__one_off *out)
{
    ask_addition(
        self,
        &(addition){
            .model = model,
            .field = field,
            .reason = "it is impossible to add a non-nullable field without specifying a default",
            .question = nu_fmt(
                "It is impossible to add a non-nullable field '{}' to {} without specifying a "
                "default. This is because the database needs something to populate existing "
                "rows.\nPlease select a fix:",
                field->name, nu_lower(nu_s(model->name))),
            .choice = "Provide a one-off default now (will be set on all existing rows with a "
                      "null value for this column)" },
        out);
}

static void auto_now_add_addition(void *self, const nu_model *model, const nu_field *field,
                                  nu__one_off *out)
{
    ask_addition(
        self,
        &(addition){
            .model = model,
            .field = field,
            .reason = "it is impossible to add a field with 'auto_now_add=True' without "
                      "specifying a default",
            .question = nu_fmt(
                "It is impossible to add the field '{}' with 'auto_now_add=True' to {} without "
                "providing a default. This is because the database needs something to populate "
                "existing rows.",
                field->name, nu_lower(nu_s(model->name))),
            .choice = "Provide a one-off default now which will be set on all existing rows",
            .fallback = "timezone.now" },
        out);
}

static nu__answer not_null_alteration(void *self, const nu_model *model, const nu_field *field,
                                      nu__one_off *out)
{
    static const char *const choices[] = {
        "Provide a one-off default now (will be set on all existing rows with a null value for "
        "this column)",
        "Ignore for now. Existing rows that contain NULL values will have to be handled manually, "
        "for example with a RunC or RunSQL operation.",
        "Quit and manually define a default value in models.c.", NULL
    };
    nu__asking *a = self;
    size_t choice;

    if (answered(a, model, field, out))
        return NU__ANSWER_VALUE;
    if (is_dry(a->run) && !nu_command_flag(a->run, "--noinput"))
        return NU__ANSWER_NONE;
    if (!nu__is_interactive(a->run)) {
        nu_command_print(a->run,
                         "Field '{}' on model '{}' given a default of NOT PROVIDED and must be "
                         "corrected.\n",
                         field->name, nu_lower(nu_s(model->name)));
        return NU__ANSWER_NONE;
    }
    choice =
        nu__ask_choice(a->run,
                       nu_fmt("It is impossible to change a nullable field '{}' on {} to "
                              "non-nullable without providing a default. This is because the "
                              "database needs something to populate existing rows.\nPlease select "
                              "a fix:",
                              field->name, nu_lower(nu_s(model->name))),
                       choices);
    if (choice == 3)
        quit(a);
    if (choice == 1)
        nu__ask_value(a, model, field, NULL, out);
    return choice == 1 ? NU__ANSWER_VALUE : NU__ANSWER_NONE;
}

static void unique_callable(void *self, const nu_model *model, const nu_field *field)
{
    static const char *const choices[] = {
        "Continue making this migration as the first step in writing a manual migration to "
        "generate unique values.",
        "Quit and edit field options in models.c.", NULL
    };
    nu__asking *a = self;

    if (is_dry(a->run) || !nu__is_interactive(a->run))
        return;
    if (nu__ask_choice(
            a->run,
            nu_fmt("Callable default on unique field {}.{} will not generate unique values "
                   "upon migrating.\nPlease choose how to proceed:",
                   nu_lower(nu_s(model->name)), field->name),
            choices) == 2)
        quit(a);
}

const nu__questioner *nu__command_questioner(const nu_command_run *run, nu__project_state *to)
{
    nu__asking *a = nu_alloc(nu__asking);

    *a = (nu__asking){ .run = run, .to = to };
    a->renames = nu__hints_read(run, "--rename", &a->n_renames);
    a->defaults = nu__hints_read(run, "--default", &a->n_defaults);
    a->questioner = (nu__questioner){ .self = a,
                                      .initial = initial,
                                      .rename_model = rename_model,
                                      .rename_field = rename_field,
                                      .not_null_addition = not_null_addition,
                                      .not_null_alteration = not_null_alteration,
                                      .auto_now_add_addition = auto_now_add_addition,
                                      .unique_callable = unique_callable };
    return &a->questioner;
}
