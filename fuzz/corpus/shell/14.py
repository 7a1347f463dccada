[1].foo
