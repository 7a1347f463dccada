/**
 * @file
 * The conditions of {% if %}, with Python's precedences and comparisons.
 *
 * Counterpart: django.template.smartif.
 */
#pragma once
#include "template/parser.h"

typedef struct nu__if_condition nu__if_condition;

/* Raises TemplateSyntaxError in Django's words. */
const nu__if_condition *nu__if_parse(nu_template_parser *parser, nu__words words);
/* An operator whose operands raise is false, as in Django. Yields as objects do. */
bool nu__if_holds(const nu__if_condition *condition, nu_template_context *context);
