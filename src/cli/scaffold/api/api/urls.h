#pragma once
#include <nuages/urls.h>

extern const nu_urlconf api_urls;
