/* Where templates come from. */
#include "harness.h"

#include "template/template.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a folder of a test's own
 * --------------------------------------------------------------------- */

static char folder[] = "/tmp/nuages-templates-XXXXXX";

static void write_file(const char *name, const char *text, int64_t mtime)
{
    nu_str path = nu_fmt("{}/{}", (const char *)folder, name);
    struct timespec times[2] = { { .tv_sec = mtime }, { .tv_sec = mtime } };
    FILE *file = fopen(path.ptr, "w");

    if (!CHECK(file != NULL))
        return;
    fputs(text, file);
    fclose(file);
    utimensat(AT_FDCWD, path.ptr, times, 0);
}

static void make_folder(void)
{
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    CHECK(mkdtemp(folder) != NULL);
    mkdir(nu_fmt("{}/a", (const char *)folder).ptr, 0700);
    mkdir(nu_fmt("{}/b", (const char *)folder).ptr, 0700);
    mkdir(nu_fmt("{}/b/templates", (const char *)folder).ptr, 0700);
}

static void remove_folder(void *arg)
{
    static const char *const names[] = { "a/round",
                                         "a/again",
                                         "a/other",
                                         "b/templates/back",
                                         "a/x",
                                         "a/same",
                                         "a/bad",
                                         "b/templates/same",
                                         "b/templates/y",
                                         "secret",
                                         "b/templates",
                                         "a",
                                         "b",
                                         "" };

    (void)arg;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(nu_fmt("{}/{}", (const char *)folder, names[i]).ptr);
}

static nu_str render(nu__template_engine *engine, const char *name)
{
    nu__buf out = { 0 };

    nu__template_render(nu__template_engine_get(engine, nu_s(name)), NULL, NULL, &out);
    return nu__buf_str(&out);
}

static void free_engine(void *engine)
{
    nu__template_engine_free(engine);
}

static nu__template_engine *engine_over_folders(bool auto_reload)
{
    const char *a = nu_fmt("{}/a", (const char *)folder).ptr;
    const char *path = nu_fmt("{}/b", (const char *)folder).ptr;
    static const nu_embedded_file embedded[] = { { "same", (const uint8_t *)"embedded", 8 },
                                                 { "z", (const uint8_t *)"z", 1 },
                                                 { 0 } };
    nu_app *app = nu_alloc(nu_app);

    app->name = "b";
    app->path = path;
    app->templates = embedded;
    return nu__template_engine_new(&(nu__template_options){
        .dirs = (const char *[]){ a, NULL },
        .apps = (const nu_app *[]){ app, NULL },
        .auto_reload = auto_reload,
    });
}

/* What tools/embed.py made of tests/data/template/embedded. */
extern const nu_embedded_file embedded_templates[];

/* ---- tests --------------------------------------------------------------------------------------
 */

static void folders_come_before_apps_and_these_before_what_is_embedded(void)
{
    nu__template_engine *engine;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("a/same", "a", 1000);
    write_file("b/templates/same", "b", 1000);
    write_file("b/templates/y", "{% include 'z' %}y", 1000);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    CHECK_STR(render(engine, "same"), "a");
    CHECK_STR(render(engine, "y"), "zy");
    CHECK_STR(nu_fmt("{}", nu__template_names(engine)), "['same', 'y', 'z']");
}

static void links_that_lead_round_are_followed_once(void)
{
    nu__template_engine *engine;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("a/x", "x", 1000);
    write_file("b/templates/y", "y", 1000);
    CHECK_INT(symlink(".", nu_fmt("{}/a/round", (const char *)folder).ptr), 0);
    CHECK_INT(symlink("../a", nu_fmt("{}/a/again", (const char *)folder).ptr), 0);
    CHECK_INT(symlink("../b/templates", nu_fmt("{}/a/other", (const char *)folder).ptr), 0);
    CHECK_INT(symlink("../../a", nu_fmt("{}/b/templates/back", (const char *)folder).ptr), 0);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    CHECK_STR(nu_fmt("{}", nu__template_names(engine)),
              "['back/x', 'other/y', 'same', 'x', 'y', 'z']");
}

static nu_str error_of(nu__template_engine *engine, const char *name)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, render(engine, name));

    return error ? nu_copy(error->message) : S("none");
}

