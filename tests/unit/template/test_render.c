#include "harness.h"

#include "core/context.h"
#include "template/template.h"

#include <string.h>

/* Templates of a test, rendered by an engine of their own. */
static nu_str render(const nu_embedded_file *files, const char *name, nu_dict *context)
{
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .memory = files });
    nu__buf out = { 0 };

    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    nu__template_render(nu__template_engine_get(engine, nu_s(name)), context, NULL, &out);
    return nu__buf_str(&out);
}

#define FILE_OF(n, text)                                                                           \
    {                                                                                              \
        (n), (const uint8_t *)(text), sizeof(text) - 1                                             \
    }
#define RENDER(text, ...)                                                                          \
    render((const nu_embedded_file[]){ FILE_OF("t", text), { 0 } }, "t", NU_DICT(__VA_ARGS__))

static void variables_are_escaped_unless_safe(void)
{
    CHECK_STR(RENDER("{{ a }}|{{ b }}|{{ a|safe }}|{{ missing }}", ("a", "<&>"),
                     ("b", nu_safe(S("<b>")))),
              "&lt;&amp;&gt;|<b>|<&>|");
}

static void bytes_are_numbers(void)
{
    nu_bytes bytes = { (const uint8_t *)"ab", 2 };

    CHECK_STR(
        RENDER("{{ b|first }} {{ b|last }} {{ b|safeseq|join:'-' }} {{ b|escapeseq|join:'-' }}"
               "{% for n in b %} {{ n }}{% endfor %}{{ b|unordered_list }}",
               ("b", bytes)),
        "97 98 97-98 97-98 97 98\t<li>97</li>\n\t<li>98</li>");
}

static void lookups_walk_dicts_lists_and_attributes(void)
{
    nu_dict *inner = NU_DICT(("list", NU_LIST(1, 2, 3)), ("1", "one"));

    CHECK_STR(RENDER("{{ d.list.1 }}{{ d.1 }}{{ d.list.9 }}{{ d.nothing.at.all }}", ("d", inner)),
              "2one");
}

static void loops_count_and_unpack(void)
{
    nu_list *pairs = NU_LIST(NU_LIST("a", 1), NU_LIST("b", 2));

    CHECK_STR(
        RENDER("{% for k, v in p %}{{ forloop.counter }}/{{ forloop.revcounter0 }}:{{ k }}={{ "
               "v }}{% if not forloop.last %}, {% endif %}{% empty %}none{% endfor %}",
               ("p", pairs)),
        "1/1:a=1, 2/0:b=2");
    CHECK_STR(RENDER("{% for x in p %}{% empty %}none{% endfor %}", ("p", nu_list_new())), "none");
}

static void children_fill_the_blocks_of_their_parents(void)
{
    static const nu_embedded_file files[] = {
        FILE_OF("base", "<{% block a %}A{% endblock %}|{% block b %}B{% endblock %}>"),
        FILE_OF("middle", "{% extends 'base' %}{% block a %}[{{ block.super }}]{% endblock %}"),
        FILE_OF("leaf", "{% extends 'middle' %}{% block a %}({{ block.super }}){% endblock %}"),
        { 0 },
    };

    CHECK_STR(render(files, "leaf", NULL), "<([A])|B>");
}

static void includes_see_what_they_are_given(void)
{
    static const nu_embedded_file files[] = {
        FILE_OF("in", "{{ x }}{{ y }}"),
        FILE_OF("t", "{% include 'in' %}|{% include 'in' with y=2 %}|{% include 'in' with y=3 only "
                     "%}|{{ y }}"),
        { 0 },
    };

    CHECK_STR(render(files, "t", NU_DICT(("x", 1))), "1|12|3|");
}

static void syntax_errors_name_the_place_and_what_was_meant(void)
{
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "Invalid filter: 'uper'\n  t:2:3: Did you mean 'upper'?",
                 RENDER("one\n  {{ x|uper }}", ("x", 1)));
    CHECK_STR(nu_catch(NU_EXCEPTION, RENDER("{{ a b }}", ("x", 1)))->message,
              "Could not parse the remainder: ' b' from 'a b'\n  t:1:1");
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR,
                 "Unclosed tag on line 1: 'if'. Looking for one of: elif, else, endif.",
                 RENDER("{% if x %}", ("x", 1)));
}

static void now_takes_its_quotes_off_by_characters(void)
{
    CHECK_STR(RENDER("{% now 'é-é %}", ("x", 1)), "é-");
}

/* ---- in pieces ---------------------------------------------------------------------------------
 */

typedef struct pieces {
    size_t n, longest, total;
} pieces;

static void take(void *to, nu_str piece)
{
    pieces *taken = to;

    taken->n++;
    taken->total += piece.len;
    taken->longest = piece.len > taken->longest ? piece.len : taken->longest;
}

static nu_list *numbers_to(int64_t n)
{
    nu_list *numbers = nu_list_new();

    for (int64_t i = 0; i < n; i++)
        nu_list_append(numbers, i);
    return numbers;
}

static void a_page_that_is_sent_meanwhile_stays_small(void)
{
    static const nu_embedded_file files[] = {
        FILE_OF("t",
                "{% for n in numbers %}{{ n }} {{ text|upper|truncatechars:20 }}\n{% endfor %}."),
        { 0 },
    };
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .memory = files });
    nu_list *numbers = numbers_to(50000);
    nu__buf out = { 0 };
    pieces taken = { 0 };
    size_t before;

    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    before = nu__arena_used(nu__here->arena);
    nu__template_render_with(
        nu__template_engine_get(engine, S("t")),
        &(nu__render_options){ .dict = NU_DICT(("numbers", numbers), ("text", "a <b> & c")),
                               .flush = take,
                               .flush_to = &taken },
        &out);
    CHECK_STR(nu__buf_str(&out).ptr + out.len - 1, ".");
    CHECK(taken.n > 60 && taken.total > 1000000);
    CHECK(taken.longest < 17 << 10);
    CHECK(nu__arena_used(nu__here->arena) - before < 80 << 10);
}

static void what_is_captured_is_not_sent(void)
{
    static const nu_embedded_file files[] = {
        FILE_OF("base", "{% block a %}{% for n in numbers %}{{ n }},{% endfor %}{% endblock %}"),
        FILE_OF("t", "{% extends 'base' %}{% block a %}{% filter upper %}{{ block.super }}"
                     "{% endfilter %}{{ block.super }}{% endblock %}"),
        { 0 },
    };
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .memory = files });
    nu_list *numbers = numbers_to(10000);
    nu__buf out = { 0 };
    pieces taken = { 0 };

    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    nu__template_render_with(nu__template_engine_get(engine, S("t")),
                             &(nu__render_options){ .dict = NU_DICT(("numbers", numbers)),
                                                    .flush = take,
                                                    .flush_to = &taken },
                             &out);
    CHECK_INT(taken.total + out.len, 2 * (10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5));
}

HARNESS(a_page_that_is_sent_meanwhile_stays_small, what_is_captured_is_not_sent,
        variables_are_escaped_unless_safe, bytes_are_numbers,
        lookups_walk_dicts_lists_and_attributes, loops_count_and_unpack,
        children_fill_the_blocks_of_their_parents, includes_see_what_they_are_given,
        now_takes_its_quotes_off_by_characters, syntax_errors_name_the_place_and_what_was_meant)
