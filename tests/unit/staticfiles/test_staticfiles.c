#include "harness.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/buf.h"
#include "core/text.h"
#include "staticfiles/collect.h"
#include "staticfiles/manifest.h"
#include "staticfiles/staticfiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const nu_embedded_file built_in[] = {
    { "app/logo.svg", (const uint8_t *)"<svg/>", 6 },
    { "app/site.css", (const uint8_t *)"never", 5 },
    { NULL, NULL, 0 },
};

static char folder[64];
static nu_app app = { .name = "app", .static_files = built_in };

static nu_str in_folder(const char *name)
{
    return nu_fmt("{}/{}", (const char *)folder, name);
}

static void setup(bool manifest)
{
    static nu_settings site;
    static char app_path[96];

    strcpy(folder, "/tmp/nuages-static-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(app_path, sizeof(app_path), "%s/app", folder);
    app.path = app_path;
    nu__static_write(in_folder("app/static/app/site.css"),
                     S("@import \"base.css\"; a { b: url( 'img/x.png?v#i' ); c: url(data:x) }"));
    nu__static_write(in_folder("app/static/app/base.css"), S("b{}"));
    nu__static_write(in_folder("app/static/app/img/x.png"), S("png"));
    nu__static_write(in_folder("app/static/.hidden"), S("h"));
    nu__static_write(in_folder("extra/app/base.css"), S("override"));
    site = (nu_settings){ .secret_key = "k",
                          .static_url = "/static/",
                          .static_root = nu_copy(in_folder("root")).ptr,
                          .staticfiles_manifest = manifest,
                          .staticfiles_dirs = { nu_copy(in_folder("extra")).ptr } };
    nu__conf_setup(&site);
    nu__apps_setup((const nu_app *const[]){ &app }, 1);
    nu__staticfiles_setup();
}

static void done(void)
{
    nu_str command = nu_fmt("rm -r {}", (const char *)folder);

    CHECK_INT(system(command.ptr), 0);
    nu__apps_release();
    nu__conf_release();
}

static nu_str content(const char *name)
{
    return nu__static_read(&(nu__static_file){ .path = nu_s(name), .folder = in_folder("root") });
}

static void folders_come_before_apps_and_these_before_what_is_built_in(void)
{
    nu__static_file file;

    setup(false);
    CHECK(nu__static_find(S("app/base.css"), &file));
    CHECK_STR(nu__static_read(&file), "override");
    CHECK(nu__static_find(S("/app/site.css"), &file) && !file.embedded);
    CHECK(nu__static_find(S("app/logo.svg"), &file) && file.embedded == &built_in[0]);
    CHECK_STR(nu__static_read(&file), "<svg/>");
    CHECK(!nu__static_find(S("app/nothing"), &file));
    done();
}

static void a_path_that_leads_out_is_refused(void)
{
    nu__static_file file;

    setup(false);
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "", nu__static_find(S("../app/secret"), &file));
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "", nu__static_find(S("a/../../b"), &file));
    done();
}

static void addresses_lie_below_static_url(void)
{
    setup(false);
    CHECK_STR(nu_static_url(S("app/a b.css")), "/static/app/a%20b.css");
    CHECK_STR(nu_static_url(S("/app/x.css?v=1#f")), "/static/app/x.css%3Fv%3D1%23f");
    done();
}

static void the_site_serves_what_is_below_static_url_under_debug(void)
{
    nu_str rest;

    setup(false);
    nu__settings.debug = false;
    CHECK(!nu__static_is_served(S("/static/app/x"), &rest));
    nu__settings.debug = true;
    CHECK(nu__static_is_served(S("/static/app/x"), &rest));
    CHECK_STR(rest, "app/x");
    CHECK(!nu__static_is_served(S("/app/x"), &rest));
    nu__static_serving_set(NU__STATIC_NEVER);
    CHECK(!nu__static_is_served(S("/static/app/x"), &rest));
    nu__static_serving_set(NU__STATIC_ALWAYS);
    nu__settings.debug = false;
    CHECK(nu__static_is_served(S("/static/app/x"), &rest));
    nu__static_serving_set(NU__STATIC_UNDER_DEBUG);
    done();
}

static void collecting_copies_the_first_of_each_and_skips_what_is_there(void)
{
    nu__collected counts;

    setup(false);
    counts =
        nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root"), .dry = true });
    CHECK_INT(counts.copied, 4);
    CHECK(access(in_folder("root").ptr, F_OK) != 0);
    counts = nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root/") });
    CHECK_INT(counts.copied, 4);
    CHECK_STR(content("app/base.css"), "override");
    CHECK_STR(content("app/logo.svg"), "<svg/>");
    counts = nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root") });
    CHECK_INT(counts.unmodified, 4);
    nu__static_write(in_folder("root/old.txt"), S("old"));
    nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root"), .clear = true });
    CHECK(access(in_folder("root/old.txt").ptr, F_OK) != 0);
    CHECK_STR(content("app/img/x.png"), "png");
    done();
}

