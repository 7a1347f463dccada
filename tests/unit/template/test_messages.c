#include "template/messages.h"

#include "core/buf.h"
#include "harness.h"

static nu__buf seen;

static void note(void *self, const nu__message *message)
{
    (void)self;
    nu__buf_fmt(&seen, "{}:", (int64_t)message->line);
    if (message->comment.ptr)
        nu__buf_fmt(&seen, "<{}>", message->comment);
    if (message->context.ptr)
        nu__buf_fmt(&seen, "{}|", message->context);
    nu__buf_str_add(&seen, message->text);
    if (message->plural.ptr)
        nu__buf_fmt(&seen, "/{}", message->plural);
    nu__buf_char(&seen, '\n');
}

static nu_str found(const char *source)
{
    seen = (nu__buf){ 0 };
    nu__template_messages(nu_s(source), S("a.html"), note, NULL);
    return nu__buf_str(&seen);
}

static void every_way_to_mark_a_text_is_found(void)
{
    CHECK_STR(found("a\n{% translate \"One\" %}{% trans 'Two'|upper context \"c\" %}"),
              "2:One\n2:c|Two\n");
    CHECK_STR(
        found("{{ _(\"Three\") }} {{ x|default:_('Four') }} {% if a == _(\"Five\") %}{% endif %}"),
        "1:Three\n1:Four\n1:Five\n");
    CHECK_STR(found("{% blocktranslate count n=k context 'c' %}One {{ a }}{% plural %}{{ n }} of "
                    "100%{% endblocktranslate %}"),
              "1:c|One %(a)s/%(n)s of 100%%\n");
    CHECK_STR(found("{% blocktrans trimmed %}\n  a\n\n  b\n{% endblocktrans %}"), "1:a b\n");
    CHECK_STR(found("{# Translators: short #}\n{% trans '5%' %}{% trans 'x' %}"),
              "2:<Translators: short>5%%\n2:x\n");
}

static void both_kinds_of_comment_go_to_the_next_line(void)
{
    CHECK_STR(found("{% comment %}Translators: a{% endcomment %}\n{% trans 'x' %}{% trans 'y' %}"),
              "2:<Translators: a>x\n2:y\n");
    CHECK_STR(
        found(
            "{% comment %} no\n Translators: a\n  {% b %} c\n{% endcomment %}\n\n{% trans 'x' %}"),
        "6:<Translators: a\nb c>x\n");
    CHECK_STR(found("{# Translators: a #}{# Translators: b #}\n{# Translators: c #}\n"
                    "{% blocktrans %}x{% endblocktrans %}"),
              "3:<Translators: a | Translators: b\nTranslators: c>x\n");
    CHECK_STR(found("{# Translators: a #}\n\n {{ v }}\n{% trans 'x' %}"), "4:<Translators: a>x\n");
    CHECK_STR(found("{# Translators: a #}\n{{ v|upper }}\n{% trans 'x' %}"), "3:x\n");
    CHECK_STR(found("{% comment %}{% endcomment %}{% comment %}\n{% endcomment %}{% trans 'x' %}"),
              "2:x\n");
}

static void a_comment_elsewhere_is_dropped(void)
{
    CHECK_STR(found("{# Translators: a #}{% trans 'x' %}\n{% trans 'y' %}"), "1:x\n2:y\n");
    CHECK_STR(found("{# Translators: a #}\ntext\n{% trans 'x' %}"), "3:x\n");
    CHECK_STR(found("{# Translators: a #}\n{% if b %}\n{% trans 'x' %}"), "3:x\n");
    CHECK_STR(found("{# a #}\n{% comment %}b{% endcomment %}\n{% trans 'x' %}"), "3:x\n");
}

static void constants_are_found_with_filters_and_in_what_is_wrong(void)
{
    CHECK_STR(found("{% firstof _(\"fo\")|upper %}{% if _('a b')==_('c') %}"),
              "1:fo\n1:a b\n1:c\n");
    CHECK_STR(found("{{ _('a')|x:_(\"b\")|y:\"_('no')\" }}{% trans _('odd') %}"),
              "1:a\n1:b\n1:odd\n");
    CHECK_STR(found("{% firstof _(\"open %}{% firstof _('x' %}{% firstof _(\"a\\\"b\") %}"),
              "1:a\"b\n");
    CHECK_STR(found("{% blocktrans with a=_('w')|upper b=\"context 'k'\" %}q{% endblocktrans %}"),
              "1:w\n1:q\n");
    CHECK_STR(found("{% blocktrans with a=\"b trimmed c\" %} q {% endblocktrans %}"), "1: q \n");
}

/* In linear time: it would not end otherwise. */
static void a_megabyte_of_open_strings_is_passed_over(void)
{
    nu__buf source = { 0 };

    nu__buf_lit(&source, "{% firstof _(\"first\") ");
    for (int i = 0; i < 100000; i++)
        nu__buf_str_add(&source, i % 2 ? S("_(\"a ") : S("_('b "));
    nu__buf_lit(&source, "%}{% trans 'last' ");
    for (int i = 0; i < 100000; i++)
        nu__buf_lit(&source, "context \"a ");
    nu__buf_lit(&source, "%}{% blocktrans ");
    for (int i = 0; i < 99999; i++)
        nu__buf_char(&source, '\'');
    nu__buf_lit(&source, " %}block{% endblocktrans %}");
    CHECK_STR(found(nu__buf_str(&source).ptr), "1:first\n1:a context |last\n1:block\n");
}

static void what_is_no_text_is_left_alone(void)
{
    CHECK_STR(found("{% translate variable %}{% comment %}{% trans 'no' %}{% endcomment %}"
                    "{% verbatim %}{% trans 'no' %}{% endverbatim %}{{ x }} _(\"no\")"),
              "");
    CHECK_STR(found("{% translate \"open"), "");
    CHECK_STR(found("{% translate \"open %}"), "");
    CHECK_STR(found("{{ _( }}{{ _(\"a }}"), "");
}

static void a_tag_inside_of_a_block_is_named(void)
{
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR,
                 "Translation blocks must not include other block tags: if x (file a.html, line 2)",
                 found("\n{% blocktranslate %}{% if x %}{% endblocktranslate %}"));
}

HARNESS(every_way_to_mark_a_text_is_found, both_kinds_of_comment_go_to_the_next_line,
        a_comment_elsewhere_is_dropped, constants_are_found_with_filters_and_in_what_is_wrong,
        a_megabyte_of_open_strings_is_passed_over, what_is_no_text_is_left_alone,
        a_tag_inside_of_a_block_is_named)
