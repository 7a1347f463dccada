#include "urls.h"

#include "views.h"

/* No form of a browser sends these: nothing of a cookie decides, and no CSRF token is needed. */
const nu_urlconf api_urls = {
    .app_name = "api",
    .urlpatterns = {
        path("items/",          item_list,   .name = "item-list",   .methods = GET | POST, .csrf_exempt = true),
        path("items/<int:pk>/", item_detail, .name = "item-detail", .methods = GET | PUT | PATCH | DELETE,
                                             .csrf_exempt = true),
    },
};
