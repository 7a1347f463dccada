{1, 2}.union([3]), {1, 2}.intersection([2, 3]), {1, 2}.difference([1]), {1}.issubset([1, 2]), {1, 2}.issuperset([1]), {1}.isdisjoint([2]), {1, 2}.symmetric_difference([2, 3])
