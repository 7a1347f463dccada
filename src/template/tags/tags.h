/**
 * @file
 * The compile functions of tags that are no row of a table of their own, and what tags share.
 */
#pragma once
#include "template/context.h"
#include "template/parser.h"

/* For a site's rows: the row is the innermost open tag's. */
void nu__compile_simple_tag(nu_template_parser *parser);
void nu__compile_inclusion_tag(nu_template_parser *parser);
void nu__compile_simple_block_tag(nu_template_parser *parser);

/* Each file's tags; the table that names them is builtins.c. */
void nu__compile_autoescape(nu_template_parser *parser);
void nu__compile_block(nu_template_parser *parser);
void nu__compile_comment(nu_template_parser *parser);
void nu__compile_csrf_token(nu_template_parser *parser);
void nu__compile_cycle(nu_template_parser *parser);
void nu__compile_debug(nu_template_parser *parser);
void nu__compile_extends(nu_template_parser *parser);
void nu__compile_filter(nu_template_parser *parser);
void nu__compile_firstof(nu_template_parser *parser);
void nu__compile_for(nu_template_parser *parser);
void nu__compile_if(nu_template_parser *parser);
void nu__compile_ifchanged(nu_template_parser *parser);
void nu__compile_include(nu_template_parser *parser);
void nu__compile_load(nu_template_parser *parser);
void nu__compile_lorem(nu_template_parser *parser);
void nu__compile_now(nu_template_parser *parser);
void nu__compile_partial(nu_template_parser *parser);
void nu__compile_partialdef(nu_template_parser *parser);
void nu__compile_querystring(nu_template_parser *parser);
void nu__compile_regroup(nu_template_parser *parser);
void nu__compile_resetcycle(nu_template_parser *parser);
void nu__compile_spaceless(nu_template_parser *parser);
void nu__compile_templatetag(nu_template_parser *parser);
void nu__compile_url(nu_template_parser *parser);
void nu__compile_verbatim(nu_template_parser *parser);
void nu__compile_widthratio(nu_template_parser *parser);
void nu__compile_with(nu_template_parser *parser);

/* The outcome of a tag with "as name": set, or written. */
void nu__tag_result(nu_template_context *context, const nu__symbol *as, nu_value value);
/* Bind each name to its value in the scope that has just been opened; the values are resolved in
   the scope outside of it. */
void nu__bind_assignments(nu_template_context *context, nu__assignments assignments,
                          uint32_t *outer);
/* The name of the template that a literal names; NULL: it is none, or names a partial. */
const nu__symbol *nu__literal_template(nu_template_parser *parser,
                                       const nu_template_expression *expression);
