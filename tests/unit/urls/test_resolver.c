#include "harness.h"

#include "urls/resolver.h"

#include <string.h>

static nu_response *view(nu_request *req)
{
    (void)req;
    return NULL;
}

static bool year_to_value(nu_str text, nu_value *value)
{
    int64_t year = (text.ptr[0] - '0') * 1000 + (text.ptr[1] - '0') * 100 +
                   (text.ptr[2] - '0') * 10 + (text.ptr[3] - '0');

    *value = nu_v_int(year);
    return year >= 1900;
}

static const nu_url_converter year = { .name = "year",
                                       .regex = "[0-9]{4}",
                                       .to_value = year_to_value };

static const nu_urlconf comments = {
    .app_name = "comments",
    .urlpatterns = { path("", view, .name = "list"), path("<int:n>/", view, .name = "one") },
};

static const nu_urlconf site = {
    .converters = { &year },
    .urlpatterns = {
        path("", view, .name = "home"),
        path("students/", view, .name = "list"),
        path("students/new/", view, .name = "new"),
        path("students/<int:pk>/", view, .name = "student"),
        path("students/<slug:name>/", view, .name = "by-name"),
        path("students/<int:student>/edit/", view, .name = "edit"),
        include("students/<int:student>/notes/", comments, .namespace = "notes",
                .kwargs = { Kwarg("kind", "note") }),
        path("archive/<year:y>/", view, .name = "archive"),
        path("archive/<str:y>/", view, .name = "archive-text"),
        path("mix/<str:a>-<int:b>.html", view, .name = "mix"),
        path("files/<path:rest>", view, .name = "files"),
        path("paged/", view, .kwargs = { Kwarg("page", 1), Kwarg("on", true), Kwarg("f", 0.5) }),
        re_path("^re/(?P<a>\\d+)/(\\w+)/$", view, .name = "named"),
        re_path("^pos/(\\d+)/(\\w+)?$", view, .name = "positional"),
    },
};

static const nu__url_match *at(const char *path)
{
    return nu__resolve(nu__resolver_get(&site), nu_s(path));
}

static nu_str name_at(const char *path)
{
    const nu__url_match *match = at(path);

    return match ? match->leaf->view_name : S("404");
}

static nu_value kwarg_at(const char *path, const char *name)
{
    const nu__path_value *kwarg = nu__url_match_kwarg(at(path), nu_s(name));

    return kwarg ? kwarg->value : nu_null();
}

static void the_first_pattern_that_matches_wins(void)
{
    CHECK_STR(name_at("/"), "home");
    CHECK_STR(name_at("/students/"), "list");
    CHECK_STR(name_at("/students/new/"), "new");
    CHECK_STR(name_at("/students/12/"), "student");
    CHECK_STR(name_at("/students/12a/"), "by-name");
    CHECK_STR(name_at("/students/news/"), "by-name");
    CHECK_STR(name_at("/students/12/edit/"), "edit");
    nu__resolvers_release();
}

static void what_no_pattern_matches_is_not_found(void)
{
    CHECK_STR(name_at("/students"), "404");
    CHECK_STR(name_at("/students/12"), "404");
    CHECK_STR(name_at("/students/1/2/"), "404");
    CHECK_STR(name_at("students/"), "404");
    CHECK_STR(name_at(""), "404");
    CHECK_STR(name_at("/files/"), "404");
    CHECK_STR(name_at("/files/a\nb"), "404");
    nu__resolvers_release();
}

static void captures_are_converted(void)
{
    CHECK_INT(kwarg_at("/students/0012/", "pk").i, 12);
    CHECK_INT(kwarg_at("/students/18446744073709551615/", "pk").kind, NU_KIND_UINT);
    CHECK_STR(nu_string(kwarg_at("/students/99999999999999999999/", "pk")), "99999999999999999999");
    CHECK_STR(kwarg_at("/files/a/b.txt", "rest").s, "a/b.txt");
    CHECK_STR(kwarg_at("/mix/a-b-3.html", "a").s, "a-b");
    CHECK_INT(kwarg_at("/mix/a-b-3.html", "b").i, 3);
    nu__resolvers_release();
}

static void a_converter_of_ones_own_may_refuse(void)
{
    CHECK_STR(name_at("/archive/2024/"), "archive");
    CHECK_INT(kwarg_at("/archive/2024/", "y").i, 2024);
    CHECK_STR(name_at("/archive/1234/"), "archive-text");
    CHECK_STR(kwarg_at("/archive/1234/", "y").s, "1234");
    nu__resolvers_release();
}

