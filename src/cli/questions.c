#include "cli/questions.h"

#include "core/text.h"
#include "db/migrations/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct hint {
    nu_str what, answer;
    bool used;
} hint;

typedef struct asking {
    const nu_command_run *run;
    nu__project_state *to;
    hint *renames, *defaults;
    size_t n_renames, n_defaults;
    nu__questioner questioner;
} asking;

/* ---- the terminal -------------------------------------------------------------------------- */

static bool is_interactive(const nu_command_run *run)
{
    return !nu_command_flag(run, "--noinput") && isatty(STDIN_FILENO);
}

/* A line without its end. Raises CommandError at the end of input. */
static nu_str read_line(void)
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

static bool ask_boolean(const nu_command_run *run, nu_str question)
{
    nu_str answer;

    nu_command_print(run, "{} ", question);
    answer = read_line();
    while (answer.len && !begins_with_any(answer, "yYnN")) {
        nu_command_print(run, "Please answer yes or no: ");
        answer = read_line();
    }
    return begins_with_any(answer, "yY");
}

bool nu__ask_yes(const nu_command_run *run, nu_str question, bool without)
{
    return is_interactive(run) ? ask_boolean(run, question) : without;
}

/* The number of a choice, from 1. */
static size_t ask_choice(const nu_command_run *run, nu_str question, const char *const *choices)
{
    size_t n = 0;

    nu_command_print(run, "{}\n", question);
    for (; choices[n]; n++)
        nu_command_print(run, " {}) {}\n", (int64_t)n + 1, choices[n]);
    nu_command_print(run, "Select an option: ");
    for (;;) {
        long value = strtol(read_line().ptr, NULL, 10);

        if (value > 0 && (size_t)value <= n)
            return (size_t)value;
        nu_command_print(run, "Please select a valid option: ");
    }
}

/* ---- hints --------------------------------------------------------------------------------- */

static hint *read_hints(const nu_command_run *run, const char *option, size_t *n)
{
    nu_list *given = nu_command_list(run, option);
    hint *hints = nu_alloc_array(hint, nu_list_len(given) + 1);

    for (*n = 0; *n < nu_list_len(given); ++*n) {
        nu_str text = nu_at(given, *n).s;
        const char *equals = memchr(text.ptr, '=', text.len);
        size_t at = equals ? (size_t)(equals - text.ptr) : 0;

        if (!at || at + 1 == text.len)
            nu_raise(NU_COMMAND_ERROR, "{} {}: expected {}", option, text,
                     !strcmp(option, "--default") ? "APP.Model.field=VALUE"
                                                  : "APP.Old=New or APP.Model.old=new");
        hints[*n] = (hint){ .what = nu_copy((nu_str){ text.ptr, at }), .answer = nu_s(equals + 1) };
    }
    return hints;
}

static hint *find_hint(hint *hints, size_t n, nu_str what)
{
    for (size_t i = 0; i < n; i++)
        if (nu__same_name(hints[i].what.ptr, what.ptr)) {
            hints[i].used = true;
            return &hints[i];
        }
    return NULL;
}

static void list_unused(nu_list *out, const hint *hints, size_t n, const char *option)
{
    for (size_t i = 0; i < n; i++)
        if (!hints[i].used)
            nu_list_append(out, nu_fmt("{} {}={}", option, hints[i].what, hints[i].answer));
}

