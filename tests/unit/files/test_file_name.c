/* Names and paths that clients give, and content types by name. */
#include "core/buf.h"
#include "core/text.h"
#include "files/content_types.h"
#include "files/file.h"
#include "files/safe_join.h"
#include "harness.h"

static void names_lose_folders_controls_and_escapes(void)
{
    CHECK_STR(nu__file_name_sanitize(S("a.txt")), "a.txt");
    CHECK_STR(nu__file_name_sanitize(S("C:\\dir\\a.txt")), "a.txt");
    CHECK_STR(nu__file_name_sanitize(S("../../etc/passwd")), "passwd");
    CHECK_STR(nu__file_name_sanitize(S("..\\a&#x2F;b.txt")), "b.txt");
    CHECK_STR(nu__file_name_sanitize(S("a\nb\x7f.txt")), "ab.txt");
    CHECK_STR(nu__file_name_sanitize(S("naïve.txt")), "naïve.txt");
    CHECK(nu__file_name_sanitize(S("")).ptr == NULL);
    CHECK(nu__file_name_sanitize(S("a/..")).ptr == NULL);
    CHECK(nu__file_name_sanitize(S("a\\.")).ptr == NULL);
}

static nu_str repeated(char c, size_t n)
{
    nu__buf out = { 0 };

    while (n--)
        nu__buf_char(&out, c);
    return nu__buf_str(&out);
}

static void long_names_keep_their_extension(void)
{
    nu_str name = nu__file_name_base(nu_fmt("{}.tar", repeated('x', 400)));

    CHECK_INT(nu__utf8_count(name), 255);
    CHECK(nu_ends_with(name, S("x.tar")));
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "Could not derive file name",
                 nu__file_name_base(S("a/..")));
}

static void paths_are_joined_below_a_folder(void)
{
    CHECK_STR(nu__safe_join(S("/srv/www"), S("a/b.css")), "/srv/www/a/b.css");
    CHECK_STR(nu__safe_join(S("/srv/www/"), S("./a//c/../b")), "/srv/www/a/b");
    CHECK_STR(nu__safe_join(S("/srv/www"), S("")), "/srv/www");
    CHECK_STR(nu__safe_join(S("/srv/www"), S("/srv/www/a")), "/srv/www/a");
    CHECK_STR(nu__safe_join(S("/"), S("a")), "/a");
}

static void paths_that_lead_out_are_refused(void)
{
    static const char *const out[] = { "..",
                                       "../www2/a",
                                       "a/../../b",
                                       "/etc/passwd",
                                       "/srv",
                                       "/srv/www2",
                                       "../../../../../../etc/passwd" };

    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "outside",
                     nu__safe_join(S("/srv/www"), nu_s(out[i])));
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "null byte",
                 nu__safe_join(S("/srv/www"), (nu_str){ "a\0b", 3 }));
}

static void normal_paths_never_begin_outside(void)
{
    CHECK_STR(nu__path_normalize(S("a//./b/../c/")), "a/c");
    CHECK_STR(nu__path_normalize(S("../../a")), "a");
    CHECK_STR(nu__path_normalize(S("")), "");
}

static void content_types_go_by_the_last_extension(void)
{
    CHECK_STR(nu__content_type_of(S("a.css")).type, "text/css");
    CHECK_STR(nu__content_type_of(S("dir.d/A.JPG")).type, "image/jpeg");
    CHECK_STR(nu__content_type_of(S("a.min.js")).type, "text/javascript");
    CHECK_STR(nu__content_type_of(S("a.svg.gz")).encoding, "gzip");
    CHECK_STR(nu__content_type_of(S("a.svg.gz")).type, "image/svg+xml");
    CHECK(nu__content_type_of(S("Makefile")).type.ptr == NULL);
    CHECK(nu__content_type_of(S("dir.css/x")).type.ptr == NULL);
    CHECK(nu__content_type_of(S("dir/.css")).type.ptr == NULL);
    CHECK(nu__content_type_of(S("a.")).type.ptr == NULL);
    CHECK(nu__content_type_of(S("a.thislongextension")).type.ptr == NULL);
    CHECK(nu__content_type_is_text(S("text/css")) && !nu__content_type_is_text(S("image/png")));
}

HARNESS(names_lose_folders_controls_and_escapes, long_names_keep_their_extension,
        paths_are_joined_below_a_folder, paths_that_lead_out_are_refused,
        normal_paths_never_begin_outside, content_types_go_by_the_last_extension)
