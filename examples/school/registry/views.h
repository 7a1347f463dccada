/**
 * @file
 * The school's pages; urls.c says which answers where. What a generic view needs beside its table
 * stands here too.
 */
#pragma once
#include "models.h"

nu_view enroll, department_delete, catalogue, search_json, students_json, student_json, set_theme,
    theme_page, open_house;

void home_context(nu_request *req, nu_dict *context);
nu_query *student_list_query(nu_request *req);
void student_list_context(nu_request *req, nu_dict *context);
nu_query *student_query(nu_request *req);
void student_context(nu_request *req, nu_dict *context);
nu_query *course_list_query(nu_request *req);
nu_query *course_query(nu_request *req);

nu_str catalogue_etag(nu_request *req);
nu_datetime catalogue_last_modified(nu_request *req);

/* Until the school has accounts every visitor may do everything. */
nu_context_processor open_house_context;
