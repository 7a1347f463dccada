#include "harness.h"

#include "core/context.h"
#include "core/list.h"
#include "core/mapping.h"
#include "core/object.h"

static nu_str name(int i)
{
    return nu_fmt("key-{}", i);
}

static void a_dict_keeps_insertion_order_at_every_size(void)
{
    for (int n = 0; n < 600; n = n * 2 + 1) {
        nu_dict *dict = nu_dict_new();

        for (int i = 0; i < n; i++)
            nu_dict_set_str(dict, name(i * 7919 % 1000), V(i));
        CHECK_INT(nu_dict_len(dict), n);
        for (int i = 0; i < n; i++) {
            CHECK_STR(nu_dict_key(dict, (size_t)i), name(i * 7919 % 1000));
            CHECK_INT(nu_dict_value(dict, (size_t)i).i, i);
            CHECK_INT(nu_int(nu_item(dict, name(i * 7919 % 1000).ptr)), i);
        }
        CHECK(!nu_dict_find(dict, S("absent"), NULL));
        CHECK(!nu_dict_key(dict, (size_t)n).ptr && nu_dict_value(dict, (size_t)n).kind == 0);
    }
}

static void setting_again_keeps_the_place(void)
{
    nu_dict *dict = NU_DICT(("a", 1), ("b", 2));

    nu_dict_set(dict, "a", 3);
    nu_dict_set(dict, "c", nu_null());
    CHECK_STR(nu_string(V(dict)), "{'a': 3, 'b': 2, 'c': None}");
}

static void keys_are_copied(void)
{
    char key[] = "key";
    nu_dict *dict = nu_dict_new();

    nu_dict_set_(dict, key, V(1));
    key[0] = 'X';
    CHECK_INT(nu_item(dict, "key").i, 1);
}

static void a_key_is_bytes_and_may_be_empty(void)
{
    nu_dict *dict = nu_dict_new();

    nu_dict_set_str(dict, S(""), V(1));
    nu_dict_set_str(dict, S("a\0b"), V(2));
    nu_dict_set_str(dict, S("a"), V(3));
    CHECK_INT(nu_item(dict, "").i, 1);
    CHECK_INT(nu_item(dict, "a").i, 3);
    CHECK_INT(nu_dict_len(dict), 3);
}

static void removal_keeps_the_order_of_the_rest(void)
{
    for (int n = 3; n < 300; n *= 3) {
        nu_dict *dict = nu_dict_new();
        size_t at = 0;

        for (int i = 0; i < n; i++)
            nu_dict_set_str(dict, name(i), V(i));
        for (int i = 0; i < n; i += 2)
            CHECK(nu_dict_remove(dict, name(i)));
        CHECK(!nu_dict_remove(dict, name(0)));
        CHECK_INT(nu_dict_len(dict), n / 2);
        for (int i = 1; i < n; i += 2, at++)
            CHECK_INT(nu_dict_value(dict, at).i, i);
        nu_dict_set_str(dict, name(0), V(-1));
        CHECK_INT(nu_dict_value(dict, at).i, -1);
        CHECK_INT(nu_item(dict, "key-1").i, 1);
    }
}

/* Against an array that does the same. */
static void any_mix_of_sets_and_removals_is_right(void)
{
    nu_dict *dict = nu_dict_new();
    int present[64], len = 0;
    uint64_t random = 12345;

    for (int step = 0; step < 20000; step++) {
        int key = (int)((random = random * 6364136223846793005 + 1) >> 40) % 64, at = 0;

        while (at < len && present[at] != key)
            at++;
        if (random >> 33 & 1) {
            nu_dict_set_str(dict, name(key), V(key));
            if (at == len)
                present[len++] = key;
        } else {
            CHECK(nu_dict_remove(dict, name(key)) == (at < len));
            if (at < len)
                memmove(present + at, present + at + 1, (size_t)(--len - at) * sizeof(int));
        }
        if (nu_dict_len(dict) != (size_t)len)
            CHECK_INT(nu_dict_len(dict), len);
    }
    for (int i = 0; i < len; i++)
        CHECK_INT(nu_dict_value(dict, (size_t)i).i, present[i]);
}

static void a_dict_copies_and_updates(void)
{
    nu_dict *first = NU_DICT(("a", 1), ("b", 2)), *copy = nu__dict_copy(first);

    nu__dict_update(copy, NU_DICT(("b", 3), ("c", 4)));
    CHECK_STR(nu_string(V(copy)), "{'a': 1, 'b': 3, 'c': 4}");
    CHECK_STR(nu_string(V(first)), "{'a': 1, 'b': 2}");
    nu__dict_slot(copy, S("a"))->i = 9;
    CHECK_INT(nu_item(copy, "a").i, 9);
    CHECK(!nu__dict_slot(copy, S("z")));
}

static void absent_containers_are_empty(void)
{
    CHECK_INT(nu_dict_len(NULL), 0);
    CHECK_INT(nu_list_len(NULL), 0);
    CHECK_INT(nu_item(NULL, "x").kind, NU_KIND_NULL);
    CHECK_INT(nu_at(NULL, 0).kind, NU_KIND_NULL);
}

