/* Exceptions: the classes, and their way through nu_raise() and nu_catch(). */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "core/context.h"
#include "core/object.h"

/* ---- the one that is on its way -------------------------------------------------------------- */

/* nu_raise() carries a class and a text; the value that was thrown waits here for its catcher. */
static _Thread_local struct {
    nu__py thrown, handled;
} state;

nu__py nu__py_exception_new(const nu__py_type *type, nu__py args)
{
    nu__py_exception *e = nu_alloc(nu__py_exception);

    e->args = args;
    return nu__py_pointer(type, e);
}

static nu__py_exception *of(nu__py exception)
{
    return exception.p;
}

/* What is raised while another is handled has that one as its context; never itself, be it by way
   of others. */
static void link_context(nu__py exception)
{
    nu__py each = state.handled;

    if (!nu__py_given(each) || each.p == exception.p)
        return;
    while (nu__py_given(of(each)->context) && of(each)->context.p != exception.p)
        each = of(each)->context;
    of(each)->context = (nu__py){ 0 };
    of(exception)->context = state.handled;
}

void nu__py_throw(nu__py exception)
{
    const nu__py_exception *e = exception.cp;
    nu_error_class klass = exception.type->error ? exception.type->error : NU_EXCEPTION;

    state.thrown = exception;
    if (e->error)
        nu__raise_like(e->error);
    nu_raise(klass, "{}", nu__py_text(exception));
}

void nu__py_raise_(const nu__py_type *type, nu_str message)
{
    nu__py args = nu__py_list_new(&nu__py_tuple_type, 1);

    if (message.len)
        nu__py_append(args, nu__py_str(nu_copy(message)));
    nu__py_throw_from(nu__py_exception_new(type, args), (nu__py){ 0 });
}

static bool is_the_thrown(const nu_error *error)
{
    nu_error_class klass;

    if (!nu__py_given(state.thrown))
        return false;
    klass = state.thrown.type->error ? state.thrown.type->error : NU_EXCEPTION;
    return klass == error->klass && (((const nu__py_exception *)state.thrown.cp)->error ||
                                     nu_starts_with(nu__py_text(state.thrown), error->message));
}

static const nu_error *copy_of(const nu_error *error)
{
    nu_error *copy = nu_alloc(nu_error);
    nu_value detail;

    *copy = *error;
    copy->message = nu_copy(error->message);
    copy->cause = copy->also = NULL;
    if (error->detail && nu__value_copy(nu__here->arena, nu_v_dict(error->detail), &detail))
        copy->detail = detail.dict;
    copy->codes = NULL;
    if (error->codes && nu__value_copy(nu__here->arena, nu_v_dict(error->codes), &detail))
        copy->codes = detail.dict;
    copy->params = nu__error_params(error);
    return copy;
}

nu__py nu__py_exception_of(const nu_error *error)
{
    nu__py out = state.thrown, args;

    if (is_the_thrown(error)) {
        state.thrown = (nu__py){ 0 };
        return out;
    }
    state.thrown = (nu__py){ 0 };
    args = nu__py_list_new(&nu__py_tuple_type, 1);
    nu__py_append(args, nu__py_str(nu_copy(error->message)));
    out = nu__py_exception_new(&nu__py_errors[error->klass], args);
    of(out)->error = copy_of(error);
    if (error->cause)
        of(out)->cause = of(out)->context = nu__py_exception_of(error->cause);
    else
        link_context(out);
    return out;
}

/* ---- raise, except --------------------------------------------------------------------------- */

static nu__py as_exception(nu__py value, const char *message)
{
    if (value.type == &nu__py_type_type && nu__py_is_a(value.class_, &nu__py_base_exception))
        value = nu__py_invoke(value, &(nu__py_call){ 0 });
    if (!nu__py_is_a(value.type, &nu__py_base_exception))
        nu_raise(NU_TYPE_ERROR, "{}", message);
    return value;
}

void nu__py_throw_from(nu__py value, nu__py cause)
{
    nu__py exception = as_exception(value, "exceptions must derive from BaseException");

    link_context(exception);
    of(exception)->context_hidden = nu__py_given(cause);
    if (nu__py_given(cause) && cause.type != &nu__py_none_type)
        of(exception)->cause =
            as_exception(cause, "exception causes must derive from BaseException");
    nu__py_throw(exception);
}

