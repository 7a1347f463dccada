#pragma once
#include <nuages/http.h>

nu_view student_list, student_page, enroll;
