d = {'a': 1, 'b': 2}; (list(d), list(d.keys()), list(d.values()), list(d.items()), len(d), 'a' in d)
