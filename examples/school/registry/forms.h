/**
 * @file
 * The school's forms.
 */
#pragma once
#include "models.h"

extern const nu_modelform StudentForm, CourseForm, EnrollmentForm;

NU_DECLARE_FORM(StudentSearchForm);
struct StudentSearchForm {
    NU_FORM_OBJECT;
    nu_str q;
    StudentStatus status;
};
