#include "harness.h"

#include "urls/checks.h"
#include "urls/reverse.h"

static nu_response *view(nu_request *req)
{
    (void)req;
    return NULL;
}

static const nu_urlconf polls = {
    .app_name = "polls",
    .urlpatterns = { path("", view, .name = "index"), path("<int:pk>/", view, .name = "detail") },
};

static const nu_urlconf site = {
    .urlpatterns = {
        path("", view, .name = "home"),
        path("students/<int:pk>/", view, .name = "student"),
        path("posts/<slug:slug>/", view, .name = "post"),
        path("by/<str:who>/", view, .name = "by"),
        path("files/<path:rest>", view, .name = "files"),
        path("u/<uuid:id>/", view, .name = "uuid"),
        path("adj/<int:a><slug:b>/", view, .name = "adj"),
        path("extra/<int:y>/", view, .name = "extra", .kwargs = { Kwarg("flag", true) }),
        path("arch/<int:y>/", view, .name = "arch"),
        path("arch/<int:y>/<int:m>/", view, .name = "arch"),
        re_path("^opt/(?:page-(?P<page>\\d+)/)?$", view, .name = "opt"),
        re_path("^ci/(?i:abc)/$", view, .name = "ci"),
        re_path("^or/(a|b)/$", view, .name = "or"),
        path("/lead/", view, .name = "lead"),
        path("pct%20/<int:n>/", view, .name = "pct"),
        include("polls/", polls),
        include("more/<int:x>/polls/", polls, .namespace = "more"),
    },
};

static void setup(void)
{
    nu__url_setup(&site);
}

static void arguments_fill_the_captures(void)
{
    nu_uuid uuid = { .bytes = { 0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42,
                                0x66, 0x14, 0x17, 0x40, 0x00 } };

    setup();
    CHECK_STR(nu_url("home"), "/");
    CHECK_STR(nu_url("student", 5), "/students/5/");
    CHECK_STR(nu_url("student", "5"), "/students/5/");
    CHECK_STR(nu_url("arch", 2024), "/arch/2024/");
    CHECK_STR(nu_url("arch", 2024, 5), "/arch/2024/5/");
    CHECK_STR(nu_url("uuid", uuid), "/u/123e4567-e89b-12d3-a456-426614174000/");
    CHECK_STR(nu_reverse("arch", .kwargs = NU_VARS(("m", 1), ("y", 2))), "/arch/2/1/");
    nu__resolvers_release();
}

static void what_a_capture_may_not_hold_has_no_url(void)
{
    setup();
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("student", -1));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("student", "x"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("post", "a b"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("by", "a/b"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("by", ""));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("student"));
    CHECK_STR(nu_url("adj", "1z", "x"), "/adj/1zx/"); /* as Django: the whole is what must match */
    nu__resolvers_release();
}

