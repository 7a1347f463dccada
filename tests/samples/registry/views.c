/* registry/views.c */
#include "views.h"

#include "forms.h"

nu_response *student_list(nu_request *req)
{
    nu_query *students = nu_select_related(nu_objects(Student), "department");
    nu_str    q        = nu_query_param(req, "q");

    if (q.len)
        students = nu_filter(students, nu_or(Q("first_name__icontains", q), Q("roll_no", q)));
    return nu_render(req, "registry/student_list.html", ("page", nu_paginate(req, students, 20)), ("q", q));
}

nu_response *student_page(nu_request *req)
{
    Student *student = nu_get_or_404(Student, Q("pk", nu_path_id(req, "pk")));

    return nu_render(req, "registry/student_page.html", ("student", student));
}

nu_response *enroll(nu_request *req)
{
    Student   *student = nu_get_or_404(Student, Q("pk", nu_path_id(req, "pk")));
    EnrollForm form    = { 0 };

    if (!nu_form_is_valid(req, EnrollForm, &form))
        return nu_render(req, "registry/enroll.html", ("student", student), ("form", &form));

    nu_atomic_scope();
    nu_create(Enrollment, .student = nu_ref_to(student), .course = form.course);
    nu_messages_success(req, "Enrolled.");
    return nu_redirect(req, "student-detail", student->id);
}
