/* registry/urls.c */
#include "urls.h"

#include "views.h"

const nu_urlconf school_urls = {
    .urlpatterns = {
        path("students/",                 student_list, .name = "student-list"),
        path("students/<int:pk>/",        student_page, .name = "student-detail"),
        path("students/<int:pk>/enroll/", enroll,       .name = "enroll"),
    },
};
