/* {% load school_tags %}: |points, {% badge student %}, {% pager %}. */
#include "../models.h"

static const struct {
    const char *grade, *points;
} grade_points[] = {
    { "A", "4.0" }, { "B", "3.0" }, { "C", "2.0" }, { "D", "1.0" }, { "F", "0.0" }
};

static const struct {
    StudentStatus status;
    const char *colour;
} colours[] = { { STUDENT_ACTIVE, "green" },
                { STUDENT_GRADUATED, "blue" },
                { STUDENT_SUSPENDED, "red" } };

/* The grade points of a letter, or a dash. */
static nu_value points(nu_value grade, nu_value arg)
{
    (void)arg;
    for (size_t i = 0; i < sizeof grade_points / sizeof *grade_points; i++)
        if (grade.kind == NU_KIND_STR && nu_eq(grade.s, grade_points[i].grade))
            return V(grade_points[i].points);
    return V("–");
}

/* A student's status as a coloured label. */
static nu_value badge(nu_tag_args *args)
{
    const Student *student = nu_tag_object(args, 0, Student);
    const char *colour = "grey";

    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (colours[i].status == student->status)
            colour = colours[i].colour;
    return nu_format_html("<span class=\"badge {}\">{}</span>", colour,
                          nu_label(StudentStatus, student->status));
}

static nu_value pager(nu_tag_args *args)
{
    return V(NU_DICT(("page_obj", nu_tag_context(args, "page_obj")),
                     ("request", nu_tag_context(args, "request"))));
}

const nu_template_library school_tags = {
    .name = "school_tags",
    .filters = { Filter("points", points) },
    .simple_tags = { SimpleTag("badge", badge) },
    .inclusion_tags = { InclusionTag("pager", "registry/_pager.html", pager) },
};
