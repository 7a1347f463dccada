'a' in 1
