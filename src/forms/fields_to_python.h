/**
 * @file
 * The conversions that the rows of fields.c name. Each returns false with an error in the list.
 */
#pragma once
#include "forms/fields.h"

typedef bool nu__form_converter(const nu__form_field *field, nu_value in, nu_value *out,
                                nu_list *errors);

nu__form_converter nu__address_to_python, nu__boolean_to_python, nu__choice_to_python,
    nu__choices_to_python, nu__date_to_python, nu__datetime_to_python, nu__decimal_to_python,
    nu__duration_to_python, nu__file_to_python, nu__float_to_python, nu__image_to_python,
    nu__integer_to_python, nu__json_to_python, nu__null_boolean_to_python, nu__split_to_python,
    nu__text_to_python, nu__time_to_python, nu__url_to_python, nu__uuid_to_python;
