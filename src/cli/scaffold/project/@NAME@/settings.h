#pragma once
#include <nuages/nuages.h>

extern const nu_settings settings;
