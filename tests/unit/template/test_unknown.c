/* Which variables a page reads that nobody gives it. */
#include "harness.h"

#include "template/engine.h"

#define FILE_OF(n, text)                                                                           \
    {                                                                                              \
        (n), (const uint8_t *)(text), sizeof(text) - 1                                             \
    }

static const nu_embedded_file files[] = {
    FILE_OF("base", "{{ site }}{% block a %}{{ titel }}{% endblock %}"),
    FILE_OF("row", "{{ item.name }}{{ forloop.counter }}{{ shown }}"),
    FILE_OF("page", "{% extends 'base' %}{% block a %}{% for item in items %}"
                    "{% include 'row' with shown=item %}{% endfor %}\n  {{ itmes|length }}"
                    "{% endblock %}"),
    FILE_OF("tags",
            "{% load i18n %}{% url 'x' pk=one.pk as link %}{{ link }}{% with two=one %}"
            "{{ two }}{% endwith %}{% regroup list by name as groups %}{{ groups }}"
            "{% blocktranslate with three=one %}{{ three }} {{ four }}{% endblocktranslate %}"
            "{% for a, b in pairs %}{{ a }}{{ b }}{% endfor %}{{ one|default:five }}"
            "{{ None }}{{ csrf_token }}{{ block.super }}{{ 'text'|add:6 }}"),
    FILE_OF("own", "{% load own %}{% anything %}{{ what }}"),
    FILE_OF("dynamic", "{% include name %}{{ gone }}{% include 'nowhere' %}"),
    { 0 },
};

static void compile_anything(nu_template_parser *parser)
{
    (void)parser;
}

static nu_list *unknown(const char *name, nu_dict *context)
{
    static const nu_template_library own = { .name = "own",
                                             .tags = { Tag("anything", compile_anything) } };
    nu__template_engine *engine = nu__template_engine_new(&(nu__template_options){
        .memory = files, .libraries = (const nu_template_library *const[]){ &own, NULL } });
    nu_list *found = nu__template_unknown(nu__template_engine_get(engine, nu_s(name)), context);
    nu_list *told = nu_list_new();

    for (size_t i = 0; i < nu_list_len(found); i++) {
        const nu_dict *one = nu_at(found, i).dict;

        nu_list_append(told, nu_fmt("{} {}{}", nu_item(one, "place"), nu_item(one, "name"),
                                    nu_item(one, "hint")));
    }
    nu__template_engine_free(engine);
    return told;
}

static void parents_and_includes_are_read_with_the_page(void)
{
    nu_list *told = unknown("page", NU_DICT(("items", nu_null()), ("site", nu_null())));

    CHECK_STR(
        nu_fmt("{}", told),
        "[\"page:2:3 itmes Did you mean 'items'?\", \"base:1:24 titel Did you mean 'site'?\"]");
}

static void what_tags_set_is_known(void)
{
    nu_dict *context =
        NU_DICT(("one", nu_null()), ("list", nu_null()), ("pairs", nu_null()), ("five", nu_null()));

    CHECK_STR(nu_fmt("{}", unknown("tags", context)), "['tags:1:192 four']");
}

static void nothing_is_told_where_a_tag_may_set_anything(void)
{
    CHECK(nu_list_len(unknown("own", NU_DICT())) == 0);
}

static void names_of_templates_that_are_values_are_left_alone(void)
{
    CHECK_STR(nu_fmt("{}", unknown("dynamic", NU_DICT(("name", nu_null())))),
              "['dynamic:1:19 gone']");
}

HARNESS(parents_and_includes_are_read_with_the_page, what_tags_set_is_known,
        nothing_is_told_where_a_tag_may_set_anything,
        names_of_templates_that_are_values_are_left_alone)
