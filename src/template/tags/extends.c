/* {% extends %}, and the names of other templates that stand in one. */
#include "core/text.h"
#include "template/tags/tags.h"

/* ---- names ----------------------------------------------------------------------------------- */

static nu_str folder_of(nu_str name)
{
    while (name.len && name.ptr[name.len - 1] != '/')
        name.len--;
    return name;
}

static nu_str without_root(nu_str name)
{
    while (name.len && name.ptr[0] == '/')
        name = nu__sub(name, 1, name.len);
    return name;
}

nu_str nu__relative_name(nu_str current, nu_str name, bool allow_itself)
{
    nu_str plain = nu__strip_chars(name, "'\""), joined, path;
    bool quoted = name.len > 1 && name.ptr[0] != plain.ptr[0] && name.ptr != plain.ptr;

    if (!nu_starts_with(plain, S("./")) && !nu_starts_with(plain, S("../")))
        return name;
    current = without_root(current);
    joined = nu_fmt("{}{}", folder_of(current), plain);
    if (!nu__template_name_normalize(joined, &path))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The relative path '{}' points outside the file hierarchy that template '{}' is "
                 "in.",
                 name, current);
    if (!allow_itself && nu_eq_(current, path))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The relative path '{}' was translated to template name '{}', the same template "
                 "in which the tag appears.",
                 name, current);
    return quoted ? nu_fmt("\"{}\"", path) : nu_copy(path);
}

const nu__symbol *nu__literal_template(nu_template_parser *parser,
                                       const nu_template_expression *expression)
{
    nu_str name = expression->variable.literal.s;

    if (!expression->constant || expression->n_filters || expression->variable.translate ||
        !name.len || memchr(name.ptr, '#', name.len))
        return NULL;
    return nu__parser_symbol(parser, name);
}

/* ---- extends --------------------------------------------------------------------------------- */

void nu__compile_extends(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    nu__template *tpl = parser->tpl;
    nu__open_tag *open;

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes one argument", words.items[0]);
    if (parser->n_open > 1 || parser->seen_tag)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{{% {} %}} must be the first tag in {}.",
                 parser->token.contents, tpl->name.len ? nu__quoted(tpl->name) : S("the template"));
    if (tpl->parent)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' cannot appear more than once in the same template",
                 words.items[0]);
    tpl->parent = nu_parser_expression(parser, nu__relative_name(tpl->name, words.items[1], false));
    tpl->parent_symbol = nu__literal_template(parser, tpl->parent);
    tpl->parent_position = (uint32_t)(parser->token.whole.ptr - tpl->source.ptr);
    open = &parser->open[0];
    tpl->preamble = open->text;
    open->text = (nu_str){ 0 };
    parser->extends_now = true;
}
