*a, b = 'xyz'; (a, b)
