#include "harness.h"

#include "core/context.h"
#include "core/error.h"

static void memory_is_zeroed_and_aligned(void)
{
    for (size_t n = 1; n < 5000; n += 97) {
        char *bytes = nu_alloc_array(char, n);

        CHECK_INT((uintptr_t)bytes % 16, 0);
        CHECK(bytes[0] == 0 && bytes[n - 1] == 0);
        memset(bytes, 0xFF, n);
    }
}

static void reused_memory_is_zeroed_again(void)
{
    for (int i = 0; i < 3; i++) {
        nu_scratch_scope();
        char *small = nu_alloc_array(char, 100), *large = nu_alloc_array(char, 10000);

        CHECK(!small[0] && !small[99] && !large[0] && !large[9999]);
        memset(small, 1, 100);
        memset(large, 1, 10000);
    }
}

static void an_allocation_of_nothing_is_an_address_of_its_own(void)
{
    char *a = nu_alloc_array(char, 0), *b = nu_alloc_array(char, 0);

    CHECK(a && b && a != b);
}

static void an_overflowing_product_is_a_memory_error(void)
{
    CHECK_RAISES(NU_MEMORY_ERROR, "", nu_alloc_array(int64_t, SIZE_MAX / 4));
    CHECK(nu_try_alloc(SIZE_MAX / 4, 8) == NULL);
    CHECK(nu_try_alloc(1, SIZE_MAX) == NULL);
}

static void past_the_cap_is_a_memory_error_that_names_the_work(void)
{
    nu__arena_set_cap(nu__here->arena, 100000);
    CHECK(nu_alloc_array(char, 50000) != NULL);
    CHECK_RAISES(NU_MEMORY_ERROR, "past_the_cap_is_a_memory_error_that_name",
                 nu_alloc_array(char, 60000));
    CHECK_RAISES(NU_MEMORY_ERROR, "past the cap of 100000", nu_alloc_array(char, 60000));
    CHECK(nu_try_alloc(60000, 1) == NULL);
    CHECK(nu_try_alloc(30000, 1) != NULL);
}

static void a_full_arena_of_small_pieces_ends_at_the_cap(void)
{
    size_t pieces = 0;

    nu__arena_set_cap(nu__here->arena, 1 << 20);
    while (nu_try_alloc(1, 1000))
        pieces++;
    CHECK(pieces > 900 && pieces < 1049);
}

static void a_mark_gives_back_all_that_is_younger(void)
{
    nu__arena *arena = nu__here->arena;
    char *kept = nu_alloc_array(char, 9000);
    nu__arena_mark mark;
    size_t used;

    memcpy(kept, "kept", 5);
    mark = nu__arena_mark_take(arena);
    used = nu__arena_used(arena);
    for (int i = 0; i < 1000; i++)
        nu_alloc_array(char, i % 2 ? 300 : 6000);
    CHECK(nu__arena_used(arena) > used + 1000000);
    nu__arena_mark_release(arena, mark);
    CHECK_INT(nu__arena_used(arena), used);
    CHECK_STR(kept, "kept");
}

static void a_mark_on_an_empty_arena_empties_it(void)
{
    nu__arena *arena = nu__arena_new();
    nu__arena_mark mark = nu__arena_mark_take(arena);

    CHECK(nu__arena_try_alloc(arena, 1, 10) && nu__arena_try_alloc(arena, 1, 100000));
    nu__arena_mark_release(arena, mark);
    CHECK_INT(nu__arena_used(arena), 0);
    nu__arena_free(arena);
}

static void a_large_block_that_moves_stays_older_than_the_mark(void)
{
    nu__arena *arena = nu__here->arena;
    char *first = nu__alloc_raw(5000), *second;
    nu__arena_mark mark = nu__arena_mark_take(arena);

    second = nu__alloc_raw(5000);
    memset(first, 'a', 5000);
    memset(second, 'b', 5000);
    first = nu__grow(first, 5000, 3000000);
    second = nu__grow(second, 5000, 4000000);
    CHECK(first[4999] == 'a' && second[4999] == 'b');
    nu__arena_mark_release(arena, mark);
    memset(first, 'c', 3000000);
    CHECK(first[2999999] == 'c');
}