static void a_name_that_there_is_not_is_answered_with_the_nearest(void)
{
    static const nu_embedded_file files[] = {
        { "page.html", (const uint8_t *)"{% include 'prat.html' %}", 25 },
        { "part.html", (const uint8_t *)"p", 1 },
        { "itself.html", (const uint8_t *)"{% extends 'itself.html' %}", 27 },
        { 0 }
    };
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .memory = files, .debug = true });

    nu_defer(free_engine, engine);
    CHECK_STR(error_of(engine, "pgae.html"), "pgae.html\n  tried memory:pgae.html: there is none\n "
                                             " Did you mean 'page.html'?");
    CHECK_STR(error_of(engine, "page.html"), "prat.html\n  tried memory:prat.html: there is none\n "
                                             " Did you mean 'part.html'?");
    CHECK_STR(error_of(engine, "itself.html"),
              "itself.html\n  tried memory:itself.html: it extends itself");
    CHECK_STR(error_of(engine, "zzz"), "zzz\n  tried memory:zzz: there is none");
}

static void a_template_that_extends_its_own_name_means_the_next_one(void)
{
    nu__template_engine *engine;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("a/same", "{% extends 'same' %}{% block x %}a{{ block.super }}{% endblock %}", 1000);
    write_file("b/templates/same", "<{% block x %}b{% endblock %}>", 1000);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    CHECK_STR(render(engine, "same"), "<ab>");
    CHECK_STR(render(engine, "same"), "<ab>");
}

static void changed_files_are_read_again_where_that_is_asked_for(void)
{
    nu__template_engine *kept, *reloading;
    nu__template *old;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("a/x", "one", 1000);
    kept = engine_over_folders(false);
    nu_defer(free_engine, kept);
    reloading = engine_over_folders(true);
    nu_defer(free_engine, reloading);
    CHECK_STR(render(kept, "x"), "one");
    CHECK_STR(render(reloading, "x"), "one");
    old = nu__template_engine_get(reloading, S("x"));
    CHECK(old == nu__template_engine_get(reloading, S("x")));
    write_file("a/x", "two", 2000);
    CHECK_STR(render(kept, "x"), "one");
    CHECK_STR(render(reloading, "x"), "two");
    CHECK_STR(nu__template_name(old), "x"); /* who still holds it may use it */
}

static void names_lead_nowhere_else(void)
{
    static const char *const names[] = {
        "../secret", "a/../../secret", "/etc/passwd", "", "a/..", ".", "..", "x/"
    };
    nu__template_engine *engine;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("secret", "secret", 1000);
    write_file("a/x", "x", 1000);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_RAISES(NU_TEMPLATE_DOES_NOT_EXIST, "", render(engine, names[i]));
    CHECK_RAISES(NU_TEMPLATE_DOES_NOT_EXIST, "",
                 nu__template_engine_get(engine, ((nu_str){ "x\0y", 3 })));
    CHECK_STR(render(engine, "./x"), "x");
}

static void a_file_that_is_no_text_is_refused(void)
{
    nu__template_engine *engine;

    make_folder();
    nu_defer(remove_folder, NULL);
    write_file("a/bad", "abc\xff", 1000);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    CHECK_RAISES(NU_UNICODE_ERROR, "is not UTF-8: byte 3 is wrong", render(engine, "bad"));
}

static void what_does_not_exist_says_where_it_was_looked_for(void)
{
    nu_str names[] = { S("p"), S("q") };
    nu__template_engine *engine, *outer;

    make_folder();
    nu_defer(remove_folder, NULL);
    engine = engine_over_folders(false);
    nu_defer(free_engine, engine);
    CHECK_RAISES(NU_TEMPLATE_DOES_NOT_EXIST, "/b/templates/p: there is none", render(engine, "p"));
    outer = nu__template_engine_use(engine);
    CHECK_RAISES(NU_TEMPLATE_DOES_NOT_EXIST, "p, q\n  tried ", nu__template_select(names, 2));
    nu__template_engine_use(outer);
}

static void embedded_files_are_what_they_were(void)
{
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .embedded = embedded_templates });

    nu_defer(free_engine, engine);
    CHECK_STR(render(engine, "page.html"), "<\"q\" \\ ?? é\n>");
    CHECK_STR(nu_fmt("{}", nu__template_names(engine)), "['page.html', 'sub/base.html']");
}

HARNESS(embedded_files_are_what_they_were,
        folders_come_before_apps_and_these_before_what_is_embedded,
        links_that_lead_round_are_followed_once,
        a_name_that_there_is_not_is_answered_with_the_nearest,
        a_template_that_extends_its_own_name_means_the_next_one,
        changed_files_are_read_again_where_that_is_asked_for, names_lead_nowhere_else,
        a_file_that_is_no_text_is_refused, what_does_not_exist_says_where_it_was_looked_for)
