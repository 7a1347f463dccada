#include "forms.h"

const nu_form_spec EnrollForm_form = {
    FORM(EnrollForm),
    .fields = { ForeignKey(EnrollForm, course, Course) },
};
