/**
 * @file
 * The school's pages; urls.c says which answers where.
 */
#pragma once
#include "models.h"

#include <nuages/views.h>

nu_view home, enroll, catalogue, search_json, students_json, student_json, set_theme, theme_page;
extern const nu_generic student_list_options;
