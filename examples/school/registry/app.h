#pragma once
#include <nuages/conf.h>

extern const nu_app registry_app;
