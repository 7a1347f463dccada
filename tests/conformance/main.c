#include "conformance.h"
#include "core/context.h"
#include "core/text.h"
#include "core/time.h"
#include "utils/formats.h"
#include "utils/translation.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Operations without a row, and reasons of rows that pass a case up. */
typedef struct {
    char *what;
    int count;
} skip;

static int passed, failed, skipped;
nu_str conf_folder;
static skip skips[256];

static void count_skip(nu_str what)
{
    size_t i = 0;

    skipped++;
    while (i < 255 && skips[i].what && !nu_eq(skips[i].what, what))
        i++;
    if (!skips[i].what)
        skips[i].what = strndup(what.ptr, what.len);
    skips[i].count++;
}

static void print(nu_str text)
{
    fwrite(text.ptr, 1, text.len, stdout);
}

/* ---- one case ----------------------------------------------------------------------------- */

typedef struct {
    const conf_kind *kind;
    nu_str line, name;
    conf_case c;
    const conf_op *op;
    nu_value got, expected;
} work;

static const conf_op *find_op(const conf_kind *kind, nu_str name)
{
    for (const conf_op *const *table = kind->tables; *table; table++)
        for (const conf_op *op = *table; op->name; op++)
            if (nu_eq(op->name, name))
                return op;
    return NULL;
}

static nu_value parse_instant(nu_str text)
{
    nu__iso_datetime parsed;
    nu_datetime instant = { 0 };

    if (nu__datetime_from_iso(text, &parsed))
        nu__iso_instant(&parsed, nu_utc, &instant);
    return V(instant);
}

/* The clock and the zones that the case was recorded under. */
static void set_environment(const nu_dict *data)
{
    nu_value now = nu_item(data, "now"), time = nu_item(data, "time");
    nu_value env = nu_item(data, "env"), zone;

    nu__clock_stop_at((nu_datetime){ 0 });
    nu__locale_set_settings(NULL);
    nu__translator_installed = NULL; /* what another file's case has set does not count here */
    conf_keep_zones = CONF_INSTANTS;
    if (now.kind == NU_KIND_STR)
        nu__clock_stop_at((nu_datetime){ parse_instant(now.s).i });
    else if (time.kind == NU_KIND_INT || time.kind == NU_KIND_FLOAT)
        nu__clock_stop_at(nu_datetime_from_timestamp(nu_float(time)));
    nu__timezone_set_default("UTC");
    nu_timezone_deactivate();
    if (env.kind != NU_KIND_DICT)
        return;
    zone = nu_item(env.dict, "default_timezone");
    if (zone.kind == NU_KIND_STR)
        nu__timezone_set_default(nu_copy(zone.s).ptr);
    zone = nu_item(env.dict, "timezone");
    if (zone.kind == NU_KIND_STR)
        nu_timezone_activate(nu_timezone_get(nu_copy(zone.s).ptr));
}

static void read_case(work *w)
{
    nu_value args, kwargs;

    w->c.data = nu_as_dict(nu_json_read(w->line));
    args = nu_item(w->c.data, "args");
    kwargs = nu_item(w->c.data, "kwargs");
    w->c.args = args.kind == NU_KIND_LIST ? args.list : nu_list_new();
    w->c.kwargs = kwargs.kind == NU_KIND_DICT ? kwargs.dict : nu_dict_new();
    w->name =
        w->kind->name ? w->kind->name(w->c.data) : nu_string(nu_item(w->c.data, w->kind->key));
    w->op = find_op(w->kind, w->name);
    set_environment(w->c.data);
}

static void run_case(void *arg)
{
    work *w = arg;

    w->got = w->op->run(&w->c);
}

static void fail(const work *w, nu_str expected, nu_str got)
{
    failed++;
    print(nu_fmt("FAIL {}: {}\n    expected {}\n    got      {}\n", nu_item(w->c.data, "id"),
                 w->name, expected, got));
}

/* Classes of Python's own say only that the call fails. */
static bool is_python_class(nu_str name)
{
    static const char *const names[] = { "TypeError",
                                         "ValueError",
                                         "AttributeError",
                                         "KeyError",
                                         "IndexError",
                                         "OverflowError",
                                         "UnicodeDecodeError",
                                         "AssertionError",
                                         "zlib.error",
                                         "Error",
                                         "JSONDecodeError",
                                         "UnicodeEncodeError",
                                         "InvalidOperation",
                                         "ZeroDivisionError",
                                         "ConversionSyntax",
                                         "RecursionError",
                                         "ZoneInfoNotFoundError",
                                         "InvalidTokenFormat" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu_eq(name, names[i]))
            return true;
    return false;
}