static void patterns_leave_out_files_and_links_stand_for_them(void)
{
    nu_list *ignored = nu_list_new();
    struct stat st;

    setup(false);
    nu_list_append(ignored, "img");
    nu_list_append(ignored, "app/*.svg");
    CHECK_INT(nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root"),
                                                              .rules = { .ignore = ignored },
                                                              .link = true })
                  .copied,
              2);
    CHECK(lstat(in_folder("root/app/base.css").ptr, &st) == 0 && S_ISLNK(st.st_mode));
    CHECK_STR(content("app/base.css"), "override");
    CHECK(access(in_folder("root/app/img").ptr, F_OK) != 0);
    /* a copy takes the link's place */
    CHECK_INT(nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root") }).copied,
              4);
    CHECK(lstat(in_folder("root/app/base.css").ptr, &st) == 0 && S_ISREG(st.st_mode));
    done();
}

static void a_manifest_names_files_by_their_content(void)
{
    nu__collected counts;
    nu_str css;

    setup(true);
    counts = nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root") });
    CHECK_INT(counts.post_processed, 4);
    nu__staticfiles_setup();
    CHECK_STR(nu_static_url(S("app/img/x.png")), "/static/app/img/x.bff139fa05ac.png");
    CHECK_STR(nu_static_url(S("app/img/x.png#f")), "/static/app/img/x.bff139fa05ac.png#f");
    css = nu_static_url(S("app/site.css"));
    css = content(nu_copy((nu_str){ css.ptr + 8, css.len - 8 }).ptr);
    CHECK_STR(css, "@import url(\"base.e3b3f56615d1.css\"); a { b: "
                   "url(\"img/x.bff139fa05ac.png?v#i\"); c: url(data:x) }");
    CHECK_STR(nu_static_url(S("app/img/x.png?v=1#f")), "/static/app/img/x.bff139fa05ac.png?v=1#f");
    CHECK_RAISES(NU_VALUE_ERROR, "Missing staticfiles manifest entry for 'nope.css'",
                 nu_static_url(S("nope.css")));
    done();
}

static void the_files_of_a_manifest_refer_to_what_is_there_and_in_no_circle(void)
{
    nu__collect_options options = { 0 };

    setup(true);
    options.root = in_folder("root");
    nu__static_write(in_folder("app/static/two.css"), S("@import 'one.css';"));
    nu__static_write(in_folder("app/static/one.css"), S("@import 'two.css';"));
    CHECK_RAISES(NU_VALUE_ERROR, "files that refer to each other cannot be named by content",
                 nu__staticfiles_collect(&options));
    nu__static_write(in_folder("app/static/one.css"), S("a { b: url(nowhere.png) }"));
    options.clear = true;
    CHECK_RAISES(NU_VALUE_ERROR,
                 "Post-processing 'one.css' failed: the file 'nowhere.png' could not be found",
                 nu__staticfiles_collect(&options));
    nu__static_write(in_folder("app/static/one.css"), S("\xe9"));
    CHECK_RAISES(NU_VALUE_ERROR, "Post-processing 'one.css' failed: it is not UTF-8",
                 nu__staticfiles_collect(&options));
    done();
}

static void references_below_an_address_with_escapes_are_found(void)
{
    nu_str url, address = S("/st%61tic%20files/");

    setup(true);
    nu__settings.static_url = address;
    nu__static_write(in_folder("app/static/one.css"), S("a { b: url(/st%61tic%20files/x) }"));
    nu__static_write(in_folder("app/static/x"), S("png"));
    nu__staticfiles_collect(&(nu__collect_options){ .root = in_folder("root") });
    nu__staticfiles_setup();
    url = nu_static_url(S("one.css"));
    CHECK_STR(content(nu_copy(nu__sub(url, address.len, url.len)).ptr),
              "a { b: url(\"/static files/x.bff139fa05ac\") }");
    done();
}

static void references_that_lead_deep_end_with_an_error(void)
{
    nu__manifest *manifest;

    setup(true);
    manifest = nu__manifest_new(in_folder("root"), NULL, NULL);
    for (int64_t i = 0; i < 80; i++) {
        nu__manifest_add(manifest, nu_fmt("{}.css", i));
        nu__static_write(nu_fmt("{}/root/{}.css", (const char *)folder, i),
                         nu_fmt("@import '{}.css';", i + 1));
    }
    CHECK_RAISES(NU_VALUE_ERROR, "files refer to each other more than 64 deep",
                 nu__manifest_write(manifest));
    done();
}

HARNESS(folders_come_before_apps_and_these_before_what_is_built_in,
        a_path_that_leads_out_is_refused, addresses_lie_below_static_url,
        the_site_serves_what_is_below_static_url_under_debug,
        collecting_copies_the_first_of_each_and_skips_what_is_there,
        patterns_leave_out_files_and_links_stand_for_them, a_manifest_names_files_by_their_content,
        the_files_of_a_manifest_refer_to_what_is_there_and_in_no_circle,
        references_below_an_address_with_escapes_are_found,
        references_that_lead_deep_end_with_an_error)
