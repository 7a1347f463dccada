f = lambda **k: k; f(**5)
