/* The values that rows which are there get: what is typed, as a default of a field. */
#include "cli/questions_int.h"

#include "db/migrations/detector.h"

#include <stdlib.h>

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
static void check_value(const nu__asking *a, const nu_model *model, const nu_field *field,
                        const nu__one_off *value)
{
    const nu__model_info *info = nu__state_info(a->to, model->app_label, model->name);
    const nu__field *target = nu__model_field(info, nu_s(field->name));

    if (target && target->target)
        target = target->target;
    if (target && !value->call)
        nu__default_value(target, &value->value);
}

bool nu__understand_value(const nu__asking *a, const nu_model *model, const nu_field *field,
                          nu_str text, nu__one_off *out, nu_str *wrong)
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

static void explain_values(const nu__asking *a, const char *fallback)
{
    nu__ask(a->run, S("Please enter the default value as it is written in models.c.\n"));
    if (fallback)
        nu__ask(a->run, nu_fmt("Accept the default '{}' by pressing 'Enter' or provide another "
                               "value.\n",
                               fallback));
    nu__ask(a->run, S("A number, true or false, 'text'; timezone.now, uuid.uuid4, dict and list "
                      "are made anew for each row.\nType 'exit' to exit this prompt\n"));
}

void nu__ask_value(const nu__asking *a, const nu_model *model, const nu_field *field,
                   const char *fallback, nu__one_off *out)
{
    nu_str text, wrong, prompt = fallback ? nu_fmt("[default: {}] >>> ", fallback) : S(">>> ");

    explain_values(a, fallback);
    for (;;) {
        nu__ask(a->run, prompt);
        text = nu__read_answer();
        if (!text.len && fallback)
            text = nu_s(fallback);
        if (nu_eq(text, "exit"))
            nu_raise(NU_COMMAND_ERROR, "Nothing was written.");
        if (!text.len)
            nu__ask(a->run, S("Please enter some code, or 'exit' (without quotes) to exit.\n"));
        else if (nu__understand_value(a, model, field, text, out, &wrong))
            return;
        else
            nu__ask(a->run, nu_fmt("{}\n", wrong));
    }
}
