/**
 * @file
 * From tokens to nodes.
 *
 *   nu__template_compile
 *     nu__parse                        nodes up to the end, or to one of the tags that may follow
 *       tag->compile(parser)           reads its words, compiles expressions, parses what is inside
 *         nu_parser_expression
 *         nu_parser_until -> nu__parse
 *         nu_parser_emit               appends the node, with the text before it
 *
 * What a compile function allocates lives as long as the template: the template's arena is the
 * running one. An error raised below is given template, line and column on its way out.
 *
 * Counterpart: django.template.base.Parser.
 */
#pragma once
#include "template/engine.h"
#include "template/lexer.h"
#include "template/library.h"

enum {
    NU__MAX_NESTING = 200,     /* tags open at once */
    NU__MAX_SOURCE = 16 << 20, /* bytes of one template */
    NU__MAX_FILTERS = 1000,    /* of one expression */
    NU__MAX_LOOKUPS = 1000,    /* dots of one variable */
};

/* A tag that is being compiled. */
typedef struct nu__open_tag {
    nu_str name;
    nu__token token;
    nu_str text; /* before it; goes with its node */
    const nu__tag *tag;
} nu__open_tag;

struct nu_template_parser {
    nu__arena *scratch; /* what is needed until the template is compiled */
    nu__template_engine *engine;
    nu__template *tpl;
    nu__lexer lexer;
    nu__token token; /* the tag whose words are the parser's words */
    nu__words words;
    bool split; /* `words` are the token's */
    nu__scope scope;

    nu_str text;     /* read, and in no node yet */
    nu__node *nodes; /* finished nodes of all lists that are open */
    size_t n_nodes, cap_nodes;
    nu__open_tag open[NU__MAX_NESTING];
    int n_open;
    bool seen_tag, extends_now; /* a tag came before {% extends %}; this tag is it */
    bool in_variable;           /* an error is about `token`, not about the innermost open tag */
    nu_str suggestion;          /* for the error that is about to be raised */

    nu_dict *block_names; /* every {% block %} so far */
    const nu__block **blocks;
    size_t n_blocks, cap_blocks;
    struct nu__cycle *last_cycle, *named_cycles;
    nu__template *partials;
    size_t n_partials, cap_partials;
};

/* Compile into `tpl`, whose engine, names and source are set; the running arena is the template's,
   the parser is zeroed but for `scratch`. Raises TemplateSyntaxError without a place; see
   nu__parser_place. */
void nu__parse_template(nu_template_parser *parser, nu__template *tpl);
/* "\n  registry/home.html:3:14: Did you mean 'upper'?" for the error just raised. */
nu_str nu__parser_place(const nu_template_parser *parser);
/* "registry/home.html:3:14" */
nu_str nu__template_place(const nu__template *tpl, size_t position);

/* Nodes up to one of the tags (names ending with NULL), which is then the parser's token; NULL: up
   to the template's end. */
nu_template_nodes nu__parse(nu_template_parser *parser, const char *const *until);
#define nu__parse_until(parser, ...) nu__parse((parser), (const char *const[]){ __VA_ARGS__, NULL })
/* The next token, whatever it is: for tags that read what is inside them on their own. */
nu__token nu__parser_next(nu_template_parser *parser);
/* Drop everything up to that tag. */
void nu__parser_skip_past(nu_template_parser *parser, const char *end);
/* Raise "Invalid block tag on line …". */
NU_NORETURN void nu__invalid_tag(nu_template_parser *parser, nu_str name,
                                 const char *const *expected);

nu__words nu__parser_words(nu_template_parser *parser); /* split_contents() */
/* The words without the `skip` first ones; and without "as name" at the end, which goes to *as. */
nu__words nu__words_from(nu__words words, size_t skip);
nu__words nu__words_take_as(nu_template_parser *parser, nu__words words, const nu__symbol **as);

const nu__symbol *nu__parser_symbol(nu_template_parser *parser, nu_str name);
/* The same of a variable that the tag reads, or sets: what ./manage check knows them by. */
const nu__symbol *nu__parser_reads(nu_template_parser *parser, nu_str name);
const nu__symbol *nu__parser_sets(nu_template_parser *parser, nu_str name);
const nu__symbol *nu__parser_includes(nu_template_parser *parser, nu_str name);
const nu__variable *nu__parser_variable(nu_template_parser *parser, nu_str text);
nu__expressions nu__parser_expressions(nu_template_parser *parser, nu__words words);
/* token_kwargs(): the name=value words at the beginning (with `legacy` also "value as name and …");
 *words keeps the rest. */
nu__assignments nu__parser_assignments(nu_template_parser *parser, nu__words *words, bool legacy);
/* "name=value" apart; false when the word is no such pair. */
bool nu__split_assignment(nu_str word, nu_str *name, nu_str *value);
/* One of the words is name=…. */
bool nu__words_assign(nu__words words, nu_str name);
/* A slot of the rendering's state for a tag that keeps one; see context.h. */
uint32_t nu__parser_state(nu_template_parser *parser);

/* "on", "off" or nothing behind a tag's name. */
bool nu__parser_on_off(nu_template_parser *parser);
/* The name in {% get_something as name %}. */
const nu__symbol *nu__parser_as_variable(nu_template_parser *parser, const char *tag);

/* repr(text), for messages; in the arena. */
nu_str nu__quoted(nu_str text);
