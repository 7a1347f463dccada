/* Templates and values made to do harm. */
#include "harness.h"

#include "core/text.h"
#include "template/template.h"

#include <string.h>

static nu_str repeated(const char *text, size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++)
        nu__buf_add(&out, text, strlen(text));
    return nu__buf_str(&out);
}

static void free_engine(void *engine)
{
    nu__template_engine_free(engine);
}

static nu_str render(nu_str source, nu_dict *context)
{
    nu__template_engine *engine = nu__template_engine_new(
        &(nu__template_options){ .memory = (const nu_embedded_file[]){
                                     { "t", (const uint8_t *)source.ptr, source.len }, { 0 } } });
    nu__buf out = { 0 };

    nu_defer(free_engine, engine);
    nu__template_render(nu__template_engine_get(engine, S("t")), context, NULL, &out);
    return nu__buf_str(&out);
}

static void tags_nested_too_deep_are_refused(void)
{
    nu_str fine = nu_fmt("{}x{}", repeated("{% if 1 %}", 150), repeated("{% endif %}", 150));

    CHECK_STR(render(fine, NULL), "x");
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "More than 200 tags are open at once on line 1.",
                 render(repeated("{% if 1 %}", 100000), NULL));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "More than 200 tags are open at once",
                 render(repeated("{% with a=1 %}", 201), NULL));
}

static void includes_without_end_are_stopped(void)
{
    CHECK_RAISES(NU_RUNTIME_ERROR, "maximum recursion depth exceeded",
                 render(S("{% include 't' %}"), NULL));
    CHECK_RAISES(
        NU_RUNTIME_ERROR, "maximum recursion depth exceeded",
        render(S("{% for x in l %}{% with a=1 %}{% include 't' %}{% endwith %}{% endfor %}"),
               NU_DICT(("l", NU_LIST(1)))));
}

static void partials_without_end_are_stopped(void)
{
    CHECK_RAISES(NU_RUNTIME_ERROR, "maximum recursion depth exceeded",
                 render(S("{% partialdef a inline %}{% partial a %}{% endpartialdef %}"), NULL));
    CHECK_RAISES(NU_RUNTIME_ERROR, "maximum recursion depth exceeded",
                 render(S("{% partialdef a %}{% partial b %}{% endpartialdef %}{% partialdef b %}"
                          "{% for x in l %}{% include 't#a' %}{% endfor %}{% endpartialdef %}"
                          "{% partial a %}"),
                        NU_DICT(("l", NU_LIST(1)))));
}

static void long_conditions_are_refused(void)
{
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "A condition has more than 200 operators.",
                 render(nu_fmt("{{% if {} 1 %}}{{% endif %}}", repeated("not ", 1000)), NULL));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "A condition has more than 200 operators.",
                 render(nu_fmt("{{% if {} 1 %}}{{% endif %}}", repeated("1 and ", 1000)), NULL));
    CHECK_STR(render(nu_fmt("{{% if {} 1 %}}yes{{% endif %}}", repeated("1 and ", 150)), NULL),
              "yes");
}

static void long_expressions_are_refused(void)
{
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "more than 1000 filters",
                 render(nu_fmt("{{{{ a{} }}}}", repeated("|upper", 2000)), NULL));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "more than 1000 lookups",
                 render(nu_fmt("{{{{ a{} }}}}", repeated(".a", 2000)), NULL));
}

/* Each of these is looked at once, not once for each of the others. */
static void what_is_never_closed_costs_no_square(void)
{
    CHECK_INT(render(repeated("{% {{ {# ", 300000), NULL).len, 2700000);
    CHECK_INT(render(repeated("{", 1000000), NULL).len, 1000000);
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "",
                 render(nu_fmt("{{% if {} %}}", repeated("\"\\\" ", 200000)), NULL));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "Could not parse the remainder",
                 render(nu_fmt("{{{{ a{}| }}}}", repeated("    ", 200000)), NULL));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "Could not parse the remainder",
                 render(nu_fmt("{{{{ a{} }}}}", repeated("| ", 200000)), NULL));
}

static void widths_and_formats_cannot_exhaust_memory(void)
{
    nu_dict *context = NU_DICT(("n", 5), ("f", 1.5));

    CHECK_STR(render(S("{{ n|stringformat:'999999999d' }}"), context), "");
    CHECK_STR(render(S("{{ f|stringformat:'.999999999f' }}"), context), "");
    CHECK_RAISES(NU_OVERFLOW_ERROR, "is too large",
                 render(S("{{ n|ljust:999999999999 }}"), context));
    CHECK_STR(render(S("{{ f|floatformat:99999999 }}"), context), "1.5");
    CHECK_STR(render(S("{{ '1e400'|floatformat:2 }}"), context), "1e400");
}

/* Lists in lists, deeper than anybody writes. */
static void values_nested_too_deep_do_not_overflow_the_stack(void)
{
    nu_list *list = nu_list_new();

    for (int i = 0; i < 100000; i++) {
        nu_list *outer = nu_list_new();

        nu_list_append(outer, "x");
        nu_list_append(outer, list);
        list = outer;
    }
    CHECK_RAISES(NU_RUNTIME_ERROR, "nested more than",
                 render(S("{{ l|unordered_list }}"), NU_DICT(("l", list))));
    CHECK(render(S("{{ l }}{{ l|pprint }}"), NU_DICT(("l", list))).len > 0);
}

HARNESS(tags_nested_too_deep_are_refused, includes_without_end_are_stopped,
        partials_without_end_are_stopped, long_conditions_are_refused, long_expressions_are_refused,
        what_is_never_closed_costs_no_square, widths_and_formats_cannot_exhaust_memory,
        values_nested_too_deep_do_not_overflow_the_stack)