void nu__questioner_check_hints(const nu__questioner *questioner)
{
    const asking *a = questioner->self;
    nu_list *unused = nu_list_new();

    list_unused(unused, a->renames, a->n_renames, "--rename");
    list_unused(unused, a->defaults, a->n_defaults, "--default");
    if (nu_list_len(unused))
        nu_raise(NU_COMMAND_ERROR,
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
    asking *a = self;
    hint *given = find_hint(a->renames, a->n_renames, nu_fmt("{}.{}", old->app_label, old->name));

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
    asking *a = self;
    hint *given = find_hint(a->renames, a->n_renames,
                            nu_fmt("{}.{}.{}", model->app_label, model->name, old->name));
    nu_str name = nu_lower(nu_s(model->name));

    if (given)
        return nu_eq(given->answer, field->name);
    return nu__ask_yes(a->run,
                       nu_fmt("Was {}.{} renamed to {}.{} (a {})? [y/N]", name, old->name, name,
                              field->name, nu__field_type_row(field->type)->name),
                       false);
}

/* ---- values -------------------------------------------------------------------------------- */

/* Values that are made anew for each row. */
static const struct {
    const char *text;
    nu_value (*call)(void);
} calls[] = {
    { "timezone.now", nu_default_now }, { "timezone.now()", nu_default_now },
    { "now", nu_default_now },          { "uuid.uuid4", nu_default_uuid4 },
    { "uuid4", nu_default_uuid4 },      { "dict", nu_default_dict },
    { "{}", nu_default_dict },          { "list", nu_default_list },
    { "[]", nu_default_list },
};

static bool read_quoted(nu_str text, nu_default *out)
{
    char quote = text.len > 1 ? text.ptr[0] : '\0';
    nu__buf value = { 0 };

    if ((quote != '"' && quote != '\'') || text.ptr[text.len - 1] != quote)
        return false;
    for (size_t i = 1; i + 1 < text.len; i++) {
        if (text.ptr[i] == '\\' && i + 2 < text.len)
            i++;
        nu__buf_char(&value, text.ptr[i]);
    }
    *out = (nu_default){ .kind = NU_KIND_STR, .s = nu__buf_str(&value).ptr };
    return true;
}

static bool read_bool(nu_str text, nu_default *out)
{
    bool yes = nu_eq(text, "True") || nu_eq(text, "true");

    if (!yes && !nu_eq(text, "False") && !nu_eq(text, "false"))
        return false;
    *out = (nu_default){ .kind = NU_KIND_BOOL, .i = yes };
    return true;
}

static bool read_number(nu_str text, const nu_field *field, nu_default *out)
{
    char *end;
    long long whole = strtoll(text.ptr, &end, 10);

    if (text.len && !*end) {
        *out = (nu_default){ .kind = NU_KIND_INT, .i = whole };
        return true;
    }
    *out = (nu_default){ .kind = NU_KIND_FLOAT, .f = strtod(text.ptr, &end) };
    if (!text.len || *end)
        return false;
    if (field->type == NU_DECIMAL_FIELD) /* its digits, not the nearest double's */
        *out = (nu_default){ .kind = NU_KIND_STR, .s = text.ptr };
    return true;
}

static bool read_value(nu_str text, const nu_field *field, nu__one_off *out)
{
    *out = (nu__one_off){ .call = NULL };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (nu_eq(text, calls[i].text))
            out->call = calls[i].call;
    return out->call || read_quoted(text, &out->value) || read_bool(text, &out->value) ||
           read_number(text, field, &out->value);
}

/* Whether a field can have the value at all. Raises as the field says it. */
static void check_value(const asking *a, const nu_model *model, const nu_field *field,
                        const nu__one_off *value)
{
    const nu__model_info *info = nu__state_info(a->to, model->app_label, model->name);
    const nu__field *target = nu__model_field(info, nu_s(field->name));

    if (target && target->target)
        target = target->target;
    if (target && !value->call)
        nu__default_value(target, &value->value);
}

static bool understand(const asking *a, const nu_model *model, const nu_field *field, nu_str text,
                       nu__one_off *out, nu_str *wrong)
{
    const nu_error *error;

    if (!read_value(text, field, out)) {
        *wrong = nu_fmt("{} is no number, true, false, quoted text, timezone.now, uuid.uuid4, dict "
                        "or list",
                        text);
        return false;
    }
    error = nu_catch(NU_EXCEPTION, check_value(a, model, field, out));
    if (error)
        *wrong = nu_copy(error->message);
    return !error;
}

static void ask_value(const asking *a, const nu_model *model, const nu_field *field,
                      const char *fallback, nu__one_off *out)
{
    nu_str text, wrong;

    nu_command_print(a->run, "Please enter the default value as it is written in models.c.\n");
    if (fallback)
        nu_command_print(a->run,
                         "Accept the default '{}' by pressing 'Enter' or provide another value.\n",
                         fallback);
    nu_command_print(a->run, "A number, true or false, 'text'; timezone.now, uuid.uuid4, dict and "
                             "list are made anew for each row.\nType 'exit' to exit this prompt\n");
    for (;;) {
        if (fallback)
            nu_command_print(a->run, "[default: {}] ", fallback);
        nu_command_print(a->run, ">>> ");
        text = read_line();
        if (!text.len && fallback)
            text = nu_s(fallback);
        if (nu_eq(text, "exit"))
            nu_raise(NU_COMMAND_ERROR, "Nothing was written.");
        if (!text.len)
            nu_command_print(a->run,
                             "Please enter some code, or 'exit' (without quotes) to exit.\n");
        else if (understand(a, model, field, text, out, &wrong))
            return;
        else
            nu_command_print(a->run, "{}\n", wrong);
    }
}

/* ---- defaults ------------------------------------------------------------------------------ */

static nu_str path_of(const nu_model *model, const nu_field *field)
{
    return nu_fmt("{}.{}.{}", model->app_label, model->name, field->name);
}

static bool answered(asking *a, const nu_model *model, const nu_field *field, nu__one_off *out)
{
    hint *given = find_hint(a->defaults, a->n_defaults, path_of(model, field));
    nu_str wrong;

    if (given && !understand(a, model, field, given->answer, out, &wrong))
        nu_raise(NU_COMMAND_ERROR, "--default {}={}: {}", given->what, given->answer, wrong);
    return given != NULL;
}

static NU_NORETURN void quit(void)
{
    nu_raise(NU_COMMAND_ERROR, "Nothing was written: give the field its default in models.c.");
}

static NU_NORETURN void not_migrated(const nu_model *model, const nu_field *field,
                                     const char *reason)
{
    nu_raise(NU_COMMAND_ERROR,
             "Field '{}' on model '{}' not migrated: {}. Give it Default(…) or .null = true in "
             "models.c, or a value for the rows that are there: --default {}=VALUE",
             field->name, nu_lower(nu_s(model->name)), reason, path_of(model, field));
}

static void not_null_addition(void *self, const nu_model *model, const nu_field *field,
                              nu__one_off *out)
{
    static const char *const choices[] = {
        "Provide a one-off default now (will be set on all existing rows with a null value for "
        "this column)",
        "Quit and manually define a default value in models.c.", NULL
    };
    asking *a = self;

    if (answered(a, model, field, out) || nu_command_flag(a->run, "--dry-run"))
        return;
    if (!is_interactive(a->run))
        not_migrated(model, field,
                     "it is impossible to add a non-nullable field without specifying a default");
    if (ask_choice(a->run,
                   nu_fmt("It is impossible to add a non-nullable field '{}' to {} without "
                          "specifying a default. This is because the database needs something to "
                          "populate existing rows.\nPlease select a fix:",
                          field->name, nu_lower(nu_s(model->name))),
                   choices) == 2)
        quit();
    ask_value(a, model, field, NULL, out);
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
    asking *a = self;
    size_t choice;

    if (answered(a, model, field, out))
        return NU__ANSWER_VALUE;
    if (nu_command_flag(a->run, "--dry-run"))
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
        quit();
    if (choice == 1)
        ask_value(a, model, field, NULL, out);
    return choice == 1 ? NU__ANSWER_VALUE : NU__ANSWER_NONE;
}

static void auto_now_add_addition(void *self, const nu_model *model, const nu_field *field,
                                  nu__one_off *out)
{
    static const char *const choices[] = {
        "Provide a one-off default now which will be set on all existing rows",
        "Quit and manually define a default value in models.c.", NULL
    };
    asking *a = self;

    if (answered(a, model, field, out) || nu_command_flag(a->run, "--dry-run"))
        return;
    if (!is_interactive(a->run))
        not_migrated(model, field,
                     "it is impossible to add a field with 'auto_now_add=True' without specifying "
                     "a default");
    if (ask_choice(a->run,
                   nu_fmt("It is impossible to add the field '{}' with 'auto_now_add=True' to {} "
                          "without providing a default. This is because the database needs "
                          "something to populate existing rows.\n",
                          field->name, nu_lower(nu_s(model->name))),
                   choices) == 2)
        quit();
    ask_value(a, model, field, "timezone.now", out);
}

static void unique_callable(void *self, const nu_model *model, const nu_field *field)
{
    static const char *const choices[] = {
        "Continue making this migration as the first step in writing a manual migration to "
        "generate unique values.",
        "Quit and edit field options in models.c.", NULL
    };
    asking *a = self;

    if (nu_command_flag(a->run, "--dry-run") || !is_interactive(a->run))
        return;
    if (ask_choice(a->run,
                   nu_fmt("Callable default on unique field {}.{} will not generate unique values "
                          "upon migrating.\nPlease choose how to proceed:\n",
                          nu_lower(nu_s(model->name)), field->name),
                   choices) == 2)
        quit();
}

const nu__questioner *nu__command_questioner(const nu_command_run *run, nu__project_state *to)
{
    asking *a = nu_alloc(asking);

    *a = (asking){ .run = run, .to = to };
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
