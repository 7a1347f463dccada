#pragma once
#include <nuages/nuages.h>

extern const nu_app api_app;
