/**
 * @file
 * The conditions of {% if %}, with Python's precedences and comparisons.
 *
 * Counterpart: django.template.smartif.
 */
#pragma once
#include "template/parser.h"

typedef struct nu__condition nu__condition;

/* Raises TemplateSyntaxError in Django's words. */
const nu__condition *nu__condition_parse(nu_template_parser *parser, nu__words words);
/* An operator whose operands raise is false, as in Django. Yields as objects do. */
bool nu__condition_is_true(const nu__condition *condition, nu_template_context *context);
