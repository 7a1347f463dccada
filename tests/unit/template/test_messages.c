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
    nu__template_messages(nu_s(source), note, NULL);
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
                 "Translation blocks must not include other block tags: if x (line 2)",
                 found("\n{% blocktranslate %}{% if x %}{% endblocktranslate %}"));
}

HARNESS(every_way_to_mark_a_text_is_found, what_is_no_text_is_left_alone,
        a_tag_inside_of_a_block_is_named)
