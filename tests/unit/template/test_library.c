/* A site's own filters and tags. */
#include "harness.h"

#include "core/object.h"
#include "core/text.h"
#include "template/template.h"

/* ---- a library --------------------------------------------------------------------------------
 */

static nu_value points(nu_value grade, nu_value arg)
{
    (void)arg;
    return grade.kind == NU_KIND_STR && nu_eq(grade.s, "A") ? V("4.0") : V("<none>");
}

static nu_value shout(nu_value text, nu_value mark)
{
    return V(nu_fmt("{}{}", text, mark.kind == NU_KIND_NULL ? V("!") : mark));
}

static nu_value badge(nu_tag_args *args)
{
    return nu_format_html("<b class=\"{}\">{}</b>", nu_tag_option(args, "class"),
                          nu_tag_arg(args, 0));
}

static nu_value greet(nu_tag_args *args)
{
    return V(nu_fmt("{} & {}", nu_tag_arg(args, 0), nu_tag_context(args, "name")));
}

static nu_value count(nu_tag_args *args)
{
    nu_tag_set(args, "counted", V(nu_tag_arg_count(args)));
    return nu_safe(S(""));
}

static nu_value pager(nu_tag_args *args)
{
    return V(NU_DICT(("page", nu_tag_context(args, "page")), ("size", nu_tag_arg(args, 0))));
}

/* Two kinds of object; `door` takes one of them. */
typedef struct Home {
    nu_object object;
} Home;
static const nu_object_ops no_abilities = { .kind = "home" };
static const nu_class Home_model = { &no_abilities, "Home" }, house = { &no_abilities, "House" };

static nu_value door(nu_tag_args *args)
{
    const Home *home = nu_tag_object(args, 0, Home);

    return home ? V("a home") : V("none");
}

static nu_value panel(nu_tag_args *args)
{
    return nu_format_html("[{}|{}]", nu_tag_option(args, "title"), nu_tag_content(args));
}

/* {% repeat 3 %}…{% or %}…{% endrepeat %} */
typedef struct repeat {
    const nu_template_expression *times;
    const nu_template_nodes *body, *none;
} repeat;

static void render_repeat(const void *data, nu_template_context *context)
{
    const repeat *tag = data;
    int64_t times = nu_int(nu_expression_value(tag->times, context));
    uint32_t scope = nu_context_push(context);

    for (int64_t i = 0; i < times; i++) {
        nu_context_set(context, "turn", V(i));
        nu_nodes_render(tag->body, context);
    }
    if (!times && tag->none)
        nu_context_write(context, nu_nodes_text(tag->none, context));
    nu_context_pop(context, scope);
}

static void compile_repeat(nu_template_parser *parser)
{
    repeat *tag = nu_alloc(repeat);

    if (nu_parser_word_count(parser) != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'repeat' takes one argument");
    tag->times = nu_parser_expression(parser, nu_parser_word(parser, 1));
    tag->body = nu_parser_until(parser, "or", "endrepeat");
    if (nu_eq(nu_parser_contents(parser), "or"))
        tag->none = nu_parser_until(parser, "endrepeat");
    nu_parser_emit(parser, render_repeat, tag);
}

static const nu_template_library own = {
    .name = "own",
    .filters = { Filter("points", points),
                 Filter("shout", shout, .is_safe = true, .stringfilter = true),
                 Filter("must", shout, .needs_arg = true) },
    .simple_tags = { SimpleTag("badge", badge, .params = { "text", "class=" }),
                     SimpleTag("greet", greet), SimpleTag("door", door),
                     SimpleTag("count", count, .params = { "*" }) },
    .inclusion_tags = { InclusionTag("pager", "pager.html", pager, .params = { "size" }) },
    .simple_block_tags = { SimpleBlockTag("panel", panel, .end_name = "end") },
    .tags = { Tag("repeat", compile_repeat) },
};

static nu_str render(const char *page, nu_dict *context)
{
    nu_str text = nu_fmt("{{% load own %}}{}", page);
    const char pager_html[] = "{{ page }}/{{ size }}{{ name }}";
    const nu_embedded_file files[] = {
        { "page", (const uint8_t *)text.ptr, text.len },
        { "pager.html", (const uint8_t *)pager_html, sizeof pager_html - 1 },
        { 0 },
    };
    nu__template_engine *engine = nu__template_engine_new(&(nu__template_options){
        .memory = files, .libraries = (const nu_template_library *[]){ &own, NULL } });
    nu__buf out = { 0 };

    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    nu__template_render(nu__template_engine_get(engine, S("page")), context, NULL, &out);
    return nu__buf_str(&out);
}

#define RENDER(page, ...) render(page, NU_DICT(__VA_ARGS__))

/* ---- tests --------------------------------------------------------------------------------------
 */

static void filters_get_the_value_and_the_argument(void)
{
    CHECK_STR(RENDER("{{ 'A'|points }}{{ g|points }}", ("g", "A")), "&lt;none&gt;4.0");
    CHECK_STR(RENDER("{{ 5|shout }}{{ '<'|shout:'?' }}{{ x|shout }}", ("x", "<")), "5!<?&lt;!");
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "must requires 2 arguments, 1 provided",
                 RENDER("{{ x|must }}", ("x", 1)));
}