nu__py nu__py_handling(nu__py exception)
{
    nu__py before = state.handled;

    state.handled = exception;
    return before;
}

void nu__py_throw_again(void)
{
    if (!nu__py_given(state.handled))
        nu_raise(NU_RUNTIME_ERROR, "No active exception to reraise");
    nu__py_throw(state.handled);
}

/* The library's tree knows of second parents. An error that the library raised for some model is
   caught by the name that the model has for it: Student.DoesNotExist. */
static bool is_error_of(const nu__py_type *type, const nu__py_type *class_)
{
    const nu__py_type *plain = class_->error ? &nu__py_errors[class_->error] : NULL;

    if (!plain || !type->error)
        return false;
    return class_ == plain ? nu_error_is_a(type->error, class_->error)
                           : class_->of && type == plain;
}

bool nu__py_exception_is(nu__py exception, nu__py classes)
{
    if (classes.type == &nu__py_tuple_type) {
        for (size_t i = 0; i < classes.list->len; i++)
            if (nu__py_exception_is(exception, classes.list->items[i]))
                return true;
        return false;
    }
    if (classes.type != &nu__py_type_type || !nu__py_is_a(classes.class_, &nu__py_base_exception))
        nu_raise(NU_TYPE_ERROR,
                 "catching classes that do not inherit from BaseException is not allowed");
    return nu__py_is_a(exception.type, classes.class_) ||
           is_error_of(exception.type, classes.class_);
}

/* ---- the type -------------------------------------------------------------------------------- */

static nu__py make(const nu__py_type *type, const nu__py_call *call)
{
    nu__py args = nu__py_list_new(&nu__py_tuple_type, call->n);

    if (call->n_keywords)
        nu_raise(NU_TYPE_ERROR, "{}() takes no keyword arguments", type->name);
    for (size_t i = 0; i < call->n; i++)
        nu__py_append(args, call->args[i]);
    return nu__py_exception_new(type, args);
}

/* ---- what they have ---------------------------------------------------------------------------
 */

/* The rows that kept others from being deleted. */
static bool objects_in_the_way(const nu__py_exception *e, nu_str name, nu__py *out)
{
    bool named =
        e->error && ((e->error->klass == NU_PROTECTED_ERROR && nu_eq(name, "protected_objects")) ||
                     (e->error->klass == NU_RESTRICTED_ERROR && nu_eq(name, "restricted_objects")));

    if (named)
        *out = nu__py_of(nu_item(e->error->detail, "objects"));
    return named;
}

static bool get(nu__py self, nu_str name, nu__py *out)
{
    if (nu_eq(name, "__notes__") && nu__py_given(of(self)->notes)) {
        *out = of(self)->notes;
        return true;
    }
    return objects_in_the_way(self.cp, name, out);
}

static void text(nu__py self, nu__buf *out)
{
    const nu__py_exception *e = self.cp;
    const nu__py_list *args = e->args.list;

    if (e->error && e->error->klass != NU_KEY_ERROR)
        nu__buf_str_add(out, e->error->message);
    else if (args->len == 1 && nu__py_is_a(self.type, &nu__py_errors[NU_KEY_ERROR]) && !e->error)
        nu__py_repr_to(args->items[0], out);
    else if (args->len == 1)
        nu__buf_str_add(out, nu__py_text(args->items[0]));
    else if (args->len)
        nu__py_repr_to(e->args, out);
}

static void repr(nu__py self, nu__buf *out)
{
    const nu__py_exception *e = self.cp;
    nu_str args = nu__py_repr(e->args);

    nu__buf_fmt(out, "{}", self.type->name);
    if (e->args.list->len == 1)
        nu__buf_fmt(out, "({})", nu__py_repr(e->args.list->items[0]));
    else
        nu__buf_str_add(out, args);
}

static nu__py args_of(nu__py self)
{
    return ((const nu__py_exception *)self.cp)->args;
}

static nu__py or_none(nu__py value)
{
    return nu__py_given(value) ? value : nu__py_none();
}

