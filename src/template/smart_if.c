#include "template/smart_if.h"

#include "core/list.h"
#include "core/mapping.h"
#include "core/object.h"
#include "template/quick.h"

enum { MAX_DEPTH = 200 };

typedef enum operator_kind { LITERAL, PREFIX, INFIX } operator_kind;

typedef struct operation operation;
struct operation {
    const char *id;
    int power;
    operator_kind kind;
    bool (*evaluate)(const nu__if_condition *self, nu_template_context *context);
    bool (*compare)(const nu_value *a, const nu_value *b); /* NULL: not a matter of two values */
};

struct nu__if_condition {
    const operation *op;
    const nu_template_expression *value; /* a literal's */
    const nu__if_condition *left, *right;
    bool may_raise; /* an operand of its own may */
};

/* ---- comparing two values
 * ------------------------------------------------------------------------- */

static bool is_text(const nu_value *value)
{
    return value->kind == NU_KIND_STR || value->kind == NU_KIND_SAFE;
}

/* Lists and dicts have no hash, nor have tuples that hold them. */
static bool has_hash(const nu_value *value)
{
    if (value->kind == NU_KIND_DICT || nu__mapping_keys(*value))
        return false;
    if (value->kind != NU_KIND_LIST)
        return true;
    if (value->list->sequence != NU__TUPLE)
        return false;
    for (size_t i = 0; i < value->list->len; i++)
        if (!has_hash(&value->list->items[i]))
            return false;
    return true;
}

/* Where Python would raise TypeError, neither `in` nor `not in` holds. */
static bool may_contain(const nu_value *container, const nu_value *item)
{
    if (is_text(container))
        return is_text(item);
    if (container->kind == NU_KIND_DICT || nu__mapping_keys(*container) ||
        (container->kind == NU_KIND_LIST && container->list->sequence == NU__DICT_KEYS))
        return has_hash(item);
    return container->kind == NU_KIND_BYTES || container->kind == NU_KIND_LIST ||
           (nu__value_ops(*container) && nu__value_ops(*container)->items);
}

static bool is_in(const nu_value *item, const nu_value *container)
{
    return may_contain(container, item) && nu__value_contains(*container, *item);
}

static bool is_not_in(const nu_value *item, const nu_value *container)
{
    return may_contain(container, item) && !nu__value_contains(*container, *item);
}

/* Python's `is`, as far as CPython's own objects tell: None, booleans, small integers and what
   lies at one place. */
static bool is_same(const nu_value *a, const nu_value *b)
{
    if (is_text(a) && is_text(b)) /* each literal is an object of its own, the empty str is one */
        return a->s.len == b->s.len &&
               (a->s.len ? a->s.ptr == b->s.ptr : a->kind == NU_KIND_STR && b->kind == NU_KIND_STR);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case NU_KIND_NULL:
        return true;
    case NU_KIND_BOOL:
        return a->b == b->b;
    case NU_KIND_INT:
        return a->i == b->i && a->i >= -5 && a->i <= 256;
    case NU_KIND_DATE: /* held by value: equal ones are taken for the same */
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_TIMEDELTA:
        return a->i == b->i;
    case NU_KIND_DECIMAL:
    case NU_KIND_LIST:
    case NU_KIND_DICT:
    case NU_KIND_OBJECT:
    case NU_KIND_QUERY:
    case NU_KIND_CALLABLE:
        return a->p == b->p;
    default:
        return false;
    }
}

static bool is_other(const nu_value *a, const nu_value *b)
{
    return !is_same(a, b);
}

static bool is_equal(const nu_value *a, const nu_value *b)
{
    return nu__value_equal(*a, *b);
}

static bool is_unequal(const nu_value *a, const nu_value *b)
{
    return !nu__value_equal(*a, *b);
}

#define LARGEST (INT64_C(1) << 53)

static int order_of_floats(double a, double b)
{
    return a > b ? 1 : a < b ? -1 : a == b ? 0 : 2;
}

/* The order of the values; 2 where they have none. */
static int order(const nu_value *a, const nu_value *b)
{
    int order;

    if (a->kind == NU_KIND_INT && b->kind == NU_KIND_INT)
        return (a->i > b->i) - (a->i < b->i);
    if (a->kind == NU_KIND_FLOAT && b->kind == NU_KIND_INT && b->i > -LARGEST && b->i < LARGEST)
        return order_of_floats(a->f, (double)b->i); /* exactly */
    if (a->kind == NU_KIND_FLOAT && b->kind == NU_KIND_FLOAT)
        return order_of_floats(a->f, b->f);
    return nu__value_compare(*a, *b, &order) ? order : 2;
}

