// Who keeps copies of which task: as `range` would have it if others were gone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "placement.h"

static void as_range_deals(void **state)
{
    (void)state;
    static const size_t of_7_for_3[] = {0, 0, 0, 1, 1, 2, 2}, of_2_for_3[] = {0, 1};
    for (int32_t p = 0; p < 7; p++)
        assert_int_equal(placement_owner(3, 7, p), of_7_for_3[p]);
    for (int32_t p = 0; p < 2; p++)
        assert_int_equal(placement_owner(3, 2, p), of_2_for_3[p]);
    assert_int_equal(placement_owner(1, 5, 4), 0);
}

// The same by what it is meant to be: members leave one after the other, and the others are dealt to again.
static size_t heir(size_t members, int32_t partitions, int32_t partition, int gone)
{
    size_t left[16];
    for (size_t i = 0; i < members; i++)
        left[i] = i;
    for (;; gone--) {
        size_t owner = placement_owner(members, partitions, partition), found = left[owner];
        if (gone == 0)
            return found;
        members--;
        for (size_t i = owner; i < members; i++)
            left[i] = left[i + 1];
    }
}

static void copies_are_with_the_heirs(void **state)
{
    (void)state;
    for (size_t members = 2; members <= 6; members++) {
        for (int32_t partitions = 1; partitions <= 13; partitions++) {
            for (int32_t p = 0; p < partitions; p++) {
                for (int copies = 0; copies <= 6; copies++) {
                    int most = copies < (int)members - 1 ? copies : (int)members - 1;
                    for (size_t self = 0; self < members; self++) {
                        bool is = false;
                        for (int gone = 1; gone <= most; gone++)
                            is |= heir(members, partitions, p, gone) == self;
                        assert_int_equal(placement_has_copy(members, self, partitions, p, copies), is);
                    }
                }
            }
        }
    }
}

static void alone(void **state)
{
    (void)state;
    assert_false(placement_has_copy(1, 0, 4, 2, 2));
}

static void in_the_order_of_range(void **state)
{
    (void)state;
    struct placement_member plain[] = {{"c", NULL}, {"a", NULL}, {"B", NULL}, {"ab", NULL}};
    placement_sort(plain, 4);
    assert_string_equal(plain[0].id, "B");
    assert_string_equal(plain[1].id, "a");
    assert_string_equal(plain[2].id, "ab");
    assert_string_equal(plain[3].id, "c");
    struct placement_member named[] = {{"a-1", "y"}, {"b-1", "x"}};
    placement_sort(named, 2);
    assert_string_equal(named[0].instance, "x");
    placement_sort(named, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_range_deals),
        cmocka_unit_test(copies_are_with_the_heirs),
        cmocka_unit_test(alone),
        cmocka_unit_test(in_the_order_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