static void the_message_tells_what_was_tried(void)
{
    setup();
    CHECK_RAISES(NU_NO_REVERSE_MATCH,
                 "Reverse for 'student' with arguments '('x', 2)' not found. 1 pattern(s) tried: "
                 "['students/(?P<pk>[0-9]+)/\\\\Z']",
                 nu_url("student", "x", 2));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "with arguments '('x',)' not found", nu_url("student", "x"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH,
                 "with no arguments not found. 2 pattern(s) tried:", nu_url("arch"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "with keyword arguments '{'q': None}' not found",
                 nu_reverse("arch", .kwargs = NU_VARS(("q", nu_null()))));
    CHECK_RAISES(NU_NO_REVERSE_MATCH,
                 "Reverse for 'nope' not found. 'nope' is not a valid view function or pattern "
                 "name.",
                 nu_url("nope"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "'nope' is not a registered namespace", nu_url("nope:x"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "pattern name.\n  Did you mean 'student'?",
                 nu_url("studnet"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "namespace\n  Did you mean 'polls'?", nu_url("pols:index"));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "pattern name.\n  Did you mean 'more:detail'?",
                 nu_url("detail", 1));
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "'in' is not a registered namespace inside 'polls'",
                 nu_url("polls:in:x"));
    CHECK_RAISES(NU_VALUE_ERROR, "Don't mix *args and **kwargs",
                 nu_reverse("arch", .args = NU_ARGS(1), .kwargs = NU_VARS(("m", 1))));
    nu__resolvers_release();
}

static void text_is_quoted_and_never_leaves_the_site(void)
{
    setup();
    CHECK_STR(nu_url("by", "é ?#"), "/by/%C3%A9%20%3F%23/");
    CHECK_STR(nu_url("by", "a+b@c"), "/by/a+b@c/");
    CHECK_STR(nu_url("files", "a/b c"), "/files/a/b%20c");
    CHECK_STR(nu_url("lead"), "/%2Flead/");
    CHECK_STR(nu_url("pct", 1), "/pct%2520/1/");
    nu__resolvers_release();
}

static void regular_expressions_are_read_backwards(void)
{
    setup();
    CHECK_STR(nu_url("opt"), "/opt/");
    CHECK_STR(nu_url("opt", 3), "/opt/page-3/");
    CHECK_STR(nu_url("or", "b"), "/or/b/");
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "", nu_url("or", "c"));
    CHECK_RAISES(NU_VALUE_ERROR, "Non-reversible reg-exp portion: '(?i'", nu_url("ci"));
    nu__resolvers_release();
}

static void an_argument_of_the_patterns_own_may_be_repeated(void)
{
    setup();
    CHECK_STR(nu_reverse("extra", .kwargs = NU_VARS(("y", 1))), "/extra/1/");
    CHECK_STR(nu_reverse("extra", .kwargs = NU_VARS(("y", 1), ("flag", true))), "/extra/1/");
    CHECK_RAISES(NU_NO_REVERSE_MATCH, "",
                 nu_reverse("extra", .kwargs = NU_VARS(("y", 1), ("flag", false))));
    nu__resolvers_release();
}

static void an_apps_name_means_the_current_instance_or_the_default(void)
{
    setup();
    CHECK_STR(nu_url("polls:detail", 1), "/polls/1/");
    CHECK_STR(nu_url("more:detail", 7, 1), "/more/7/polls/1/");
    CHECK_STR(nu_reverse("polls:detail", .args = NU_ARGS(7, 1), .current_app = "more"),
              "/more/7/polls/1/");
    CHECK_STR(nu_reverse("polls:index", .current_app = "nothing"), "/polls/");
    nu__resolvers_release();
}

static void the_script_prefix_comes_first(void)
{
    setup();
    nu__url_set_script_prefix(S("/sub dir"));
    CHECK_STR(nu_url("student", 5), "/sub%20dir/students/5/");
    CHECK_STR(nu_url("lead"), "/sub%20dir//lead/");
    nu__url_set_script_prefix(S("/"));
    CHECK_STR(nu_url("student", 5), "/students/5/");
    nu__resolvers_release();
}

static void query_and_fragment_are_appended(void)
{
    setup();
    CHECK_STR(nu_reverse("home", .query = NU_VARS(("q", "a b&c"), ("n", NU_LIST(1, 2))),
                         .fragment = "top"),
              "/?q=a+b%26c&n=1&n=2#top");
    CHECK_STR(nu_reverse("home", .query = NU_VARS(("q", NU_LIST()))), "/");
    nu__resolvers_release();
}

static void the_site_knows_which_paths_it_answers(void)
{
    setup();
    CHECK(nu_is_valid_path(S("/students/5/")));
    CHECK(!nu_is_valid_path(S("/students/5")));
    nu__resolvers_release();
}

static const nu_urlconf doubtful = {
    .urlpatterns = {
        path("/a", view, .name = "a:b"),
        path("x<int:y", view),
        path("^z/$", view),
        include("p/", polls),
        include("q/", polls),
    },
};

static void doubtful_patterns_are_warned_about(void)
{
    nu_list *found = nu__url_checks(nu__resolver_get(&doubtful));
    nu_str ids = S("");

    for (size_t i = 0; i < nu_list_len(found); i++)
        ids = nu_fmt("{}{} ", ids, nu_item(nu_as_dict(nu_at(found, i)), "id"));
    CHECK_STR(ids, "urls.W003 urls.W010 2_0.W001 urls.W005 ");
    CHECK_STR(nu_string(nu_item(nu_as_dict(nu_at(found, 0)), "msg")),
              "Your URL pattern '/a' [name='a:b'] has a name including a ':'. Remove the colon, to "
              "avoid ambiguous namespace references.");
    nu__resolvers_release();
}

HARNESS(arguments_fill_the_captures, what_a_capture_may_not_hold_has_no_url,
        the_message_tells_what_was_tried, text_is_quoted_and_never_leaves_the_site,
        regular_expressions_are_read_backwards, an_argument_of_the_patterns_own_may_be_repeated,
        an_apps_name_means_the_current_instance_or_the_default, the_script_prefix_comes_first,
        query_and_fragment_are_appended, the_site_knows_which_paths_it_answers,
        doubtful_patterns_are_warned_about)
