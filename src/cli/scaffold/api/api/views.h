#pragma once
#include <nuages/urls.h>

nu_view item_list, item_detail;
/* Errors that reach the top, as {"detail": "Not found."}; under DEBUG the debug page stands in its place. */
nu_error_view api_error;
