#include "urls.h"

#include "views.h"

const nu_urlconf @NAME@_urls = {
    .app_name = "@NAME@",
    .urlpatterns = {
        path("", item_list, .name = "index"),
    },
};
