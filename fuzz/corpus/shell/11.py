'abcabc'.find('c'), 'abc'.find('z'), 'abcabc'.rfind('c'), 'abcabc'.index('b'), 'abcabc'.count('b'), 'aaa'.count('aa'), 'abc'.count(''), 'abcabc'.find('c', 3), 'abc'.find('')
