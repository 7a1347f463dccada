#include "template/smart_if.h"

#include "core/object.h"
#include "template/context.h"

enum { MAX_DEPTH = 200 };

typedef enum operator_kind { LITERAL, PREFIX, INFIX } operator_kind;

typedef struct operation operation;
struct operation {
    const char *id;
    int power;
    operator_kind kind;
    nu_value (*evaluate)(const nu__if_condition *self, nu_template_context *context);
};

struct nu__if_condition {
    const operation *op;
    const nu_template_expression *value; /* a literal's */
    const nu__if_condition *left, *right;
    bool may_raise; /* an operand of its own may */
};

/* ---- evaluation
 * ----------------------------------------------------------------------------------- */

static nu_value evaluate(const nu__if_condition *self, nu_template_context *context);

static bool truth(const nu__if_condition *self, nu_template_context *context)
{
    return nu__value_truth(evaluate(self, context));
}

static nu_value evaluate_or(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(truth(self->left, context) || truth(self->right, context));
}

static nu_value evaluate_and(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(truth(self->left, context) && truth(self->right, context));
}

static nu_value evaluate_not(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(!truth(self->left, context));
}

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

/* Where Python would raise TypeError, neither `in` nor `not in` holds. */
static bool may_contain(nu_value container, nu_value item)
{
    if (is_text(container))
        return is_text(item);
    return container.kind == NU_KIND_BYTES || container.kind == NU_KIND_LIST ||
           container.kind == NU_KIND_DICT || nu__value_ops(container);
}

static nu_value contains(const nu__if_condition *self, nu_template_context *context, bool wanted)
{
    nu_value item = evaluate(self->left, context);
    nu_value container = evaluate(self->right, context);

    return nu_v_bool(may_contain(container, item) && nu__value_contains(container, item) == wanted);
}

static nu_value evaluate_in(const nu__if_condition *self, nu_template_context *context)
{
    return contains(self, context, true);
}

static nu_value evaluate_not_in(const nu__if_condition *self, nu_template_context *context)
{
    return contains(self, context, false);
}

/* Python's `is`, as far as CPython's own objects tell: None, booleans, small integers and what
   lies at one place. */
static bool is_same(nu_value a, nu_value b)
{
    if (is_text(a) && is_text(b))
        return a.s.len == b.s.len && (a.s.ptr == b.s.ptr || !a.s.len);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case NU_KIND_NULL:
        return true;
    case NU_KIND_BOOL:
        return a.b == b.b;
    case NU_KIND_INT:
        return a.i == b.i && a.i >= -5 && a.i <= 256;
    case NU_KIND_DECIMAL:
    case NU_KIND_LIST:
    case NU_KIND_DICT:
    case NU_KIND_OBJECT:
    case NU_KIND_QUERY:
    case NU_KIND_CALLABLE:
        return a.p == b.p;
    default:
        return false;
    }
}

static bool same_operands(const nu__if_condition *self, nu_template_context *context)
{
    nu_value left = evaluate(self->left, context);

    return is_same(left, evaluate(self->right, context));
}

static nu_value evaluate_is(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(same_operands(self, context));
}

static nu_value evaluate_is_not(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(!same_operands(self, context));
}

static bool equal_operands(const nu__if_condition *self, nu_template_context *context)
{
    nu_value left = evaluate(self->left, context);

    return nu__value_equal(left, evaluate(self->right, context));
}

static nu_value evaluate_eq(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(equal_operands(self, context));
}

static nu_value evaluate_ne(const nu__if_condition *self, nu_template_context *context)
{
    return nu_v_bool(!equal_operands(self, context));
}

/* False where the operands have no order. */
static bool order_operands(const nu__if_condition *self, nu_template_context *context, int *order)
{
    nu_value left = evaluate(self->left, context);

    return nu__value_compare(left, evaluate(self->right, context), order);
}

static nu_value evaluate_gt(const nu__if_condition *self, nu_template_context *context)
{
    int order;

    return nu_v_bool(order_operands(self, context, &order) && order > 0);
}

static nu_value evaluate_ge(const nu__if_condition *self, nu_template_context *context)
{
    int order;

    return nu_v_bool(order_operands(self, context, &order) && order >= 0);
}

static nu_value evaluate_lt(const nu__if_condition *self, nu_template_context *context)
{
    int order;

    return nu_v_bool(order_operands(self, context, &order) && order < 0);
}

static nu_value evaluate_le(const nu__if_condition *self, nu_template_context *context)
{
    int order;

    return nu_v_bool(order_operands(self, context, &order) && order <= 0);
}

static nu_value evaluate_literal(const nu__if_condition *self, nu_template_context *context)
{
    return nu__expression_or_null(self->value, context);
}

static nu_value evaluate(const nu__if_condition *self, nu_template_context *context)
{
    nu_value value = nu_v_bool(false);
    nu__place place;

    if (!self->may_raise)
        return self->op->evaluate(self, context);
    place = nu__context_place(context);
    if (nu_catch(NU_EXCEPTION, value = self->op->evaluate(self, context))) {
        nu__context_return(context, &place);
        return nu_v_bool(false);
    }
    return value;
}

