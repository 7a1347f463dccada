/* Variables: objects, functions, what is missing; requests and context processors. */
#include "harness.h"

#include "core/object.h"
#include "http/message.h"
#include "template/template.h"

/* ---- an object
 * ------------------------------------------------------------------------------------ */

typedef struct thing {
    nu_object object;
    int asked;
} thing;

static nu_value work(const void *self)
{
    ((thing *)self)->asked++;
    return V("<work>");
}

static nu_value vanish(const void *self)
{
    (void)self;
    nu_raise(NU_DOES_NOT_EXIST, "gone");
}

static nu_value fail(const void *self)
{
    (void)self;
    nu_raise(NU_VALUE_ERROR, "broken");
}

static nu_value function(nu_value (*call)(const void *), const nu_object *self, bool alters_data,
                         bool do_not_call)
{
    nu__callable *callable = nu_alloc(nu__callable);

    *callable = (nu__callable){ call, self, alters_data, do_not_call };
    return (nu_value){ .kind = NU_KIND_CALLABLE, .p = callable };
}

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    if (nu_eq(name, "work"))
        *out = function(work, self, false, false);
    else if (nu_eq(name, "delete"))
        *out = function(work, self, true, false);
    else if (nu_eq(name, "later"))
        *out = function(work, self, false, true);
    else if (nu_eq(name, "gone"))
        *out = function(vanish, self, false, false);
    else if (nu_eq(name, "broken"))
        *out = function(fail, self, false, false);
    else
        return false;
    return true;
}

static nu_value text(const nu_object *self)
{
    (void)self;
    return V("a <thing>");
}

static nu_list *items(const nu_object *self)
{
    return NU_LIST(nu_v_object(self), "end");
}

static const nu_object_ops ops = { .kind = "thing", .get = get, .text = text, .items = items };
static const nu_class thing_class = { &ops, "thing" };

/* ---- rendering
 * ------------------------------------------------------------------------------------ */

static nu_context_processor *const *processors;

static void free_engine(void *engine)
{
    nu__template_engine_free(engine);
}

static nu_str render_for(const char *source, nu_dict *context, nu_request *request)
{
    nu__template_engine *engine = nu__template_engine_new(&(nu__template_options){
        .string_if_invalid = "<no %s>", .context_processors = processors });
    nu__buf out = { 0 };

    nu_defer(free_engine, engine);
    nu__template_render(nu__template_from_string(engine, nu_s(source)), context, request, &out);
    return nu__buf_str(&out);
}

#define RENDER(source, ...) render_for((source), NU_DICT(__VA_ARGS__), NULL)

/* ---- tests --------------------------------------------------------------------------------------
 */

static void functions_are_called_unless_they_alter_data(void)
{
    thing t = { { .type = &thing_class }, 0 };

    CHECK_STR(RENDER("{{ t.work }}{{ t }}", ("t", nu_v_object(&t))), "&lt;work&gt;a &lt;thing&gt;");
    CHECK_INT(t.asked, 1);
    RENDER("{{ t.delete }}{{ t.later.x }}", ("t", nu_v_object(&t)));
    CHECK_INT(t.asked, 1);
}

static void what_does_not_exist_is_silent_and_other_errors_are_not(void)
{
    thing t = { { .type = &thing_class }, 0 };

    CHECK_STR(RENDER("{{ t.gone|default:'none' }}", ("t", nu_v_object(&t))), "&lt;no %s&gt;");
    CHECK_RAISES(NU_VALUE_ERROR, "broken", RENDER("{{ t.broken }}", ("t", nu_v_object(&t))));
    CHECK_STR(RENDER("{% if t.broken == 1 or 1 %}x{% endif %}", ("t", nu_v_object(&t))), "x");
}

static void missing_variables_name_themselves_where_a_site_wants_it(void)
{
    CHECK_STR(RENDER("{{ a.b|upper }}{% if a %}x{% endif %}{% for x in a %}{% endfor %}", ("x", 1)),
              "&lt;no a.b&gt;");
    CHECK_RAISES(NU_VARIABLE_DOES_NOT_EXIST, "Failed lookup for key [y] in the argument of 'add'.",
                 RENDER("{{ x|add:y }}", ("x", 1)));
}

static void objects_are_walked_over(void)
{
    thing t = { { .type = &thing_class }, 0 };

    CHECK_STR(RENDER("{% for x in t %}{{ x|safe }},{% endfor %}", ("t", nu_v_object(&t))),
              "a <thing>,end,");
}

static void the_dict_of_a_view_stays_as_it_is(void)
{
    nu_dict *context = NU_DICT(("a", 1));

    CHECK_STR(
        render_for("{% cycle 5 6 as a %}{{ a }}{% firstof 7 as b %}{{ a }}{{ b }}", context, NULL),
        "5557");
    CHECK_INT(nu_dict_len(context), 1);
    CHECK_INT(nu_item(context, "a").i, 1);
}

static void processor(nu_request *request, nu_dict *variables)
{
    nu_dict_set(variables, "path", request->path);
    nu_dict_set(variables, "name", "from the processor");
}

static nu_str token(nu_request *request)
{
    return nu_fmt("<{}>", request->path);
}

static void requests_bring_the_variables_of_context_processors(void)
{
    static nu_context_processor *const one[] = { processor, NULL };
    nu_request *request = nu__request_new(NULL);

    nu__request_set_target(request, S("/p/?a=1&b=2"));
    processors = one;
    nu__template_csrf_token = token;
    CHECK_STR(render_for("{{ path }} {{ name }} {% querystring a=3 b=None %}",
                         NU_DICT(("name", "from the view")), request),
              "/p/ from the view ?a=3");
    CHECK_STR(render_for("{% csrf_token %}{{ csrf_token }}", NULL, request),
              "<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"&lt;/p/&gt;\">"
              "&lt;/p/&gt;");
    CHECK_STR(render_for("{% csrf_token %}{{ path }}", NULL, NULL), "&lt;no path&gt;");
    nu__template_csrf_token = NULL;
    processors = NULL;
}

/* {% include %} and loops of many variables outgrow the bindings that a rendering begins with. */
static void scopes_may_hold_many_variables(void)
{
    nu__buf source = { 0 };

    for (int i = 0; i < 100; i++)
        nu__buf_fmt(&source, "{{% with v{}={} %}}", i, i);
    nu__buf_lit(&source, "{{ v0 }} {{ v57 }} {{ v99 }}");
    for (int i = 0; i < 100; i++)
        nu__buf_lit(&source, "{% endwith %}");
    CHECK_STR(render_for(nu__buf_str(&source).ptr, NULL, NULL), "0 57 99");
}

HARNESS(functions_are_called_unless_they_alter_data,
        what_does_not_exist_is_silent_and_other_errors_are_not,
        missing_variables_name_themselves_where_a_site_wants_it, objects_are_walked_over,
        the_dict_of_a_view_stays_as_it_is, requests_bring_the_variables_of_context_processors,
        scopes_may_hold_many_variables)