static bool is_greater(const nu_value *a, const nu_value *b)
{
    return order(a, b) == 1;
}

static bool is_greater_or_equal(const nu_value *a, const nu_value *b)
{
    int o = order(a, b);

    return o == 0 || o == 1;
}

static bool is_less(const nu_value *a, const nu_value *b)
{
    return order(a, b) == -1;
}

static bool is_less_or_equal(const nu_value *a, const nu_value *b)
{
    return order(a, b) <= 0;
}

/* ---- evaluation
 * ----------------------------------------------------------------------------------- */

static bool truth(const nu__if_condition *self, nu_template_context *context);

static bool evaluate_or(const nu__if_condition *self, nu_template_context *context)
{
    return truth(self->left, context) || truth(self->right, context);
}

static bool evaluate_and(const nu__if_condition *self, nu_template_context *context)
{
    return truth(self->left, context) && truth(self->right, context);
}

static bool evaluate_not(const nu__if_condition *self, nu_template_context *context)
{
    return !truth(self->left, context);
}

static nu_value operand(const nu__if_condition *self, nu_template_context *context)
{
    if (self->op->kind == LITERAL)
        return nu__expression_or_null(self->value, context);
    return nu_v_bool(truth(self, context));
}

static bool evaluate_comparison(const nu__if_condition *self, nu_template_context *context)
{
    nu_value left = operand(self->left, context), right = operand(self->right, context);

    return self->op->compare(&left, &right);
}

static bool guarded(const nu__if_condition *self, nu_template_context *context)
{
    nu__place place = nu__context_place(context);
    bool result = false;

    if (!nu_catch(NU_EXCEPTION, result = self->op->evaluate(self, context)))
        return result;
    nu__context_return(context, &place);
    return false;
}

/* A literal's value where getting it can't raise: a plain one, found without asking an object. */
static const nu_value *quick_value(const nu__if_condition *self, nu_template_context *context,
                                   nu_value *room)
{
    const nu_value *value = self->op->kind == LITERAL && !self->value->n_filters
                                ? nu__quick_value(&self->value->variable, context, room)
                                : NULL;

    return value && value->kind <= NU_KIND_BYTES ? value : NULL;
}

static bool truth_of_literal(const nu__if_condition *self, nu_template_context *context)
{
    nu_value room;
    const nu_value *value =
        self->value->n_filters ? NULL : nu__quick_value(&self->value->variable, context, &room);

    if (!value) {
        room = nu__expression_or_null(self->value, context);
        value = &room;
    }
    return nu__quick_truth(value);
}

static bool truth(const nu__if_condition *self, nu_template_context *context)
{
    nu_value rooms[2];
    const nu_value *left, *right;

    if (self->op->kind == LITERAL)
        return truth_of_literal(self, context);
    if (self->op->compare && (left = quick_value(self->left, context, &rooms[0])) &&
        (right = quick_value(self->right, context, &rooms[1])))
        return self->op->compare(left, right);
    return self->may_raise ? guarded(self, context) : self->op->evaluate(self, context);
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
    { "or", 6, INFIX, evaluate_or, NULL },
    { "and", 7, INFIX, evaluate_and, NULL },
    { "not", 8, PREFIX, evaluate_not, NULL },
    { "in", 9, INFIX, evaluate_comparison, is_in },
    { "not in", 9, INFIX, evaluate_comparison, is_not_in },
    { "is", 10, INFIX, evaluate_comparison, is_same },
    { "is not", 10, INFIX, evaluate_comparison, is_other },
    { "==", 10, INFIX, evaluate_comparison, is_equal },
    { "!=", 10, INFIX, evaluate_comparison, is_unequal },
    { ">", 10, INFIX, evaluate_comparison, is_greater },
    { ">=", 10, INFIX, evaluate_comparison, is_greater_or_equal },
    { "<", 10, INFIX, evaluate_comparison, is_less },
    { "<=", 10, INFIX, evaluate_comparison, is_less_or_equal },
};
static const operation literal = { "literal", 0, LITERAL, NULL, NULL };

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