static void a_dict_grows_in_its_own_arena(void)
{
    nu__arena *owner = nu__arena_new();
    nu_dict *dict = nu__dict_in(owner);
    nu_list *list = nu__list_in(owner);

    for (int i = 0; i < 1000; i++) {
        nu_scratch_scope();
        nu_dict_set_str(dict, name(i), V(i));
        nu_list_append(list, i);
    }
    CHECK_INT(nu_item(dict, "key-999").i, 999);
    CHECK_INT(nu_at(list, 999).i, 999);
    nu__arena_free(owner);
}

static void a_dict_that_found_no_memory_stays_whole(void)
{
    nu__arena *owner = nu__arena_new();
    nu_dict *dict = nu__dict_in(owner);
    int stored = 0;

    nu__arena_set_cap(owner, 200000);
    while (!nu_catch(NU_MEMORY_ERROR, nu_dict_set_str(dict, name(stored), V(stored))))
        stored++;
    CHECK(stored > 500);
    CHECK_INT(nu_dict_len(dict), stored);
    for (int i = 0; i < stored; i++)
        CHECK_INT(nu_item(dict, name(i).ptr).i, i);
    CHECK(nu_catch(NU_MEMORY_ERROR, nu_dict_set_str(dict, S("more"), V(1))) != NULL ||
          nu_dict_find(dict, S("more"), NULL));
    nu__arena_free(owner);
}

static void lists_append_insert_and_remove(void)
{
    nu_list *list = NU_LIST(1, 2, 3);

    nu__list_insert(list, 0, V("first"));
    nu__list_insert(list, 99, V("last"));
    nu__list_remove(list, 2);
    nu__list_remove(list, 99);
    CHECK_STR(nu_string(V(list)), "['first', 1, 3, 'last']");
    for (int i = 0; i < 1000; i++)
        nu_list_append(list, i);
    CHECK_INT(nu_list_len(list), 1004);
    CHECK_INT(nu_at(list, 1003).i, 999);
    CHECK_RAISES(NU_MEMORY_ERROR, "", (nu__list_reserve(list, SIZE_MAX / 8), 0));
}

static void hashes_depend_on_every_byte(void)
{
    char text[40] = { 0 };
    uint64_t zero[40];

    for (size_t n = 0; n < 40; n++) {
        zero[n] = nu__hash(text, n);
        CHECK(nu__hash(text, n) == zero[n]);
        CHECK(!n || zero[n] != zero[n - 1]);
    }
    for (size_t i = 0; i < 39; i++) {
        text[i] = 1;
        CHECK(nu__hash(text, 39) != zero[39]);
        text[i] = 0;
    }
}

static void a_sequence_shows_what_python_has_in_its_place(void)
{
    nu_dict *dict = NU_DICT(("a", 1));
    nu_list *pair = nu__list_as(NU_LIST(1, 2), NU__TUPLE);

    CHECK_STR(nu_string(V(pair)), "(1, 2)");
    CHECK_STR(nu_string(V(nu__list_as(NU_LIST(1), NU__TUPLE))), "(1,)");
    CHECK_STR(nu_string(V(nu__dict_items(dict))), "dict_items([('a', 1)])");
    CHECK_STR(nu_string(V(nu__dict_keys(dict))), "dict_keys(['a'])");
    CHECK_STR(nu_string(V(nu__dict_values(dict))), "dict_values([1])");
    CHECK(!nu__value_equal(V(pair), V(NU_LIST(1, 2))));
    CHECK(nu__value_equal(V(pair), V(nu__list_copy(pair))));
}

static void keys_of_a_mapping_may_be_anything(void)
{
    nu_value mapping = nu__mapping_new(), found;

    nu__mapping_set(mapping, V(1), V("one"));
    nu__mapping_set(mapping, V("1"), V("text"));
    nu__mapping_set(mapping, nu_null(), V("none"));
    nu__mapping_set(mapping, V(1.0), V("same")); /* 1 == 1.0, and the first key stays */
    CHECK_STR(nu_string(mapping), "{1: 'same', '1': 'text', None: 'none'}");
    CHECK(nu__mapping_find(mapping, V(true), &found) && nu_eq(found.s, "same"));
    CHECK(!nu__mapping_find(mapping, V(2), &found));
    CHECK(nu__value_get(mapping, S("1"), &found) && nu_eq(found.s, "text"));
    CHECK_INT(nu__value_length(mapping), 3);
    CHECK(nu__value_get(mapping, S("items"), &found));
    CHECK_STR(nu_string(found), "dict_items([(1, 'same'), ('1', 'text'), (None, 'none')])");
}

HARNESS(a_dict_keeps_insertion_order_at_every_size, setting_again_keeps_the_place, keys_are_copied,
        a_key_is_bytes_and_may_be_empty, removal_keeps_the_order_of_the_rest,
        any_mix_of_sets_and_removals_is_right, a_dict_copies_and_updates,
        absent_containers_are_empty, a_dict_grows_in_its_own_arena,
        a_dict_that_found_no_memory_stays_whole, lists_append_insert_and_remove,
        hashes_depend_on_every_byte, a_sequence_shows_what_python_has_in_its_place,
        keys_of_a_mapping_may_be_anything)
