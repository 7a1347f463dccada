#include "urls.h"

#include "views.h"

/* clang-format off */
const nu_urlconf registry_urls = {
    .urlpatterns = {
        path("",                                  home,            .name = "home"),
        path("students/",                         student_list,    .name = "student-list-page"),
        path("students.json",                     students_json,   .name = "student-list-json"),
        path("students/new/",                     student_new,     .name = "student-new"),
        path("students/<int:pk>/",                student_page,    .name = "student-page"),
        path("students/<int:pk>.json",            student_json,    .name = "student-json"),
        path("students/<int:pk>/edit/",           student_edit,    .name = "student-edit"),
        path("students/<int:pk>/delete/",         student_delete,  .name = "student-delete"),
        path("students/<int:student_pk>/enroll/", enroll,          .name = "student-enroll"),
        path("courses/",                          course_list,     .name = "course-list-page"),
        path("courses/new/",                      course_new,      .name = "course-new"),
        path("courses/<int:pk>/",                 course_page,     .name = "course-page"),
        path("courses/<int:pk>/edit/",            course_edit,     .name = "course-edit"),
        path("departments/",                      department_list, .name = "department-list-page"),
        path("departments/<int:pk>/delete/",      department_delete, .name = "department-delete"),
        path("catalogue.tsv",                     catalogue,       .name = "catalogue"),
        path("search.json",                       search_json,     .name = "search-json"),
        path("theme/",                            theme_page,      .name = "theme"),
        path("theme/set/",                        set_theme,       .name = "theme-set"),
    },
};
/* clang-format on */