static void an_include_gives_namespace_route_and_arguments(void)
{
    const nu__url_match *match = at("/students/3/notes/7/");

    CHECK_STR(match->leaf->view_name, "notes:one");
    CHECK_STR(match->leaf->app_name, "comments");
    CHECK_STR(match->leaf->route, "students/<int:student>/notes/<int:n>/");
    CHECK_INT(match->n_kwargs, 3);
    CHECK_STR(match->kwargs[0].name, "student");
    CHECK_INT(match->kwargs[0].value.i, 3);
    CHECK_STR(match->kwargs[1].value.s, "note");
    CHECK_INT(match->kwargs[2].value.i, 7);
    CHECK_INT(nu_dict_len(nu__url_match_captured_kwargs(match)), 1);
    CHECK_STR(nu_string(nu_item(nu__url_match_extra_kwargs(match), "kind")), "note");
    nu__resolvers_release();
}

static void a_pattern_passes_arguments_of_its_own(void)
{
    CHECK_INT(kwarg_at("/paged/", "page").i, 1);
    CHECK(kwarg_at("/paged/", "on").kind == NU_KIND_BOOL && kwarg_at("/paged/", "on").b);
    CHECK(kwarg_at("/paged/", "f").f == 0.5);
    nu__resolvers_release();
}

static void named_groups_drop_those_without_a_name(void)
{
    const nu__url_match *match = at("/re/12/x/");

    CHECK_INT(match->n_args, 0);
    CHECK_STR(match->kwargs[0].value.s, "12");
    match = at("/pos/12/abc");
    CHECK_INT(match->n_args, 2);
    CHECK_STR(match->args[1].s, "abc");
    CHECK(at("/pos/12/")->args[1].kind == NU_KIND_NULL);
    nu__resolvers_release();
}

static void a_view_without_a_name_is_named_by_its_source(void)
{
    CHECK_STR(name_at("/paged/"), "view");
    nu__resolvers_release();
}

static void templates_read_the_match(void)
{
    nu_value match = { .kind = NU_KIND_OBJECT, .object = &at("/students/3/notes/7/")->object }, v;

    CHECK(nu__value_get(match, S("url_name"), &v));
    CHECK_STR(nu_string(v), "one");
    CHECK(nu__value_get(match, S("namespaces"), &v));
    CHECK_INT(nu_list_len(v.list), 1);
    CHECK(nu__value_get(match, S("kwargs"), &v) && nu__value_get(v, S("n"), &v));
    CHECK_INT(v.i, 7);
    CHECK(!nu__value_get(match, S("nothing"), &v));
    nu__resolvers_release();
}

static void the_patterns_tried_are_listed_in_order(void)
{
    nu_list *tried = nu__url_tried(nu__resolver_get(&site), S("/students/3/notes/x/"));
    nu_list *inner = nu_as_list(nu_at(tried, 7));

    CHECK_STR(nu_string(nu_at(nu_as_list(nu_at(tried, 1)), 0)), "students/ [name='list']");
    CHECK_INT(nu_list_len(inner), 2);
    CHECK_STR(nu_string(nu_at(inner, 0)), "students/<int:student>/notes/");
    CHECK_STR(nu_string(nu_at(inner, 1)), "<int:n>/ [name='one']");
    nu__resolvers_release();
}

#define BAD(name_, route_) static const nu_urlconf name_ = { .urlpatterns = { path(route_, view) } }
BAD(unknown_converter, "<bad:x>/");
BAD(spaced, "<int:x >");
BAD(no_identifier, "<int:x-y>");
static const nu_urlconf wrong_regex = { .urlpatterns = { re_path("^a(", view) } };
static const nu_urlconf nameless = { .urlpatterns = { path("", view) } };
static const nu_urlconf no_app_name = { .urlpatterns = {
                                            include("x/", nameless, .namespace = "n") } };
static const nu_urlconf circle;
static const nu_urlconf circle = { .urlpatterns = { include("x/", circle) } };

static void a_wrong_pattern_is_named_when_the_site_starts(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "URL route '<bad:x>/' uses invalid converter 'bad'.",
                 nu__resolver_get(&unknown_converter));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "URL route '<int:x >' cannot contain whitespace in angle brackets",
                 nu__resolver_get(&spaced));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "parameter name 'x-y' which isn't a valid Python",
                 nu__resolver_get(&no_identifier));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "\"^a(\" is not a valid regular expression",
                 nu__resolver_get(&wrong_regex));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "without providing an app_name",
                 nu__resolver_get(&no_app_name));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "is there a circle?", nu__resolver_get(&circle));
    nu__resolvers_release();
}

HARNESS(the_first_pattern_that_matches_wins, what_no_pattern_matches_is_not_found,
        captures_are_converted, a_converter_of_ones_own_may_refuse,
        an_include_gives_namespace_route_and_arguments, a_pattern_passes_arguments_of_its_own,
        named_groups_drop_those_without_a_name, a_view_without_a_name_is_named_by_its_source,
        templates_read_the_match, the_patterns_tried_are_listed_in_order,
        a_wrong_pattern_is_named_when_the_site_starts)
