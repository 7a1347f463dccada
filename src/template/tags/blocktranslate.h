/**
 * @file
 * {% blocktranslate %}.
 */
#pragma once
#include "template/parser.h"

void nu__compile_blocktranslate(nu_template_parser *parser);