static void compare_error(const work *w, nu_value expected, const nu_error *error)
{
    nu_str klass =
        nu_string(expected.kind == NU_KIND_DICT ? nu_item(expected.dict, "type") : expected);
    nu_value message =
        expected.kind == NU_KIND_DICT ? nu_item(expected.dict, "message") : nu_null();
    bool same;

    if (!error) {
        fail(w, klass, conf_show(w->got));
        return;
    }
    same = is_python_class(klass) ||
           (nu_eq(nu_error_class_name(error->klass), klass) &&
            (message.kind != NU_KIND_STR || nu_eq(message.s, error->message)));
    if (same)
        passed++;
    else
        fail(w, nu_fmt("{}: {}", klass, message),
             nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message));
}

static nu_value expected_results(const work *w)
{
    nu_dict *wanted = nu_dict_new();
    const char *names = w->op->results;

    if (!names)
        return conf_member(&w->c, "output");
    while (*names) {
        size_t len = strcspn(names, " ");
        nu_str name = nu_copy((nu_str){ names, len });
        nu_value value;

        if (nu_dict_find(w->c.data, name, &value))
            nu_dict_set_str(wanted, name, conf_untag(value));
        names += len + (names[len] == ' ');
    }
    return V(wanted);
}

static void find_expected(void *arg)
{
    work *w = arg;

    w->expected = expected_results(w);
}

/* What was recorded may be out of a value's reach (an integer of 70 bits). */
static void compare(work *w, const nu_error *error)
{
    const nu_error *unfit = nu__guard(find_expected, w);

    if (unfit)
        count_skip(nu_fmt("{}: {}", w->name, unfit->message));
    else if (error)
        fail(w, conf_show(w->expected),
             nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message));
    else if (conf_same(w->got, w->expected))
        passed++;
    else
        fail(w, conf_show(w->expected), conf_show(w->got));
}

static void judge(work *w)
{
    nu_value expected;
    const nu_error *error = nu__guard(run_case, w);

    if (error && error->klass == NU_NOT_IMPLEMENTED_ERROR)
        count_skip(nu_fmt("{}: {}", w->name, error->message));
    else if (nu_dict_find(w->c.data, S("error"), &expected))
        compare_error(w, expected, error);
    else
        compare(w, error);
}

static void do_line(void *arg)
{
    work *w = arg;

    read_case(w);
    if (w->op)
        judge(w);
    else
        count_skip(nu_fmt("{}: not implemented", w->name));
}

/* ---- files -------------------------------------------------------------------------------- */

static const conf_kind *find_kind(const char *path)
{
    char *copy = strdup(path), *name = basename(copy);
    const conf_kind *kind = conf_kinds;

    name[strcspn(name, ".")] = 0;
    while (kind->file && !nu_eq(kind->file, name))
        kind++;
    free(copy);
    return kind->file ? kind : NULL;
}

static void do_file(const conf_kind *kind, FILE *file)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    nu__context context, *outer = nu__here;

    nu__context_init(&context, kind->file);
    nu__here = &context;
    while ((len = getline(&line, &cap, file)) > 0) {
        work w = { .kind = kind, .line = { line, (size_t)len } };
        const nu_error *error = nu__guard(do_line, &w);

        if (error) {
            failed++;
            printf("FAIL %.60s: %s: %.*s\n", line, nu_error_class_name(error->klass),
                   (int)error->message.len, error->message.ptr);
        }
        nu__context_reset(&context);
    }
    nu__context_release(&context);
    nu__here = outer;
    free(line);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const conf_kind *kind = find_kind(argv[i]);
        FILE *file = kind ? fopen(argv[i], "r") : NULL;
        char *path;

        if (!file) {
            printf("%s: %s\n", argv[i], kind ? "cannot be read" : "no kind of that name");
            failed++;
            continue;
        }
        path = strdup(argv[i]);
        conf_folder = nu_s(dirname(path));
        do_file(kind, file);
        free(path);
        fclose(file);
    }
    for (size_t i = 0; i < sizeof skips / sizeof *skips && skips[i].what; i++) {
        printf("skipped %s (%d)\n", skips[i].what, skips[i].count);
        free(skips[i].what);
    }
    printf("%d passed, %d failed", passed, failed);
    printf(skipped ? ", %d skipped\n" : "\n", skipped);
    return failed || !passed;
}