static void growing_keeps_the_bytes_in_place_or_moved(void)
{
    char *bytes = nu__alloc_raw(10);
    char *first = bytes;

    memcpy(bytes, "0123456789", 10);
    CHECK(nu__arena_extend(nu__here->arena, bytes, 10, 200));
    nu__alloc_raw(1);
    CHECK(!nu__arena_extend(nu__here->arena, bytes, 200, 300));
    for (size_t before = 200; before < 1 << 20; before *= 3)
        bytes = nu__grow(bytes, before, before * 3);
    CHECK(bytes != first);
    CHECK(memcmp(bytes, "0123456789", 10) == 0);
}

static void growing_past_the_cap_keeps_the_old(void)
{
    char *bytes = nu__alloc_raw(5000);

    nu__arena_set_cap(nu__here->arena, 40000);
    bytes[4999] = 'x';
    CHECK_RAISES(NU_MEMORY_ERROR, "cap", nu__grow(bytes, 5000, 100000));
    CHECK(bytes[4999] == 'x');
}

static void a_reset_arena_serves_again(void)
{
    nu__arena *arena = nu__arena_new();

    for (int i = 0; i < 50; i++) {
        for (int n = 0; n < 100; n++)
            CHECK(nu__arena_try_alloc(arena, 1, (size_t)(n * 100)) != NULL);
        nu__arena_reset(arena);
    }
    CHECK(nu__arena_used(arena) < 16384);
    nu__arena_free(arena);
    nu__arena_free(NULL);
}

static void what_is_allocated_elsewhere_outlives_a_scratch_scope(void)
{
    nu__arena *owner = nu__arena_new(), *previous;
    nu_str text;

    {
        nu_scratch_scope();
        previous = nu__arena_use(owner);
        text = nu_copy(S("kept"));
        nu__arena_use(previous);
    }
    CHECK_STR(text, "kept");
    nu__arena_free(owner);
}

static int raise_in_arena(nu__arena *arena)
{
    nu__arena_use(arena);
    nu_raise(NU_VALUE_ERROR, "in another arena");
}

static void a_raise_goes_back_to_the_arena_of_the_catch(void)
{
    nu__arena *owner = nu__arena_new(), *own = nu__here->arena;

    CHECK_RAISES(NU_VALUE_ERROR, "another", raise_in_arena(owner));
    CHECK(nu__here->arena == own);
    nu__arena_free(owner);
}

#ifdef NU__ASAN
static void the_sanitizer_knows_what_is_not_handed_out(void)
{
    char *a = nu__alloc_raw(20), *b;

    CHECK(!__asan_address_is_poisoned(a + 19));
    CHECK(__asan_address_is_poisoned(a + 20));
    CHECK(__asan_address_is_poisoned(a + 32));
    {
        nu_scratch_scope();
        b = nu__alloc_raw(100);
        CHECK(!__asan_address_is_poisoned(b));
    }
    CHECK(__asan_address_is_poisoned(b));
}
#else
static void the_sanitizer_knows_what_is_not_handed_out(void)
{
}
#endif

HARNESS(memory_is_zeroed_and_aligned, reused_memory_is_zeroed_again,
        an_allocation_of_nothing_is_an_address_of_its_own, an_overflowing_product_is_a_memory_error,
        past_the_cap_is_a_memory_error_that_names_the_work,
        a_full_arena_of_small_pieces_ends_at_the_cap, a_mark_gives_back_all_that_is_younger,
        a_mark_on_an_empty_arena_empties_it, a_large_block_that_moves_stays_older_than_the_mark,
        growing_keeps_the_bytes_in_place_or_moved, growing_past_the_cap_keeps_the_old,
        a_reset_arena_serves_again, what_is_allocated_elsewhere_outlives_a_scratch_scope,
        a_raise_goes_back_to_the_arena_of_the_catch, the_sanitizer_knows_what_is_not_handed_out)
