#include "urls.h"

#include "forms.h"
#include "views.h"

/* clang-format off */
const nu_urlconf registry_urls = {
    .urlpatterns = {
        path("", TemplateView("registry/home.html", .get_context_data = home_context), .name = "home",
             .context = { "departments", "student_count", "course_count", "enrollment_count", "average_gpa", "grades",
                          "newest_students" }),

        path("students/", ListView(Student, .template_name = "registry/students/list.html", .paginate_by = 20,
                                   .get_queryset = student_list_query, .get_context_data = student_list_context),
             .name = "student-list-page", .context = { "columns", "order", "form" }),
        path("students/new/", CreateView(Student, .template_name = "registry/students/form.html", .form = &StudentForm,
                                         .success_message = "{first_name} {last_name} was added."),
             .name = "student-new"),
        path("students/<int:pk>/", DetailView(Student, .template_name = "registry/students/detail.html",
                                              .get_queryset = student_query, .get_context_data = student_context),
             .name = "student-page", .context = { "enrollments", "enrollment_form" }),
        path("students/<int:pk>/edit/", UpdateView(Student, .template_name = "registry/students/form.html", .form = &StudentForm,
                                                   .success_message = "{first_name} {last_name} was saved."),
             .name = "student-edit"),
        path("students/<int:pk>/delete/", DeleteView(Student, .template_name = "registry/students/confirm_delete.html",
                                                     .success_url = "/students/", .success_message = "The student was deleted."),
             .name = "student-delete"),
        path("students/<int:student_pk>/enroll/", enroll, .name = "student-enroll",
             .template_name = "registry/enrollments/form.html", .context = { "student", "form" },
             .methods = GET | HEAD | POST | PUT | OPTIONS),

        path("courses/", ListView(Course, .template_name = "registry/courses/list.html", .context_object_name = "courses",
                                  .paginate_by = 5, .paginate_orphans = 2, .get_queryset = course_list_query),
             .name = "course-list-page"),
        path("courses/new/", CreateView(Course, .template_name = "registry/courses/form.html", .form = &CourseForm,
                                        .success_message = "{title} was added."),
             .name = "course-new"),
        path("courses/<int:pk>/", DetailView(Course, .template_name = "registry/courses/detail.html", .get_queryset = course_query),
             .name = "course-page"),
        path("courses/<int:pk>/edit/", UpdateView(Course, .template_name = "registry/courses/form.html", .form = &CourseForm,
                                                  .success_message = "{title} was saved."),
             .name = "course-edit"),

        path("departments/", ListView(Department, .template_name = "registry/departments/list.html"),
             .name = "department-list-page", .cache_control = CacheControl(.public = true, .max_age = 300)),
        path("departments/<int:pk>/delete/", department_delete, .name = "department-delete",
             .template_name = "registry/departments/confirm_delete.html", .context = { "object", "department" },
             .methods = GET | HEAD | POST | DELETE | OPTIONS),

        path("catalogue.tsv", catalogue, .name = "catalogue", .methods = GET | HEAD, .etag = catalogue_etag,
             .last_modified = catalogue_last_modified),
        path("search.json",             search_json,   .name = "search-json",       .methods = GET),
        path("students.json",           students_json, .name = "student-list-json", .methods = GET | HEAD),
        path("students/<int:pk>.json",  student_json,  .name = "student-json",      .methods = GET | HEAD),

        path("theme/",     theme_page, .name = "theme",
             .template_name = "registry/theme.html", .context = { "cookie_theme", "session_theme" }),
        path("theme/set/", set_theme,  .name = "theme-set", .methods = POST),
    },
};
/* clang-format on */
