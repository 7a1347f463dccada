/* diffsettings: which settings are not the defaults. */
#include "cli/commands.h"
#include "conf/settings.h"
#include "core/buf.h"

#include <stdlib.h>

typedef struct row {
    nu__setting setting;
    nu_str now, before;
} row;

/* A default is written as the environment has it; the value as Python would. */
static nu_str as_default(const nu__setting *setting)
{
    nu_value value = setting->value;
    nu__buf out = { 0 };

    if (value.kind == NU_KIND_BOOL)
        return nu_eq(setting->default_text, "true") ? S("True") : S("False");
    if (value.kind == NU_KIND_INT)
        return nu_s(setting->default_text);
    if (value.kind == NU_KIND_LIST)
        return nu_fmt("[{}]", setting->default_text);
    nu__buf_repr(&out, V(setting->default_text));
    return nu__buf_str(&out);
}

static int by_name(const void *a, const void *b)
{
    nu_str one = ((const row *)a)->setting.name, two = ((const row *)b)->setting.name;

    return strcmp(one.ptr, two.ptr);
}

static void print_hash(const nu_command_run *run, const row *r, bool changed, bool all)
{
    if (changed)
        nu_command_print(run, "{} = {}\n", r->setting.name, r->now);
    else if (all)
        nu_command_print(run, "### {} = {}\n", r->setting.name, r->now);
}

static void print_unified(const nu_command_run *run, const row *r, bool changed, bool all)
{
    if (changed)
        nu_command_print(run, "- {} = {}\n+ {} = {}\n", r->setting.name, r->before, r->setting.name,
                         r->now);
    else if (all)
        nu_command_print(run, "  {} = {}\n", r->setting.name, r->now);
}

static size_t read_rows(row *rows)
{
    size_t n = 0;

    for (; nu__conf_setting(n, &rows[n].setting); n++) {
        nu__buf out = { 0 };

        nu__buf_repr(&out, rows[n].setting.value);
        rows[n].now = nu__buf_str(&out);
        rows[n].before = as_default(&rows[n].setting);
    }
    return n;
}

static int diffsettings(const nu_command_run *run)
{
    bool all = nu_command_flag(run, "--all"),
         unified = nu_eq(nu_command_text(run, "--output"), "unified");
    row *rows = nu_alloc_array(row, 256);
    size_t n = read_rows(rows);

    qsort(rows, n, sizeof *rows, by_name);
    for (size_t i = 0; i < n; i++) {
        bool changed = rows[i].setting.secret ? !nu_eq(rows[i].setting.source, "the default")
                                              : !nu_eq_(rows[i].now, rows[i].before);

        (unified ? print_unified : print_hash)(run, &rows[i], changed, all);
    }
    return 0;
}

const nu_command nu__diffsettings_command = {
    .name = "diffsettings",
    .help = "Show the settings that differ from Django's defaults.",
    .run = diffsettings, .no_checks = true, .needs = NU_NEEDS_NO_LOOP,
    .arguments = {
        { "--all", .flag = true, .help = "all settings; those that do not differ after ###" },
        { "--output", .default_ = "hash", .choices = "hash|unified", .help = "hash, or unified: both values of each" },
    },
};
