#pragma once
#include "models.h"

extern const nu_modelform ItemForm;
