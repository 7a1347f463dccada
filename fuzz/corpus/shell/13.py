x = [1, 2]; y = x.copy(); y.append(3); x, y
