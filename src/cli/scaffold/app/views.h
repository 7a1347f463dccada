#pragma once
#include <nuages/http.h>

nu_view item_list;
