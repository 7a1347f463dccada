#include "cli/questions_int.h"

#include "core/text.h"
#include "db/migrations/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the terminal -------------------------------------------------------------------------- */

static bool is_interactive(const nu_command_run *run)
{
    return !nu_command_flag(run, "--noinput") && isatty(STDIN_FILENO);
}

void nu__ask(const nu_command_run *run, nu_str text)
{
    nu_command_run loud = *run;

    loud.verbosity = loud.verbosity < 1 ? 1 : loud.verbosity;
    nu_command_print(&loud, "{}", text);
}

nu_str nu__read_answer(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = getline(&line, &capacity, stdin);
    nu_str copy;

    if (len < 0) {
        free(line);
        nu_raise(NU_COMMAND_ERROR, "Cancelled.");
    }
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    copy = nu_copy((nu_str){ line, (size_t)len });
    free(line);
    return copy;
}

static bool begins_with_any(nu_str answer, const char *letters)
{
    return answer.len && strchr(letters, answer.ptr[0]);
}

/* Nothing but Enter is no, the first time. */
static bool ask_boolean(const nu_command_run *run, nu_str question)
{
    nu_str answer;

    nu__ask(run, nu_fmt("{} ", question));
    answer = nu__read_answer();
    if (!answer.len)
        return false;
    while (!begins_with_any(answer, "yYnN")) {
        nu__ask(run, S("Please answer yes or no: "));
        answer = nu__read_answer();
    }
    return begins_with_any(answer, "yY");
}

bool nu__ask_yes(const nu_command_run *run, nu_str question, bool without)
{
    return is_interactive(run) ? ask_boolean(run, question) : without;
}

/* 0: it is none of `n`. */
static size_t choice_of(nu_str answer, size_t n)
{
    char *end;
    long value = strtol(answer.ptr, &end, 10);

    end += strspn(end, " \t");
    return !*end && value > 0 && (size_t)value <= n ? (size_t)value : 0;
}

/* The number of a choice, from 1. */
static size_t ask_choice(const nu_command_run *run, nu_str question, const char *const *choices)
{
    size_t n = 0, chosen;

    nu__ask(run, nu_fmt("{}\n", question));
    for (; choices[n]; n++)
        nu__ask(run, nu_fmt(" {}) {}\n", (int64_t)n + 1, choices[n]));
    nu__ask(run, S("Select an option: "));
    while (!(chosen = choice_of(nu__read_answer(), n)))
        nu__ask(run, S("Please select a valid option: "));
    return chosen;
}

/* ---- hints --------------------------------------------------------------------------------- */

/* "shop.Thing=Ware" has one dot before the sign, "shop.Thing.size=1" two. */
static bool is_shaped(nu_str text, size_t least_dots)
{
    const char *equals = memchr(text.ptr, '=', text.len);
    size_t dots = 0, word = 0;

    for (const char *c = text.ptr; equals && c < equals; c++) {
        if (*c == '.' && !word)
            return false;
        dots += *c == '.';
        word = *c == '.' ? 0 : word + 1;
    }
    return equals && equals + 1 < text.ptr + text.len && word && dots >= least_dots && dots <= 2;
}

static nu__hint *read_hints(const nu_command_run *run, const char *option, size_t *n)
{
    nu_list *given = nu_command_list(run, option);
    nu__hint *hints = nu_alloc_array(nu__hint, nu_list_len(given) + 1);

    for (*n = 0; *n < nu_list_len(given); ++*n) {
        nu_str text = nu_at(given, *n).s;
        bool of_field = !strcmp(option, "--default");
        size_t at;

        if (!is_shaped(text, of_field ? 2 : 1))
            nu_raise(NU_USAGE_ERROR, "argument {}: '{}' is not {}", option, text,
                     of_field ? "APP.Model.field=VALUE" : "APP.Old=New or APP.Model.old=new");
        at = (size_t)((const char *)memchr(text.ptr, '=', text.len) - text.ptr);
        hints[*n] = (nu__hint){ .what = nu_copy((nu_str){ text.ptr, at }),
                                .answer = nu_s(text.ptr + at + 1) };
    }
    return hints;
}

static nu__hint *find_hint(nu__hint *hints, size_t n, nu_str what)
{
    for (size_t i = 0; i < n; i++)
        if (nu__same_name(hints[i].what.ptr, what.ptr)) {
            hints[i].used = true;
            return &hints[i];
        }
    return NULL;
}

static void list_unused(nu_list *out, const nu__hint *hints, size_t n, const char *option)
{
    for (size_t i = 0; i < n; i++)
        if (!hints[i].used)
            nu_list_append(out, nu_fmt("{} {}={}", option, hints[i].what, hints[i].answer));
}

void nu__questioner_check_hints(const nu__questioner *questioner)
{
    const nu__asking *a = questioner->self;
    nu_list *unused = nu_list_new();

    list_unused(unused, a->renames, a->n_renames, "--rename");
    list_unused(unused, a->defaults, a->n_defaults, "--default");
    if (nu_list_len(unused))
        nu_raise(NU_USAGE_ERROR,
                 "Nothing was found to be answered by {}. Look at the names: APP.Model.field, with "
                 "the model as it is called now.",
                 nu__join(S(", "), unused));
}

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
        find_hint(a->renames, a->n_renames, nu_fmt("{}.{}", old->app_label, old->name));

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
    nu__hint *given = find_hint(a->renames, a->n_renames,
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
    nu__hint *given = find_hint(a->defaults, a->n_defaults, path_of(model, field));
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
    if (!is_interactive(a->run))
        not_migrated(a, what->model, what->field, what->reason);
    if (ask_choice(a->run, what->question, choices) == 2)
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
    if (!is_interactive(a->run)) {
        nu_command_print(a->run,
                         "Field '{}' on model '{}' given a default of NOT PROVIDED and must be "
                         "corrected.\n",
                         field->name, nu_lower(nu_s(model->name)));
        return NU__ANSWER_NONE;
    }
    choice = ask_choice(a->run,
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

    if (is_dry(a->run) || !is_interactive(a->run))
        return;
    if (ask_choice(a->run,
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
    a->renames = read_hints(run, "--rename", &a->n_renames);
    a->defaults = read_hints(run, "--default", &a->n_defaults);
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