static void simple_tags_are_escaped_unless_safe_and_can_be_named(void)
{
    CHECK_STR(RENDER("{% badge x class='c\"' %}", ("x", "<")), "<b class=\"c\"\">&lt;</b>");
    CHECK_STR(RENDER("{% greet 1 %}{% greet 2 as g %}{{ g }}", ("name", "<n>")),
              "1 &amp; &lt;n&gt;2 &amp; &lt;n&gt;");
    CHECK_STR(RENDER("{% count 1 2 3 %}{{ counted }}", ("x", 1)), "3");
}

static void arguments_are_checked_when_a_template_is_compiled(void)
{
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR,
                 "'badge' did not receive value(s) for the argument(s): 'text'",
                 RENDER("{% badge %}", ("x", 1)));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "'badge' received unexpected keyword argument 'klass'",
                 RENDER("{% badge 1 klass=2 %}", ("x", 1)));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "'badge' received too many positional arguments",
                 RENDER("{% badge 1 2 3 %}", ("x", 1)));
    CHECK_STR(RENDER("{% badge text=1 %}", ("x", 1)), "<b class=\"None\">1</b>");
}

static void inclusion_tags_render_their_template_with_their_dict_alone(void)
{
    CHECK_STR(RENDER("{% pager 20 %}", ("page", 3), ("name", "hidden")), "3/20");
}

static void block_tags_get_what_is_inside(void)
{
    CHECK_STR(RENDER("{% panel title='<' %}{{ x }}<i>{% end %}", ("x", "&")), "[<|&amp;<i>]");
}

static void tags_with_a_parser_of_their_own(void)
{
    CHECK_STR(RENDER("{% repeat 3 %}{{ turn }}{{ x }}{% endrepeat %}{{ turn }}", ("x", "<")),
              "0&lt;1&lt;2&lt;");
    CHECK_STR(RENDER("{% repeat 0 %}a{% or %}<b>{% endrepeat %}", ("x", 1)), "<b>");
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "'repeat' takes one argument\n  page:1:15",
                 RENDER("{% repeat %}{% endrepeat %}", ("x", 1)));
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR, "Unclosed tag on line 1: 'repeat'",
                 RENDER("{% repeat 1 %}", ("x", 1)));
}

static void arguments_of_another_kind_are_named(void)
{
    nu_object home = { .type = &Home_model }, other = { .type = &house };

    CHECK_STR(RENDER("{% door h %}", ("h", nu_v_object(&home))), "a home");
    CHECK_RAISES(NU_TYPE_ERROR, "{% door %}: argument 1 is a House, not a Home.",
                 RENDER("{% door h %}", ("h", nu_v_object(&other))));
    CHECK_RAISES(NU_TYPE_ERROR, "{% door %}: argument 1 is str, not a Home.",
                 RENDER("{% door h %}", ("h", "text")));
}

static void two_libraries_of_one_name_are_refused(void)
{
    const nu_template_library *both[] = { &own, &own, NULL };

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Two template libraries are called 'own'.",
                 nu__template_engine_new(&(nu__template_options){ .libraries = both }));
}

HARNESS(filters_get_the_value_and_the_argument,
        simple_tags_are_escaped_unless_safe_and_can_be_named,
        arguments_are_checked_when_a_template_is_compiled,
        inclusion_tags_render_their_template_with_their_dict_alone, block_tags_get_what_is_inside,
        tags_with_a_parser_of_their_own, arguments_of_another_kind_are_named,
        two_libraries_of_one_name_are_refused)
