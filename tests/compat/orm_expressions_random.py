"""Query sets put together by chance: conditions in conditions, aggregates with filters, expressions, over
relations; read in different ways. The same for the same seed: ORM_SEED, and ORM_RANDOM how many."""
import os
import random

SEED = int(os.environ.get("ORM_SEED", "20261129"))
HOW_MANY = int(os.environ.get("ORM_RANDOM", "600"))

FIELDS = {
    "Student": ["first_name", "last_name", "gpa", "pk", "status", "created_at", "date_of_birth", "user__username",
                "enrollments__grade", "courses__credits", "courses__department__code", "payments__amount",
                "address__city"],
    "Course": ["code", "title", "credits", "fee", "starts_on", "department__name", "tags__slug",
               "enrollments__student__gpa", "students__status", "pk"],
    "Enrollment": ["grade", "enrolled_on", "student__gpa", "student__user__username", "course__code",
                   "course__department__code", "attendance__present", "pk"],
    "Department": ["name", "code", "courses__credits", "courses__fee", "courses__tags__slug",
                   "courses__enrollments__grade", "pk"],
}
NUMBERS = {
    "Student": ["gpa", "pk", "courses__credits", "payments__amount"],
    "Course": ["credits", "fee", "pk", "enrollments__student__gpa"],
    "Enrollment": ["pk", "student__gpa", "course__credits", "course__fee"],
    "Department": ["pk", "courses__credits", "courses__fee"],
}
VALUES = {
    "first_name": ["'Ada'"], "last_name": ["'Kim'"], "gpa": ["2", "Decimal('1.85')"], "pk": ["3", "[1, 2, 3]"],
    "status": ["'active'"], "code": ["'cs'", "'CS-101'"], "credits": ["5"], "fee": ["300"], "grade": ["'A'"],
    "slug": ["'core'", "'lab'"], "amount": ["100"], "city": ["'Lisbon'"], "username": ["'ada'"], "present": ["False"],
    "title": ["'Topology'"], "name": ["'Physics'"],
}
TEXTS = ("code", "name", "slug", "status", "username", "grade", "first_name")


def last(path):
    return path.rsplit("__", 1)[-1]


def simple_condition(chance, model):
    field = chance.choice(FIELDS[model])
    value = chance.choice(VALUES.get(last(field), [None]))
    if value is None or chance.random() < .1:
        return f"Q({field}__isnull={chance.choice([True, False])})"
    if value.startswith("["):
        return f"Q({field}__in={value})"
    if field in NUMBERS[model]:
        other = f"F({chance.choice(NUMBERS[model])!r})"
        return f"Q({field}__{chance.choice(['gt', 'lte', 'gte', 'lt', 'exact'])}={chance.choice([value, value, other])})"
    return f"Q({field}={value})"


def condition(chance, model, depth=0):
    if depth == 2 or chance.random() < .45:
        return simple_condition(chance, model)
    if chance.random() < .2:
        return "~" + condition(chance, model, depth + 1)
    parts = [condition(chance, model, depth + 1) for _ in range(2)]
    return f"({chance.choice([' | ', ' | ', ' & ', ' ^ ']).join(parts)})"


def aggregate(chance, model):
    name, parts = chance.choice(["Count", "Sum", "Avg", "Max", "Min"]), [repr(chance.choice(NUMBERS[model]))]
    if name in ("Count", "Sum", "Avg") and chance.random() < .3:
        parts.append("distinct=True")
    if chance.random() < .4:
        parts.append(f"filter={condition(chance, model, 1)}")
    if name != "Count" and chance.random() < .2:
        parts.append("default=0")
    return f"{name}({', '.join(parts)})"


def expression(chance, model):
    a, b = (chance.choice(NUMBERS[model]) for _ in range(2))
    text = chance.choice([field for field in FIELDS[model] if last(field) in TEXTS])
    return chance.choice([
        f"F({a!r}) + F({b!r})", f"Coalesce({a!r}, 0)", f"Greatest({a!r}, {b!r})", f"F({a!r}) * 2", f"Abs(F({a!r}) - 3)",
        f"Cast({a!r}, CharField())", f"Lower({text!r})",
        f"Case(When({condition(chance, model, 1)}, then=Value('y')), default=Value('n'))"])


def steps(chance, model, names):
    for number in range(chance.randint(1, 4)):
        kind = chance.choices(["filter", "exclude", "aggregate", "annotate", "distinct", "present"],
                              [35, 15, 20, 15, 5, 10])[0]
        if kind in ("filter", "exclude"):
            yield f".{kind}({condition(chance, model)})"
        elif kind == "distinct":
            yield ".distinct()"
        elif kind == "present":
            yield f".filter({chance.choice(names)}__isnull=False)" if names else ".all()"
        else:
            names.append(f"x{number}")
            yield f".annotate(x{number}={(aggregate if kind == 'aggregate' else expression)(chance, model)})"


def query(chance):
    model, names = chance.choice(list(FIELDS)), []
    rows = f"{model}.objects" + "".join(steps(chance, model, names))
    columns = ", ".join(map(repr, ["pk", *names]))
    orders = ", ".join(repr(chance.choice(["", "-"]) + name) for name in [*names, "pk"])
    return chance.choices([
        f"list({rows}.order_by('pk').values_list({columns})[:30])", f"{rows}.count()",
        f"{rows}.aggregate(x=Count('pk'), y=Max('pk'))", f"list({rows}.order_by({orders}).values({columns})[:20])",
        f"list({rows}.order_by().values({chance.choice(FIELDS[model])!r}).annotate(n=Count('pk')).order_by('n', 'pk')[:10])",
        f"{rows}.exists()", f"{rows}.order_by('-pk').first()"], [45, 15, 10, 10, 8, 6, 6])[0]


def queries():
    chance, made = random.Random(SEED), {}
    while len(made) < HOW_MANY:
        made[query(chance)] = None
    yield from made