bool nu__if_holds(const nu__if_condition *condition, nu_template_context *context)
{
    bool result = false;

    if (condition->op->kind != LITERAL || !condition->value->n_filters)
        return truth(condition, context);
    if (nu_catch(NU_VARIABLE_DOES_NOT_EXIST, result = truth(condition, context)))
        return false;
    return result;
}

/* ---- parsing
 * -------------------------------------------------------------------------------------- */

static const operation operations[] = {
    { "or", 6, INFIX, evaluate_or },          { "and", 7, INFIX, evaluate_and },
    { "not", 8, PREFIX, evaluate_not },       { "in", 9, INFIX, evaluate_in },
    { "not in", 9, INFIX, evaluate_not_in },  { "is", 10, INFIX, evaluate_is },
    { "is not", 10, INFIX, evaluate_is_not }, { "==", 10, INFIX, evaluate_eq },
    { "!=", 10, INFIX, evaluate_ne },         { ">", 10, INFIX, evaluate_gt },
    { ">=", 10, INFIX, evaluate_ge },         { "<", 10, INFIX, evaluate_lt },
    { "<=", 10, INFIX, evaluate_le },
};
static const operation literal = { "literal", 0, LITERAL, evaluate_literal };

typedef struct word {
    nu_str text;
    const operation *op;
    const nu_template_expression *value; /* a literal's */
} word;

typedef struct condition_parser {
    const word *words;
    size_t n, at;
    int depth;
} condition_parser;

static const operation *operation_named(nu_str word)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++)
        if (nu_eq(word, operations[i].id))
            return &operations[i];
    return &literal;
}

/* "is not" and "not in" are one word. All literals are compiled first: what is wrong in one is told
   before what is wrong with their order. */
static condition_parser read_words(nu_template_parser *parser, nu__words bits)
{
    word *words = nu_alloc_array(word, bits.len);
    size_t n = 0;

    for (size_t i = 0; i < bits.len; i++) {
        nu_str text = bits.items[i], next = i + 1 < bits.len ? bits.items[i + 1] : S("");

        if ((nu_eq(text, "is") && nu_eq(next, "not")) ||
            (nu_eq(text, "not") && nu_eq(next, "in"))) {
            text = nu_fmt("{} {}", text, next);
            i++;
        }
        words[n] = (word){ .text = text, .op = operation_named(text) };
        if (words[n].op == &literal)
            words[n].value = nu_parser_expression(parser, text);
        n++;
    }
    return (condition_parser){ .words = words, .n = n };
}

static const word *current(const condition_parser *p)
{
    return p->at < p->n ? &p->words[p->at] : NULL;
}

static bool literal_may_raise(const nu__if_condition *operand)
{
    return operand && operand->op == &literal &&
           (operand->value->n_filters || operand->value->variable.n_path);
}

static nu__if_condition *new_condition(const operation *op, const nu__if_condition *left,
                                       const nu__if_condition *right)
{
    nu__if_condition *condition = nu_alloc(nu__if_condition);

    condition->op = op;
    condition->left = left;
    condition->right = right;
    condition->may_raise = literal_may_raise(left) || literal_may_raise(right);
    return condition;
}

static const nu__if_condition *parse(condition_parser *p, int power);

/* A literal, or a prefix operator with its operand. */
static const nu__if_condition *parse_first(condition_parser *p)
{
    const word *word = current(p);
    nu__if_condition *condition;

    if (!word)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unexpected end of expression in if tag.");
    if (word->op->kind == INFIX)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Not expecting '{}' in this position in if tag.",
                 word->op->id);
    p->at++;
    if (word->op->kind == PREFIX)
        return new_condition(word->op, parse(p, word->op->power), NULL);
    condition = new_condition(word->op, NULL, NULL);
    condition->value = word->value;
    return condition;
}

static const nu__if_condition *parse(condition_parser *p, int power)
{
    const nu__if_condition *left;
    const word *word;
    int length = 0;

    if (p->depth++ == MAX_DEPTH)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "A condition has more than {} operators.", MAX_DEPTH);
    left = parse_first(p);
    while ((word = current(p)) && word->op->power > power) {
        if (word->op->kind != INFIX)
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Not expecting '{}' as infix operator in if tag.",
                     word->op->id);
        if (++length == MAX_DEPTH)
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "A condition has more than {} operators.",
                     MAX_DEPTH);
        p->at++;
        left = new_condition(word->op, left, parse(p, word->op->power));
    }
    p->depth--;
    return left;
}

const nu__if_condition *nu__if_parse(nu_template_parser *parser, nu__words words)
{
    condition_parser p = read_words(parser, words);
    const nu__if_condition *condition = parse(&p, 0);

    if (current(&p))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unused '{}' at end of if expression.",
                 current(&p)->text);
    return condition;
}
