#include "forms.h"

const nu_modelform ItemForm = {
    MODEL_FORM(Item),
    .fields = { "title" },
};
