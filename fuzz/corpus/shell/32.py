[[i * j for j in range(3)] for i in range(2)], [i for row in [[1, 2], [3]] for i in row], {i: [j for j in range(i)] for i in range(3)}