static nu__py cause_of(nu__py self)
{
    return or_none(of(self)->cause);
}

static nu__py context_of(nu__py self)
{
    return or_none(of(self)->context);
}

static nu__py hides_context(nu__py self)
{
    return nu__py_bool(of(self)->context_hidden);
}

static bool set(nu__py self, nu_str name, nu__py value)
{
    bool cause = nu_eq(name, "__cause__");

    if (nu_eq(name, "__suppress_context__")) {
        of(self)->context_hidden = nu__py_truth(value);
        return true;
    }
    if (!cause && !nu_eq(name, "__context__"))
        return false;
    if (value.type != &nu__py_none_type && !nu__py_is_a(value.type, &nu__py_base_exception))
        nu_raise(NU_TYPE_ERROR, "exception {} must be None or derive from BaseException",
                 cause ? "cause" : "context");
    *(cause ? &of(self)->cause : &of(self)->context) = value;
    of(self)->context_hidden |= cause;
    return true;
}

static nu__py add_note(nu__py self, const nu__py *args)
{
    if (!NU__PY_IS(args[0], str))
        nu_raise(NU_TYPE_ERROR, "note must be a str, not '{}'", args[0].type->name);
    if (!nu__py_given(of(self)->notes))
        of(self)->notes = nu__py_list_new(&nu__py_list_type, 1);
    nu__py_append(of(self)->notes, args[0]);
    return nu__py_none();
}

const nu__py_type nu__py_base_exception = {
    .name = "BaseException",
    .attributes = (const nu__py_attribute[]){ { "args", args_of },
                                              { "__cause__", cause_of },
                                              { "__context__", context_of },
                                              { "__suppress_context__", hides_context },
                                              { NULL, NULL } },
    .methods = (const nu__py_method[]){ { "add_note", "note, /", add_note }, { 0 } },
    .get = get,
    .set = set,
    .make_any = make,
    .repr = repr,
    .text = text,
};

#define PARENT_OF(name, parent)                                                                    \
    (NU_##name == NU_EXCEPTION          ? &nu__py_base_exception                                   \
     : NU_##name == NU_VALIDATION_ERROR ? &nu__py_invalid_type                                     \
                                        : &nu__py_errors[NU_##parent])
#define ROW(name_, text_, parent)                                                                  \
    [NU_##name_] = { .name = text_, .base = PARENT_OF(name_, parent), .error = NU_##name_ },
const nu__py_type nu__py_errors[NU_ERROR_CLASS_COUNT] = { NU_ERROR_CLASSES(ROW) };

#define CLASS(variable, name_, base_, error_)                                                      \
    const nu__py_type variable = { .name = name_, .base = (base_), .error = (error_) };
CLASS(nu__py_name_error, "NameError", &nu__py_errors[NU_EXCEPTION], NU_EXCEPTION)
CLASS(nu__py_syntax_error, "SyntaxError", &nu__py_errors[NU_EXCEPTION], NU_EXCEPTION)
CLASS(nu__py_indentation_error, "IndentationError", &nu__py_syntax_error, NU_EXCEPTION)
CLASS(nu__py_assertion_error, "AssertionError", &nu__py_errors[NU_EXCEPTION], NU_EXCEPTION)
CLASS(nu__py_stop_iteration, "StopIteration", &nu__py_errors[NU_EXCEPTION], NU_EXCEPTION)
CLASS(nu__py_import_error, "ImportError", &nu__py_errors[NU_EXCEPTION], NU_EXCEPTION)
CLASS(nu__py_module_not_found_error, "ModuleNotFoundError", &nu__py_import_error, NU_EXCEPTION)
CLASS(nu__py_recursion_error, "RecursionError", &nu__py_errors[NU_RUNTIME_ERROR], NU_RUNTIME_ERROR)
CLASS(nu__py_keyboard_interrupt, "KeyboardInterrupt", &nu__py_base_exception, NU_EXCEPTION)
CLASS(nu__py_unicode_decode_error, "UnicodeDecodeError", &nu__py_errors[NU_UNICODE_ERROR],
      NU_UNICODE_ERROR)
CLASS(nu__py_system_exit, "SystemExit", &nu__py_base_exception, NU_EXCEPTION)
