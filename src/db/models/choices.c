/* Tables that TextChoices and IntegerChoices declare. */
#include <nuages/models.h>

static const nu_choice *choice_of(const nu_choices *choices, int number)
{
    for (int i = 0; i < choices->len; i++)
        if (choices->items[i].number == number)
            return &choices->items[i];
    return NULL;
}

bool nu_choice_known_(const nu_choices *choices, int number)
{
    return !number || choice_of(choices, number);
}

nu_str nu_choice_label_(const nu_choices *choices, int number)
{
    const nu_choice *choice = choice_of(choices, number);

    return choice ? nu_s(choice->label) : S("");
}

nu_str nu_choice_value_(const nu_choices *choices, int number)
{
    const nu_choice *choice = choice_of(choices, number);

    if (choice)
        return choices->text ? nu_s(choice->value) : nu_fmt("{}", number);
    return S("");
}

bool nu_choice_parse_(const nu_choices *choices, nu_str text, int *out)
{
    for (int i = 0; i < choices->len; i++) {
        const nu_choice *choice = &choices->items[i];
        nu_str value = choices->text ? nu_s(choice->value) : nu_fmt("{}", choice->number);

        if (nu_eq(value, text)) {
            *out = choice->number;
            return true;
        }
    }
    return false;
}
