#pragma once
#include "models.h"

NU_DECLARE_FORM(EnrollForm);
struct EnrollForm {
    NU_FORM_OBJECT;
    Course_ref course;
};
