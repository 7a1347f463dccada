#include "core/list.h"

#include "core/context.h"
#include "core/error.h"

enum { FIRST = 4 };

nu_list *nu__list_in(nu__arena *arena)
{
    nu_list *list = nu__arena_try_alloc(arena, 1, sizeof(*list));

    if (!list)
        nu__raise_no_memory(sizeof(*list));
    list->arena = arena;
    return list;
}

nu_list *nu_list_new(void)
{
    return nu__list_in(nu__here->arena);
}

void nu__list_reserve(nu_list *list, size_t more)
{
    size_t wanted, bytes, cap = list->cap ? list->cap * 2 : FIRST;
    void *grown;

    if (more <= list->cap - list->len)
        return;
    if (__builtin_add_overflow(list->len, more, &wanted) ||
        __builtin_mul_overflow(wanted, 2 * sizeof(nu_value), &bytes))
        nu__raise_no_memory(SIZE_MAX);
    cap = cap < wanted ? wanted : cap; /* no more than wanted where much comes at once */
    bytes = cap * sizeof(nu_value);
    grown = nu__arena_try_grow(list->arena, list->items, list->cap * sizeof(nu_value), bytes);
    if (!grown)
        nu__raise_no_memory(bytes);
    list->items = grown;
    list->cap = cap;
}

void nu_list_append_(nu_list *list, nu_value value)
{
    if (list->len == list->cap)
        nu__list_reserve(list, 1);
    list->items[list->len++] = value;
}

void nu__list_insert(nu_list *list, size_t index, nu_value value)
{
    index = index < list->len ? index : list->len;
    nu__list_reserve(list, 1);
    memmove(list->items + index + 1, list->items + index,
            (list->len - index) * sizeof(list->items[0]));
    list->items[index] = value;
    list->len++;
}

void nu__list_remove(nu_list *list, size_t index)
{
    if (index >= list->len)
        return;
    list->len--;
    memmove(list->items + index, list->items + index + 1,
            (list->len - index) * sizeof(list->items[0]));
}

nu_list *nu_list_of_(nu_values values)
{
    nu_list *list = nu_list_new();

    nu__list_reserve(list, values.len);
    if (values.len)
        memcpy(list->items, values.items, values.len * sizeof(values.items[0]));
    list->len = values.len;
    return list;
}

nu_list *nu__list_copy(const nu_list *list)
{
    return nu__list_as(nu_list_of_((nu_values){ list->items, list->len }), list->sequence);
}

nu_list *nu__list_as(nu_list *list, nu__sequence sequence)
{
    list->sequence = sequence;
    return list;
}

nu_value nu_at(const nu_list *list, size_t index)
{
    return list && index < list->len ? list->items[index] : nu_null();
}

size_t nu_list_len(const nu_list *list)
{
    return list ? list->len : 0;
}
